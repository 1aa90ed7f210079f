"""Many rows at once: as few statements as `max_allowed_packet` lets pass, all or none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from aibasic.modules.progress import Progress
from aibasic.modules.tabular import tabular
from mysql.connector.errors import Error

if TYPE_CHECKING:
    from aibasic.modules.mysql.driver import Connection
    from aibasic.modules.mysql.session import Session

_INSERT = re.compile(
    r"(?P<head>\s*(?:insert|replace)\b[^()%;]*?(?:\([^()%;]*\)\s*)?values?\s*)(?P<row>\((?:[^()';]|\([^()';]*\))*\))"
    r"(?P<tail>[^;%]*?);?\s*",
    re.IGNORECASE,
)
_PAGE = 1000
"""Rows of one statement, where they are small."""
_ROOM = 0.8
"""The share of max_allowed_packet that a statement may fill."""
DUPLICATES = ("error", "ignore", "replace", "update")


class Stopped(Exception):
    """The rest is not wanted any more."""


def run(session: Session, query: str, rows: Sequence[Any]) -> int:
    """Run `query` for each of `rows`, all or none, and return how many rows were affected."""
    progress = Progress(" ".join(query.split()[:3]), len(rows))

    def work(connection: Connection, first: bytes) -> int:
        match = _INSERT.fullmatch(query)
        if match is None:
            return in_block(connection, lambda: _one_by_one(connection, query, rows, progress, session.stopped))
        pages = _pages(connection, match, rows)
        return in_block(connection, lambda: _send(connection, pages, progress, session.stopped))

    return transferred(session, query, rows[0], work, progress)


def load(session: Session, table: str, data: Any, columns: Sequence[str] | None, duplicates: str) -> int:
    """Add the rows of a data frame, of query rows, of tuples or dicts to a table, all or none; how many there were."""
    if duplicates not in DUPLICATES:
        raise ValueError(f"on_duplicate = {duplicates!r}: expected one of {', '.join(DUPLICATES)}")
    first = data[0] if isinstance(data, list) and data else ()
    unnamed = [""] * len(first)
    source = tabular(data, columns, unnamed)
    if not len(source):
        return 0
    named = tuple(source.columns) != tuple(unnamed)
    rows = [tuple(map(_plain, row)) for row in zip(*source.columns_of_rows(0, len(source)), strict=True)]
    query, row, tail = _statement(table, source.columns if named else None, len(source.columns), duplicates)
    progress = Progress(" ".join(query.split()[:3]), len(rows))

    def work(connection: Connection, announced: bytes) -> int:
        pages = _filled(connection, query.encode(), row, tail.encode(), rows)
        return in_block(connection, lambda: _send(connection, pages, progress, session.stopped))

    transferred(session, f"{query}{row}{tail}", rows[0], work, progress)
    return len(rows)


def _statement(table: str, columns: Sequence[str] | None, count: int, duplicates: str) -> tuple[str, str, str]:
    """What stands before the rows of a statement, one row of it, and what stands behind."""
    verb = {"ignore": "INSERT IGNORE", "replace": "REPLACE"}.get(duplicates, "INSERT")
    listed = "" if columns is None else f" ({', '.join(map(quote, columns))})"
    head = f"{verb} INTO {'.'.join(map(quote, table.split('.')))}{listed} VALUES "
    if duplicates != "update":
        return head, f"({', '.join(['%s'] * count)})", ""
    if columns is None:
        raise ValueError("on_duplicate = 'update' needs the names of the columns: columns = [...]")
    changes = ", ".join(f"{quote(name)} = VALUES({quote(name)})" for name in columns)
    return head, f"({', '.join(['%s'] * count)})", f" ON DUPLICATE KEY UPDATE {changes}"


def transferred(
    session: Session,
    query: str,
    first: Any,
    work: Callable[[Connection, bytes], int],
    progress: Progress,
) -> int:
    """Announce and do the work of a large transfer; an interrupt says how far it was."""
    try:
        return session.run(query, first, work, progress)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"stopped after {progress} were sent; none of them is kept") from None


def in_block(connection: Connection, work: Callable[[], int]) -> int:
    """What `work` returns. Where it raises, all that it did is undone and an open transaction goes on."""
    own = not connection.in_transaction
    begin, undo, keep = (
        (["START TRANSACTION"], ["ROLLBACK"], "COMMIT")
        if own
        else (["SAVEPOINT aibasic"], ["ROLLBACK TO SAVEPOINT aibasic", "RELEASE SAVEPOINT aibasic"],
              "RELEASE SAVEPOINT aibasic")
    )  # fmt: skip
    for statement in begin:
        connection.send(statement)
    try:
        result = work()
    except BaseException:
        for statement in undo:
            try:
                connection.send(statement)
            except Error:
                # The connection is gone, and with it what was not committed.
                break
        raise
    connection.send(keep)
    return result


def quote(name: str) -> str:
    """A name as SQL writes it."""
    return "`" + str(name).replace("`", "``") + "`"


def _one_by_one(
    connection: Connection, query: str, rows: Sequence[Any], progress: Progress, stop: Callable[[], bool]
) -> int:
    count = 0
    cursor = connection.plain_cursor(buffered=True)
    for row in rows:
        if stop():
            raise Stopped
        cursor.execute(query, row)
        count += max(cursor.rowcount, 0)
        progress.done += 1
    cursor.close()
    return count


def _send(
    connection: Connection, pages: Iterator[tuple[bytes, int]], progress: Progress, stop: Callable[[], bool]
) -> int:
    count = 0
    cursor = connection.plain_cursor(buffered=True)
    for statement, rows in pages:
        if stop():
            raise Stopped
        cursor.execute(statement)
        count += max(cursor.rowcount, 0)
        progress.done += rows
    cursor.close()
    return count


def _pages(connection: Connection, match: re.Match[str], rows: Sequence[Any]) -> Iterator[tuple[bytes, int]]:
    return _filled(connection, match["head"].encode(), match["row"], match["tail"].encode(), rows)


def _filled(
    connection: Connection, head: bytes, row: str, tail: bytes, rows: Sequence[Any]
) -> Iterator[tuple[bytes, int]]:
    """Statements for many rows each, with how many."""
    room = int(_packet(connection) * _ROOM) - len(head) - len(tail)
    page: list[bytes] = []
    size = 0
    for values in rows:
        written = connection.finished(row, values)
        if page and (len(page) == _PAGE or size + len(written) > room):
            yield head + b",".join(page) + tail, len(page)
            page, size = [], 0
        page.append(written)
        size += len(written) + 1
    if page:
        yield head + b",".join(page) + tail, len(page)


def _packet(connection: Connection) -> int:
    cursor = connection.plain_cursor(buffered=True)
    cursor.execute("SELECT @@max_allowed_packet")
    (size,) = cursor.fetchone()
    cursor.close()
    return int(size)


def _plain(value: Any) -> Any:
    """A value of a data frame as the driver knows it; NaN and NaT are NULL."""
    if value is None or value != value:
        return None
    return value.to_pydatetime() if hasattr(value, "to_pydatetime") else value
