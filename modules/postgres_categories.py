"""The distinct values of text columns that have few of them, looked up in bounded time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from aibasic.modules.schema import Column, Table

MOST = 50
"""A text column with more distinct values than this has no categories."""
LONGEST = 60
"""Characters: a column with a longer value holds texts, not categories."""
SECONDS_A_TABLE = 0.2
BEGINNING = 5000
"""Rows in which a column may show at once that it has too many values."""
LARGE = 100_000
"""Rows from which on a table is not read for this: its statistics tell, or nobody does."""
TRUSTED_MANY = 4 * MOST
"""Distinct values that statistics must estimate before a column is taken at their word to have too many."""

Probe = Callable[[str, float], "Sequence[tuple[Any, ...]] | None"]

_STATISTICS = """
SELECT t.name, c.reltuples, s.attname, s.n_distinct, s.most_common_vals::text::text[],
       (SELECT sum(frequency) FROM unnest(s.most_common_freqs) frequency) + s.null_frac
FROM unnest(ARRAY[{names}]) t(name)
JOIN pg_class c ON c.oid = to_regclass(t.name)
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND c.reltuples >= {least}
"""
_ALL_SEEN = 0.999
"""The share of the rows that the most common values must cover to be all there are."""


class _Statistics(NamedTuple):
    """What ANALYZE knows of a column: `distinct` as an estimate, all values where it has them."""

    distinct: float
    values: tuple[str, ...] | None


def read(probe: Probe, tables: Iterable[Table], seconds: float) -> dict[str, Mapping[str, tuple[str, ...]]]:
    """Table -> column -> its distinct values in order. `probe` runs a query within some seconds, or gives None."""
    until = time.monotonic() + seconds
    wanted = {table.name: columns for table in tables if (columns := _text_columns(table))}
    large, known = _statistics(probe, wanted, seconds) if wanted else (set(), {})
    found: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for name, columns in wanted.items():
        left = until - time.monotonic()
        if left <= 0:
            break
        statistics = {column: known[name, column] for column in columns if (name, column) in known}
        values = {column: told.values for column, told in statistics.items() if told.values is not None}
        unknown = [
            column
            for column in columns
            if column not in values
            and (column not in statistics or statistics[column].distinct <= TRUSTED_MANY)
        ]
        if unknown and name not in large:
            values |= _distinct(probe, name, unknown, min(left, SECONDS_A_TABLE))
        if values:
            found[name] = {column: values[column] for column in columns if column in values}
    return found


def _text_columns(table: Table) -> list[str]:
    def is_open(column: Column) -> bool:
        return column.kind == "text" and not column.values

    return [column.name for column in table.columns if is_open(column)]


def _statistics(
    probe: Probe, tables: Iterable[str], seconds: float
) -> tuple[set[str], dict[tuple[str, str], _Statistics]]:
    """The names of large tables, and what is known of the columns of tables that have more than a few rows."""
    names = ", ".join(_text(name) for name in tables)
    large: set[str] = set()
    known: dict[tuple[str, str], _Statistics] = {}
    rows = probe(_STATISTICS.format(names=names, least=20 * MOST), seconds) or ()
    for name, count, column, distinct, values, covered in rows:
        if count > LARGE:
            large.add(name)
        if column is not None:
            estimate = distinct if distinct >= 0 else -distinct * count
            complete = count > LARGE and values is not None and covered >= _ALL_SEEN and _are_categories(values)
            known[name, column] = _Statistics(estimate, tuple(sorted(values)) if complete else None)
    return large, known


def _distinct(probe: Probe, table: str, columns: Sequence[str], seconds: float) -> dict[str, tuple[str, ...]]:
    """The values of those columns that have few, read from the table: from its beginning, then from all of it."""
    beginning = f"(SELECT * FROM {table} LIMIT {BEGINNING}) AS beginning"
    counted = f"SELECT -1, count(*)::text FROM {beginning}"
    rows = probe(f"{counted} UNION ALL {_union(beginning, columns)}", seconds) or ()
    found = _by_column(rows, columns)
    if not found or int(rows[0][1]) < BEGINNING:
        return found
    return _by_column(probe(_union(table, list(found)), seconds) or (), list(found))


def _union(source: str, columns: Iterable[str]) -> str:
    return " UNION ALL ".join(
        f"(SELECT {at}, value::text FROM (SELECT DISTINCT {_name(column)} AS value FROM {source} "
        f"WHERE {_name(column)} IS NOT NULL LIMIT {MOST + 1}) AS distinct_values)"
        for at, column in enumerate(columns)
    )


def _by_column(rows: Iterable[tuple[Any, ...]], columns: Sequence[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for at, value in rows:
        if at >= 0:
            found.setdefault(columns[at], []).append(value)
    return {column: tuple(sorted(values)) for column, values in found.items() if _are_categories(values)}


def _are_categories(values: Sequence[str]) -> bool:
    return len(values) <= MOST and all(len(value) <= LONGEST for value in values)


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
