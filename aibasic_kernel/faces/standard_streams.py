"""The standard streams of a program: UTF-8 everywhere, no secret shown, and a reader that goes away ends it quietly.

What goes to standard error, and to a terminal, is a display: secrets are hidden in it. What goes from standard output
into a pipe or a file is data, and stays as it is.
"""

from __future__ import annotations

import io
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from aibasic_kernel.compiler.privacy.redaction import Redactor
from aibasic_kernel.faces.held_text import HeldText

Known = Callable[[], Redactor]


class OutputGone(KeyboardInterrupt):
    """Whoever read standard output has gone: the program is to stop."""


class _Stream(io.TextIOWrapper):
    """Text for a file descriptor; with `known`, without the secrets that this knows; flushed by `line`, or not."""

    def __init__(self, inner: Any, errors: str, known: Known | None, line: bool) -> None:
        super().__init__(inner.buffer, "utf-8", errors, line_buffering=line)
        self._known = known
        self._held = HeldText()
        self._one_at_a_time = threading.RLock()

    def write(self, text: str) -> int:
        with self._one_at_a_time:
            try:
                super().write(text if self._known is None else self._held.passed(text, self._known(), more=True))
            except BrokenPipeError:
                self._gone()
        return len(text)

    def flush(self) -> None:
        with self._one_at_a_time:
            try:
                if self._known is not None:
                    super().write(self._held.passed("", self._known(), more=False))
                super().flush()
            except BrokenPipeError:
                self._gone()

    def _gone(self) -> None:
        """Standard error that nobody reads says nothing; nothing goes wrong by that."""


class _Output(_Stream):
    """Standard output, without which there is nothing to run for."""

    def _gone(self) -> None:
        _discard(1)
        raise OutputGone("nobody reads the output any more")


@contextmanager
def standard_streams(known: Known) -> Iterator[None]:
    """Let the standard streams be these during the block; `known` gives what knows the secrets."""
    _open_closed()
    before = sys.stdin, sys.stdout, sys.stderr
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
    is_shown = sys.stdout.isatty()
    output = _Output(sys.stdout, "surrogateescape", known if is_shown else None, line=is_shown)
    errors = _Stream(sys.stderr, "backslashreplace", known, line=True)
    sys.stdout, sys.stderr = output, errors
    try:
        yield
        output.flush()
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
        for stream in (output, errors):
            with suppress(OutputGone):
                stream.detach()  # writes what is left; the descriptor stays open


@contextmanager
def shown_streams(known: Known) -> Iterator[None]:
    """Let no secret show in what goes to a terminal during the block; other streams stay as they are."""
    before = {name: getattr(sys, name) for name in ("stdout", "stderr")}
    guarded = {
        name: _Stream(stream, stream.errors or "strict", known, line=True)
        for name, stream in before.items()
        if isinstance(stream, io.TextIOWrapper) and stream.isatty()
    }
    vars(sys).update(guarded)
    try:
        yield
    finally:
        vars(sys).update(before)
        for stream in guarded.values():
            stream.flush()
            stream.detach()


def _open_closed() -> None:
    """Give a stream that was closed when the program began the null device, so that no file gets its number."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDONLY if number == 0 else os.O_WRONLY)
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, "r" if number == 0 else "w", closefd=False))


def _discard(number: int) -> None:
    """Let nothing be written there any more: Python flushes at its end."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, number)
    os.close(null)
