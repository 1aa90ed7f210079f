"""How the lines of a text belong together: where each jump goes, and which line ends which loop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.language.instruction import (
    Call,
    For,
    ForEach,
    Goto,
    If,
    Instruction,
    Next,
    OnError,
    Sentence,
    Wend,
    While,
)
from aibasic_kernel.language.printer import statement_text

LOOPS = (For, ForEach, While)


def place_of(instruction: Instruction) -> str:
    """`line 10` by its number, else `line 3 of the cell` by its position."""
    if instruction.number is not None:
        return f"line {instruction.number}"
    return f"line {instruction.span.line} of the cell"


def targets_of(instruction: Instruction) -> tuple[int, ...]:
    """The numbers of the lines that an instruction may go on at, in the order in which they are written."""
    match instruction:
        case Goto(target=target) | Call(target=target):
            return (target,)
        case OnError(target=target) | Sentence(then_goto=target):
            return () if target is None else (target,)
        case If(then=then, otherwise=otherwise):
            return (then,) if otherwise is None else (then, otherwise)
    return ()


def pair_loops(lines: Sequence[Instruction]) -> dict[int, int]:
    """For the position of each line that begins or ends a loop, the position of its partner.

    Raises AIBasicError for a loop that is not closed, an end without a loop, and loops that overlap.
    """
    partners: dict[int, int] = {}
    open_loops: list[int] = []
    for at, line in enumerate(lines):
        if isinstance(line, LOOPS):
            open_loops.append(at)
        elif isinstance(line, Next | Wend):
            if not open_loops:
                begins = "a for" if isinstance(line, Next) else "a while"
                raise AIBasicError(
                    f"{place_of(line)}: {statement_text(line)} stands without {begins} above it",
                    "a loop begins and ends in the same cell or file",
                )
            begin = open_loops.pop()
            _refuse_misfit(lines[begin], line)
            partners[begin], partners[at] = at, begin
    if open_loops:
        begun = lines[open_loops[-1]]
        end = "wend" if isinstance(begun, While) else "next"
        raise AIBasicError(
            f"{place_of(begun)}: {statement_text(begun)} has no {end}",
            f"write {end} below the last line of the loop, in the same cell",
        )
    return partners


def within_loops(lines: Iterable[Instruction]) -> Iterator[bool]:
    """For each line whether it stands between the two ends of a loop, of which the second may be missing yet."""
    depth = 0
    for line in lines:
        if isinstance(line, Next | Wend):
            depth = max(0, depth - 1)
        yield depth > 0
        if isinstance(line, LOOPS):
            depth += 1


def _refuse_misfit(begin: Instruction, end: Instruction) -> None:
    if isinstance(begin, While) is not isinstance(end, Wend):
        wanted = "wend" if isinstance(begin, While) else "next"
    elif isinstance(end, Next) and end.variable and isinstance(begin, For | ForEach) and end.variable != begin.variable:
        wanted = f"next {begin.variable}"
    else:
        return
    raise AIBasicError(
        f"{place_of(end)}: {statement_text(end)} stands where {wanted} has to end the loop of {place_of(begin)}",
        "loops may stand within each other, but not overlap",
    )
