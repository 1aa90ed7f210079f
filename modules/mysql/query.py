"""One statement on a connection: its rows, at most so many, or how many rows it affected."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from aibasic.modules.mysql.session import read_away, rows_of
from aibasic.modules.results import Rows, TooManyRows
from mysql.connector.errors import Error

if TYPE_CHECKING:
    from aibasic.modules.mysql.driver import Connection


def run(
    connection: Connection, final: bytes, fetch: bool, max_rows: int, stop: Callable[[], bool], kill: Callable[[], None]
) -> Rows | int:
    """Send a statement that is `final`. Its rows, or the number affected where it has none or `fetch` is off.

    Of several statements, or of a procedure with several results, the last that has rows counts.
    """
    cursor = connection.plain_cursor()
    try:
        cursor.execute(final)
        rows: Rows | None = None
        affected = 0
        for columns in _results(cursor):
            if columns:
                found = rows_of(cursor, max_rows, stop)
                if found is None:
                    with contextlib.suppress(Error):
                        kill()
                    read_away(connection)
                    raise TooManyRows(max_rows)
                rows = Rows(found, columns)
            affected = max(cursor.rowcount, 0)
        return rows if rows is not None and fetch else affected
    finally:
        _close(connection, cursor)


def all_results(connection: Connection, call: bytes, max_rows: int, stop: Callable[[], bool]) -> list[Rows]:
    """Every result with rows of a statement such as CALL."""
    cursor = connection.plain_cursor()
    try:
        cursor.execute(call)
        found = []
        for columns in _results(cursor):
            if columns:
                rows = rows_of(cursor, max_rows, stop)
                if rows is None:
                    raise TooManyRows(max_rows, "; the procedure itself was carried out")
                found.append(Rows(rows, columns))
        return found
    finally:
        _close(connection, cursor)


def _results(cursor: Any) -> Iterator[Sequence[str]]:
    """The columns of each result, () for one without rows; the cursor stands there."""
    while True:
        yield cursor.column_names if cursor.with_rows else ()
        if cursor.nextset() is None:
            return


def _close(connection: Connection, cursor: Any) -> None:
    try:
        if connection.unread_result:
            connection.consume_results()
        cursor.close()
    except Error:
        # The connection is gone, or about to be; what the caller raises says it.
        return
