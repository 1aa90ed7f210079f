"""What `make docs` makes from the code: tables, phrases, errors, stories; and how docstrings are read."""
