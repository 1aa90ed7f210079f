"""The parts of a text by what they are to a reader: what a highlighter colours."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from enum import Enum, auto
from typing import NamedTuple

from aibasic_kernel.language.control_flow import LAST_JUMP, TARGET_GROUPS, match_control_flow
from aibasic_kernel.language.importable import is_importable
from aibasic_kernel.language.instruction import (
    CONTROL_FLOW,
    BareNumber,
    Command,
    Instruction,
    Magic,
    Python,
    Remark,
)
from aibasic_kernel.language.marks import SINGLE_QUOTED
from aibasic_kernel.language.source import NUMBER
from aibasic_kernel.language.tasks import TASK
from aibasic_kernel.language.unfinished import read_unfinished


class Kind(Enum):
    """What a part of a text is."""

    LINE_NUMBER = auto()
    """In front of a line, or where a line goes on."""
    TASK = auto()
    INSTANCE = auto()
    KEYWORD = auto()
    COMMAND = auto()
    STRING = auto()
    NUMBER = auto()
    OPERATOR = auto()
    PUNCTUATION = auto()
    COMMENT = auto()
    WORD = auto()
    BLANK = auto()
    MAGIC = auto()
    PYTHON = auto()
    FOREIGN = auto()
    """The body of a cell magic that is in a language of its own."""


class Lexeme(NamedTuple):
    """A stretch of a text, `end` exclusive; `language` names that of a FOREIGN one."""

    start: int
    end: int
    kind: Kind
    language: str = ""


_PART = re.compile(
    rf"""(?P<COMMENT>(?<!\S)\#(?!\S)[^\r\n]*)
    |(?P<STRING>\"\"\"(?:\\.|[^\\])*?(?:\"\"\"|\Z)|'''(?:\\.|[^\\])*?(?:'''|\Z)|(?<!\d)"(?:\\.|[^"\\])*(?:"|\Z)
        |“[^”]*(?:”|\Z)|{SINGLE_QUOTED.replace(" ", "[ ]")})
    |(?P<NUMBER>(?<![\w.])\d+(?:[.,]\d+)*(?!\w))
    |(?P<WORD>\w+(?:['’]\w+)*)
    |(?P<BLANK>\s+)
    |(?P<PUNCTUATION>[()\[\]{{}},;:])
    |(?P<OPERATOR>[-+*/%<>=!?]+)
    |(?P<REST>.)""",
    re.DOTALL | re.VERBOSE,
)
_MAGIC = re.compile(r"(%{1,2}|!{1,2}|\?{1,2})(\w*)")
_CELL_MAGIC = re.compile(r"(\s*)(%%\w*)([^\r\n]*)")
_LANGUAGES = {
    name: name for name in ("bash", "html", "javascript", "latex", "markdown", "perl", "python", "ruby", "sql")
}
_LANGUAGES |= {"sh": "bash", "HTML": "html", "SVG": "html", "svg": "html", "js": "javascript", "pypy": "python"}
_LANGUAGES |= {"python2": "python", "python3": "python"}
"""The cell magics with bodies that are no AIBasic, by the names that Pygments has for their languages."""


def lexemes(
    text: str,
    names: Collection[str] = frozenset(),
    importable: Callable[[str], bool] = is_importable,
    tasks: Collection[str] = frozenset(),
) -> Iterator[Lexeme]:
    """The parts of a text in order, unfinished or wrong as it may be; together they hold each character once.

    The arguments are those of `parse`.
    """
    start = 0
    while magic := _CELL_MAGIC.match(text, start):
        yield from _cell_magic_line(magic)
        start = magic.end()
        if language := _LANGUAGES.get(magic[2][2:]):
            yield Lexeme(start, len(text), Kind.FOREIGN, language)
            return
    for instruction, is_sound in read_unfinished(text[start:], names, importable, tasks):
        for part in _parts(instruction, is_sound, tasks):
            offset = start + instruction.span.start
            if part.end > part.start:
                yield Lexeme(part.start + offset, part.end + offset, part.kind)


def _cell_magic_line(magic: re.Match[str]) -> Iterator[Lexeme]:
    for group, kind in ((1, Kind.BLANK), (2, Kind.MAGIC), (3, Kind.WORD)):
        if magic[group]:
            yield Lexeme(*magic.span(group), kind)


def _parts(instruction: Instruction, is_sound: bool, tasks: Collection[str]) -> Iterator[Lexeme]:
    """The parts of one instruction, by their offsets in it."""
    text = instruction.source
    head = len(text) - len(text.lstrip())
    yield Lexeme(0, head, Kind.BLANK)
    if instruction.number is not None and (number := NUMBER.match(text)):
        yield Lexeme(head, number.end(1), Kind.LINE_NUMBER)
        yield Lexeme(number.end(1), number.end(), Kind.BLANK)
        head = number.end()
    end = len(text.rstrip())
    if isinstance(instruction, Python):
        yield Lexeme(head, len(text), Kind.PYTHON)
        return
    if isinstance(instruction, Remark):
        yield Lexeme(head, end, Kind.COMMENT)
    elif isinstance(instruction, BareNumber):
        yield Lexeme(head, end, Kind.LINE_NUMBER)
    elif isinstance(instruction, Magic):
        yield from _magic(text, head, end)
    elif isinstance(instruction, Command):
        yield from _command(instruction, text, head, end)
    else:
        yield from _statement(instruction, text, head, end, is_sound, tasks)
    yield Lexeme(max(head, end), len(text), Kind.BLANK)


def _magic(text: str, head: int, end: int) -> Iterator[Lexeme]:
    if magic := _MAGIC.match(text, head):
        yield Lexeme(head, magic.end(), Kind.MAGIC)
        head = magic.end()
    yield from _plain(text, head, end)


def _command(command: Command, text: str, head: int, end: int) -> Iterator[Lexeme]:
    argument = head + len(command.name.split()[0])
    if " " in command.name:
        argument = text.upper().index(command.name.split()[1], argument) + len(command.name.split()[1])
    yield Lexeme(head, argument, Kind.COMMAND)
    is_setting = command.name == "SET"
    for part in _plain(text, argument, end):
        if part.kind is Kind.NUMBER and not is_setting:
            yield Lexeme(part.start, part.end, Kind.LINE_NUMBER)
        elif part.kind is Kind.WORD and not is_setting and text[part.start : part.end].isupper():
            yield Lexeme(part.start, part.end, Kind.COMMAND)
        else:
            yield part


def _statement(
    instruction: Instruction, text: str, head: int, end: int, is_sound: bool, tasks: Collection[str]
) -> Iterator[Lexeme]:
    """A sentence or control flow."""
    if (task := TASK.match(text, head, end)) and (not tasks or task[1].lower() in tasks):
        yield from _task(text, task)
        head = task.end()
    parts = list(_plain(text, head, end))
    bare = _without_comments(text, head, parts)
    is_flow = isinstance(instruction, CONTROL_FLOW) or not is_sound
    form = (match_control_flow(bare) if is_flow else None) or LAST_JUMP.search(bare)
    for part in parts:
        yield _in_form(part, head, form) if form and part.start - head >= form.start() else part


def _task(text: str, task: re.Match[str]) -> Iterator[Lexeme]:
    edges = [task.start(), task.start(1), task.end(1)]
    kinds = [Kind.PUNCTUATION, Kind.TASK]
    if task[2]:
        edges += [task.start(2), task.end(2)]
        kinds += [Kind.PUNCTUATION, Kind.INSTANCE]
    closed = text.index(")", edges[-1]) + 1
    edges += [closed, task.end()]
    kinds += [Kind.PUNCTUATION, Kind.BLANK]
    yield from (Lexeme(start, end, kind) for start, end, kind in zip(edges, edges[1:], kinds, strict=False))


def _in_form(part: Lexeme, head: int, form: re.Match[str]) -> Lexeme:
    """A part of a line of control flow, the statement of which begins at `head`."""
    start = part.start - head
    groups = form.re.groupindex
    if any(group in groups and form.start(group) <= start < form.end(group) for group in TARGET_GROUPS):
        return Lexeme(part.start, part.end, Kind.LINE_NUMBER)
    is_within = any(form.start(group) <= start < form.end(group) for group in range(1, form.re.groups + 1))
    return part if is_within or part.kind is not Kind.WORD else Lexeme(part.start, part.end, Kind.KEYWORD)


def _without_comments(text: str, head: int, parts: Collection[Lexeme]) -> str:
    """The text of these parts, blanks in place of comments."""
    pieces = (
        " " * (part.end - part.start) if part.kind is Kind.COMMENT else text[part.start : part.end] for part in parts
    )
    return "".join(pieces).rstrip()


def _plain(text: str, start: int, end: int) -> Iterator[Lexeme]:
    """English between two offsets: words, numbers, strings, comments and signs."""
    for match in _PART.finditer(text, start, end):
        name = match.lastgroup or "REST"
        yield Lexeme(match.start(), match.end(), Kind.WORD if name == "REST" else Kind[name])
