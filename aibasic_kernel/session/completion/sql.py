"""What may follow in a statement of SQL that is written by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aibasic.modules.schema import Table

from aibasic_kernel.compiler.traces.trace import table_named
from aibasic_kernel.session.completion.offers import Offer, column_offer, table_offer, words

_LEADING = ("SELECT", "INSERT INTO", "UPDATE", "DELETE FROM", "WITH", "CREATE TABLE", "EXPLAIN")
_WITHIN = (
    "FROM", "WHERE", "JOIN", "LEFT JOIN", "ON", "USING", "GROUP BY", "HAVING", "ORDER BY", "LIMIT", "AND", "OR", "NOT",
    "AS", "DISTINCT", "COUNT", "SUM", "AVG", "MIN", "MAX", "CASE", "WHEN", "THEN", "ELSE", "END", "IS NULL",
    "IS NOT NULL", "BETWEEN", "LIKE", "ILIKE", "IN", "DESC", "VALUES", "SET", "RETURNING",
)  # fmt: skip
_BEFORE_A_TABLE = frozenset(["from", "join", "into", "update", "table"])


def sql_offers(said: Sequence[str], tables: Mapping[str, Table], later: Sequence[str] = ()) -> Iterator[Offer]:
    """What may follow the tokens (in lower case) of a statement; `later` are those behind the cursor."""
    if not said:
        yield from words(*_LEADING)
    elif said[-1] in _BEFORE_A_TABLE:
        yield from map(table_offer, tables.values())
    else:
        named = [table for word in (*said, *later) if (table := table_named(tables, word)) is not None]
        for table in dict.fromkeys(named) or tables.values():
            yield from map(column_offer, table.columns)
        yield from map(table_offer, named)
        yield from words(*_WITHIN)
