"""A cell of ten new lines: all asked for at once, against one by one, in time and in price.

The model is a server on loopback that begins an answer after 0.8 s and then gives 70 tokens a second; each line's
block has 60 tokens, and every second line reads what the one before it makes. It counts tokens as four characters, and
charges as providers do: what is stable is written to the cache once and read from it as soon as an answer to it began.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from aibasic_kernel.session.session import Session
from aibasic_kernel.session.steps import Ask, Execute, Outcome
from benchmarks.report import report
from tests.messages_server import MessagesServer, Received, Script

LINES = 10
TOKENS = 60
TOKEN = 4
"""Characters of a token."""
END = "\n#@ end\n"
FIRST_TOKEN = 0.8
TOKENS_A_SECOND = 70
INPUT, WRITTEN, CACHED, OUTPUT = 0.10, 0.125, 0.01, 0.50
"""Dollars a million tokens, of the smallest model."""


class PacedServer(MessagesServer):
    """Answers as fast as a model does, and counts what it would charge."""

    def __init__(self) -> None:
        super().__init__()
        self.dollars = 0.0
        self._cached: set[str] = set()
        self._counting = threading.Lock()

    def forget(self) -> None:
        """Let the cache run out."""
        self._cached.clear()

    def script_for(self, received: Received) -> Script:
        script = Script(reply(received), piece=TOKEN, pace=TOKENS_A_SECOND)
        time.sleep(FIRST_TOKEN)
        usage = {
            "input_tokens": len(received.user) // TOKEN,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "output_tokens": -(-len(script.text) // TOKEN),
        }
        with self._counting:
            known = received.system in self._cached
            usage["cache_read_input_tokens" if known else "cache_creation_input_tokens"] = len(received.system) // TOKEN
            self._cached.add(received.system)
            self.dollars += price(usage)
        return replace(script, usage=usage)


def price(usage: dict[str, int]) -> float:
    """The dollars of one request."""
    return (
        usage["input_tokens"] * INPUT
        + usage["cache_creation_input_tokens"] * WRITTEN
        + usage["cache_read_input_tokens"] * CACHED
        + usage["output_tokens"] * OUTPUT
    ) / 1e6


def cell(name: str, lines: int) -> str:
    """Sentences of which every second reads what the one before it makes."""
    return "\n".join(
        f"weigh the {name}{at - 1} again and put what comes out into {name}{at}"
        if at % 2
        else f"think of a weight and put it into {name}{at}"
        for at in range(lines)
    )


def reply(received: Received) -> str:
    """A block of 60 tokens, with what it assumes where the line is asked for ahead of its turn."""
    made = received.instruction.split()[-1]
    number = int(made[1:])
    read = f"{made[0]}{number - 1}" if number % 2 else ""
    assumes = f"#@ assumes {read}: number\n" if read and "<ahead>" in received.user else ""
    block = f"#@ python result={made}\n{made} = {read or number} + 1  #"
    return f"{assumes}{block.ljust(TOKENS * TOKEN - len(END), '.')}{END}"


@dataclass(frozen=True)
class Trip:
    """Seconds to the first line's run and to the end of all, and dollars."""

    first: float
    whole: float
    dollars: float


def trip(session: Session, server: PacedServer, name: str, lines: int) -> Trip:
    """Run one cell."""
    spent = server.dollars
    begin, first = time.perf_counter(), 0.0
    steps = session.run(cell(name, lines))
    outcome: Outcome | None = None
    while True:
        try:
            step = steps.send(outcome)
        except StopIteration:
            whole = time.perf_counter() - begin
            return Trip(first, whole, server.dollars - spent)
        outcome = None
        if isinstance(step, Ask):
            outcome = Outcome(step.start().result(timeout=60))
        elif isinstance(step, Execute):
            first = first or time.perf_counter() - begin
            assert step.line.code is not None and step.line.code.body is not None
            exec(step.line.code.body, session.names)  # type: ignore[arg-type]
            outcome = Outcome()


def main() -> int:
    """Print the lines."""
    server = PacedServer()
    with tempfile.TemporaryDirectory() as folder, server:
        os.chdir(folder)
        environment = {
            "AIBASIC_DATA_DIR": folder,
            "ANTHROPIC_BASE_URL": server.url,
            "AIBASIC_FEATURES": "caching",
            "AIBASIC_LOCK": "off",
        }
        single, together = Session({}, {**environment, "AIBASIC_PARALLEL": "1"}), Session({}, environment)
        trip(single, server, "w", 1)
        trips = {}
        for way, session in (("one by one", single), ("together", together)):
            server.forget()
            trips[way] = [trip(session, server, name, LINES) for name in ("a", "b")]
        for at, what in enumerate(("nothing cached yet", "what is stable cached")):
            one, ten = trips["one by one"][at], trips["together"][at]
            report(f"a cell of {LINES} new lines, {what}", f"first run {ten.first:.2f} s, all {ten.whole:.2f} s",
                   "1.9 s and 3.5 s", f"one by one {one.whole:.1f} s")  # fmt: skip
            report(f"its price against one by one, {what}", f"{ten.dollars / one.dollars:.2f}", "at most 1.1",
                   f"{one.dollars * 1e6 / LINES:.0f} millionths of a dollar a line")  # fmt: skip
        single.close()
        together.close()
        os.chdir("/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
