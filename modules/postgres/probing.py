"""Queries that look something up beside the user's work: they may only read, end in time, and leave no mark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psycopg2.extensions import cursor as Cursor

_SAVEPOINT = "aibasic_probe"


def alone(cursor: Cursor, query: str, seconds: float) -> list[tuple[Any, ...]]:
    """Run a query outside any transaction: the settings and the query are one message, and so one transaction."""
    cursor.execute(_bounded(query, seconds))
    return cursor.fetchall()


def in_savepoint(cursor: Cursor, query: str, seconds: float) -> list[tuple[Any, ...]]:
    """Run a query within the open transaction, which is afterwards as it was: its settings, locks and state too."""
    cursor.execute(f"SAVEPOINT {_SAVEPOINT}")
    try:
        cursor.execute(_bounded(query, seconds))
        return cursor.fetchall()
    finally:
        cursor.execute(f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}; RELEASE SAVEPOINT {_SAVEPOINT}")


def _bounded(query: str, seconds: float) -> str:
    milliseconds = max(1, round(1000 * seconds))
    return f"SET LOCAL statement_timeout = {milliseconds}; SET LOCAL transaction_read_only = on; {query}"
