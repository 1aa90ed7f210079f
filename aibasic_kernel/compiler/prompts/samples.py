"""Rows of data as text for a request, where SHARE = sample:N lets out so many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from aibasic.modules.base import Module
from aibasic.modules.schema import Table

from aibasic_kernel.compiler.configuration.settings import Settings
from aibasic_kernel.compiler.kinds import is_frame, is_rows

VALUE_LIMIT = 60
ROWS_LIMIT = 3000
"""Characters of the rows of one table or variable."""
MOST_TABLES = 6
SECONDS = 1.0
"""How long one table may be asked for its rows."""

Clean = Callable[[str], str]


def rows_of_variables(settings: Settings, sections: Iterable[str]) -> int:
    """How many rows of a variable may be told: where they came from is not known, so the strictest section counts."""
    return min((settings.sample_rows(section) for section in ("", *sections)), default=0)


def sample_of_value(value: Any, rows: int, clean: Clean) -> list[str]:
    """Lines with the first rows of a frame or of query rows, none of anything else."""
    try:
        if is_frame(value):
            return _lines(value.head(rows).itertuples(index=False, name=None), rows, clean)
        return _lines(list.__iter__(value), rows, clean) if is_rows(value) else []
    except Exception:  # a class of the user's may raise anything when it is looked at
        return []


def sample_of_tables(module: Module, tables: Iterable[Table], rows: int, clean: Clean) -> Mapping[str, list[str]]:
    """Table -> lines with some of its rows, for as many tables as are told in full."""
    found = {}
    for table in islice(tables, MOST_TABLES):
        some = module.probe(f"SELECT * FROM {table.name} LIMIT {rows}", SECONDS)
        if some:
            found[table.name] = _lines(some, rows, clean)
    return found


def _lines(rows: Iterable[Iterable[Any]], most: int, clean: Clean) -> list[str]:
    lines: list[str] = []
    room = ROWS_LIMIT
    for row in islice(rows, most):
        line = f"({', '.join(_value(value, clean) for value in row)})"
        room -= len(line)
        if room < 0:
            break
        lines.append(line)
    return lines


def _value(value: Any, clean: Clean) -> str:
    text = clean(repr(value) if isinstance(value, str) else str(value))
    return text if len(text) <= VALUE_LIMIT else f"{text[: VALUE_LIMIT - 1]}…"
