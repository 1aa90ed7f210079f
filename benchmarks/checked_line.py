"""What a checked line costs over its Python alone: the check of its trace, and keeping `last_output`.

Three lines that phrases compiled are driven in a Python loop, as a loop of a program drives its lines, against the same
code objects run alone.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from typing import Any

from aibasic_kernel.compiler.checked_trace import CheckedTrace
from aibasic_kernel.session.line import Code, Line
from aibasic_kernel.session.session import Session
from aibasic_kernel.session.steps import Execute, Outcome

LINES = "10 set total to 0\n20 add 5 to total\n30 set half to total / 2"
ROUNDS, RUNS = 20_000, 7


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
    """Print microseconds a line, with and without us."""
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        namespace: dict[str, Any] = {}
        session = Session(namespace, {"AIBASIC_DATA_DIR": folder})
        lines = compiled(session)
        bodies = [code.body for code, _, _ in lines]
        alone, checked = [], []
        for _ in range(RUNS):
            begin = time.perf_counter()
            for _ in range(ROUNDS):
                for body in bodies:
                    exec(body, namespace)  # type: ignore[arg-type]
            alone.append(time.perf_counter() - begin)
            begin = time.perf_counter()
            for _ in range(ROUNDS):
                for code, trace, result in lines:
                    if trace.mismatch(session.scope()) is not None:
                        raise RuntimeError("a line no longer holds")
                    exec(code.body, namespace)  # type: ignore[arg-type]
                    session.observe(code, None, result)
            checked.append(time.perf_counter() - begin)
        session.close()
        os.chdir("/")
    floor, ours = (statistics.median(times) / ROUNDS / len(lines) * 1e6 for times in (alone, checked))
    print(f"a line's Python alone       {floor:6.2f} us")
    print(f"the same line, checked      {ours:6.2f} us   ours: {ours - floor:.2f} us a line")
    return 0


if __name__ == "__main__":
    sys.exit(main())
