"""Seeing to it that an interrupt is heard, and telling the user when it cannot be yet.

Python runs a signal's handler only between two of its own instructions. A signal that comes after the last of them and
before the wait that the instruction begins, or that another thread receives, is noted and ends no wait: the main thread
sleeps on, for ever where nothing else wakes it. And while C code works (a sort, a driver's call), the handler waits,
and the user who pressed stop sees nothing. The interpreter's own C handler, though, writes a byte to a pipe at once
(`signal.set_wakeup_fd`); a thread reads it. Where the handler has not run soon, that thread sends the main thread a
signal that means nothing and ends its wait; where it still has not, it speaks up.
C code that keeps the interpreter to itself silences that thread too: then the message comes later.
"""

from __future__ import annotations

import os
import select
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PATIENCE = 0.5
"""Seconds in which a handler usually has run."""
NUDGE_AFTER = 0.1
"""Seconds after which a main thread whose handler has not run is woken; again after as many, until `PATIENCE`."""
NUDGE = signal.SIGURG
"""The signal that wakes: ignored where no handler is, so a debugger or a C library has no other use for it."""
_ROOM = 4096


class Interrupts:
    """Watches for interrupts whose handler does not get to run; `say` is called with the message, on another thread."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._handled = threading.Event()
        self._pipe: tuple[int, int] | None = None
        self._main = threading.main_thread().ident or 0

    def handled(self) -> None:
        """To be called by the signal's handler."""
        self._handled.set()

    def _heard(self) -> bool:
        """Wait `PATIENCE` for the handler to run; whether it has."""
        for _ in range(round(PATIENCE / NUDGE_AFTER)):
            if self._handled.wait(NUDGE_AFTER):
                return True
            if signal.getsignal(NUDGE) is _woken:  # a program may have its own use for the signal
                signal.pthread_kill(self._main, NUDGE)
        return self._handled.is_set()

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Watch during the block; on the main thread only."""
        if self._pipe is None:
            self._pipe = os.pipe2(os.O_CLOEXEC)
            os.set_blocking(self._pipe[1], False)
            if signal.getsignal(NUDGE) is signal.SIG_DFL:
                signal.signal(NUDGE, _woken)
            threading.Thread(target=self._watch, args=(self._pipe[0],), name="aibasic-interrupts", daemon=True).start()
        self._handled.clear()
        before = signal.set_wakeup_fd(self._pipe[1], warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)
            self._handled.set()

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Raise KeyboardInterrupt for SIGINT in the block, and watch; on other threads than the main one nothing is
        heard.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def on_sigint(number: int, frame: object) -> None:
            self.handled()
            raise KeyboardInterrupt

        before = signal.signal(signal.SIGINT, on_sigint)
        try:
            with self.watched():
                yield
        finally:
            signal.signal(signal.SIGINT, before)

    def _watch(self, pipe: int) -> None:
        while True:
            if signal.SIGINT not in os.read(pipe, _ROOM):
                continue
            if not self._heard():
                self._say("stop was received; compiled (C) code is at work that ends first, then it stops")
                self._handled.wait()
            # The handler runs once for all interrupts before it: their bytes must not count for a later one.
            while select.select([pipe], [], [], 0)[0]:
                os.read(pipe, _ROOM)
            self._handled.clear()


def _woken(signum: int, frame: object) -> None:
    """Nothing: that a handler is there ends the wait, and the interrupt's own handler runs."""
