"""A query's rows by the portion, as they come from the server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from aibasic.modules.results import Rows
from mysql.connector.errors import Error

if TYPE_CHECKING:
    from aibasic.modules.mysql.driver import Connection
    from aibasic.modules.mysql.session import Session


def read(session: Session, query: str, params: Any, chunk: int) -> Iterator[Rows]:
    """Rows of at most `chunk`, until there are no more."""

    def begin(connection: Connection, final: bytes) -> Any:
        cursor = connection.plain_cursor()
        cursor.execute(final)
        return cursor

    cursor = session.run(query, params, begin)
    columns = tuple(cursor.column_names)
    done = False
    try:
        while rows := session.beside(lambda connection: cursor.fetchmany(chunk)):
            yield Rows(rows, columns)
        done = True
    finally:
        if not done:
            session.stop_reading(cursor)
        _close(cursor)


def _close(cursor: Any) -> None:
    try:
        cursor.close()
    except Error:
        # The connection is gone, and its cursor with it.
        return
