"""Telling the user that an interrupt has arrived although the code cannot be stopped yet.

Python runs a signal's handler only between two of its own instructions. While C code works (a sort, a driver's call),
the handler waits, and the user who pressed stop sees nothing. The interpreter's own C handler, though, writes a byte
to a pipe at once (`signal.set_wakeup_fd`); a thread reads it and speaks up when the handler has not run for a while.
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
_ROOM = 4096


class Interrupts:
    """Watches for interrupts whose handler does not get to run; `say` is called with the message, on another thread."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._handled = threading.Event()
        self._pipe: tuple[int, int] | None = None

    def handled(self) -> None:
        """To be called by the signal's handler."""
        self._handled.set()

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Watch during the block; on the main thread only."""
        if self._pipe is None:
            self._pipe = os.pipe2(os.O_CLOEXEC)
            os.set_blocking(self._pipe[1], False)
            threading.Thread(target=self._watch, args=(self._pipe[0],), name="aibasic-interrupts", daemon=True).start()
        self._handled.clear()
        before = signal.set_wakeup_fd(self._pipe[1], warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)
            self._handled.set()

    def _watch(self, pipe: int) -> None:
        while True:
            if signal.SIGINT not in os.read(pipe, _ROOM):
                continue
            if not self._handled.wait(PATIENCE):
                self._say("stop was received; compiled (C) code is at work that ends first, then the cell stops")
                self._handled.wait()
            # The handler runs once for all interrupts before it: their bytes must not count for a later one.
            while select.select([pipe], [], [], 0)[0]:
                os.read(pipe, _ROOM)
            self._handled.clear()
