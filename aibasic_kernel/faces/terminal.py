"""The terminal that a command was started in: what it shows there, and what its user answers."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TextIO


def ask(question: str) -> str | None:
    """What is typed, as `session.asking.Asker` says; None without a terminal, where nobody can answer."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    _forget_typed(sys.stdin)
    try:
        return input(question).strip()
    except EOFError:
        return ""


def tell(text: str) -> None:
    """Show a line about the work, apart from what was asked for."""
    print(text, file=sys.stderr)


def ask_apart(question: str) -> str | None:
    """As `ask`, for a program whose standard input and output are for data: asks on standard error.

    Where data comes in by standard input, the terminal that the program was started in answers.
    """
    if not sys.stderr.isatty() or threading.current_thread() is not threading.main_thread():
        return None
    with ExitStack() as opened:
        keyboard = sys.stdin
        if not keyboard.isatty():
            try:
                keyboard = opened.enter_context(Path("/dev/tty").open(encoding="utf-8"))
            except OSError:
                return None
        if os.tcgetpgrp(keyboard.fileno()) != os.getpgrp():  # in the background: to read would stop the program
            return None
        sys.stdout.flush()
        _forget_typed(keyboard)
        sys.stderr.write(question)
        sys.stderr.flush()
        return keyboard.readline().strip()


def _forget_typed(keyboard: TextIO) -> None:
    """Drop what was typed before a question stands there: it is no answer to it."""
    try:
        import termios
    except ImportError:  # Windows
        return
    with suppress(termios.error, OSError):
        termios.tcflush(keyboard.fileno(), termios.TCIFLUSH)
