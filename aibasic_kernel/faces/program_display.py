"""What a program that runs from a file shows: results on standard output, all that is told about them beside it."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aibasic_kernel.faces.execution import Flusher, progress_of
from aibasic_kernel.faces.failure_report import place_in
from aibasic_kernel.faces.results import Results
from aibasic_kernel.session.messages import Header, Listing, NextInput, Note

if TYPE_CHECKING:
    from aibasic_kernel.session.line import Line
    from aibasic_kernel.session.steps import Ask, RunLoop

_MESSAGES = (Header, Listing, NextInput, Note)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
SLOW = 1.0
"""Seconds of a line from which on progress tells them."""
_NO_BARS = "TQDM_DISABLE"
EVERY = 0.1
"""Seconds between two lines that progress tells of: a loop has thousands."""


class ProgramDisplay:
    """Shows a run of the program in `file`. With `progress` each line that runs, and its code, is told of."""

    def __init__(self, file: str, form: str, progress: bool) -> None:
        self._file = file
        self._results = Results(form)
        self._progress = progress
        self._told_at = 0.0
        self._rounds = 0
        self._flusher = Flusher()

    def show(self, thing: object) -> None:
        """A result, or one of the session's messages. Code is shown where a model wrote it just now."""
        if isinstance(thing, Header):
            if self._progress or thing.served.reply is not None:
                self.tell(thing.bundle(thing.passing)["text/plain"])
        elif isinstance(thing, _MESSAGES):
            self.tell(thing._repr_mimebundle_()["text/plain"])
        elif type(thing).__module__.startswith("matplotlib."):
            self.tell("a picture is not shown here: save it, as in `save the plot to chart.png`")
        else:
            self._results.write(thing)

    def show_value(self, value: object) -> None:
        """A result."""
        self.show(value)

    def asking(self, step: Ask) -> None:
        """A model is about to be asked."""
        if self._progress or sys.stderr.isatty():
            self.tell(step.note)

    def wrote(self, text: str) -> None:
        """A piece of a model's reply: a log tells the whole."""

    def notice(self, line: Line, text: str) -> None:
        """What comes up while a model is asked."""
        if self._progress or sys.stderr.isatty():
            _write(f"{line.sentence}  ·  {text}")

    def began(self, line: Line) -> None:
        """A line is about to run."""
        now = time.monotonic()
        if self._progress and now - self._told_at > EVERY:
            self._told_at = now
            self.tell(f"{place_in(line, self._file)}: {line.sentence}")

    def ended(self, line: Line, seconds: float) -> None:
        """A line has run."""
        self._flusher.flush()
        if self._progress and seconds > SLOW:
            self.tell(f"{place_in(line, self._file)}: {seconds:.1f} s")

    def went_round(self, loop: RunLoop) -> None:
        """One of many lines of a loop has run."""
        now = time.monotonic()
        if self._flusher.flush() and self._progress and now - self._told_at > SLOW:
            rounds = loop.rounds()
            seconds = now - self._told_at
            self.tell(progress_of(loop.place(), rounds, (rounds - self._rounds) / seconds))
            self._told_at, self._rounds = now, rounds

    def tell(self, text: str) -> None:
        """Write a line to standard error, behind all that was printed before it."""
        sys.stdout.flush()
        _write(text)


def _write(text: str) -> None:
    sys.stderr.write(f"{text if sys.stderr.isatty() else _COLOUR.sub('', text)}\n")


@contextmanager
def bars(shown: bool) -> Iterator[None]:
    """Let no transfer draw a bar in the block unless they are to be `shown`: in a log it is many lines of nothing."""
    before = os.environ.get(_NO_BARS)
    if not shown and before is None:
        os.environ[_NO_BARS] = "1"
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(_NO_BARS, None)
