"""What the parser says of a text that is not AIBasic, with the place marked.

ParseError           the text is not AIBasic
└── UnfinishedError  it ends too early: more lines could mend it
"""

from __future__ import annotations

import unicodedata

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.language.instruction import Span

TAB = 8
WIDEST = 100
"""Columns of a long line that are shown at most."""


class ParseError(AIBasicError):
    """A text is not AIBasic. `span` is the faulty stretch, `line` its source line, `number` that line's own number."""

    def __init__(self, message: str, source: str, span: Span, remedy: str = "", number: int | None = None) -> None:
        super().__init__(message, remedy)
        self.span = span
        self.line = span.line
        self.number = number
        self.excerpt = excerpt(source, span)

    def __str__(self) -> str:
        place = f"line {self.line}" if self.number is None else f"line {self.line} (number {self.number})"
        parts = (f"{place}: {self.message}", self.excerpt, self.remedy)
        return "\n".join(part for part in parts if part)


class UnfinishedError(ParseError):
    """A text ends too early: a bracket, a quote or a block is still open."""


def excerpt(source: str, span: Span) -> str:
    """The first line of `span`, and below it carets under the stretch: tabs widened, wide characters measured."""
    begin = max(source.rfind("\n", 0, span.start), source.rfind("\r", 0, span.start)) + 1
    end = min((at for at in (source.find("\n", begin), source.find("\r", begin)) if at >= 0), default=len(source))
    cells = _cells(source[begin:end])
    column = span.start - begin
    before = sum(width for _, width in cells[:column])
    carets = sum(width for _, width in cells[column : span.end - begin])
    first = column if before > WIDEST else 0
    shown = "".join(text for text, _ in cells[first : first + WIDEST]).rstrip()
    indent = before if first == 0 else 0
    return f"    {shown}\n    {' ' * indent}{'^' * max(1, min(carets, WIDEST - indent))}"


def _cells(line: str) -> list[tuple[str, int]]:
    """What each character of a line is shown as, and how many columns that takes."""
    cells: list[tuple[str, int]] = []
    column = 0
    for character in line:
        cell = _cell(character, column)
        cells.append(cell)
        column += cell[1]
    return cells


def _cell(character: str, column: int) -> tuple[str, int]:
    if character == "\t":
        width = TAB - column % TAB
        return " " * width, width
    if unicodedata.combining(character):
        return character, 0
    if not character.isprintable():
        return "\N{MIDDLE DOT}", 1
    return character, 2 if unicodedata.east_asian_width(character) in "WF" else 1
