"""The distinct values of text columns that have few of them, looked up in bounded time by a service's SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

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

Probe = Callable[[str, float], "Sequence[tuple[Any, ...]] | None"]
"""Runs a query within some seconds, or gives None."""


@dataclass(frozen=True)
class Look:
    """Reads distinct values from a table. `as_text` is SQL that makes a text of `value`; `quoted` writes a name."""

    probe: Probe
    as_text: str
    quoted: Callable[[str], str]

    def distinct(self, table: str, columns: Sequence[str], seconds: float) -> dict[str, tuple[str, ...]]:
        """The values of those columns that have few, read from the table: from its beginning, then from all of it."""
        beginning = f"(SELECT * FROM {table} LIMIT {BEGINNING}) AS beginning"
        counted = f"SELECT -1, COUNT(*), NULL FROM {beginning}"
        rows = self.probe(f"{counted} UNION ALL {self._union(beginning, columns)}", seconds) or ()
        found = _by_column(rows, columns)
        if not found or rows[0][1] < BEGINNING:
            return found
        return _by_column(self.probe(self._union(table, list(found)), seconds) or (), list(found))

    def _union(self, source: str, columns: Iterable[str]) -> str:
        return " UNION ALL ".join(
            f"SELECT {at}, 0, {self.as_text} FROM (SELECT DISTINCT {self.quoted(column)} AS value FROM {source} "
            f"WHERE {self.quoted(column)} IS NOT NULL LIMIT {MOST + 1}) AS distinct_{at}"
            for at, column in enumerate(columns)
        )


def text_columns(table: Table) -> list[str]:
    """The columns of a table that hold texts of which no list is declared."""

    def is_open(column: Column) -> bool:
        return column.kind == "text" and not column.values

    return [column.name for column in table.columns if is_open(column)]


def are_categories(values: Sequence[str]) -> bool:
    """Whether values are few and short enough."""
    return len(values) <= MOST and all(len(value) <= LONGEST for value in values)


def _by_column(rows: Iterable[Sequence[Any]], columns: Sequence[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for at, _, value in rows:
        if at >= 0:
            found.setdefault(columns[at], []).append(value)
    return {column: tuple(sorted(values)) for column, values in found.items() if are_categories(values)}
