"""What holds for a text as a whole: runs of Python, and numbers that stand once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aibasic_kernel.language.errors import ParseError
from aibasic_kernel.language.instruction import Instruction, Python, Remark, Span


def merge_python(instructions: Iterable[Instruction]) -> list[Instruction]:
    """Unnumbered statements of Python that follow each other become one, with the comments and empty lines between."""
    merged: list[Instruction] = []
    remarks: list[Remark] = []
    for instruction in instructions:
        if isinstance(instruction, Remark) and _is_python(instruction):
            remarks.append(instruction)
            continue
        last = merged[-1] if merged else None
        if isinstance(last, Python) and isinstance(instruction, Python) and last.number is instruction.number is None:
            merged[-1] = _joined(last, remarks, instruction)
        else:
            merged.extend(remarks)
            merged.append(instruction)
        remarks = []
    return merged + remarks


def _is_python(remark: Remark) -> bool:
    text = remark.source.strip()
    return remark.number is None and (not text or text.startswith("#"))


def _joined(first: Python, remarks: Sequence[Remark], second: Python) -> Python:
    parts = (first, *remarks, second)
    code = [first.code, *(remark.source.strip() for remark in remarks), second.code]
    span = Span(first.span.start, second.span.end, first.span.line)
    return Python(span, "".join(part.source for part in parts), None, "\n".join(code))


def refuse_repeated_numbers(source: str, instructions: Iterable[Instruction]) -> None:
    """Raise where two lines of one text have the same number."""
    rows: dict[int, int] = {}
    for instruction in instructions:
        number = instruction.number
        if number is None:
            continue
        if number in rows:
            start = instruction.span.start + instruction.source.index(instruction.source.lstrip())
            digits = len(instruction.source.split(None, 1)[0])
            raise ParseError(
                f"number {number} stands on line {rows[number]} already",
                source,
                Span(start, start + digits, instruction.span.line),
                f"lines {rows[number]} and {instruction.span.line} need numbers of their own",
            )
        rows[number] = instruction.span.line
