"""The distinct values of text columns that have few of them, looked up in bounded time."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from aibasic.modules.categories import LARGE, MOST, SECONDS_A_TABLE, Look, Probe, are_categories, text_columns
from aibasic.modules.schema import Table

TRUSTED_MANY = 4 * MOST
"""Distinct values that statistics must estimate before a column is taken at their word to have too many."""

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
    wanted = {table.name: columns for table in tables if (columns := text_columns(table))}
    large, known = _statistics(probe, wanted, seconds) if wanted else (set(), {})
    look = Look(probe, "value::text", _name)
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
            if column not in values and (column not in statistics or statistics[column].distinct <= TRUSTED_MANY)
        ]
        if unknown and name not in large:
            values |= look.distinct(name, unknown, min(left, SECONDS_A_TABLE))
        if values:
            found[name] = {column: values[column] for column in columns if column in values}
    return found


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
            complete = count > LARGE and values is not None and covered >= _ALL_SEEN and are_categories(values)
            known[name, column] = _Statistics(estimate, tuple(sorted(values)) if complete else None)
    return large, known


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
