"""EXPLAIN: what a line's code does and why it failed, in words."""
