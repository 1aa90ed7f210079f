"""Many statements as one: in a transaction of their own, or from a savepoint where one is open."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

import psycopg2
from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from psycopg2.extensions import cursor as _Cursor

_ATTEMPTS = 5
"""How often the undoing may be cancelled: each interrupt does it once, a short statement_timeout each time."""


class Stopped(Exception):
    """The rest is not wanted any more."""


class End(enum.Enum):
    """What becomes of the statements when the connection, or the user's patience, ends now."""

    NOT_KEPT = "none of them is kept"
    UNKNOWN = "while they were being committed: look whether they are there"
    KEPT = "all of them are kept"


class AllOrNothing:
    """Runs work of several statements that is kept as a whole or not at all."""

    def __init__(self) -> None:
        self.end = End.NOT_KEPT

    def run(self, cursor: _Cursor, work: Callable[[], int]) -> int:
        """What `work` returns. Where it raises, all that it did is undone and an open transaction goes on."""
        connection = cursor.connection
        own = connection.info.transaction_status == TRANSACTION_STATUS_IDLE
        begin, undo, keep = (
            ("BEGIN", "ROLLBACK", "COMMIT")
            if own
            else ("SAVEPOINT aibasic", "ROLLBACK TO aibasic; RELEASE aibasic", "RELEASE aibasic")
        )
        _tell(connection, begin)
        try:
            result = work()
            if own:
                self.end = End.UNKNOWN
            _tell(connection, keep)
        except BaseException:
            if not connection.closed:
                self.end = End.NOT_KEPT
                _undo(connection, undo)
            raise
        self.end = End.KEPT
        return result


def _undo(connection: Any, statement: str) -> None:
    """Send what undoes the work, for as long as it is cancelled; where that has no end, give the connection up."""
    for _ in range(_ATTEMPTS):
        try:
            _tell(connection, statement)
            return
        except psycopg2.errors.QueryCanceled:
            # A cancellation on its way while the work ended hits what is sent next.
            continue
    connection.close()


def _tell(connection: Any, statement: str) -> None:
    """Send a statement by a cursor of its own: whoever was interrupted has closed the one of the work by now."""
    with connection.plain_cursor() as cursor:
        cursor.execute(statement)
