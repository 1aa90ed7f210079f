"""RENUM: the program's lines under new numbers, where they stand in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.language.instruction import Instruction
from aibasic_kernel.session.line import Line
from aibasic_kernel.session.messages import Note
from aibasic_kernel.session.program.listing import compiled_line
from aibasic_kernel.session.program.memory import PROMPT
from aibasic_kernel.session.program.numbering import START, STEP, Numbering, number_anew
from aibasic_kernel.session.program.ranges import count, lines_of

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session


def renumber(session: Session, argument: str) -> Iterator[object]:
    """RENUM [start[,step]]: number the lines of the program anew, every jump follows. Else 10, 20, 30 and so on."""
    start, step = _read(argument)
    lines = lines_of(session.program, "")
    numbering = number_anew(session.program, start, step)
    _take(session, numbering)
    yield Note(f"{count(len(lines))}, numbered {lines[0].number} to {lines[-1].number}; jumps follow")
    yield from (Note(told) for told in numbering.doubts())
    if any(cell.key != PROMPT for cell in session.program.cells):
        yield Note("cells of the notebook show the old numbers: to run one again brings its old lines back")


def _read(argument: str) -> tuple[int, int]:
    start, _, step = argument.partition(",")
    numbers = int(start or START), int(step or STEP)
    if 0 in numbers:
        raise AIBasicError(f"RENUM {argument}: numbers begin at 1, and a step is at least 1", "RENUM 10,10")
    return numbers


def _take(session: Session, numbering: Numbering) -> None:
    """Put the new numbers in place; what lines were compiled to is found under them, and runs stop where they did."""
    compiled = {}
    breakpoints = {
        new.number for line, new in numbering.instructions.items() if line.number in session.runner.breakpoints
    }
    for line, instruction in numbering.instructions.items():
        if (found := compiled_line(session, line)) is not None:
            compiled[instruction.number or 0] = moved = _moved(found, instruction)
            if session.last_line is found:
                session.last_line = moved
    for line, instruction in numbering.instructions.items():
        line.instruction, line.compiled = instruction, None
    for cell in session.program.cells:
        cell.lines = cell.lines
    session.runner.breakpoints = {number for number in breakpoints if number is not None}
    session.lines.clear()
    session.lines.update(compiled)


def _moved(line: Line, instruction: Instruction) -> Line:
    """What was compiled, as that of an instruction with a new number; an expression stays one."""
    if line.stands_for is None:
        return replace(line, instruction=instruction)
    expression = replace(line.instruction, span=instruction.span, source=instruction.source, number=instruction.number)
    return replace(line, instruction=expression, stands_for=instruction)
