"""One statement for many rows of parameters, all or none."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import psycopg2
from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from psycopg2.extensions import cursor as _Cursor

_PAGE = 1000
"""Rows of one INSERT: what psycopg2's own documentation finds near the optimum."""
# What has quotes, a query or a second statement in it does not match, and is then sent row by row.
_INSERT = re.compile(
    r"\s*insert\s+into\s+[^()%;]+?(?:\([^()%;]*\)\s*)?(?:overriding\s+\w+\s+value\s+)?"
    r"values\s*(?P<row>\((?:[^()';]|\([^()';]*\))*\))(?P<tail>[^;%]*?);?\s*",
    re.IGNORECASE,
)


class Stopped(Exception):
    """The rest of the rows is not wanted any more."""


def run(cursor: _Cursor, query: str, rows: Sequence[Any], stop: Callable[[], bool]) -> int:
    """Run `query` for each of `rows` and return how many rows were affected.

    In a transaction of its own, or from a savepoint where one is open. INSERT ... VALUES goes out as one statement for
    many rows; any other statement once for each.
    """
    own = cursor.connection.info.transaction_status == TRANSACTION_STATUS_IDLE
    begin, undo, keep = (
        ("BEGIN", "ROLLBACK", "COMMIT")
        if own
        else ("SAVEPOINT aibasic", "ROLLBACK TO aibasic; RELEASE aibasic", "RELEASE aibasic")
    )
    cursor.execute(begin)
    try:
        insert = _INSERT.fullmatch(query)
        try:
            count = _by_page(cursor, insert, rows, stop) if insert else _one_by_one(cursor, query, rows, stop)
        except psycopg2.errors.CardinalityViolation:
            # ON CONFLICT DO UPDATE meets a row of the same statement again, where row after row it may.
            cursor.execute(f"{undo}; {begin}")
            count = _one_by_one(cursor, query, rows, stop)
    except BaseException:
        if not cursor.connection.closed:
            cursor.execute(undo)
        raise
    cursor.execute(keep)
    return count


def _by_page(cursor: _Cursor, insert: re.Match[str], rows: Sequence[Any], stop: Callable[[], bool]) -> int:
    head, tail = insert.string[: insert.start("row")].encode(), insert["tail"].encode()
    count = 0
    for start in range(0, len(rows), _PAGE):
        if stop():
            raise Stopped
        page = b",".join([cursor.mogrify(insert["row"], row) for row in rows[start : start + _PAGE]])
        cursor.execute(head + page + tail)
        count += cursor.rowcount
    return count


def _one_by_one(cursor: _Cursor, query: str, rows: Sequence[Any], stop: Callable[[], bool]) -> int:
    count = 0
    for row in rows:
        if stop():
            raise Stopped
        cursor.execute(query, row)
        count += max(cursor.rowcount, 0)
    return count
