"""Rows and values as files can hold them: what JSON and CSV have no way to write becomes something that they have."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any


def records(columns: Iterable[str], rows: Iterable[Sequence[Any]]) -> list[dict[str, Any]]:
    """One dictionary a row, of values that JSON has; of two columns `year` the second becomes `year_2`."""
    names = distinct(columns)
    return [dict(zip(names, map(plain, row), strict=True)) for row in rows]


def distinct(columns: Iterable[str]) -> list[str]:
    """The names, each once: one that was there before gets `_2`, `_3` behind it, or the next that no column has."""
    columns = [str(column) for column in columns]
    taken = set(columns)
    found: list[str] = []
    for column in columns:
        name, count = column, 1
        while name in found or (count > 1 and name in taken):
            count += 1
            name = f"{column}_{count}"
        found.append(name)
    return found


def plain(value: Any) -> Any:
    """`value` as JSON has it: dates as ISO 8601, decimals as numbers, bytes as base64, no NaN and no infinity."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float | Decimal):
        number = float(value)
        return number if math.isfinite(number) else None
    if isinstance(value, bytes | bytearray | memoryview):
        return as_text(value)
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if hasattr(value, "isoformat"):
        return value.isoformat() if value == value else None  # NaT is not equal to itself
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    return str(value)


def cells(rows: Iterable[Sequence[Any]]) -> Iterator[list[Any]]:
    """The rows for a CSV file, bytes as base64."""
    for row in rows:
        yield [as_text(each) if isinstance(each, bytes | bytearray | memoryview) else each for each in row]


def as_text(value: bytes | bytearray | memoryview) -> str:
    """Bytes as base64."""
    return base64.b64encode(value).decode("ascii")
