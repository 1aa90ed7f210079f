"""A program as the text of a file, and back: comments and empty lines stay before the line that they stood before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.language.errors import ParseError
from aibasic_kernel.language.instruction import Instruction, Python, Remark
from aibasic_kernel.session.program.memory import Program, written

Parse = Callable[[str], Sequence[Instruction]]
_MARGIN = re.compile(r"[ \t]+(?=\S)")


def text_for_file(instructions: Sequence[Instruction], parse: Parse) -> str:
    """Instructions as one text, each as it was written.

    One that began further in goes to the margin where it would else be read as part of another one.
    """
    text = written(*instructions)
    return text if _read_back(text, instructions, parse) else _at_margin(instructions)


def instructions_of(text: str, name: str, parse: Parse) -> Sequence[Instruction]:
    """The numbered lines of a file's text in the order of their numbers, each behind its comments.

    Raises AIBasicError, which names the file `name` and the line, for what is no program.
    """
    found = _parsed(text, name, parse)
    for instruction in found:
        if instruction.number is None and not isinstance(instruction, Remark):
            remedy = "put a number in front, or `rem` if it is a comment: a program is made of numbered lines"
            raise AIBasicError(f"{name}, {ParseError('this line has no number', text, instruction.span, remedy)}")
    in_order = _by_number(found)
    if in_order == list(found):
        return found
    return _read_back(written(*in_order), in_order, parse) or _parsed(_at_margin(in_order), name, parse)


def program_of(program: Program) -> list[Instruction]:
    """All that a program is made of, comments too, in order."""
    found: list[Instruction] = []
    for cell in program.cells:
        for line in cell.lines:
            found += [*line.before, line.instruction]
        found += cell.after
    return found


def _at_margin(instructions: Iterable[Instruction]) -> str:
    return "".join(map(_without_margin, instructions))


def _without_margin(instruction: Instruction) -> str:
    text = written(instruction)
    margin = _MARGIN.match(text)
    if margin is None:
        return text
    if isinstance(instruction, Python):  # its blocks and clauses go along
        return "".join(line.removeprefix(margin[0]) for line in text.splitlines(keepends=True))
    return text[margin.end() :]


def _by_number(instructions: Iterable[Instruction]) -> list[Instruction]:
    groups: list[list[Instruction]] = []
    group: list[Instruction] = []
    for instruction in instructions:
        group.append(instruction)
        if instruction.number is not None:
            groups.append(group)
            group = []
    groups.sort(key=lambda group: group[-1].number or 0)
    return [instruction for each in (*groups, group) for instruction in each]


def _parsed(text: str, name: str, parse: Parse) -> Sequence[Instruction]:
    try:
        return parse(text)
    except ParseError as error:
        raise AIBasicError(f"{name}, {error}") from None


def _read_back(text: str, instructions: Iterable[Instruction], parse: Parse) -> Sequence[Instruction]:
    """What a text is read as, () where that is not just these lines."""
    try:
        found = parse(text)
    except ParseError:
        return ()
    return found if _lines(found) == _lines(instructions) else ()


def _lines(instructions: Iterable[Instruction]) -> list[str]:
    return [written(one) for one in instructions if one.number is not None]
