"""What an export is made of: the lines of a program with the Python that each was compiled to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.traces.trace import Trace
from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.language.instruction import (
    BareNumber,
    End,
    Goto,
    Instruction,
    Next,
    Python,
    Remark,
    Return,
    Wend,
)
from aibasic_kernel.language.structure import targets_of

NOTHING = Trace()


@dataclass(frozen=True)
class Code:
    """The Python of a sentence, condition, bound or collection.

    `result` and `trace` are as in a Compilation; `author` is `phrase`, `model` or `user`.
    """

    python: str
    author: str = "user"
    result: str = ""
    trace: Trace = NOTHING
    sentence: str = ""

    @classmethod
    def of(cls, compilation: Compilation) -> Code:
        """The code of a compilation."""
        author = compilation.origin[0]
        return cls(compilation.python, author, compilation.result, compilation.trace, compilation.sentence)


@dataclass(frozen=True)
class ExportLine:
    """One line of a program.

    `codes` is the code of a sentence, of typed Python or of a condition or collection, or of a loop's bounds: start,
    stop and, where there is one, step. `cell` tells lines of different cells apart. `remarks` are the comments above.
    """

    instruction: Instruction
    codes: tuple[Code, ...] = ()
    cell: int = 0
    remarks: tuple[str, ...] = ()

    @property
    def number(self) -> int | None:
        """Its number, if it has one."""
        return self.instruction.number


def typed_code(instruction: Instruction) -> tuple[Code, ...]:
    """The code that a line of typed Python is."""
    match instruction:
        case Python(code=code):
            return (Code(code),)
        case BareNumber(value=value):
            return (Code(str(value)),)
    return ()


def in_order(instructions: Iterable[Instruction]) -> list[Instruction]:
    """The lines of a cell as they run: by number, each line without one behind the numbered line above it."""
    groups: list[list[Instruction]] = [[]]
    for instruction in instructions:
        if instruction.number is not None:
            groups.append([])
        groups[-1].append(instruction)
    first, *numbered = groups
    numbered.sort(key=lambda group: group[0].number or 0)
    return [instruction for group in (first, *numbered) for instruction in group]


class Targets:
    """Where the jumps of a program go: positions in `lines`, by number and by the cell that jumps."""

    def __init__(self, lines: Sequence[ExportLine]) -> None:
        self._places: dict[int, list[tuple[int, int]]] = {}
        for at, line in enumerate(lines):
            if line.number is not None:
                self._places.setdefault(line.number, []).append((line.cell, at))
        self._lines = lines

    def find(self, number: int, cell: int) -> int:
        """The line of that number, in its own cell or the one other that has it. Raises AIBasicError."""
        places = self._places.get(number, [])
        own = [at for home, at in places if home == cell] or [at for _, at in places]
        if len(own) == 1:
            return own[0]
        if not own:
            raise AIBasicError(f"a line goes on at line {number}, which is not there", "write it, or jump elsewhere")
        raise AIBasicError(
            f"line {number} stands in several cells",
            "a jump cannot tell which is meant: give one of them another number",
        )

    def check(self) -> None:
        """Look for each jump's target. Raises AIBasicError."""
        for line in self._lines:
            for target in targets_of(line.instruction):
                self.find(target, line.cell)


def with_remarks(lines: Sequence[ExportLine], by_cell: bool) -> list[ExportLine]:
    """The lines, each with the comments that stand above it, also where those are lines of their own.

    With `by_cell` a mark that editors know stands where a cell begins.
    """
    found: list[ExportLine] = []
    remarks: tuple[str, ...] = ()
    for at, line in enumerate(lines):
        if by_cell and at and lines[at - 1].cell != line.cell:
            remarks += ("%%",)
        if isinstance(line.instruction, Remark):
            text = line.instruction.text.strip()
            remarks += (*line.remarks, *((text,) if text.strip("% ") else ()))  # `# %%` begins a cell
            found.append(replace(line, remarks=()))
        elif isinstance(line.instruction, Goto | Next | Wend | End | Return):
            remarks += line.remarks
            found.append(replace(line, remarks=()))
        else:
            found.append(replace(line, remarks=remarks + line.remarks))
            remarks = ()
    return found
