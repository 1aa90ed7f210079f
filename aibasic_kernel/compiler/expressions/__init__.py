"""Conditions and values of phrases, read from English and written as Python or SQL."""
