"""How long a program of 1,000 lines takes to be parsed, entered, listed, renumbered, saved and loaded.

    python benchmarks/program_memory.py

It is a file of blocks that jump among each other, with comments and empty lines; LOAD gets it shuffled as well. Each
figure is the median of some rounds, beside it how much longer twice as many lines take: 2 for work that grows as the
program does. The floor is what Python takes to parse as many lines of its own.
"""

from __future__ import annotations

import ast
import os
import random
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from aibasic_kernel.session import commands
from aibasic_kernel.session.program.memory import PROMPT
from aibasic_kernel.session.session import Session
from benchmarks.report import in_turn, milliseconds, ratios, report

LINES = 1000
ROUNDS = 7
BLOCK = """\
# how often, and what comes of it

{0} set total to 0
{1} for i = 1 to 10
{2}   set total to total plus i  # one more
{3}   if total > 50 then {6}
{4} next i
{5} (df) count the rows of data where x > 3 and goto {7}
{6} rem enough
{7} print "the total is" and total
{8} on error goto {7}
{9} goto {10}
"""


def program(lines: int) -> list[str]:
    """The blocks of a program, each as text; the last goes on at the first."""
    blocks = []
    for first in range(10, lines * 10, 100):
        numbers = [first + 10 * at for at in range(10)]
        blocks.append(BLOCK.format(*numbers, first + 100 if first + 100 < lines * 10 else 10))
    return blocks


def shuffled(blocks: list[str]) -> str:
    """The same lines in no order."""
    lines = [line.replace("   ", " ") for block in blocks for line in block.splitlines() if line[:1].isdigit()]
    random.Random(7).shuffle(lines)
    return "".join(f"{line}\n" for line in lines)


def carried_out(session: Session, name: str, argument: str = "") -> Callable[[], object]:
    """A call that carries out a command."""
    return lambda: list(commands.HANDLERS[name](session, argument))


def work(lines: int, folder: Path) -> dict[str, Callable[[], object]]:
    """What is measured, for a program of so many lines."""
    blocks = program(lines)
    text = "".join(blocks)
    (folder / f"{lines}.aib").write_text(text)
    (folder / f"{lines}-shuffled.aib").write_text(shuffled(blocks))
    session, loading, shuffling = (Session({}, ask=lambda question: "yes") for _ in range(3))
    list(commands.HANDLERS["LOAD"](session, f'"{lines}.aib"'))
    instructions = session.parse(text)
    python = "".join(f"line_{at} = total + {at}\n" for at in range(lines))

    def enter() -> None:
        loading.program.clear()
        for at in range(0, len(instructions), 12):
            loading.program.enter(PROMPT, "", instructions[at : at + 12])

    return {
        "python": lambda: ast.parse(python),
        "parse": lambda: session.parse(text),
        "enter at the prompt": enter,
        "LIST": carried_out(session, "LIST"),
        "RENUM": carried_out(session, "RENUM"),
        "SAVE": carried_out(session, "SAVE", f'"{lines}-saved.aib"'),
        "LOAD": carried_out(loading, "LOAD", f'"{lines}.aib"'),
        "LOAD of a shuffled file": carried_out(shuffling, "LOAD", f'"{lines}-shuffled.aib"'),
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        os.environ["AIBASIC_DATA_DIR"] = str(Path(place) / "data")
        os.chdir(place)
        once, twice = work(LINES, Path(place)), work(2 * LINES, Path(place))
        taken = in_turn({**once, **{f"twice {what}": call for what, call in twice.items()}}, ROUNDS)
        floor = f"ast.parse {milliseconds(taken['python'])}"
        for what in once:
            if what != "python":
                growth = statistics.median(ratios(taken[f"twice {what}"], taken[what]))
                figure = f"{milliseconds(taken[what])}, {growth:.1f} x for twice as many"
                report(f"{what}, {LINES:,} lines", figure, "", floor)


if __name__ == "__main__":
    main()
