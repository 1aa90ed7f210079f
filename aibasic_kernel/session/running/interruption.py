"""Interrupts that come between two lines, so that a loop can go on behind the last one as if nothing had been."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

PATIENCE = 0.15
"""Seconds that a line may take to end after an interrupt; then it is stopped where it is."""


@contextmanager
def between_lines() -> Iterator[Callable[[], None]]:
    """Hold an interrupt back until the function that this gives is called, at most `PATIENCE`.

    Nothing is held back on other threads, nor where interrupts are ignored, as in a background job. The handler that
    was there before gets the interrupt: what it raises comes out of that call, or of the line.
    """
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        yield _nothing
        return
    held = _Held()
    held.before = signal.signal(signal.SIGINT, held.hear)
    try:
        yield held.give
    finally:
        held.give()
        if not held.is_heard:
            signal.signal(signal.SIGINT, held.before)


class _Held:
    """An interrupt that waits. Signals reach Python on the main thread alone, which is where all of this is called."""

    def __init__(self) -> None:
        self.before: Callable[[int, FrameType | None], object] | int | signal.Handlers | None = None
        self.is_heard = False
        self._given = threading.Event()

    def hear(self, number: int, frame: FrameType | None) -> None:
        """The handler: the first signal starts the waiting, the second ends it."""
        if self.is_heard:
            self.give()
            return
        self.is_heard = True
        threading.Thread(target=self._insist, name="aibasic-interrupt", daemon=True).start()

    def give(self) -> None:
        """Let the interrupt have its effect, if one waits."""
        if self.is_heard and not self._given.is_set():
            self._given.set()
            signal.signal(signal.SIGINT, self.before)
            signal.raise_signal(signal.SIGINT)

    def _insist(self) -> None:
        if not self._given.wait(PATIENCE):
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


def _nothing() -> None:
    """There is no interrupt to wait for."""
