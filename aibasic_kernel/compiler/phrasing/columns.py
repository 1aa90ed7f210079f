"""The columns of what a phrase is about, with kinds as fine as the Python and the SQL over them need."""

from __future__ import annotations

import datetime
import decimal
import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from aibasic.modules.schema import Column as TableColumn
from aibasic.modules.schema import Table

from aibasic_kernel.compiler.expressions.expression import Boolean, Column, Expression, Number, Text, Variable
from aibasic_kernel.compiler.kinds import SAMPLE, columns_of, dtypes_of, element_kind, is_frame, kind_of_first
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.sql.text import python_text

_POINT_OF_TIME = re.compile(r"timestamp|datetime", re.IGNORECASE)


def kinds_of_columns(owner: object) -> dict[str, str]:
    """The kind of each column of a table, frame or rows, as `expression.Column` tells them apart."""
    if isinstance(owner, Table):
        return {column.name: _of_table(column) for column in owner.columns}
    kinds = columns_of(owner)
    if not is_frame(owner):
        return kinds
    frame: Any = owner
    for at, (name, dtype) in enumerate(zip(frame.columns.tolist(), dtypes_of(frame), strict=True)):
        if kinds.get(name) == "number":
            kinds[name] = _number(dtype, frame, at)
        elif kinds.get(name) == "time" and dtype.kind != "M":
            kinds[name] = _time(frame.iloc[:, at])
    return kinds


def _of_table(column: TableColumn) -> str:
    if column.kind != "time":
        return column.kind
    return "date" if column.type.lower() == "date" else "time" if _POINT_OF_TIME.match(column.type) else "duration"


def as_floats(kinds: Mapping[str, str]) -> str:
    """The call that makes floats of a frame's Decimals, for what knows floats only; "" where it has none."""
    columns = ", ".join(f"{python_text(name)}: float" for name, kind in kinds.items() if kind == "decimal")
    return f".astype({{{columns}}})" if columns else ""


def without_zones(kinds: Mapping[str, str]) -> str:
    """The call that takes the zones off a frame's times, for what knows none; "" where it can have no times."""
    if set(kinds.values()) <= {"number", "float", "decimal", "text", "boolean"}:
        return ""
    return '.map(lambda value: value.replace(tzinfo=None) if getattr(value, "tzinfo", None) else value)'


CALLS = {"as_floats": as_floats, "without_zones": without_zones}
"""What a phrase may put behind a data frame, by the kinds of its columns."""


def number_key(table: Table) -> str | None:
    """The one column of numbers that is the table's primary key."""
    key = table.column(table.primary_key[0]) if len(table.primary_key) == 1 else None
    return key.name if key is not None and key.kind == "number" else None


def only_frame(scope: Scope) -> str | None:
    """The data frame that is the newest result or, where that has no columns, the only one there is."""
    newest = scope.last_output
    if newest is not None and newest in scope.names and columns_of(scope.names[newest]):
        return newest if is_frame(scope.names[newest]) else None
    frames = [name for name, value in scope.names.items() if is_frame(value) and name != "last_output"]
    return frames[0] if len(frames) == 1 else None


def goes_into(value: Expression, column: Column, names: Mapping[str, object]) -> bool:
    """Whether a literal or variable is of the column's kind, so that one of its values can be it."""
    if isinstance(value, Number):
        return column.kind in ("number", "float") or (column.kind == "decimal" and value.text.isdigit())
    if isinstance(value, Text):
        return column.kind == "text"
    if isinstance(value, Variable):
        return kind_of_first([names.get(value.name)]) == column.kind
    return isinstance(value, Boolean) and column.kind == "boolean"


def _number(dtype: Any, frame: Any, at: int) -> str:
    if dtype.kind in "iuf":
        return "float" if dtype.kind == "f" else "number"
    return "decimal" if _first(frame.iloc[:, at], decimal.Decimal) is not None else "number"


def _time(values: Any) -> str:
    first = _first(values, datetime.date)
    if first is None:
        return "duration"
    return "zoned" if isinstance(first, datetime.datetime) and first.tzinfo else "time"


def _first(values: Iterable[object], wanted: type) -> object:
    """The first value that is no null, if it is of a type."""
    known = (value for value in islice(values, SAMPLE) if element_kind(value) is not None)
    first = next(known, None)
    return first if isinstance(first, wanted) else None
