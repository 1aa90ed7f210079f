"""Tests of the program that a session remembers."""
