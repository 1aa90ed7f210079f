"""The physical lines of a text, and the numbers in front of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

LARGEST_NUMBER = 999_999
BLANKS = "".join(filter(str.isspace, map(chr, range(0x3001))))
"""All characters that `str.strip` takes for blank."""

_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
NUMBER = re.compile(r"\s*([0-9]+)\s+(?=\S)(?!!=|[-+*/%=<>&|^@.,\u2013\u2014\u2212])")
"""A line number, and the blanks behind it. In `2 + 2`, `10 - 5`, `3 , 4` the number belongs to what follows."""
_BARE_NUMBER = re.compile(r"\s*([0-9]+)\s*")


@dataclass(frozen=True)
class Line:
    """One physical line: `text` has no line end, `start` and `end` are offsets around both, `row` counts from 1.

    `indent` is the column of its first character that is neither blank nor tab.
    """

    text: str
    start: int
    end: int
    row: int
    indent: int

    @property
    def blank(self) -> bool:
        return not self.text.strip()


def split_lines(source: str) -> list[Line]:
    """The lines of a text; together they hold each of its characters once."""
    lines: list[Line] = []
    for match in _LINE.finditer(source):
        if match.start() == len(source):
            break
        text = match[1]
        margin = text[: len(text) - len(text.lstrip(" \t"))]
        lines.append(Line(text, match.start(), match.end(), len(lines) + 1, len(margin.expandtabs())))
    return lines


def leading_number(text: str) -> tuple[str, int] | None:
    """The digits of a line number at the start of `text`, and the column where its statement begins."""
    match = NUMBER.match(text)
    return (match[1], match.end()) if match else None


def bare_number(text: str) -> int | None:
    """The value of a line that is nothing but a possible line number."""
    match = _BARE_NUMBER.fullmatch(text)
    return match and line_number(match[1])


def line_number(digits: str) -> int | None:
    """The line number that `digits` spell, None outside 1 to 999999."""
    significant = digits.lstrip("0")
    return int(significant) if 0 < len(significant) <= len(str(LARGEST_NUMBER)) else None
