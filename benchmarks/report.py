"""The lines of `make bench`: each benchmark reports its own; at the end they stand in one table.

    python benchmarks/report.py FILE

Prints what the benchmarks have left in FILE, which the environment named to them as AIBASIC_BENCH, as Markdown.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Line:
    """One row of the table. `floor` is what the same takes without us, or by the quickest other way."""

    name: str
    figure: str
    goal: str = ""
    floor: str = ""

    def __str__(self) -> str:
        return f"{self.name:<58} {self.figure:<30} {self.goal:<16} {self.floor}".rstrip()


def report(name: str, figure: str, goal: str = "", floor: str = "") -> None:
    """Print a line, and leave it for the table."""
    line = Line(name, figure, goal, floor)
    print(line, flush=True)
    if file := os.environ.get("AIBASIC_BENCH"):
        with Path(file).open("a") as lines:
            lines.write(json.dumps(asdict(line)) + "\n")


def in_turn(calls: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each call in each round. All take their turn in every round, so that a slow minute slows all.

    Every second round goes backwards; one round before the first is not counted.
    """
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(-1, rounds):
        for name, call in list(calls.items())[:: 1 if turn % 2 else -1]:
            begin = time.perf_counter()
            call()
            if turn >= 0:
                taken[name].append(time.perf_counter() - begin)
    return taken


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Ours to theirs, round by round."""
    return [one / other for one, other in zip(ours, theirs, strict=True)]


def spread(values: Sequence[float], form: str = "{:.2f}") -> str:
    """The median and, behind it, between what the middle half lies: `1.03 (1.00 to 1.08)`."""
    first, middle, last = statistics.quantiles(values, n=4)
    return f"{form.format(middle)} ({form.format(first)} to {form.format(last)})"


def milliseconds(values: Sequence[float]) -> str:
    """The median of seconds, as milliseconds."""
    return f"{statistics.median(values) * 1000:.1f} ms"


def main() -> int:
    """Print the table."""
    print("| line | figure | goal | floor |\n| --- | --- | --- | --- |")
    for text in Path(sys.argv[1]).read_text().splitlines():
        line = Line(**json.loads(text))
        print(f"| {line.name} | {line.figure} | {line.goal} | {line.floor} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
