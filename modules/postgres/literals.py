"""A statement's text with parameters in it, for many rows at once: what `cursor.mogrify` gives, column by column.

The driver adapts each value by itself, which takes longer than the server needs for the rows. Values of the common
types are written here, to the same bytes; a column with any other value in it is left to the driver.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import psycopg2._psycopg as driver
from psycopg2.extensions import cursor as _Cursor

Rows = Sequence[Any]
Write = Callable[[Rows], list[bytes]]
_Column = Callable[[Sequence[Any]], "list[str] | None"]
_PLACE = re.compile(r"%s|%\((?P<name>[^()]*)\)s")
_BY_DRIVER = re.compile(r"[\\\0]")


def writer(cursor: _Cursor, statement: str) -> Write:
    """What writes `statement` for each of some rows, which are tuples, lists or dicts as `mogrify` takes them."""

    def by_driver(rows: Rows) -> list[bytes]:
        return [cursor.mogrify(statement, row) for row in rows]

    places = list(_PLACE.finditer(statement))
    pieces = _PLACE.sub("\0", statement).split("\0")
    if "%" in "".join(pieces) or "\0" in statement or not places or cursor.connection.encoding != "UTF8":
        return by_driver
    names = [place["name"] for place in places]
    form = "{}".join(piece.replace("{", "{{").replace("}", "}}") for piece in pieces).format

    def write(rows: Rows) -> list[bytes]:
        columns = _columns(rows, names)
        if columns is None:
            return by_driver(rows)
        return [text.encode() for text in map(form, *(_literals(column, cursor) for column in columns))]

    return write


def _columns(rows: Rows, names: Sequence[str | None]) -> list[Sequence[Any]] | None:
    """The values of each place; None where the rows are not what the places ask for, which the driver then says."""
    kinds = set(map(type, rows))
    if None not in names:
        if not all(issubclass(kind, Mapping) for kind in kinds):
            return None
        wanted = [name for name in names if name is not None]
        if any(name not in row for name in set(wanted) for row in rows):
            return None
        return [[row[name] for row in rows] for name in wanted]
    if any(names) or not kinds <= {tuple, list} or set(map(len, rows)) != {len(names)}:
        return None
    return list(zip(*rows, strict=True))


def _literals(values: Sequence[Any], cursor: _Cursor) -> list[str]:
    kinds = set(map(type, values))
    with_null = type(None) in kinds
    kinds.discard(type(None))
    kind = kinds.pop() if len(kinds) == 1 else None
    if kind in _WRITERS and _is_as_at_first(kind):
        texts = _WRITERS[kind]([value for value in values if value is not None] if with_null else values)
        if texts is not None:
            rest = iter(texts)
            return ["NULL" if value is None else next(rest) for value in values] if with_null else texts
    return [cursor.mogrify("%s", (value,)).decode() for value in values]


def _is_as_at_first(kind: type) -> bool:
    """Whether nobody has given the driver another way to adapt a type."""
    return driver.adapters.get((kind, driver.ISQLQuote)) is _ADAPTERS[kind]


def _numbers(values: Sequence[Any]) -> list[str] | None:
    """Numbers that are finite. A blank keeps a minus apart from an operator before it."""
    texts = list(map(str, values))
    together = "".join(texts)
    if "n" in together or "N" in together:
        return None
    return [f" {text}" if text[0] == "-" else text for text in texts] if "-" in together else texts


def _texts(values: Sequence[str]) -> list[str] | None:
    together = "".join(values)
    if _BY_DRIVER.search(together):
        return None
    if "'" in together:
        values = [value.replace("'", "''") for value in values]
    return [f"'{value}'" for value in values]


def _times(values: Sequence[datetime]) -> list[str]:
    return [f"'{value.isoformat()}'::timestamp{'' if value.tzinfo is None else 'tz'}" for value in values]


_WRITERS: dict[type, _Column] = {
    int: _numbers,
    float: _numbers,
    Decimal: _numbers,
    bool: lambda values: ["true" if value else "false" for value in values],
    str: _texts,
    datetime: _times,
    date: lambda values: [f"'{value.isoformat()}'::date" for value in values],
}
_ADAPTERS: dict[type, object] = {
    int: driver.Int,
    float: driver.Float,
    Decimal: driver.Decimal,
    bool: driver.Boolean,
    str: driver.QuotedString,
    datetime: driver.TimestampFromPy,
    date: driver.DateFromPy,
}
