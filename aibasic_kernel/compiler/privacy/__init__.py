"""What may leave the machine, and in which words."""
