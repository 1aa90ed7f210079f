"""One statement on a cursor: its rows, at most so many, or how many rows it affected."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import psycopg2
from aibasic.modules.postgres.sending import Sent
from aibasic.modules.results import Rows, TooManyRows
from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from psycopg2.extensions import cursor as _Cursor

_PORTION = 2000
"""Rows that are turned into Python at once: an interrupt is heard in between."""


def run(cursor: _Cursor, sent: Sent, fetch: bool, max_rows: int, stop: Callable[[], bool]) -> Rows | int:
    """Send a statement. Its rows, or the number affected where it has none or `fetch` is off."""
    bounded = sent.limited(max_rows) if fetch else None
    if bounded:
        _send_bounded(cursor, bounded, sent.final)
    else:
        cursor.execute(sent.final)
    if cursor.description is None or not fetch:
        return max(cursor.rowcount, 0)
    if cursor.rowcount > max_rows:
        raise TooManyRows(max_rows, "" if bounded else "; the statement itself was carried out")
    rows: list[tuple[Any, ...]] = []
    while not stop() and (portion := cursor.fetchmany(_PORTION)):
        rows += portion
    return Rows(rows, [column.name for column in cursor.description])


def _send_bounded(cursor: _Cursor, bounded: tuple[bytes, bytes, bytes], final: bytes) -> None:
    """Send a query with something put round it, in which it stands one line lower."""
    try:
        cursor.execute(b"".join(bounded))
    except psycopg2.Error as error:
        in_transaction = cursor.connection.info.transaction_status != TRANSACTION_STATUS_IDLE
        if in_transaction or not _is_met_by_parser(error, bounded):
            raise one_line_higher(error) from None
        # Nothing of it ran: sent as it stands its error speaks of itself alone.
        cursor.execute(final)


def _is_met_by_parser(error: psycopg2.Error, bounded: tuple[bytes, bytes, bytes]) -> bool:
    """Whether the parser stumbled over what was put round a query, before anything ran.

    A function may raise a syntax error too: such a one tells no position, or one in a query of its own.
    """
    told = error.diag
    if not isinstance(error, psycopg2.errors.SyntaxError) or told.context or told.internal_query:
        return False
    if told.statement_position is None:
        return False
    before, query, _ = (len(part.decode(errors="replace")) for part in bounded)
    return not before < int(told.statement_position) <= before + query


def one_line_higher(error: psycopg2.Error) -> psycopg2.Error:
    """The error of a query that stood one line lower in what was sent."""
    message = re.sub(
        r"^LINE (\d+):", lambda match: f"LINE {max(1, int(match[1]) - 1)}:", str(error), flags=re.MULTILINE
    )
    error.args = (message,)
    return error
