"""What is typed while a cell runs: nobody reads it yet, and the next prompt shows it where it belongs."""

from __future__ import annotations

import termios
from collections.abc import Iterator
from contextlib import contextmanager

CTRL_C = "^C"
"""What terminals show for that key."""


class UnreadKeys:
    """The keys of a terminal while no prompt reads them.

    They are not shown where they are typed, amid the output of the cell, and all of them are kept as they are: for a
    terminal that gathers lines, a Ctrl-D is no key. Ctrl-C and Ctrl-Z go on as signals.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.interrupt = CTRL_C
        """What is to be shown for a Ctrl-C, for the terminal does not."""

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep them during the block."""
        before = termios.tcgetattr(self._descriptor)
        kept = before.copy()
        kept[3] &= ~(termios.ECHO | termios.ICANON)
        termios.tcsetattr(self._descriptor, termios.TCSANOW, kept)
        try:
            yield
        finally:
            termios.tcsetattr(self._descriptor, termios.TCSANOW, before)


class EchoedKeys:
    """The keys of a terminal that takes no escape sequence: what it does with them is as it must be."""

    interrupt = ""

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Leave them to the terminal."""
        yield
