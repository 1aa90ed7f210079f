"""Logical lines: which physical lines make one English instruction."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aibasic_kernel.language.marks import Marks
from aibasic_kernel.language.source import BLANKS, Line, leading_number

_UNFINISHED_ENDING = re.compile(r"(?:[,:\\]|(?<!\w)(?:and|or|then|with|of|by|from|to|where|into))\Z", re.IGNORECASE)

# SQL is written over several lines without indenting them: a clause of it is no sentence, and without it
# `DELETE FROM orders` would be another statement. `on error`, `join a with b` and `set x to y` are sentences.
_SQL = re.compile(
    r"(?:(?:execute|run)\b.*?\b)?(?:select|with|insert\s+into|update|delete\s+from|merge\s+into|create|alter)\b",
    re.IGNORECASE | re.DOTALL,
)
_CLAUSE = re.compile(
    r"\s*(?:(?:where|from|values|group\s+by|order\s+by|having|limit|offset|union|intersect|except|using|returning|and|or|"
    r"when|then|else|end|do|on(?!\s+error)|(?:(?:inner|cross|natural|(?:left|right|full)(?:\s+outer)?)\s+)?join(?!.*\bwith)"
    r")\b|[),])",
    re.IGNORECASE,
)
_SET = re.compile(r"\s*set\s+[\w.\"`]+\s*=", re.IGNORECASE)


@dataclass(frozen=True)
class LogicalLine:
    """Physical lines up to `end` (exclusive) as one `text` without comments.

    Lines are joined by single blanks; a line end inside quotes stays. `open_offset` is where a bracket or quote begins
    that never closes, None in a sound line.
    """

    text: str
    end: int
    open_offset: int | None


def goes_on_in_sql(text: str, line: str) -> bool:
    """Whether `line` is a clause of the SQL statement that `text` begins."""
    return _SQL.match(text) is not None and (
        _CLAUSE.match(line) is not None or (text[:6].lower() == "update" and _SET.match(line) is not None)
    )


def wants_more(text: str) -> bool:
    """Whether a line that ends so goes on in the next one."""
    return _UNFINISHED_ENDING.search(text.rstrip()) is not None


class _Joiner:
    """Collects the physical lines of one instruction."""

    def __init__(self) -> None:
        self.marks = Marks()
        self.wants_more = False
        self._text: list[str] = []

    def add(self, text: str, offset: int) -> None:
        quoted = bool(self.marks.quote)
        piece = text[: self.marks.read(text, offset)]
        if not quoted:
            piece = piece.lstrip()
        if not self.marks.quote:
            self.wants_more = wants_more(piece) if piece.strip() else self.wants_more
            piece = piece.rstrip() if self.marks.brackets else piece.rstrip(BLANKS + "\\")
        if quoted:
            self._text.append("\n" + piece)
        elif piece:
            self._text.append(" " + piece if self._text else piece)

    @property
    def text(self) -> str:
        return "".join(self._text)


def read_logical(
    lines: Sequence[Line], first: int, column: int, is_whole: Callable[[str], bool], block: bool = False
) -> LogicalLine:
    """The instruction whose text begins at `column` of line `first`.

    `is_whole` says of a text that an indented line below does not belong to it (the body of a loop). With `block` all
    indented lines below do, blank ones between them too.
    """
    joiner = _Joiner()
    joiner.add(lines[first].text[column:], lines[first].start + column)
    end = first + 1
    while end < len(lines) and (reach := _next_piece(lines, first, end, joiner, is_whole, block)) is not None:
        line = lines[reach]
        number = leading_number(line.text) if joiner.marks.brackets and not joiner.marks.quote else None
        start = number[1] if number else 0
        joiner.add(line.text[start:], line.start + start)
        end = reach + 1
    return LogicalLine(joiner.text, end, joiner.marks.open_offset)


def _next_piece(
    lines: Sequence[Line], first: int, end: int, joiner: _Joiner, is_whole: Callable[[str], bool], block: bool
) -> int | None:
    """The line that goes on with the instruction, None where it is over. `end` is the line behind what was read."""
    line = lines[end]
    base = lines[first].indent
    if joiner.marks.brackets:
        return end
    if line.indent <= base and leading_number(line.text):
        return None
    if joiner.marks.quote:
        return end
    if line.blank:
        return block_line(lines, end, base) if block else None
    if joiner.wants_more or (line.indent == base and goes_on_in_sql(joiner.text, line.text)):
        return end
    if line.indent > base and (block or not is_whole(joiner.text)):
        return end
    return None


def block_line(lines: Sequence[Line], index: int, base: int) -> int | None:
    """The next line that is not blank, from `index` on, where it is indented deeper than `base`."""
    while index < len(lines) and lines[index].blank:
        index += 1
    return index if index < len(lines) and lines[index].indent > base else None
