"""How the code of a line runs, whichever face runs it."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from inspect import CO_COROUTINE
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aibasic_kernel.session.line import Code

FLUSH_EVERY = 0.05
"""Seconds for which printed text may be held back while lines run."""


class Flusher:
    """Sends what was printed, unless that was done a moment ago: a flush costs as much as some thousand lines.

    Left alone a kernel holds it back for up to 0.2 s, a pipe until there is more of it.
    """

    def __init__(self) -> None:
        self._flushed = time.monotonic()

    def flush(self) -> bool:
        """To be called after each line. Whether it was time to."""
        now = time.monotonic()
        if now - self._flushed <= FLUSH_EVERY:
            return False
        self._flushed = now
        sys.stdout.flush()
        sys.stderr.flush()
        return True


async def value_of(code: Code, names: dict[str, Any], local: Mapping[str, Any]) -> object:
    """Run the statements, then the last expression; its value, None where there is none.

    Waits for nothing but what the code itself awaits. Raises what the code raises; for StopIteration, which no
    coroutine may raise, StepError.
    """
    value = None
    try:
        for part in (code.body, code.value):
            if part is not None:
                value = eval(part, names, local)
                if part.co_flags & CO_COROUTINE:
                    value = await value
    except StopIteration as stop:
        from aibasic_kernel.session.steps import StepError

        raise StepError(stop) from None
    return value if code.value is not None else None


def progress_of(place: str, rounds: int, speed: float) -> str:
    """`line 30  ·  123,456 lines run  ·  61,000 a second`."""
    digits = -3 if speed >= 10_000 else -2 if speed >= 1_000 else 0
    a_second = f"  ·  {round(speed, digits):,.0f} a second" if speed >= 1 else ""
    return f"{place}  ·  {rounds:,} lines run{a_second}"
