"""Which line EXPLAIN is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.language.instruction import Instruction
from aibasic_kernel.session.explaining.ran import Failure
from aibasic_kernel.session.line import Line
from aibasic_kernel.session.program.listing import compiled_line
from aibasic_kernel.session.program.memory import ProgramLine

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session


@dataclass(frozen=True)
class Target:
    """A line as it is written, what it ran as last (None where it never did), its place in the program, its failure."""

    instruction: Instruction
    line: Line | None
    stored: ProgramLine | None = None
    failure: Failure | None = None


def find(session: Session, number: int | None) -> Target:
    """The line of that number, of several the one that ran last; without a number the newest. Raises AIBasicError."""
    ran = session.ran
    line = ran.newest if number is None else ran.line(number)
    stored = _stored(session, line.instruction.number if number is None and line is not None else number, line)
    if line is not None and (stored is None or _is_same(stored, line)):
        instruction = line.stands_for or line.instruction
        return Target(instruction, line, stored, ran.failure(line, line.instruction))
    if stored is not None:
        return Target(stored.instruction, compiled_line(session, stored), stored)
    if number is None:
        raise AIBasicError("no line has run yet", "EXPLAIN N explains line N of the program, run or not")
    known = ", ".join(str(each.number) for each in session.program.lines()) or "none"
    raise AIBasicError(f"there is no line {number}", f"lines of the program: {known}")


def _stored(session: Session, number: int | None, line: Line | None) -> ProgramLine | None:
    """The line of the program that has the number; of several cells that have it, the one that ran last."""
    if number is None:
        return None
    found = [each for cell in session.program.cells if (each := cell.line(number)) is not None]
    same = [each for each in found if line is not None and _is_same(each, line)]
    return next(reversed(same or found), None)


def _is_same(stored: ProgramLine, line: Line) -> bool:
    return stored.instruction.source.strip() == line.instruction.source.strip()
