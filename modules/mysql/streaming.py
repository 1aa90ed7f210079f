"""A query's rows by the portion, as they come from the server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from aibasic.modules.results import Rows

if TYPE_CHECKING:
    from aibasic.modules.mysql.session import Session


def read(session: Session, query: str, params: Any, chunk: int) -> Iterator[Rows]:
    """Rows of at most `chunk`, until there are no more."""
    cursor = session.open_cursor(query, params)
    columns = tuple(cursor.column_names)
    is_read = False
    try:
        while columns and (rows := session.fetch(cursor, chunk)):
            yield Rows(rows, columns)
        is_read = True
    finally:
        session.close_cursor(cursor, is_read)
