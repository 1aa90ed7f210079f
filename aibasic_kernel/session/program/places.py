"""How a line is named among those of several cells, and what takes it out of the program."""

from __future__ import annotations

from aibasic_kernel.session.program.memory import Program, ProgramLine


def place_among(program: Program, line: ProgramLine) -> str:
    """`line 10`, or `line 10 of [8]` where the program has several cells."""
    return f"{line.place}{cell_among(program, line)}"


def cell_among(program: Program, line: ProgramLine) -> str:
    """` of [8]`, "" where the program has one cell."""
    return f" of {line.cell.label}" if len(program.cells) > 1 and line.number is not None else ""


def forgetting(program: Program, line: ProgramLine) -> str:
    """The commands that forget a line, DELETE only where its number stands once."""
    number = line.number or 0
    alone = f"DELETE {number} forgets it, " if len(program.between(number, number)) == 1 else ""
    return f"{alone}NEW {'' if alone else 'forgets '}the whole program"
