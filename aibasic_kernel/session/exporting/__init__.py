"""Writes a program as plain Python, which needs the modules and their drivers and no engine."""
