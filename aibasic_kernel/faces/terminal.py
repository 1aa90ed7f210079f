"""The terminal that a command was started in: what it shows there, and what its user answers."""

from __future__ import annotations

import sys


def ask(question: str) -> str | None:
    """What is typed, as `session.asking.Asker` says; None without a terminal, where nobody can answer."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    try:
        return input(question).strip()
    except EOFError:
        return ""


def tell(text: str) -> None:
    """Show a line about the work, apart from what was asked for."""
    print(text, file=sys.stderr)
