"""Rows as modules return them: plain lists of tuples that know their columns and show themselves as a table."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, time
from decimal import Decimal
from typing import Any, SupportsIndex, overload

SHOWN_ROWS = 20
CELL_WIDTH = 60
"""Characters of a cell that are shown."""


class TooManyRows(RuntimeError):
    """A result is larger than MAX_ROWS."""

    def __init__(self, limit: int, done: str = "") -> None:
        super().__init__(
            f"the result has more than {limit:,} rows (MAX_ROWS){done}: add a LIMIT or a condition, let the database "
            "aggregate, or raise MAX_ROWS in the [aibasic] section"
        )


class _FirstRow(tuple[Any, ...]):
    """A row that names its columns the way pandas looks for them: `pd.DataFrame(rows)` asks the first for `_fields`."""

    _fields: tuple[str, ...]


class Rows(list[tuple[Any, ...]]):
    """A list of tuples, one a row. `columns` holds the names, also where there are no rows; slices keep it."""

    columns: tuple[str, ...]

    def __init__(self, rows: Iterable[tuple[Any, ...]] = (), columns: Iterable[str] = ()) -> None:
        super().__init__(rows)
        self.columns = tuple(columns)
        self._name_first()

    def _name_first(self) -> None:
        if self:
            first = _FirstRow(self[0])
            first._fields = self.columns
            super().__setitem__(0, first)

    @overload
    def __getitem__(self, index: SupportsIndex, /) -> tuple[Any, ...]: ...
    @overload
    def __getitem__(self, index: slice, /) -> Rows: ...
    def __getitem__(self, index: SupportsIndex | slice, /) -> tuple[Any, ...] | Rows:
        found = super().__getitem__(index)
        return Rows(found, self.columns) if isinstance(index, slice) else found  # type: ignore[return-value]

    def copy(self) -> Rows:
        """The same rows and columns in a list of its own."""
        return self[:]

    def sort(self, **how: Any) -> None:
        """Sort in place, as a list does."""
        super().sort(**how)
        self._name_first()

    def reverse(self) -> None:
        """Reverse in place, as a list does."""
        super().reverse()
        self._name_first()

    def __reduce__(self) -> tuple[Any, ...]:
        return Rows, ([tuple(row) for row in self], self.columns)

    def __str__(self) -> str:
        return text_table(self.columns, self)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(text_table(self.columns, self))

    def _repr_html_(self) -> str:
        return html_table(self.columns, self)


class Affected(int):
    """How many rows a statement affected: a number, which shows itself as `3 rows`."""

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(count_text(self, self))


def text_table(columns: Sequence[str], rows: Sequence[Sequence[Any]], shown: int = SHOWN_ROWS) -> str:
    """The first rows as text: numbers to the right, NULL as NULL, and the full count below."""
    head = [_clip(name) for name in columns]
    body = [[_clip(cell_text(value)) for value in row] for row in rows[:shown]]
    right = _numeric_columns(len(head), rows[:shown])
    widths = [max([_width(cells[i]) for cells in (head, *body)]) for i in range(len(head))]
    lines = [
        "  ".join(_padded(cell, width, r) for cell, width, r in zip(cells, widths, right, strict=True)).rstrip()
        for cells in (head, ["-" * width for width in widths], *body)
    ]
    return "\n".join([*lines, count_text(len(rows), shown)])


def html_table(columns: Sequence[str], rows: Sequence[Sequence[Any]], shown: int = SHOWN_ROWS) -> str:
    """The first rows as an HTML table, everything escaped, and the full count below."""
    right = _numeric_columns(len(columns), rows[:shown])
    style = [' style="text-align: right"' if r else ' style="text-align: left"' for r in right]
    head = "".join(f"<th{s}>{html.escape(_clip(name))}</th>" for name, s in zip(columns, style, strict=True))
    body = "\n".join(
        "<tr>" + "".join(f"<td{s}>{_html_cell(value)}</td>" for value, s in zip(row, style, strict=True)) + "</tr>"
        for row in rows[:shown]
    )
    count = html.escape(count_text(len(rows), shown))
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n<p>{count}</p>"


def count_text(count: int, shown: int = SHOWN_ROWS) -> str:
    """`336,776 rows, the first 20 shown`."""
    rows = "1 row" if count == 1 else f"{count:,} rows"
    return f"{rows}, the first {shown} shown" if count > shown else rows


def cell_text(value: Any) -> str:
    """A value on one line, as a person reads it in a table."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (bytes, bytearray, memoryview)):
        content = bytes(value)
        return content[:16].hex() + ("…" if len(content) > 16 else "") + f" ({len(content):,} bytes)"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, time):
        return value.isoformat()
    return "".join(_visible(character) for character in str(value)[: CELL_WIDTH + 1])


def _visible(character: str) -> str:
    return repr(character)[1:-1] if unicodedata.category(character) in ("Cc", "Zl", "Zp") else character


def _html_cell(value: Any) -> str:
    return "<i>NULL</i>" if value is None else html.escape(_clip(cell_text(value)))


def _clip(text: str) -> str:
    return text if len(text) <= CELL_WIDTH else text[: CELL_WIDTH - 1] + "…"


def _numeric_columns(count: int, rows: Sequence[Sequence[Any]]) -> list[bool]:
    """Which columns hold numbers and nothing else but NULL."""

    def numeric(values: list[Any]) -> bool:
        return bool(values) and all(isinstance(v, (int, float, Decimal)) and not isinstance(v, bool) for v in values)

    return [numeric([row[i] for row in rows if row[i] is not None]) for i in range(count)]


def _width(text: str) -> int:
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, width: int, right: bool) -> str:
    blanks = " " * (width - _width(text))
    return blanks + text if right else text + blanks
