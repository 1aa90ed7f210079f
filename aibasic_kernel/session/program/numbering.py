"""Numbers for a whole program: each line one of its own, in the order of the program, and jumps that follow."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.language.instruction import Instruction
from aibasic_kernel.language.renumber import renumbered
from aibasic_kernel.language.source import LARGEST_NUMBER
from aibasic_kernel.language.structure import place_of, targets_of
from aibasic_kernel.session.names import LAST_ERROR_LINE
from aibasic_kernel.session.program.memory import Program, ProgramLine
from aibasic_kernel.session.program.places import forgetting

START, STEP = 10, 10


@dataclass(frozen=True)
class Numbering:
    """Each line as it is under its new number. `loose` are jumps to lines that are not there: they stay as they are."""

    instructions: dict[ProgramLine, Instruction]
    loose: tuple[tuple[ProgramLine, int], ...]

    def doubts(self) -> list[str]:
        """What a person should look at: those jumps, and lines that may compare with an old number."""
        new = self.instructions
        told = [f"line {new[line].number} goes on at line {target}, which is not there" for line, target in self.loose]
        reading = [place_of(line) for line in new.values() if LAST_ERROR_LINE in line.source]
        return told + [f"{place} reads {LAST_ERROR_LINE}: see whether it means an old number" for place in reading]


def number_anew(program: Program, start: int = START, step: int = STEP) -> Numbering:
    """Numbers from `start` in steps of `step`. A number that a loose jump names is given to no line.

    Raises AIBasicError where they do not suffice, and for a jump that may mean two lines.
    """
    goals = {line: _goals(program, line) for line in program.lines()}
    loose = tuple((line, target) for line, found in goals.items() for target, goal in found.items() if goal is None)
    free = _numbers(start, step, {target for _, target in loose})
    new = {line: next(free) for line in goals}
    if new and (last := max(new.values())) > LARGEST_NUMBER:
        raise AIBasicError(
            f"{len(new):,} lines from {start} in steps of {step} would end at {last:,}, numbers at {LARGEST_NUMBER:,}",
            "RENUM start,step with smaller ones",
        )
    instructions = {}
    for line, found in goals.items():
        targets = {target: new[goal] for target, goal in found.items() if goal is not None}
        instructions[line] = renumbered(line.instruction, new[line], targets)
    return Numbering(instructions, loose)


def stands_in_order(program: Program) -> bool:
    """Whether the numbers ascend from each line of the program to the next."""
    numbers = [line.number or 0 for line in program.lines()]
    return all(one < following for one, following in pairwise(numbers))


def _goals(program: Program, line: ProgramLine) -> dict[int, ProgramLine | None]:
    """The lines that a line may go on at, by the number that it names them by."""
    try:
        return {target: program.find(target, line.cell) for target in targets_of(line.instruction)}
    except AIBasicError as error:
        place = f"{line.place} of {line.cell.label}"
        remedy = f"{error.remedy}. {forgetting(program, line)}"
        raise AIBasicError(f"{place}: it is not clear where it goes on: {error.message}", remedy) from None


def _numbers(start: int, step: int, taken: Collection[int]) -> Iterator[int]:
    number = start
    while True:
        if number not in taken:
            yield number
        number += step
