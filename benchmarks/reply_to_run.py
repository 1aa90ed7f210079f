"""From the end of a model's block to the execution of its code: reading the reply, the trace, the header.

The model is a server on loopback that answers at once; the time runs from the moment in which the text with the end of
the block has come in. A line of plain Python and a line of SQL, the median of several sentences each.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from aibasic_kernel.session.session import Session
from aibasic_kernel.session.steps import Ask, Execute, Outcome
from benchmarks.report import report, spread
from tests.messages_server import MessagesServer

RUNS = 15
KINDS = {
    "plain Python": "totals = [number * 2 for number in range(10)]\nlargest = max(totals)",
    "SQL": 'query = "SELECT name, sum(total) FROM orders JOIN customers USING (id) WHERE total > 5 GROUP BY name"',
}


def gap(session: Session, sentence: str) -> float:
    """Seconds between the end of the block and the execution of its code, for one sentence."""
    ended = started = 0.0
    text = ""

    def listen(piece: str) -> None:
        nonlocal ended, text
        text += piece
        if "#@ end" in text and not ended:
            ended = time.perf_counter()

    steps = session.run(sentence)
    outcome: Outcome | None = None
    while True:
        try:
            step = steps.send(outcome)
        except StopIteration:
            return started - ended
        outcome = None
        if isinstance(step, Ask):
            outcome = Outcome(step.start(listen).result(timeout=60))
        elif isinstance(step, Execute):
            started = time.perf_counter()
            assert step.line.code is not None and step.line.code.body is not None
            exec(step.line.code.body, session.names)  # type: ignore[arg-type]
            outcome = Outcome()


def main() -> int:
    """Print the lines."""
    with tempfile.TemporaryDirectory() as folder, MessagesServer() as server:
        os.chdir(folder)
        for kind, python in KINDS.items():
            server.compile(python, when=kind)
        session = Session({}, {"AIBASIC_DATA_DIR": folder, "ANTHROPIC_BASE_URL": server.url})
        for kind in KINDS:
            taken = [gap(session, f"sentence {run} of {kind}") for run in range(RUNS)]
            report(f"end of a reply's block to its execution, {kind}",
                   f"{spread([one * 1000 for one in taken], '{:.1f}')} ms", "at most 30 ms")  # fmt: skip
        session.close()
        os.chdir("/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
