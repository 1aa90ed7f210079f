"""The lines that a run goes along in one cell, and the places that it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from aibasic_kernel.language.instruction import Instruction, Sentence
from aibasic_kernel.language.structure import pair_loops
from aibasic_kernel.session.program.memory import ProgramCell, ProgramLine


@dataclass(eq=False)
class Track:
    """Lines of one cell in the order in which they run, those without a number too where the cell itself is running."""

    cell: ProgramCell
    lines: Sequence[ProgramLine]

    @cached_property
    def numbers(self) -> dict[int, int]:
        """Where the line of each number stands."""
        return {line.number: at for at, line in enumerate(self.lines) if line.number is not None}

    @cached_property
    def partners(self) -> dict[int, int]:
        """For each end of a loop the other one. Raises AIBasicError where loops overlap or are not closed."""
        return pair_loops(self.instructions)

    @cached_property
    def instructions(self) -> tuple[Instruction, ...]:
        """What stands in the lines."""
        return tuple(line.instruction for line in self.lines)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """All sentences, as written: what names that one of them makes have to agree with."""
        return tuple(each.source.strip() for each in self.instructions if isinstance(each, Sentence))


def track_of(cell: ProgramCell, instructions: Iterable[Instruction]) -> Track:
    """A running cell's: its numbered lines by number, each with those without a number that stand below it."""
    blocks: list[list[ProgramLine]] = [[]]
    known = {id(line.instruction): line for line in cell.lines}
    for instruction in instructions:
        if instruction.number is None:
            blocks[-1].append(ProgramLine(instruction, cell))
        else:
            blocks.append([known.get(id(instruction)) or ProgramLine(instruction, cell)])
    first, *numbered = blocks
    numbered.sort(key=lambda block: block[0].number or 0)
    return Track(cell, [line for block in (first, *numbered) for line in block])


@dataclass
class Loop:
    """A loop that is under way: what comes next of it. For `while` there is nothing to keep."""

    variable: str
    step: object = 1
    stop: object = None
    rest: object = None
    """The iterator of `for each`."""


@dataclass
class Frame:
    """What belongs to one level of calls: its loops, by the line that begins each, and where a return goes on."""

    back: tuple[Track, int] | None = None
    loops: dict[ProgramLine, Loop] = field(default_factory=dict)
