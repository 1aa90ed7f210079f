"""One statement on a connection: its rows, at most so many, or how many rows it affected."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from aibasic.modules.mysql.conversation import read_away
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
    rows: Rows | None = None
    affected = 0
    try:
        for result in connection.results(final):
            if isinstance(result, int):
                affected = result
                continue
            found = rows_of(connection, max_rows, stop)
            if found is None:
                with contextlib.suppress(Error):
                    kill()
                read_away(connection)
                raise TooManyRows(max_rows)
            rows, affected = Rows(found, result), len(found)
        return rows if rows is not None and fetch else affected
    finally:
        _take_rest(connection)


def all_results(connection: Connection, call: bytes, max_rows: int, stop: Callable[[], bool]) -> list[Rows]:
    """Every result with rows of a statement such as CALL."""
    found = []
    try:
        for result in connection.results(call):
            if not isinstance(result, int):
                rows = rows_of(connection, max_rows, stop)
                if rows is None:
                    raise TooManyRows(max_rows, "; the procedure itself was carried out")
                found.append(Rows(rows, result))
        return found
    finally:
        _take_rest(connection)


def rows_of(
    connection: Connection, most: int, stop: Callable[[], bool], portion: int = 2000
) -> Sequence[tuple[Any, ...]] | None:
    """The rows of a result; None where there are more than `most`, which are left unread."""
    rows: list[tuple[Any, ...]] = []
    while connection.unread_result and not stop():
        rows += connection.get_rows(portion)[0]
        if len(rows) > most:
            return None
    return rows


def _take_rest(connection: Connection) -> None:
    try:
        if connection.unread_result:
            connection.consume_results()
    except Error:
        # The connection is gone, or about to be; what the caller raises says it.
        return
