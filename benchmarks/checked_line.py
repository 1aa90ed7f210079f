"""What a checked line costs over its Python alone: the check of its trace, and keeping `last_output`.

Three lines that phrases compiled are driven in a Python loop, as a loop of a program drives its lines, against the same
code objects run alone.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from aibasic_kernel.compiler.traces.checked_trace import CheckedTrace
from aibasic_kernel.session.line import Code, Line
from aibasic_kernel.session.session import Session
from aibasic_kernel.session.steps import Execute, Outcome
from benchmarks.report import in_turn, report, spread

LINES = "10 set total to 0\n20 add 5 to total\n30 set half to total / 2"
ROUNDS, RUNS = 10_000, 11


def compiled(session: Session) -> list[tuple[Code, CheckedTrace, str]]:
    """Run the lines once; their code, their traces and the names of their results."""
    steps = session.run(LINES)
    found: list[Line] = []
    outcome: Outcome | None = None
    while True:
        try:
            step = steps.send(outcome)
        except StopIteration:
            break
        outcome = None
        if isinstance(step, Execute):
            found.append(step.line)
            assert step.line.code is not None and step.line.code.body is not None
            exec(step.line.code.body, session.names)  # type: ignore[arg-type]
            outcome = Outcome()
    lines = []
    for line in found:
        entry = session.compiler.lock.entries(str(getattr(line.instruction, "text", "")), "")[0]
        assert line.code is not None
        lines.append((line.code, CheckedTrace(entry.trace), entry.result))
    return lines


def main() -> int:
    """Print what a line takes over its Python."""
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        namespace: dict[str, Any] = {}
        session = Session(namespace, {"AIBASIC_DATA_DIR": folder})
        lines = compiled(session)

        def alone() -> None:
            for _ in range(ROUNDS):
                for code, _, _ in lines:
                    exec(code.body, namespace)  # type: ignore[arg-type]

        def checked() -> None:
            for _ in range(ROUNDS):
                for code, trace, result in lines:
                    if trace.mismatch(session.scope()) is not None:
                        raise RuntimeError("a line no longer holds")
                    exec(code.body, namespace)  # type: ignore[arg-type]
                    session.observe(code, None, result)

        taken = in_turn({"alone": alone, "checked": checked}, RUNS)
        session.close()
        os.chdir("/")
    each = ROUNDS * len(lines) / 1e6
    more = [(one - other) / each for one, other in zip(taken["checked"], taken["alone"], strict=True)]
    report("a checked line of three in a loop, over its Python", f"+{spread(more, '{:.1f}')} µs", "at most +16 µs",
           f"its Python {statistics.median(taken['alone']) / each:.1f} µs")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
