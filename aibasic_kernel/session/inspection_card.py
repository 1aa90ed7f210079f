"""How an inspection is shown: a title, what it is in words, and blocks of lines under headings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_LINES = 40
"""Of a longer block (the columns of a wide table) as many lines are shown, and how many more there are."""


@dataclass(frozen=True)
class Block:
    """Lines that belong together, indented under a heading; without one, paragraphs as they are."""

    lines: tuple[str, ...]
    heading: str = ""

    def __str__(self) -> str:
        shown = [*self.lines[:MOST_LINES]]
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
    """A card; plain text is a block of its own, empty text is none."""
    made = (Block((block,)) if isinstance(block, str) else block for block in blocks if block)
    return Card(title, tuple(made))


def listed(heading: str, lines: Iterable[str]) -> Block:
    """A block of any number of lines."""
    return Block(tuple(lines), heading)


def aligned(heading: str, rows: Sequence[Sequence[str]]) -> Block:
    """A block of rows whose cells stand below each other."""
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    return listed(heading, ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows))
