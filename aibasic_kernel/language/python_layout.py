"""How far a Python statement reaches, told by its layout alone: brackets, strings, blocks and clauses."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aibasic_kernel.language.source import Line, leading_number

_MARK = re.compile(r"\"\"\"|'''|[\"'(){}\[\]#]|\\.|\\$")
_HAS_CLAUSES = re.compile(r"(?:async\s+)?(?:if|for|while|try)\b")
_CLAUSE = re.compile(r"\s*(?:else|elif|except|finally)\b")


class _Scanner:
    """Reads lines of Python; `open` tells whether the logical line goes on, `broken` that it cannot be Python."""

    def __init__(self) -> None:
        self.quote = ""
        self.depth = 0
        self.broken = False
        self.opens_block = False
        self._escaped_end = False

    @property
    def open(self) -> bool:
        return bool(self.quote or self.depth or self._escaped_end)

    def read(self, text: str) -> None:
        position = 0
        significant = len(text)
        self._escaped_end = False
        while match := _MARK.search(text, position):
            mark, position = match[0], match.end()
            if self.quote:
                position = self._read_quoted(mark, match.start(), position)
            elif mark == "#":
                significant = match.start()
                break
            else:
                self._read_mark(mark)
        if len(self.quote) == 1 and not self._escaped_end:
            self.broken = True
        self.opens_block = not self.open and text[:significant].rstrip().endswith(":")

    def _read_quoted(self, mark: str, start: int, end: int) -> int:
        if mark == "\\":
            self._escaped_end = True
        elif mark.startswith(self.quote):
            end = start + len(self.quote)
            self.quote = ""
        return end

    def _read_mark(self, mark: str) -> None:
        if mark[0] in "\"'":
            self.quote = mark
        elif mark in ("(", "[", "{"):
            self.depth += 1
        elif mark in (")", "]", "}"):
            self.depth -= 1
            self.broken = self.broken or self.depth < 0
        elif mark == "\\":
            self._escaped_end = True


def statement_ends(lines: Sequence[Line], first: int, column: int, numbered: bool) -> list[int]:
    """Where the statement that begins at `column` of line `first` may end (exclusive).

    That is behind its first block, and behind its last clause.
    Empty where quotes and brackets say that it is no Python. In a numbered program a number inside brackets is a line's
    own and no Python either.
    """
    base = lines[first].indent
    end, opens_block = _logical_end(lines, first, column, numbered)
    while end and lines[first].text[column:].lstrip().startswith("@") and _at(lines, end, base):
        first, column = end, 0
        end, opens_block = _logical_end(lines, first, 0, numbered)
    if end and opens_block:
        end = _block_end(lines, end, base, numbered)
    if not end:
        return []
    has_clauses = _HAS_CLAUSES.match(lines[first].text[column:].lstrip())
    last = _clauses_end(lines, end, base, numbered) if has_clauses else end
    return [end] if last == end else [end, last]


def _at(lines: Sequence[Line], index: int, base: int) -> bool:
    return index < len(lines) and not lines[index].blank and lines[index].indent == base


def _logical_end(lines: Sequence[Line], first: int, column: int, numbered: bool) -> tuple[int, bool]:
    """Behind the logical line, and whether a colon ends it; (0, False) where it is none."""
    scanner = _Scanner()
    scanner.read(lines[first].text[column:])
    end = first + 1
    while scanner.open and not scanner.broken and end < len(lines):
        if numbered and not scanner.quote and leading_number(lines[end].text):
            return 0, False
        scanner.read(lines[end].text)
        end += 1
    if scanner.open or scanner.broken:
        return 0, False
    return end, scanner.opens_block


def _block_end(lines: Sequence[Line], index: int, base: int, numbered: bool) -> int:
    """Behind the lines from `index` on that are indented deeper than `base`; 0 where one of them is no Python."""
    end = index
    while index < len(lines):
        line = lines[index]
        if line.blank or line.text.lstrip().startswith("#"):
            index += 1
            continue
        if line.indent <= base:
            break
        index, _ = _logical_end(lines, index, 0, numbered)
        if not index:
            return 0
        end = index
    return end


def _clauses_end(lines: Sequence[Line], end: int, base: int, numbered: bool) -> int:
    """Behind the `else`, `elif`, `except` and `finally` clauses that follow at `end`."""
    index = end
    while index < len(lines):
        line = lines[index]
        if line.blank or line.text.lstrip().startswith("#"):
            index += 1
            continue
        if line.indent != base or not _CLAUSE.match(line.text):
            break
        index, opens_block = _logical_end(lines, index, 0, numbered)
        if index and opens_block:
            index = _block_end(lines, index, base, numbered)
        if not index:
            break
        end = index
    return end


def statement_code(lines: Sequence[Line], first: int, end: int, column: int) -> str:
    """The statement as Python that stands at the left margin."""
    text = lines[first].text
    margin = text[: len(text) - len(text.lstrip(" \t"))]
    rest = (line.text.removeprefix(margin) for line in lines[first + 1 : end])
    return "\n".join([text[column:], *rest]).strip()
