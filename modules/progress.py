"""How far a long transfer is: shown on stderr once it takes more than a second, where tqdm is installed."""

from __future__ import annotations

import importlib
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

AFTER = 1.0
"""Seconds without a sign of progress that nobody minds."""
EVERY = 0.1
"""Seconds between two looks at how far it is."""


class Progress:
    """Counts what went through, in `unit`: whoever transfers sets `done`, or it is asked of `measure`.

    The thread that waits calls `show`.
    """

    def __init__(
        self, what: str, total: int | None = None, unit: str = "rows", measure: Callable[[], int] | None = None
    ) -> None:
        self.what = what
        self.total = total
        self.unit = unit
        self.done = 0
        self._begun = time.monotonic()
        self._measure = measure
        self._bar: Any = None
        self._can_show = True

    def __str__(self) -> str:
        """`4,000 of 10,000 rows`."""
        done = self._so_far()
        return counted(done, self.unit) if self.total is None else f"{done:,} of {counted(self.total, self.unit)}"

    def show(self) -> None:
        """Bring the bar up to date; the first call makes it."""
        if self._bar is None and self._can_show:
            self._bar = self._open()
        if self._bar is not None:
            self._bar.update(self._so_far() - self._bar.n)

    def advance(self, done: int) -> None:
        """So many went through: for a transfer in many short calls. Shown once it has taken `AFTER`."""
        self.done = done
        if time.monotonic() - self._begun > AFTER:
            self.show()

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _so_far(self) -> int:
        return self.done if self._measure is None else self._measure()

    def _open(self) -> Any:
        self._can_show = False
        try:
            with warnings.catch_warnings():
                # In a notebook without widgets tqdm warns, and then draws with text as it should.
                warnings.simplefilter("ignore")
                tqdm = importlib.import_module("tqdm.auto").tqdm
        except ModuleNotFoundError:
            return None
        return tqdm(
            total=self.total,
            desc=self.what,
            unit=f" {self.unit}",
            # Bytes are told as 12.3M; of things that are counted, nobody has 1.00.
            unit_scale=self.unit == "B",
            leave=False,
            file=sys.stderr,
        )


def counted(number: int, unit: str) -> str:
    """`1 row`, `4,000 rows`."""
    return f"{number:,} {unit.removesuffix('s') if number == 1 else unit}"
