"""A line under another number: its number and its jumps change, all else stays as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from aibasic_kernel.language.instruction import Call, Goto, If, Instruction, OnError, Sentence, Span
from aibasic_kernel.language.marks import Marks
from aibasic_kernel.language.source import leading_number, split_lines
from aibasic_kernel.language.structure import targets_of

_DIGITS = re.compile("[0-9]+")
_Stretch = tuple[int, int]
"""Where digits stand in a source, the end exclusive."""


def renumbered(instruction: Instruction, number: int | None, targets: Mapping[int, int]) -> Instruction:
    """An instruction as line `number`; its jumps go where `targets` says, those it does not name stay.

    Blanks, comments, task type and the lines that it is written on are kept. `number` is None for an instruction that
    has none.
    """
    own = () if number is None else (number,)
    stretches = [*(_number(instruction.source) for _ in own), *_jumps(instruction)]
    numbers = [*own, *(targets.get(target, target) for target in targets_of(instruction))]
    pieces: list[str] = []
    end = 0
    for (start, behind), value in zip(stretches, numbers, strict=True):
        pieces += [instruction.source[end:start], str(value)]
        end = behind
    source = "".join([*pieces, instruction.source[end:]])
    begin = instruction.span.start
    span = Span(begin, begin + len(source), instruction.span.line)
    changes = {name: targets.get(target, target) for name, target in _named_targets(instruction).items()}
    return replace(instruction, span=span, source=source, number=number, **changes)


def _number(source: str) -> _Stretch:
    """Where the line's own number stands."""
    start = len(source) - len(source.lstrip())
    digits = _DIGITS.match(source, start)
    assert digits is not None, "the instruction has a number"
    return digits.span()


def _jumps(instruction: Instruction) -> list[_Stretch]:
    """Where the numbers stand that it jumps to: they are the last that are not in a comment."""
    count = len(targets_of(instruction))
    return list(_written_numbers(instruction.source))[-count:] if count else []


def _written_numbers(source: str) -> Iterator[_Stretch]:
    """All digits that are not in a comment, behind the number of the first line."""
    marks = Marks()
    for line in split_lines(source):
        head = None if line.start else leading_number(line.text)
        start = head[1] if head else 0
        end = start + marks.read(line.text[start:], line.start + start)
        for digits in _DIGITS.finditer(line.text, start, end):
            yield line.start + digits.start(), line.start + digits.end()


def _named_targets(instruction: Instruction) -> dict[str, Any]:
    """The fields that hold targets, with their values."""
    match instruction:
        case Goto() | Call() | OnError():
            fields = {"target": instruction.target}
        case Sentence():
            fields = {"then_goto": instruction.then_goto}
        case If():
            fields = {"then": instruction.then, "otherwise": instruction.otherwise}
        case _:
            fields = {}
    return {name: target for name, target in fields.items() if target is not None}
