"""The numbered lines of a session, by the cells that brought them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.language.instruction import Instruction, Remark
from aibasic_kernel.language.structure import pair_loops, place_of, targets_of

PROMPT = "prompt"
"""The key of the one cell that all lines typed at a shell's prompt belong to."""


@dataclass(eq=False)
class ProgramLine:
    """One line of a cell.

    `before` are the comments and empty lines between it and the numbered line above. `compiled` is for whoever runs
    the line: what it was compiled to, which lives as long as the line stays as it is.
    """

    instruction: Instruction
    cell: ProgramCell
    before: tuple[Remark, ...] = ()
    compiled: Any = None

    @property
    def number(self) -> int | None:
        """Its number; None for a line that only stands in a cell which is running."""
        return self.instruction.number

    @property
    def place(self) -> str:
        """`line 10`."""
        return place_of(self.instruction)


@dataclass(eq=False)
class ProgramCell:
    """The numbered lines of one cell, file or prompt, in the order of their numbers.

    `label` names it to people (`[3]`, `menu.aib`). `after` are the comments and empty lines below its last line.
    """

    key: str
    label: str
    lines: list[ProgramLine] = field(default_factory=list)
    after: tuple[Remark, ...] = ()

    def line(self, number: int) -> ProgramLine | None:
        """The line of that number."""
        return next((line for line in self.lines if line.number == number), None)


class Program:
    """All numbered lines of a session. `cells` stand in the order in which they were first run."""

    def __init__(self) -> None:
        self.cells: list[ProgramCell] = []
        self.is_saved = True
        """Whether there is nothing in it that is in no file."""
        self._unnamed = 0

    def enter(self, key: str, label: str, instructions: Sequence[Instruction]) -> ProgramCell:
        """Remember the numbered lines among `instructions` as all that the cell has; "" is a cell of its own.

        At the prompt each line takes its place among those entered before, and replaces the one of its number.
        """
        if not key:
            self._unnamed += 1
            key = f"without a name {self._unnamed}"
        cell = self._cell(key) or ProgramCell(key, label)
        cell.label = label
        lines, after = _lines(cell, instructions)
        if key == PROMPT:
            new = {line.number for line in lines}
            lines = [line for line in cell.lines if line.number not in new] + lines
            after = cell.after
        cell.lines = sorted(lines, key=lambda line: line.number or 0)
        cell.after = after
        if cell in self.cells:
            if not cell.lines:
                self.cells.remove(cell)
        elif cell.lines:
            self.cells.append(cell)
        if lines:
            self.is_saved = False
        return cell

    def forget_cell(self, key: str) -> None:
        """Forget the lines of a cell that is not there any more."""
        self.cells = [cell for cell in self.cells if cell.key != key]

    def lines(self) -> Iterator[ProgramLine]:
        """All lines in the order of the program."""
        for cell in self.cells:
            yield from cell.lines

    def remove(self, lines: Sequence[ProgramLine]) -> None:
        """Forget these lines."""
        for cell in self.cells:
            cell.lines = [line for line in cell.lines if line not in lines]
        self.cells = [cell for cell in self.cells if cell.lines]
        self.is_saved = not self.cells

    def clear(self) -> None:
        """Forget everything."""
        self.cells = []
        self.is_saved = True

    def find(self, number: int, cell: ProgramCell | None = None) -> ProgramLine | None:
        """The line of that number: in `cell`, else in the one other cell that has it; None where there is none.

        Raises AIBasicError where two other cells have it.
        """
        if cell is not None and (own := cell.line(number)) is not None:
            return own
        found = [line for each in self.cells if each is not cell and (line := each.line(number)) is not None]
        if len(found) > 1:
            places = " and ".join(line.cell.label for line in found)
            raise AIBasicError(
                f"line {number} stands in the cells {places}",
                "a jump cannot tell which is meant: give one of them another number, or RENUM",
            )
        return found[0] if found else None

    def check(self, cells: Sequence[ProgramCell]) -> None:
        """Look whether each jump of these cells has a target and each loop an end. Raises AIBasicError."""
        for cell in cells:
            pair_loops([line.instruction for line in cell.lines])
            for line in cell.lines:
                for target in targets_of(line.instruction):
                    if self.find(target, cell) is None:
                        raise AIBasicError(
                            f"{line.place} goes on at line {target}, which is not there",
                            "nothing was run. Run the cell with that line first, then this one again",
                        )

    def _cell(self, key: str) -> ProgramCell | None:
        return next((cell for cell in self.cells if cell.key == key), None)


def _lines(cell: ProgramCell, instructions: Sequence[Instruction]) -> tuple[list[ProgramLine], tuple[Remark, ...]]:
    lines: list[ProgramLine] = []
    remarks: list[Remark] = []
    for instruction in instructions:
        if instruction.number is not None:
            lines.append(ProgramLine(instruction, cell, tuple(remarks)))
            remarks = []
        elif isinstance(instruction, Remark):
            remarks.append(instruction)
    return lines, tuple(remarks) if lines else ()
