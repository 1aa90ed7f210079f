"""Text of others as it may be shown to a person: nothing in it acts on a terminal, hides or runs out of sight."""

from __future__ import annotations

from collections.abc import Iterator


def visible(text: str) -> str:
    """`text` on one line, with all that a terminal would act on or a reader would not see written as an escape."""
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)


def visible_lines(text: str, width: int, first: str = "", next_: str = "") -> Iterator[str]:
    """The lines of `text`, cut so that none is longer than `width` and no end of one stays beyond the edge.

    `first` stands before a line, `next_` before each part that goes on with it.
    """
    for line in text.split("\n"):
        shown = visible(line)
        yield first + shown[:width]
        for at in range(width, len(shown), width):
            yield next_ + shown[at : at + width]
