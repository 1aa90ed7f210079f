"""How fast a loop of three lines on phrases goes round, against the same program exported and a plain Python loop.

    python benchmarks/loop.py

The session is driven by the face of `aibasic run`. Prints rounds a second, and the microseconds of ours that each line
takes beyond plain Python.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from aibasic_kernel.faces.blocking import BlockingFace
from aibasic_kernel.faces.program_display import ProgramDisplay
from aibasic_kernel.session.exporting.sources import of_session
from aibasic_kernel.session.session import Session
from benchmarks.report import in_turn, report, spread

LOOP_ROUNDS = 20_000
ROUNDS = 7
LINES = 3
PROGRAM = f"""10 set total to 0
20 for i = 1 to {LOOP_ROUNDS}
30 increase total by i
40 if total < 0 goto 60
50 next i
60 end
"""
"""A round has the lines 30 to 50."""
PLAIN = f"""total = 0
for i in range(1, {LOOP_ROUNDS} + 1):
    total += i
    if total < 0:
        break
"""
TOTAL = LOOP_ROUNDS * (LOOP_ROUNDS + 1) // 2


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.environ["AIBASIC_DATA_DIR"] = folder
        names: dict[str, object] = {}
        session = Session(names)
        face = BlockingFace(names, ProgramDisplay("loop.aib", "table", progress=False))

        def ours() -> None:
            face.drive(session.run(PROGRAM, "loop"))
            assert names["total"] == TOTAL

        ours()
        exported, _ = of_session(session)
        calls = {"ours": ours, "exported": _running(exported), "plain": _running(PLAIN)}
        taken = in_turn(calls, ROUNDS)
        face.close()
        session.close()
    a_second = {name: [LOOP_ROUNDS / each for each in seconds] for name, seconds in taken.items()}
    floor = (
        f"exported {statistics.median(a_second['exported']):,.0f}, plain Python "
        f"{statistics.median(a_second['plain']):,.0f}"
    )
    report("rounds a second of a loop of three lines", spread(a_second["ours"], "{:,.0f}"), "20,000", floor)
    each = [(one - other) / LOOP_ROUNDS / LINES * 1e6 for one, other in zip(taken["ours"], taken["plain"], strict=True)]
    report("ours per line of a loop", f"{spread(each, '{:.1f}')} microseconds", "at most 16")


def _running(python: str) -> Callable[[], None]:
    code = compile(python, "loop", "exec")

    def run() -> None:
        names = {"__name__": "__main__"}
        exec(code, names)
        assert names.get("total", TOTAL) == TOTAL

    return run


if __name__ == "__main__":
    main()
