"""Many statements as one: in a transaction of their own, or from a savepoint where one is open."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

import psycopg2
from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from psycopg2.extensions import cursor as _Cursor


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
        except BaseException:
            if not connection.closed:
                _tell(connection, undo)
            raise
        if own:
            self.end = End.UNKNOWN
        try:
            _tell(connection, keep)
        except psycopg2.Error:
            if not connection.closed:
                self.end = End.NOT_KEPT
            raise
        self.end = End.KEPT
        return result


def _tell(connection: Any, statement: str) -> None:
    """Send a statement by a cursor of its own: whoever was interrupted has closed the one of the work by now."""
    with connection.plain_cursor() as cursor:
        cursor.execute(statement)
