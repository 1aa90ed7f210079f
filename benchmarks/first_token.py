"""What a kernel's first request pays over later ones, after three idle seconds, to a server that answers at once.

The model is a server on loopback. Each round is a kernel of its own: its first sentence, then some more, of plain
Python and of SQL. The time runs from sending the cell to the arrival of the request at the server, which answers with
the first token in the same moment, and to the end of the cell.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.report import report, spread
from tests.kernel.notebook import Notebook, open_notebook
from tests.messages_server import MessagesServer, Received, Script

ROUNDS = 5
LATER = 6
IDLE_SECONDS = 3.0
KINDS = {
    "Python": "totals = [number * 2 for number in range(10)]",
    "SQL": 'query = "SELECT name, sum(total) FROM orders JOIN customers USING (id) WHERE total > 5 GROUP BY name"',
}


class TimedServer(MessagesServer):
    """Notes when the last request came."""

    came = 0.0

    def script_for(self, received: Received) -> Script:
        self.came = time.perf_counter()
        return super().script_for(received)


@dataclass(frozen=True)
class Trip:
    """Seconds from sending a cell to its first token and to its end."""

    token: float
    whole: float


def trip(notebook: Notebook, server: TimedServer, sentence: str) -> Trip:
    """Send one sentence that the model has to compile."""
    begin = time.perf_counter()
    cell = notebook.run(sentence)
    if not cell.ok:
        raise RuntimeError(cell.text)
    return Trip(server.came - begin, time.perf_counter() - begin)


def one_kernel(server: TimedServer, kind: str, number: int) -> tuple[Trip, Trip]:
    """The first request of a new kernel, and the middle of later ones."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"ANTHROPIC_BASE_URL": server.url, "AIBASIC_DATA_DIR": folder}
        with open_notebook(Path(folder), environment) as notebook:
            time.sleep(IDLE_SECONDS)
            first = trip(notebook, server, f"first sentence {number} of {kind}")
            later = [trip(notebook, server, f"sentence {at} of {number} of {kind}") for at in range(LATER)]
    middle = Trip(statistics.median(one.token for one in later), statistics.median(one.whole for one in later))
    return first, middle


def say(what: str, first: Sequence[float], later: Sequence[float]) -> None:
    more = [(one - other) * 1000 for one, other in zip(first, later, strict=True)]
    report(f"first request after {IDLE_SECONDS:.0f} s, {what}", f"+{spread(more, '{:.0f}')} ms", "at most +50 ms",
           f"a later one {statistics.median(later) * 1000:.0f} ms")  # fmt: skip


def main() -> int:
    """Print the lines."""
    server = TimedServer()
    with server:
        for kind, python in KINDS.items():
            server.compile(python, when=kind)
        for kind in KINDS:
            pairs = [one_kernel(server, kind, number) for number in range(ROUNDS)]
            if kind == "Python":
                say("to the first token", [first.token for first, _ in pairs], [later.token for _, later in pairs])
            first, later = ([trip.whole for trip in trips] for trips in zip(*pairs, strict=True))
            say(f"to the end of the cell, {kind}", first, later)
    return 0


if __name__ == "__main__":
    sys.exit(main())
