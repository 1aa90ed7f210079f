"""Data with columns, whatever it comes as: a data frame, query rows, a list of tuples or of dicts."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aibasic.modules.results import Rows


class Tabular(ABC):
    """Rows whose values can be had column by column."""

    columns: tuple[str, ...]

    @abstractmethod
    def __len__(self) -> int:
        """How many rows there are."""

    @abstractmethod
    def columns_of_rows(self, start: int, stop: int) -> Iterable[Any]:
        """For each column its values in some rows: a list or tuple, or a pandas Series of times."""


class _Frame(Tabular):
    def __init__(self, frame: Any, columns: Sequence[str] | None) -> None:
        self._frame = frame
        self.columns = tuple(frame.columns if columns is None else columns)
        if len(self.columns) != len(frame.columns):
            raise ValueError(f"the frame has {len(frame.columns)} columns, {len(self.columns)} are named")

    def __len__(self) -> int:
        return len(self._frame)

    def columns_of_rows(self, start: int, stop: int) -> Iterable[Any]:
        part = self._frame.iloc[start:stop]
        series = [part.iloc[:, at] for at in range(len(self.columns))]
        return [one if one.dtype.kind == "M" else one.tolist() for one in series]


class _Records(Tabular):
    def __init__(self, rows: Sequence[Sequence[Any]], columns: Sequence[str]) -> None:
        self._rows = rows
        self.columns = tuple(columns)
        for number, row in enumerate(rows, 1):
            if len(row) != len(self.columns):
                named = ", ".join(map(str, self.columns))
                raise ValueError(f"row {number:,} has {len(row)} values for {len(self.columns)} columns: {named}")

    def __len__(self) -> int:
        return len(self._rows)

    def columns_of_rows(self, start: int, stop: int) -> Iterable[Any]:
        return zip(*self._rows[start:stop], strict=True)


def tabular(data: Any, columns: Sequence[str] | None, otherwise: Sequence[str]) -> Tabular:
    """`data` with its own column names, or with `columns`; rows that have none get those of `otherwise`."""
    if _is_frame(data):
        return _Frame(data, columns)
    rows = list(data)
    if columns is None and isinstance(data, Rows):
        columns = data.columns
    if rows and all(isinstance(row, Mapping) for row in rows):
        names = list(columns or dict.fromkeys(key for row in rows for key in row))
        return _Records([[row.get(name) for name in names] for row in rows], names)
    if any(isinstance(row, (Mapping, str, bytes)) or not hasattr(row, "__len__") for row in rows):
        raise TypeError("expected a data frame, query rows, or a list of tuples or of dicts")
    return _Records(rows, otherwise if columns is None else columns)


def records(data: Any) -> list[dict[str, Any]]:
    """`data` as a dict a row, with None for what a data frame leaves open (NaN, NaT)."""
    rows = None if _is_frame(data) else list(data)
    if rows is not None and all(isinstance(row, Mapping) for row in rows):
        return [dict(row) for row in rows]
    table = tabular(data if rows is None else rows, getattr(data, "columns", None) if rows is not None else None, ())
    columns = table.columns_of_rows(0, len(table))
    # What is not equal to itself is NaN or NaT.
    values = ([None if value != value else value for value in column] for column in columns)
    return [dict(zip(table.columns, row, strict=True)) for row in zip(*values, strict=True)]


def _is_frame(data: Any) -> bool:
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(data, pandas.DataFrame)
