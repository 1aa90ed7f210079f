"""Texts that a query compares a column with and that occur nowhere in it: what there is instead."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from aibasic.modules.base import Module
from aibasic.modules.sql_names import sql_text

from aibasic_kernel.compiler.sql.conditions import Comparison
from aibasic_kernel.compiler.sql.nearest_value import nearest

SECONDS_A_LOOK = 0.4
MOST_LOOKED_UP = 8
"""Comparisons of one statement that are looked up."""
CANDIDATES = 300
"""Values of a column that has many which are compared with the missing one."""
VALUES_LIMIT = 80
"""Characters of the values that are shown."""


class Look:
    """Looks things up at one module, all of them together within some seconds."""

    def __init__(self, module: Module, seconds: float) -> None:
        self.module = module
        self._until = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds for the next query, 0 when there are none."""
        return max(0.0, min(SECONDS_A_LOOK, self._until - time.monotonic()))

    def rows(self, query: str) -> Sequence[tuple[object, ...]] | None:
        """The rows of a query that only reads, None where they cannot be had in time."""
        return self.module.probe(query, self.left) if self.left else None

    def count(self, query: str) -> int | None:
        """The one number that a query gives."""
        rows = self.rows(query)
        value = rows[0][0] if rows else None
        return value if isinstance(value, int) else None


@dataclass(frozen=True)
class Missing:
    """A comparison that no row of the table meets: the column's `values`, where they are few, and the `nearest`."""

    comparison: Comparison
    values: Sequence[str]
    nearest: Sequence[str]

    def text(self, edited: Callable[[str, str], str]) -> str:
        """For people. `edited(old, new)` is the line with one text in place of another, "" where it has not the old."""
        there = f"; it has {_listed([*self.nearest, *self.values])}" if self.values else ""
        said = f"no row of {self.comparison.table.name} has {self.comparison.condition}{there}"
        if not self.nearest:
            return said
        best, *others = self.nearest
        besides = f"   (or {', '.join(map(sql_text, others))})" if others else ""
        return f"{said}\n  nearest: {edited(self.comparison.literal, best) or sql_text(best)}{besides}"


def missing(comparisons: Iterable[Comparison], look: Look) -> list[Missing]:
    """Those of the comparisons that no row meets, each once."""
    found = []
    for comparison in list(dict.fromkeys(comparisons))[:MOST_LOOKED_UP]:
        rows = look.rows(f"SELECT 1 FROM {comparison.table.name} WHERE {comparison.condition} LIMIT 1")
        if rows is not None and not rows:
            values = _values(comparison, look)
            found.append(Missing(comparison, values, nearest(comparison.literal, values or _alike(comparison, look))))
    return found


def _values(comparison: Comparison, look: Look) -> Sequence[str]:
    """The column's distinct values where it has few."""
    table, column = comparison.table, comparison.column
    if column.values:
        return column.values
    found = look.module.categories([replace(table, columns=(column,))], look.left) if look.left else {}
    return found.get(table.name, {}).get(column.name, ())


def _alike(comparison: Comparison, look: Look) -> list[str]:
    """Values of a column that has many: those that begin as the missing one does, or have a word of it."""
    words = re.findall(r"[^\W_]+", comparison.literal.lower())[:3]
    if not words:
        return []
    column = comparison.name
    patterns = [f"{words[0][:3]}%", *(f"%{word}%" for word in words if len(word) > 2)]
    like = " OR ".join(f"LOWER({column}) LIKE {sql_text(pattern, look.module.dialect)}" for pattern in patterns)
    rows = look.rows(f"SELECT DISTINCT {column} FROM {comparison.table.name} WHERE {like} LIMIT {CANDIDATES}")
    return [str(row[0]) for row in rows or ()]


def _listed(values: Sequence[str]) -> str:
    """`CA, NV, AZ ... 12 values`."""
    every = list(dict.fromkeys(values))
    shown: list[str] = []
    room = VALUES_LIMIT
    for value in every:
        text = value if re.fullmatch(r"\w[\w .&/'-]*", value) else sql_text(value)
        room -= len(text) + 2
        if room < 0:
            break
        shown.append(text)
    return ", ".join(shown) + (f" ... {len(every)} values" if len(shown) < len(every) else "")
