"""Reads SQL: what it names, what it compares, what emptied its result."""
