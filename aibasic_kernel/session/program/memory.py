"""The numbered lines of a session, by the cells that brought them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.language.instruction import Instruction, Remark
from aibasic_kernel.language.structure import place_of

PROMPT = "prompt"
"""The key of the one cell of all lines that are typed at a shell's prompt, and of those that LOAD reads."""


@dataclass(eq=False)
class ProgramLine:
    """One line of a cell.

    `before` are the comments and empty lines between it and the numbered line above. `compiled` is what was made of
    its statement, or of each of its expressions, by whoever runs it; None before that.
    """

    instruction: Instruction
    cell: ProgramCell
    before: tuple[Remark, ...] = ()
    compiled: list[Any] | None = None

    @property
    def number(self) -> int | None:
        """Its number; None for a line that only stands in a cell which is running."""
        return self.instruction.number

    @property
    def place(self) -> str:
        """`line 10`."""
        return place_of(self.instruction)

    @property
    def text(self) -> str:
        """It as written, under the comments and empty lines above it."""
        return written(*self.before, self.instruction)


class ProgramCell:
    """The numbered lines of one cell, file or prompt.

    `label` names it to people (`[3]`, `menu.aib`). `after` are the comments and empty lines below its last line.
    """

    def __init__(self, key: str, label: str) -> None:
        self.key = key
        self.label = label
        self.after: tuple[Remark, ...] = ()
        self._by_number: dict[int, ProgramLine] = {}
        self._lines: tuple[ProgramLine, ...] = ()

    @property
    def lines(self) -> tuple[ProgramLine, ...]:
        """In the order of their numbers."""
        return self._lines

    @lines.setter
    def lines(self, lines: Iterable[ProgramLine]) -> None:
        self._by_number = {}
        self.put(lines)

    def put(self, lines: Iterable[ProgramLine]) -> None:
        """Give each numbered line its place, that of the line which had its number before."""
        self._by_number.update((line.number, line) for line in lines if line.number is not None)
        self._lines = tuple(map(self._by_number.__getitem__, sorted(self._by_number)))

    @property
    def text(self) -> str:
        """All of it as written."""
        return "".join(line.text for line in self.lines) + written(*self.after)

    def line(self, number: int) -> ProgramLine | None:
        """The line of that number."""
        return self._by_number.get(number)

    def remove(self, lines: Collection[ProgramLine]) -> None:
        """Forget these lines, each with the comments right above it; what an empty line sets apart from them stays."""
        staying: list[ProgramLine] = []
        apart: tuple[Remark, ...] = ()
        gone = False
        for line in self.lines:
            if line not in lines:
                line.before, apart, gone = (*apart, *line.before), (), False
                staying.append(line)
            else:
                apart, gone = apart if gone else _set_apart(line.before), True
        self.after = (*apart, *self.after) if staying else ()
        self.lines = staying


class Program:
    """All numbered lines of a session."""

    def __init__(self) -> None:
        self.file: Path | None = None
        """The file that it was loaded from or saved to last."""
        self.file_digest = ""
        """SHA-256 of what stood in that file then."""
        self._cells: dict[str, ProgramCell] = {}
        self._unnamed = 0
        self._saved = ""

    @property
    def cells(self) -> list[ProgramCell]:
        """Those that have lines, in the order in which they were first run."""
        return [cell for cell in self._cells.values() if cell.lines]

    @property
    def text(self) -> str:
        """All of it as written."""
        return "".join(cell.text for cell in self.cells)

    @property
    def is_saved(self) -> bool:
        """Whether there is nothing in it that is in no file."""
        return not self.cells or self.text == self._saved

    def saved(self, file: Path, digest: str) -> None:
        """Take note that all of it is in `file`, of which `digest` is the SHA-256."""
        self._saved, self.file, self.file_digest = self.text, file, digest

    def enter(self, key: str, label: str, instructions: Sequence[Instruction]) -> ProgramCell:
        """Remember the numbered lines among `instructions` as all that the cell has; "" is a cell of its own.

        At the prompt each line takes its place among those entered before, and replaces the one of its number; its
        label stays.
        """
        is_named = bool(key)
        if not is_named:
            self._unnamed += 1
            key = f"#{self._unnamed}"
        label = label or key
        cell = self._cells.get(key) or ProgramCell(key, label)
        lines, after = _lines(cell, instructions)
        if key == PROMPT:
            _keep_comments(cell, lines)
            cell.put(lines)
            cell.after = cell.after or after
        else:
            cell.label, cell.lines, cell.after = label, lines, after
        if lines or is_named:  # one that has no lines yet has its place among the others
            self._cells[key] = cell
        return cell

    def forget_cell(self, key: str) -> None:
        """Forget the lines of a cell that is not there any more."""
        self._cells.pop(key, None)

    def lines(self) -> Iterator[ProgramLine]:
        """All lines in the order of the program."""
        for cell in self.cells:
            yield from cell.lines

    def between(self, first: int, last: int) -> list[ProgramLine]:
        """The lines of these numbers, both included, in the order of the program."""
        return [line for line in self.lines() if first <= (line.number or 0) <= last]

    def remove(self, lines: Iterable[ProgramLine]) -> None:
        """Forget these lines."""
        gone = set(lines)
        for cell in {line.cell for line in gone}:
            cell.remove(gone)

    def clear(self) -> None:
        """Forget everything."""
        self._cells = {}
        self._saved, self.file, self.file_digest = "", None, ""

    def find(self, number: int, cell: ProgramCell | None = None) -> ProgramLine | None:
        """The line of that number: in `cell`, else in the one other cell that has it; None where there is none.

        Raises AIBasicError where two other cells have it.
        """
        if cell is not None and (own := cell.line(number)) is not None:
            return own
        found = [line for each in self._cells.values() if each is not cell and (line := each.line(number)) is not None]
        if len(found) > 1:
            places = " and ".join(line.cell.label for line in found)
            remedy = "RENUM gives each line a number of its own, LIST shows them"
            if cell is not None:
                remedy = "give one of them another number, so that it stands once"
            raise AIBasicError(f"line {number} stands in the cells {places}", remedy)
        return found[0] if found else None


def written(*instructions: Instruction) -> str:
    """Instructions as they were written, each with a line end."""
    return "".join(re.sub(r"\r\n?", "\n", one.source.rstrip("\r\n")) + "\n" for one in instructions)


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


def _keep_comments(cell: ProgramCell, lines: Iterable[ProgramLine]) -> None:
    """Give lines the comments of those that they are to replace, where they bring none."""
    for line in lines:
        old = cell.line(line.number or 0)
        if old is not None and not line.before:
            line.before = old.before


def _set_apart(remarks: tuple[Remark, ...]) -> tuple[Remark, ...]:
    """Those of the remarks above a line that an empty line separates from it."""
    empty = [at for at, remark in enumerate(remarks) if not remark.source.strip()]
    return remarks[: empty[-1] + 1] if empty else ()
