"""Transactions: begun, committed and rolled back by calls, or by a block."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aibasic.modules.postgres.session import Session

_NONE_OPEN = "no transaction is open: each statement was committed as it ran"
_UNDONE = "no transaction is open: that of `with pg.transaction():` was rolled back when its block failed"


def begin(session: Session) -> None:
    """Begin a transaction. RuntimeError where one is open."""
    _check_none_open(session)
    session.run("BEGIN", None, False, 0)


def commit(session: Session) -> None:
    """Commit what is open. RuntimeError where nothing is, and, all undone, where a statement in it had failed."""
    session.loss.tell()
    _check_open(session)
    _keep(session)


def rollback(session: Session) -> None:
    """Undo what is open. RuntimeError where nothing is."""
    session.loss.tell()
    _check_open(session)
    session.run("ROLLBACK", None, False, 0)


@contextmanager
def block(session: Session) -> Iterator[None]:
    """A transaction that is committed with the end of the block, and rolled back where that raises."""
    _check_none_open(session)
    session.in_block = True
    try:
        # An interrupt may come when BEGIN has been sent: then there is something to roll back too.
        begin(session)
        yield
    except BaseException:
        session.settle()
        if session.in_transaction:
            session.run("ROLLBACK", None, False, 0)
        session.undone_by_block = True
        raise
    else:
        session.loss.tell()
        # What the block began may have been ended in it.
        if session.in_transaction:
            _keep(session)
    finally:
        session.in_block = False


def _keep(session: Session) -> None:
    if session.aborted:
        by = session.aborted_by
        session.run("ROLLBACK", None, False, 0)
        raise RuntimeError(f"the transaction was aborted by {by} in it: nothing of it was kept")
    session.run("COMMIT", None, False, 0)


def _check_open(session: Session) -> None:
    if not session.in_transaction:
        raise RuntimeError(_UNDONE if session.undone_by_block else _NONE_OPEN)


def _check_none_open(session: Session) -> None:
    if session.in_transaction:
        raise RuntimeError(f"{session.state()}: commit it or roll it back first")
