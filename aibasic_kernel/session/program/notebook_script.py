"""A notebook as one program: what `aibasic run` does with the text is what running its cells in order does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from aibasic_kernel.compiler.task_types import known_words
from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.language.errors import ParseError
from aibasic_kernel.language.importable import is_importable
from aibasic_kernel.language.instruction import Command, End, Instruction, Magic
from aibasic_kernel.language.magics import cell_magic
from aibasic_kernel.language.parser import Parser
from aibasic_kernel.language.program import refuse_repeated_numbers
from aibasic_kernel.language.python_or_english import Known
from aibasic_kernel.language.renumber import renumbered
from aibasic_kernel.language.structure import targets_of
from aibasic_kernel.session.exporting.magics import python_of_magic
from aibasic_kernel.session.program.memory import written
from aibasic_kernel.session.program.numbering import START, STEP

CODE, MARKDOWN = "code", "markdown"
_MARKS = {CODE: "# %%", MARKDOWN: "# %% [markdown]"}
_AROUND_LINES = frozenset({"capture", "prun", "time", "timeit"})
"""Cell magics with lines of the notebook's language below them."""
_KEPT = frozenset({"SET"})
"""The other commands are for the person before the notebook."""
_END = re.compile(r"(?:end|stop)\b", re.IGNORECASE)


@dataclass(frozen=True)
class SourceCell:
    """A cell as it stands in a notebook; `may_fail` says that it is there to show an error."""

    kind: str
    source: str
    may_fail: bool = False


@dataclass
class _Part:
    """A cell on its way into the script."""

    kind: str
    lines: list[Instruction | str] = field(default_factory=list)
    numbers: dict[int, int] = field(default_factory=dict)
    """The new number of each of its numbered lines, by the old one."""
    end: int | None = None
    """The number of the line behind it, where its `end` goes on."""

    def instructions(self) -> Iterator[Instruction]:
        return (line for line in self.lines if isinstance(line, Instruction))


def script_of(cells: Iterable[SourceCell]) -> str:
    """The program: each cell below its mark, markdown as comments, the lines as written.

    Direct commands but SET, and magics that have no meaning outside of a notebook, become comments; `!command` becomes
    Python. Where the numbers of the cells are no one sequence, or one of them ends before the notebook does, all get
    new ones, and jumps follow.
    """
    known = Known(())
    parts = [_part(cell, known) for cell in cells if cell.kind in _MARKS and cell.source.strip()]
    programs = [part for part in parts if part.kind == CODE]
    if not _is_one_program(programs):
        _number_anew(programs)
    return "\n".join(f"{_MARKS[part.kind]}\n{_text(part)}" for part in parts)


def _part(cell: SourceCell, known: Known) -> _Part:
    if cell.kind == MARKDOWN:
        return _Part(cell.kind, [commented(cell.source)])
    if cell.may_fail:
        return _Part(cell.kind, [commented(f"left out, for it is there to fail:\n{cell.source}")])
    try:
        return _Part(cell.kind, list(_code(cell.source, known)))
    except ParseError as error:
        return _Part(cell.kind, [commented(f"left out, line {error.line}: {error.message}\n{cell.source}")])


def commented(text: str) -> str:
    """A text as comments, which end with a line end."""
    return "".join(f"# {line}".rstrip() + "\n" for line in text.strip("\n").splitlines())


def _code(source: str, known: Known) -> Iterator[Instruction | str]:
    """The lines of a cell. Raises ParseError."""
    instructions = Parser(source, known, is_importable, known_words()).instructions()
    refuse_repeated_numbers(source, instructions)
    for instruction in instructions:
        if isinstance(instruction, Magic):
            yield from _magic(instruction, known)
        elif isinstance(instruction, Command) and instruction.name not in _KEPT:
            yield commented(instruction.source)
        else:
            yield instruction


def _magic(magic: Magic, known: Known) -> Iterator[Instruction | str]:
    name, body = cell_magic(magic.text)
    if name in _AROUND_LINES:
        yield commented(magic.text.partition("\n")[0])
        yield from _code(body.removeprefix("\n"), known)
        return
    try:
        python, told = python_of_magic(magic)
    except AIBasicError:
        yield commented(magic.text)
        return
    yield "".join(map(commented, told)) + (f"{python}\n" if python else "")


def _is_one_program(parts: Sequence[_Part]) -> bool:
    """Whether the lines can stand one after the other as they are."""
    numbers = [line.number for part in parts for line in part.instructions() if line.number is not None]
    return not any(map(_ends, parts[:-1])) and all(one < following for one, following in pairwise(numbers))


def _ends(part: _Part) -> bool:
    return any(isinstance(line, End) for line in part.instructions())


def _number_anew(parts: Sequence[_Part]) -> None:
    number = START
    for part in parts:
        for line in part.instructions():
            if line.number is not None:
                part.numbers[line.number] = number
                number += STEP
        if part is not parts[-1] and _ends(part):
            part.end = number
            number += STEP
    goals = _goals(parts)
    for part in parts:
        part.lines = [line if isinstance(line, str) else _moved(line, part, goals) for line in part.lines]
        if part.end is not None:
            part.lines.append(f"{part.end} rem\n")


def _goals(parts: Sequence[_Part]) -> dict[int, int]:
    """The new numbers of the lines whose old number stands in one cell only."""
    places: dict[int, list[int]] = {}
    for part in parts:
        for old, new in part.numbers.items():
            places.setdefault(old, []).append(new)
    return {old: found[0] for old, found in places.items() if len(found) == 1}


def _moved(line: Instruction, part: _Part, goals: Mapping[int, int]) -> Instruction | str:
    targets = {target: part.numbers.get(target, goals.get(target, target)) for target in targets_of(line)}
    moved = renumbered(line, None if line.number is None else part.numbers[line.number], targets)
    if isinstance(line, End) and part.end is not None:
        return _END.sub(f"goto {part.end}", written(moved), count=1)
    return moved


def _text(part: _Part) -> str:
    return "".join(line if isinstance(line, str) else written(line) for line in part.lines)
