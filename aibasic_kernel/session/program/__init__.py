"""The program: the numbered lines that a session remembers, and the commands over them."""
