"""Tables fitted to a terminal: laid out anew from the HTML that comes with each, as their text knows no width."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser

GAP = "  "
NARROWEST = 6
"""Columns of the screen below which no column of a table is cut."""
CUT = "…"
_NUMBER = re.compile(r"[-+]?[0-9][0-9,]*(\.[0-9]*)?([eE][-+]?[0-9]+)?%?")
_NO_VALUE = ("", CUT, "...", "NaN", "None", "NULL")
_CELLS, _ASIDE = ("td", "th"), ("style", "script")


class _Reader(HTMLParser):
    """Collects the rows of the one table, and what stands outside it."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.outside: list[str] = []
        self.tables = 0
        self.is_plain = True
        self._cell: list[str] | None = None
        self._aside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tables += tag == "table"
        self._aside += tag in _ASIDE
        if tag == "tr":
            self.rows.append([])
        elif tag in _CELLS:
            self._cell = []
            self.is_plain &= all(value in (None, "1") for name, value in attrs if name in ("colspan", "rowspan"))
            self.is_plain &= bool(self.rows)

    def handle_endtag(self, tag: str) -> None:
        self._aside -= tag in _ASIDE
        if tag in _CELLS and self._cell is not None and self.rows:
            self.rows[-1].append(" ".join("".join(self._cell).split()))
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._aside:
            return
        if self._cell is not None:
            self._cell.append(data)
        elif text := " ".join(data.split()):
            self.outside.append(text)


def fitted(html: str, columns: int) -> str | None:
    """The table in `html`, and the words beside it, as text of so many columns; None where it is no plain table."""
    if "<table" not in html:
        return None
    reader = _Reader()
    reader.feed(html)
    rows = [row for row in reader.rows if row]
    if reader.tables != 1 or not reader.is_plain or not rows or len({len(row) for row in rows}) != 1:
        return None
    lines = _laid_out(rows, columns)
    return "\n".join([*lines, *reader.outside])


def _laid_out(rows: list[list[str]], columns: int) -> list[str]:
    rows, widths = _narrowed(rows, columns)
    right = [_is_numeric(row[at] for row in rows[1:]) for at in range(len(widths))]
    return [
        GAP.join(
            _cell(text, width, is_right) for text, width, is_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in rows
    ]


def _narrowed(rows: list[list[str]], columns: int) -> tuple[list[list[str]], list[int]]:
    """Rows and the widths of their columns: the widest give way; where that is not enough, those in the middle go."""
    from prompt_toolkit.utils import get_cwidth

    widths = [max(map(get_cwidth, column)) for column in zip(*rows, strict=True)]
    kept = list(range(len(widths)))
    while len(kept) > 2 and _least([*(widths[at] for at in kept), 1]) > columns and _least(widths) > columns:
        del kept[len(kept) // 2]
    if gap := next((at for at, was in enumerate(kept) if at != was), 0):
        rows = [[*(row[at] for at in kept[:gap]), CUT, *(row[at] for at in kept[gap:])] for row in rows]
        widths = [*(widths[at] for at in kept[:gap]), 1, *(widths[at] for at in kept[gap:])]
    room = columns - len(GAP) * (len(widths) - 1)
    while sum(widths) > room and max(widths) > NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return rows, widths


def _least(widths: list[int]) -> int:
    """Columns of the screen that a table of these takes at least."""
    return sum(min(width, NARROWEST) for width in widths) + len(GAP) * (len(widths) - 1)


def _cell(text: str, width: int, is_right: bool) -> str:
    from prompt_toolkit.utils import get_cwidth

    if get_cwidth(text) > width:
        while text and get_cwidth(text) > width - 1:
            text = text[:-1]
        text += CUT
    blanks = " " * (width - get_cwidth(text))
    return blanks + text if is_right else text + blanks


def _is_numeric(texts: Iterable[str]) -> bool:
    found = [text for text in texts if text not in _NO_VALUE]
    return bool(found) and all(_NUMBER.fullmatch(text) for text in found)
