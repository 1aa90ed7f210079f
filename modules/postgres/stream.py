"""A query's rows by the portion, from a cursor on the server."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import psycopg2
from aibasic.modules.postgres import querying, sending
from aibasic.modules.postgres.sending import Sent
from aibasic.modules.postgres.session import Session
from aibasic.modules.results import Rows
from psycopg2.extensions import cursor as _Cursor

_numbers = itertools.count(1)


def read(session: Session, query: str, params: Any, chunk: int) -> Iterator[Rows]:
    """Rows of at most `chunk`, until there are no more. In a transaction the cursor is that transaction's."""
    name = f"aibasic_{next(_numbers)}"
    hold = "" if session.in_transaction else "WITH HOLD "
    transaction = session.transaction

    def declare(cursor: _Cursor, sent: Sent) -> None:
        try:
            cursor.execute(f"DECLARE {name} NO SCROLL CURSOR {hold}FOR\n".encode() + sent.single)
        except psycopg2.Error as error:
            raise querying.one_line_higher(error) from None

    def fetch(cursor: _Cursor) -> Rows | int:
        next_rows = sending.sent(cursor, f"FETCH FORWARD {chunk} FROM {name}", None)
        return querying.run(cursor, next_rows, True, chunk, session.stopped)

    session.send(query, params, declare, noted=False)
    try:
        while rows := session.beside(fetch):
            assert isinstance(rows, Rows)
            yield rows
    finally:
        if session.transaction == transaction and not session.aborted:
            _close(session, name)


def _close(session: Session, name: str) -> None:
    try:
        session.beside(lambda cursor: cursor.execute(f"CLOSE {name}"))
    except psycopg2.Error:
        # Where the connection is gone, so is the cursor; the error that ended the loop is what matters.
        return
