"""What stops a program from outside: Ctrl-C, and the signals by which a system ends it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from aibasic_kernel.faces.interrupts import Interrupts

ENDING = (signal.SIGTERM, signal.SIGHUP)


class Ended(KeyboardInterrupt):
    """The system ends the program by the signal `number`: as an interrupt, so that all is tidied up behind it."""

    def __init__(self, number: int) -> None:
        super().__init__(f"ended by {signal.Signals(number).name}")
        self.number = number


@contextmanager
def stoppable(say: Callable[[str], None]) -> Iterator[None]:
    """Raise KeyboardInterrupt for SIGINT, and Ended for SIGTERM and SIGHUP, in the block; on the main thread only.

    A signal that the program was started to ignore (by nohup, or in the background) stays ignored. `say` is told where
    a stop has to wait for compiled code.
    """
    interrupts = Interrupts(say)

    def on_signal(number: int, frame: object) -> None:
        interrupts.handled()
        raise KeyboardInterrupt("stopped") if number == signal.SIGINT else Ended(number)

    usual = (signal.SIG_DFL, signal.default_int_handler)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, *ENDING)}
    taken = [number for number, handler in before.items() if handler in usual]
    for number in taken:
        signal.signal(number, on_signal)
    try:
        with interrupts.watched():
            yield
    finally:
        for number in taken:
            signal.signal(number, before[number])
