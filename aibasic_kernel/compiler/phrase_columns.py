"""The columns of what a phrase is about, with kinds as fine as the Python and the SQL over them need."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from aibasic.modules.schema import Table

from aibasic_kernel.compiler.expression import Boolean, Column, Expression, Number, Text, Variable
from aibasic_kernel.compiler.kinds import SAMPLE, columns_of, dtypes_of, element_kind, is_frame, kind_of_first
from aibasic_kernel.compiler.scope import Scope


def kinds_of_columns(owner: object) -> dict[str, str]:
    """The kind of each column of a table, frame or rows, as `expression.Column` tells them apart."""
    if isinstance(owner, Table):
        return {column.name: "date" if column.type == "date" else column.kind for column in owner.columns}
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


def decimal_columns(frame: object) -> list[str]:
    """The columns of a frame that hold decimal.Decimal."""
    return [name for name, kind in kinds_of_columns(frame).items() if kind == "decimal"]


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
