"""Tests of the command `aibasic`, as a shell, a pipe and a schedule run it."""
