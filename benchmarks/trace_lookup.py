"""How long the lock takes to find a line that reads one data frame among 500: in full, and as a loop checks it again.

    python benchmarks/trace_lookup.py

Prints microseconds a look-up and their ratio to one `1 + 1` that is compiled and run by exec, so that runs on
different machines compare.
"""

from __future__ import annotations

import sys
import tempfile
import timeit
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pandas as pd

from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.locks.lock import Lock
from aibasic_kernel.compiler.locks.signatures import Signatures
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.shapes import describe
from aibasic_kernel.compiler.traces.checked_trace import CheckedTrace
from aibasic_kernel.compiler.traces.observe import observe
from benchmarks.report import report

FRAMES, COLUMNS, ROWS = 500, 20, 1000


def frame() -> pd.DataFrame:
    """A frame of numbers and texts, every third column text."""
    columns = {f"column_{at}": ["x" if at % 3 == 0 else at] * ROWS for at in range(COLUMNS)}
    made: pd.DataFrame = pd.DataFrame(columns)
    return made


def microseconds(call: Callable[[], object]) -> float:
    """The best of seven runs, per call."""
    number = 2000
    return min(timeit.repeat(call, number=number, repeat=7)) / number * 1e6


def main() -> None:
    names: dict[str, object] = {f"df_{at}": frame() for at in range(FRAMES)}
    scope = Scope(names, last_output="df_7")
    sentence = "the rows of df_7 with a column_1 above 3 by column_3"
    python = "df_7[df_7['column_1'] > 3].sort_values('column_3')"
    trace = observe(python, sentence, scope)
    checked = CheckedTrace(trace)
    checked.mismatch(scope)
    with tempfile.TemporaryDirectory() as folder:
        lock = Lock(Path(folder) / "aibasic.lock", Signatures(Path(folder)), Path(folder) / "locks")
        for at in range(200):
            lock.add(Compilation(f"{sentence}, {at}", "", python, "", ("model", "m"), trace))
        lock.add(Compilation(sentence, "", python, "", ("model", "m"), trace))
        unit = microseconds(lambda: exec("1 + 1"))
        for what, call in (
            ("look-up of a trace in the lock", lambda: lock.find(sentence, "", scope)),
            ("the same again, in a loop", lambda: checked.mismatch(scope)),
            ("description of a frame", lambda: describe(names["df_7"])),
        ):
            took = microseconds(call)
            report(f"{what}, among {FRAMES} data frames", f"{took:.1f} µs, {took / unit:.0f} x exec", "",
                   f"exec('1 + 1') {unit:.2f} µs")  # fmt: skip


if __name__ == "__main__":
    main()
