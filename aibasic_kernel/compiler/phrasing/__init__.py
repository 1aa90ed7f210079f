"""Finds the phrase that a sentence is, what it lacks to be one, and what may come next."""
