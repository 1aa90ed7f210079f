"""Values as MySQL's SQL writes them, and statements with their parameters in place."""

from __future__ import annotations

import json
import math
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from mysql.connector.errors import ProgrammingError

_PLACE = re.compile(rb"%(?:(?P<percent>%)|s|\((?P<name>[^)]+)\)s)")
_MISSING = frozenset({"NaTType", "NAType"})


class Writer:
    """Writes values in the encoding of a connection.

    `backslashes`: whether the server takes one in a text for an escape (without NO_BACKSLASH_ESCAPES it does).
    """

    def __init__(self, encoding: str = "utf-8", backslashes: bool = True) -> None:
        self._encoding = encoding
        self._backslashes = backslashes
        self._by_type: dict[type, Callable[[Any], bytes]] = {
            **_PLAIN,
            str: self._text,
            bytes: self._bytes,
            bytearray: self._bytes,
            memoryview: self._bytes,
            dict: lambda value: self._text(json.dumps(value, ensure_ascii=False)),
            uuid.UUID: lambda value: self._text(str(value)),
            **dict.fromkeys((list, tuple, set, frozenset), self._several),
        }

    def write(self, value: Any) -> bytes:
        """A literal: None, NaN, NaT and NA are NULL, a dict is JSON, a list or tuple what IN wants behind it."""
        written = self._by_type.get(type(value))
        return self._other(value) if written is None else written(value)

    def row(self, values: Sequence[Any]) -> bytes:
        """`(1, 'a')`."""
        known, other = self._by_type.get, self._other
        return b"(" + b",".join([known(type(value), other)(value) for value in values]) + b")"

    def template(self, row: str) -> Callable[[Any], bytes]:
        """What writes the values of one row after the other into `(%s, now(), %s)`."""
        text = row.encode(self._encoding)
        parts = _PLACE.split(text)[:: _PLACE.groups + 1]
        if any(match.lastgroup for match in _PLACE.finditer(text)):
            return lambda values: self.fill(text, values)

        def filled(values: Any) -> bytes:
            if len(values) != len(parts) - 1 or isinstance(values, Mapping):
                return self.fill(text, values)
            pieces = [part + self.write(value) for part, value in zip(parts, values, strict=False)]
            return b"".join(pieces) + parts[-1]

        return filled

    def fill(self, statement: str | bytes, params: Any) -> bytes:
        """The bytes of a statement with `params` for its %s or %(name)s.

        With parameters `%%` stands for one `%`; one with something else behind it is itself.
        """
        text = statement.encode(self._encoding) if isinstance(statement, str) else bytes(statement)
        if not params:
            return text
        if isinstance(params, Mapping):
            return self._named(text, params)
        if not isinstance(params, (list, tuple)):
            raise ProgrammingError(
                f"parameters must be a tuple, a list or a dict, not {type(params).__name__}: one is written (value,)"
            )
        places = sum(match["percent"] is None for match in _PLACE.finditer(text))
        if places != len(params):
            raise ProgrammingError(f"{len(params)} parameters for {places} places (%s) in the statement")
        values = iter(params)
        return _PLACE.sub(lambda match: b"%" if match["percent"] else self.write(next(values)), text)

    def _named(self, text: bytes, params: Mapping[str, Any]) -> bytes:
        def value(match: re.Match[bytes]) -> bytes:
            if match["percent"]:
                return b"%"
            name = (match["name"] or b"").decode(self._encoding)
            if name not in params:
                raise ProgrammingError(f"no parameter for {match[0].decode(self._encoding)} in the statement")
            return self.write(params[name])

        return _PLACE.sub(value, text)

    def _text(self, value: str) -> bytes:
        return b"'" + self._escaped(value.encode(self._encoding)) + b"'"

    def _bytes(self, value: bytes | bytearray | memoryview) -> bytes:
        if self._encoding not in ("utf8", "utf-8"):
            # In some encodings a quote's byte is a part of another character.
            return b"x'" + bytes(value).hex().encode() + b"'"
        return b"_binary'" + self._escaped(bytes(value)) + b"'"

    def _escaped(self, text: bytes) -> bytes:
        if self._backslashes:
            text = text.replace(b"\\", b"\\\\")
        return text.replace(b"'", b"''")

    def _several(self, values: Sequence[Any]) -> bytes:
        return b"(" + b", ".join([self.write(value) for value in values]) + b")" if values else b"(NULL)"

    def _other(self, value: Any) -> bytes:
        kind = type(value)
        if kind.__name__ in _MISSING:
            return b"NULL"
        if kind.__module__.partition(".")[0] == "numpy":
            return self.write(value.tolist())
        for base in kind.__mro__:
            if written := self._by_type.get(base):
                return written(value)
        raise ProgrammingError(f"a value of {kind.__module__}.{kind.__qualname__} is none that MySQL knows")


def _float(value: float) -> bytes:
    if math.isinf(value):
        raise ProgrammingError("MySQL has no infinite numbers")
    return b"NULL" if value != value else float.__repr__(value).encode()


def _decimal(value: Decimal) -> bytes:
    if not value.is_finite():
        return b"NULL" if value.is_nan() else _float(math.inf)
    return format(value, "f").encode()


def _moment(value: datetime) -> bytes:
    if value.tzinfo is not None:
        raise ProgrammingError(
            f"MySQL's times have no zone, {value} has one: bring it into the column's zone, and drop it by "
            ".replace(tzinfo=None) or, in a data frame, by .dt.tz_localize(None)"
        )
    return b"'" + datetime.isoformat(value, sep=" ").encode()[:26] + b"'"


def _length(value: timedelta) -> bytes:
    """-838:59:59.000000 to 838:59:59.000000, as TIME has it."""
    sign = "-" if value < timedelta(0) else ""
    of_seconds, micro = divmod(abs(value), timedelta(seconds=1))
    fraction = f".{micro // timedelta(microseconds=1):06}" if micro else ""
    return f"'{sign}{of_seconds // 3600:02}:{of_seconds // 60 % 60:02}:{of_seconds % 60:02}{fraction}'".encode()


_PLAIN: dict[type, Callable[[Any], bytes]] = {
    type(None): lambda value: b"NULL",
    bool: lambda value: b"TRUE" if value else b"FALSE",
    int: lambda value: int.__repr__(value).encode(),
    float: _float,
    Decimal: _decimal,
    datetime: _moment,
    date: lambda value: f"'{value.year:04}-{value.month:02}-{value.day:02}'".encode(),
    time: lambda value: f"'{value.replace(tzinfo=None).isoformat()}'".encode(),
    timedelta: _length,
}
