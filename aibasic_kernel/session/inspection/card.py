"""How an inspection is shown: a title, what it is in words, and blocks of lines under headings."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH = 90
"""Characters of a line: what the tip of a notebook shows without breaking it."""
MOST_LINES = 40
"""Of a longer block (the columns of a wide table) as many lines are shown, and how many more there are."""


@dataclass(frozen=True)
class Block:
    """Lines that belong together, indented under a heading; without one, as they are."""

    lines: tuple[str, ...]
    heading: str = ""

    def __str__(self) -> str:
        shown = list(self.lines[:MOST_LINES])
        if len(self.lines) > MOST_LINES:
            shown.append(f"... and {len(self.lines) - MOST_LINES:,} more")
        if not self.heading:
            return "\n".join(shown)
        return "\n".join([self.heading, *(f"  {line}".rstrip() for line in shown)])


@dataclass(frozen=True)
class Card:
    """What one thing is."""

    title: str
    blocks: tuple[Block, ...] = ()

    def __str__(self) -> str:
        return "\n\n".join([self.title, *(str(block) for block in self.blocks if block.lines)])


def card(title: str, *blocks: Block | str) -> Card:
    """A card; plain text is a block of paragraphs, empty text is none."""
    made = (_paragraphs(block) if isinstance(block, str) else block for block in blocks if block)
    return Card(title, tuple(made))


def code(heading: str, text: str) -> Block:
    """A block of Python, as it is."""
    return Block(tuple(text.rstrip("\n").splitlines()), heading)


def listed(heading: str, lines: Iterable[str]) -> Block:
    """A block of any number of lines; long ones go on below, indented more."""
    return Block(tuple("\n  ".join(_filled(line, WIDTH - 2, _further(line))) for line in lines), heading)


def aligned(heading: str, rows: Sequence[Sequence[str]]) -> Block:
    """A block of rows whose cells stand below each other; a long last cell goes on below itself."""
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    indent = sum(widths[:-1]) + 2 * len(widths)
    lines = []
    for *cells, last in rows:
        begin = "  ".join([*map(str.ljust, cells, widths), ""])
        lines.append((begin + f"\n{' ' * indent}".join(_filled(last, max(WIDTH - indent, WIDTH // 2)))).rstrip())
    return Block(tuple(lines), heading)


def _paragraphs(text: str) -> Block:
    """Documentation, filled anew."""
    parts = ("\n".join(_filled(" ".join(part.split()), WIDTH)) for part in text.split("\n\n"))
    return Block(("\n\n".join(parts),))


def _further(line: str) -> str:
    """The indent of what goes on below a line: deeper than its own, but as deep for a line that is indented itself."""
    own = len(line) - len(line.lstrip())
    return " " * (own or 4)


def _filled(line: str, width: int, further: str = "") -> list[str]:
    """A line in as many as it takes, with `further` in front of all but the first."""
    return textwrap.wrap(line, width, subsequent_indent=further, break_on_hyphens=False, break_long_words=False) or [""]
