"""Python values as the text that COPY reads, column by column, as the type of the column wants them."""

from __future__ import annotations

import json
import operator
import sys
import uuid
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from psycopg2.extras import Json, Range

NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_INTEGERS = ("smallint", "integer", "bigint", "oid")

Encoder = Callable[[Any, int], Sequence[str]]
"""Takes the values of some rows, and the number of rows before them."""
_Writer = Callable[[Any], "str | None"]
"""Gives the text of a value, None for NULL."""


def encoder(column: str, type_: str, zone: str) -> Encoder:
    """What encodes the values of a column; `zone` is the session's, in which times without a zone are meant."""
    writers = _Writers(type_, zone)

    def encode(values: Any, before: int) -> Sequence[str]:
        try:
            return _bulk(values, type_, zone) or [_escaped(writers[type(value)](value)) for value in values]
        except (TypeError, ValueError) as error:
            number = before + 1 + _first_bad(values, writers)
            raise type(error)(f"column {column} ({type_}), row {number:,}: {error}") from None

    return encode


def _bulk(values: Any, type_: str, zone: str) -> Sequence[str] | None:
    """The texts of values that are all of one common kind, None for others."""
    if hasattr(values, "dtype"):
        return _times(values, type_, zone)
    kinds = set(map(type, values))
    if kinds > {type(None)} and len(kinds) == 2:
        texts = _bulk([value for value in values if value is not None], type_, zone)
        rest = iter(texts or ())
        return None if texts is None else [NULL if value is None else next(rest) for value in values]
    if kinds in ({int}, {date}) or (kinds == {datetime} and not (_without_zone(type_) and any(map(_zone_of, values)))):
        return list(map(str, values))
    if kinds == {float} and type_ not in _INTEGERS:
        texts = list(map(repr, values))
        return [NULL if text == "nan" else text for text in texts] if "nan" in texts else texts
    if kinds == {str}:
        together = "".join(values)
        return values if together.translate(_ESCAPES) == together else [text.translate(_ESCAPES) for text in values]
    return None


def _times(series: Any, type_: str, zone: str) -> Sequence[str]:
    """The texts of a pandas Series of times, which NumPy writes faster than any loop."""
    suffix = ""
    if series.dt.tz is not None:
        suffix = "" if _without_zone(type_) else "+00"
        series = series.dt.tz_convert(_zone(zone) if _without_zone(type_) else timezone.utc).dt.tz_localize(None)
    texts = sys.modules["numpy"].datetime_as_string(series.to_numpy().astype("datetime64[us]")).tolist()
    return [NULL if text == "NaT" else text.replace("T", " ") + suffix for text in texts]


def _escaped(text: str | None) -> str:
    return NULL if text is None else text.translate(_ESCAPES)


def _first_bad(values: Any, writers: _Writers) -> int:
    for at, value in enumerate(values):
        try:
            writers[type(value)](value)
        except (TypeError, ValueError):
            return at
    return 0


class _Writers(dict[type, _Writer]):
    """What writes a value of a class, found when the first such value is met."""

    def __init__(self, type_: str, zone: str) -> None:
        super().__init__(_PLAIN)
        if type_ in _INTEGERS:
            self[float] = self[Decimal] = _whole
        if type_ in ("json", "jsonb"):
            self[list] = self[tuple] = json.dumps
        if _without_zone(type_):
            self[datetime] = lambda value: _local(value, zone)

    def __missing__(self, cls: type) -> _Writer:
        if cls.__name__ in ("NaTType", "NAType"):
            writer: _Writer = _null
        elif cls.__module__ == "numpy" and cls.__name__ == "ndarray":
            writer = lambda value: self[list](value.tolist())  # noqa: E731
        elif cls.__module__ == "numpy" and float not in cls.__mro__ and str not in cls.__mro__:
            writer = lambda value: self[type(value.item())](value.item())  # noqa: E731
        else:
            known = next((base for base in cls.__mro__ if base in self), None)
            if known is None:
                raise TypeError(f"a value of {cls.__module__}.{cls.__qualname__} has no text for a table")
            writer = self[known]
        self[cls] = writer
        return writer


def _null(value: object) -> None:
    return None


def _float(value: float) -> str | None:
    return None if value != value else float.__repr__(value)


def _whole(value: float | Decimal) -> str | None:
    if _is_nan(value):
        return None
    if value != int(value):
        raise ValueError(f"{value} is no whole number")
    return str(int(value))


def _is_nan(value: float | Decimal) -> bool:
    return value.is_nan() if isinstance(value, Decimal) else value != value


def _decimal(value: Decimal) -> str | None:
    return None if value.is_nan() else str(value)


_zone_of = operator.attrgetter("tzinfo")


def _local(value: datetime, zone: str) -> str:
    """A time for a column without zone: one that has a zone is told in the session's, as INSERT does."""
    if value.tzinfo is not None:
        value = value.astimezone(_zone(zone)).replace(tzinfo=None)
    return value.isoformat(sep=" ")


def _zone(name: str) -> tzinfo:
    return timezone.utc if name in ("UTC", "Etc/UTC", "GMT") else ZoneInfo(name)


def _without_zone(type_: str) -> bool:
    return type_.startswith("timestamp") and type_.endswith("without time zone")


def _array(value: Sequence[Any]) -> str:
    """`{"a","b",NULL}`."""
    return "{" + ",".join(map(_element, value)) + "}"


def _element(value: Any) -> str:
    if isinstance(value, list | tuple):
        return _array(value)
    text = _ELEMENTS[type(value)](value)
    if text is None:
        return "NULL"
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_PLAIN: dict[type, _Writer] = {
    type(None): _null,
    bool: lambda value: "true" if value else "false",
    int: int.__repr__,
    float: _float,
    Decimal: _decimal,
    str: str.__str__,
    datetime: lambda value: value.isoformat(sep=" "),
    date: lambda value: value.isoformat(),
    time: lambda value: value.isoformat(),
    timedelta: lambda value: f"{value.days} days {value.seconds}.{value.microseconds:06} seconds",
    bytes: lambda value: "\\x" + value.hex(),
    bytearray: lambda value: "\\x" + value.hex(),
    memoryview: lambda value: "\\x" + value.hex(),
    uuid.UUID: str,
    dict: json.dumps,
    list: _array,
    tuple: _array,
    Json: lambda value: value.dumps(value.adapted),
    Range: str,
}
_ELEMENTS = _Writers("", "UTC")
