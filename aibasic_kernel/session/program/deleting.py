"""DELETE, and the number alone that deletes its line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.language.structure import targets_of
from aibasic_kernel.session.messages import Note
from aibasic_kernel.session.program.memory import ProgramLine
from aibasic_kernel.session.program.ranges import count, lines_of

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session


def delete(session: Session, argument: str) -> Iterator[object]:
    """DELETE N[-M]: forget lines of the program. Refused where one of the numbers stands in two cells."""
    lines = lines_of(session.program, argument)
    twice = [number for number, times in Counter(line.number for line in lines).items() if times > 1]
    if twice:
        cells = " and ".join(line.cell.label for line in lines if line.number == twice[0])
        raise AIBasicError(
            f"line {twice[0]} stands in the cells {cells}: nothing was deleted",
            "RENUM gives each line a number of its own; LIST shows the cells",
        )
    _forget(session, lines)
    yield Note(f"deleted: {count(len(lines))}")
    gone = {line.number for line in lines if line.number is not None}
    for line in session.program.lines():
        if lost := gone.intersection(targets_of(line.instruction)):
            yield Note(f"{line.place} goes on at line {min(lost)}, which is not there any more")


def delete_if_there(session: Session, number: int) -> bool:
    """Forget the line of that number, where there is one. Raises AIBasicError where two cells have it."""
    line = session.program.find(number)
    if line is None:
        return False
    _forget(session, [line])
    return True


def _forget(session: Session, lines: list[ProgramLine]) -> None:
    session.program.remove(lines)
    for line in lines:
        session.lines.pop(line.number or 0, None)
