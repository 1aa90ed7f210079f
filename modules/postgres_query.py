"""One statement on a cursor: its rows, at most so many, or how many rows it affected."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import psycopg2
from aibasic.modules import postgres_statement
from aibasic.modules.results import Rows, TooManyRows
from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from psycopg2.extensions import cursor as _Cursor

_PORTION = 2000
"""Rows that are turned into Python at once: an interrupt is heard in between."""


def run(cursor: _Cursor, final: bytes, fetch: bool, max_rows: int, stop: Callable[[], bool]) -> Rows | int:
    """Send a statement that is `final`. Its rows, or the number affected where it has none or `fetch` is off."""
    bounded = postgres_statement.limited(final.decode(errors="replace"), max_rows) if fetch else None
    send(cursor, bounded, final)
    if cursor.description is None or not fetch:
        return max(cursor.rowcount, 0)
    if cursor.rowcount > max_rows:
        raise TooManyRows(max_rows, "" if bounded else "; the statement itself was carried out")
    rows: list[tuple[Any, ...]] = []
    while not stop() and (portion := cursor.fetchmany(_PORTION)):
        rows += portion
    return Rows(rows, [column.name for column in cursor.description])


def send(cursor: _Cursor, wrapped: str | None, final: bytes) -> None:
    """Send a statement as it is, or with something put round it, in which it stands one line lower."""
    try:
        cursor.execute(wrapped or final)
    except psycopg2.Error as error:
        if not wrapped:
            raise
        in_transaction = cursor.connection.info.transaction_status != TRANSACTION_STATUS_IDLE
        if not isinstance(error, psycopg2.errors.SyntaxError) or in_transaction:
            raise one_line_higher(error) from None
        # The text did not parse, so nothing of it ran: sent as it stands its error speaks of itself alone.
        cursor.execute(final)


def one_line_higher(error: psycopg2.Error) -> psycopg2.Error:
    """The error of a query that stood one line lower in what was sent."""
    message = re.sub(
        r"^LINE (\d+):", lambda match: f"LINE {max(1, int(match[1]) - 1)}:", str(error), flags=re.MULTILINE
    )
    error.args = (message,)
    return error
