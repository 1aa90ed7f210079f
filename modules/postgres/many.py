"""One statement for many rows of parameters, in as few messages as the protocol allows."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import psycopg2
from aibasic.modules.all_or_nothing import InBlock, Stopped
from aibasic.modules.postgres import literals
from aibasic.modules.postgres.statements import bare
from aibasic.modules.progress import Progress
from psycopg2.extensions import cursor as _Cursor

if TYPE_CHECKING:
    from aibasic.modules.postgres.session import Session

_PAGE = 1000
"""Rows of one message: what psycopg2's own documentation finds near the optimum."""
_PAGE_BYTES = 1 << 20
"""Bytes after which a message with fewer rows is large enough."""
# What has quotes, a query or a second statement in it does not match.
_INSERT = re.compile(
    r"\s*insert\s+into\s+[^()%;]+?(?:\([^()%;]*\)\s*)?(?:overriding\s+\w+\s+value\s+)?"
    r"values\s*(?P<row>\((?:[^()';]|\([^()';]*\))*\))(?P<tail>[^;%]*?);?\s*",
    re.IGNORECASE,
)
_CHANGE = re.compile(r"\s*(?:insert|update|delete)\b(?!.*\breturning\b)[^;]*", re.IGNORECASE | re.DOTALL)
# One message has many statements, and the driver tells the count of the last alone: so the rows count themselves.
_COUNTER = "aibasic.affected"
_COUNTED = f"\nRETURNING set_config('{_COUNTER}', (current_setting('{_COUNTER}')::bigint + 1)::text, true)"


def run(session: Session, query: str, rows: Sequence[Any]) -> int:
    """Run `query` for each of `rows`, all or none, and return how many rows were affected.

    INSERT ... VALUES goes out as one statement for many rows, any other INSERT, UPDATE and DELETE as many statements
    in one message; what else there is row by row.
    """

    def statement(cursor: _Cursor) -> str:
        first = cursor.mogrify(query, rows[0]).decode(errors="replace")
        return first + (f"\n-- and {len(rows) - 1:,} more" if len(rows) > 1 else "")

    def work(cursor: _Cursor, in_block: InBlock, progress: Progress) -> int:
        by_page = _by_page(query)
        try:
            if by_page:
                return in_block(lambda: by_page(cursor, rows, progress, session.stopped))
        except (psycopg2.errors.CardinalityViolation, psycopg2.errors.FeatureNotSupported):
            # ON CONFLICT DO UPDATE meets a row of the same statement again, where row after row it may;
            # a view's rules know no RETURNING.
            progress.done = 0
        return in_block(lambda: _one_by_one(cursor, query, rows, progress, session.stopped))

    return session.transfer(statement, work, len(rows))


def _by_page(query: str) -> Callable[..., int] | None:
    """The way to send many rows of a statement at once, None where there is none."""
    if insert := _INSERT.fullmatch(query):
        return functools.partial(_in_one_statement, insert)
    single = query.rstrip().rstrip(";")
    return functools.partial(_in_one_message, single + _COUNTED) if _CHANGE.fullmatch(bare(single)) else None


def _in_one_statement(
    insert: re.Match[str], cursor: _Cursor, rows: Sequence[Any], progress: Progress, stop: Callable[[], bool]
) -> int:
    head, tail = insert.string[: insert.start("row")].encode(), insert["tail"].encode()
    count = 0
    for page in _pages(cursor, insert["row"], rows, stop):
        cursor.execute(head + b",".join(page) + tail)
        count += cursor.rowcount
        progress.done += len(page)
    return count


def _in_one_message(
    counted: str, cursor: _Cursor, rows: Sequence[Any], progress: Progress, stop: Callable[[], bool]
) -> int:
    cursor.execute(f"SELECT set_config('{_COUNTER}', '0', true)")
    for page in _pages(cursor, counted, rows, stop):
        cursor.execute(b";\n".join(page))
        progress.done += len(page)
    cursor.execute(f"SELECT current_setting('{_COUNTER}')::bigint")
    (count,) = cursor.fetchone() or (0,)
    return int(count)


def _one_by_one(cursor: _Cursor, query: str, rows: Sequence[Any], progress: Progress, stop: Callable[[], bool]) -> int:
    count = 0
    for row in rows:
        if stop():
            raise Stopped
        cursor.execute(query, row)
        count += max(cursor.rowcount, 0)
        progress.done += 1
    return count


def _pages(cursor: _Cursor, text: str, rows: Sequence[Any], stop: Callable[[], bool]) -> Iterator[list[bytes]]:
    """`text` with each row's parameters in it, by the message."""
    write = literals.writer(cursor, text)
    for start in range(0, len(rows), _PAGE):
        page: list[bytes] = []
        size = 0
        for line in write(rows[start : start + _PAGE]):
            if size > _PAGE_BYTES:
                yield _unless_stopped(page, stop)
                page, size = [], 0
            page.append(line)
            size += len(line)
        yield _unless_stopped(page, stop)


def _unless_stopped(page: list[bytes], stop: Callable[[], bool]) -> list[bytes]:
    if stop():
        raise Stopped
    return page
