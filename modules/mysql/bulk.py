"""Many rows at once: as few statements as `max_allowed_packet` lets pass, all or none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from aibasic.modules.all_or_nothing import AllOrNothing, End, Stopped
from aibasic.modules.progress import Progress
from aibasic.modules.sql_names import sql_name
from aibasic.modules.tabular import tabular

if TYPE_CHECKING:
    from aibasic.modules.mysql.driver import Connection
    from aibasic.modules.mysql.session import Session

_INSERT = re.compile(
    r"(?P<head>\s*(?:insert|replace)\b[^()%;]*?(?:\([^()%;]*\)\s*)?values?\s*)(?P<row>\((?:[^()';]|\([^()';]*\))*\))"
    r"(?P<tail>[^;%]*?);?\s*",
    re.IGNORECASE,
)
_PARTS = re.compile(r"(?:(`[^`]+`|[\w$]+)\.)?(`[^`]+`|[\w$]+)")
_PAGE = 1 << 20
"""Bytes of one statement, where max_allowed_packet lets so many pass."""
_ROOM = 0.8
"""The share of max_allowed_packet that a statement may fill."""
DUPLICATES = ("error", "ignore", "replace", "update")


def run(session: Session, query: str, rows: Sequence[Any]) -> int:
    """Run `query` for each of `rows`, all or none, and return how many rows were affected."""
    progress, block = Progress(" ".join(query.split()[:3]), len(rows)), AllOrNothing()

    def work(connection: Connection, first: bytes) -> int:
        match = _INSERT.fullmatch(query)
        if match is None:
            return block.run(connection, lambda: _one_by_one(connection, query, rows, progress, session.stopped))
        head, tail = (match[part].encode(connection.python_charset) for part in ("head", "tail"))
        pages = _pages(connection, head, map(connection.writer.template(match["row"]), rows), tail)
        return block.run(connection, lambda: _send(connection, pages, progress, session.stopped))

    return transferred(session, query, rows[0], work, progress, block)


def load(session: Session, table: str, data: Any, columns: Sequence[str] | None, duplicates: str) -> int:
    """Add the rows of a data frame, of query rows, of tuples or dicts to a table, all or none; how many there were."""
    if duplicates not in DUPLICATES:
        raise ValueError(f"on_duplicate = {duplicates!r}: expected one of {', '.join(DUPLICATES)}")
    data = data if hasattr(data, "columns") else list(data)
    unnamed = [""] * (len(data[0]) if isinstance(data, list) and data else 0)
    source = tabular(data, columns, unnamed)
    if not len(source):
        return 0
    named = tuple(source.columns) != tuple(unnamed)
    rows = list(zip(*source.columns_of_rows(0, len(source)), strict=True))
    query, row, tail = _statement(table, source.columns if named else None, len(source.columns), duplicates)
    progress, block = Progress(" ".join(query.split()[:3]), len(rows)), AllOrNothing()

    def work(connection: Connection, announced: bytes) -> int:
        encoding = connection.python_charset
        written = map(connection.writer.row, rows)
        pages = _pages(connection, query.encode(encoding), written, tail.encode(encoding))
        return block.run(connection, lambda: _send(connection, pages, progress, session.stopped))

    transferred(session, f"{query.replace('%', '%%')}{row}{tail.replace('%', '%%')}", rows[0], work, progress, block)
    return len(rows)


def _statement(table: str, columns: Sequence[str] | None, count: int, duplicates: str) -> tuple[str, str, str]:
    """What stands before the rows of a statement, one row of it, and what stands behind."""
    verb = {"ignore": "INSERT IGNORE", "replace": "REPLACE"}.get(duplicates, "INSERT")
    listed = "" if columns is None else f" ({', '.join(map(_name, columns))})"
    head = f"{verb} INTO {_table(table)}{listed} VALUES "
    if duplicates != "update":
        return head, f"({', '.join(['%s'] * count)})", ""
    if columns is None:
        raise ValueError("on_duplicate = 'update' needs the names of the columns: columns = [...]")
    changes = ", ".join(f"{_name(name)} = VALUES({_name(name)})" for name in columns)
    return head, f"({', '.join(['%s'] * count)})", f" ON DUPLICATE KEY UPDATE {changes}"


def _name(name: object) -> str:
    return sql_name(str(name), "mysql")


def _table(name: str) -> str:
    """A table's name, also one that is quoted already, or has its database before it."""
    parts = _PARTS.fullmatch(name)
    if parts is None:
        return _name(name)
    return ".".join(part if part[0] == "`" else _name(part) for part in parts.groups() if part)


def transferred(
    session: Session,
    query: str,
    first: Any,
    work: Callable[[Connection, bytes], int],
    progress: Progress,
    block: AllOrNothing,
) -> int:
    """Announce and do the work of a large transfer; an interrupt says how far it was."""
    try:
        return session.run(query, first, work, progress, keeps=lambda: block.end is not End.NOT_KEPT)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"stopped after {progress} were sent; {block.end.value}") from None


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


def _pages(connection: Connection, head: bytes, rows: Iterable[bytes], tail: bytes) -> Iterator[tuple[bytes, int]]:
    """Statements for many rows each, with how many."""
    packet = _packet(connection)
    room = min(_PAGE, int(packet * _ROOM)) - len(head) - len(tail)
    page: list[bytes] = []
    size = 0
    for number, row in enumerate(rows, 1):
        if page and size + len(row) > room:
            yield head + b",".join(page) + tail, len(page)
            page, size = [], 0
        if len(head) + len(row) + len(tail) >= packet:
            raise ValueError(
                f"row {number:,} takes {len(row):,} bytes: more than max_allowed_packet ({packet:,}) lets pass"
            )
        page.append(row)
        size += len(row) + 1
    if page:
        yield head + b",".join(page) + tail, len(page)


def _packet(connection: Connection) -> int:
    ((size,),) = connection.rows("SELECT @@max_allowed_packet")
    return int(size)
