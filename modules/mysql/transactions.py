"""Which conversation serves a thread, and the transactions in it."""

from __future__ import annotations

import threading
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aibasic.modules.mysql.queries import MySQLQueries
from aibasic.modules.pool import Pool

if TYPE_CHECKING:
    from aibasic.modules.mysql.driver import Connection
    from aibasic.modules.mysql.session import Session


class MySQLTransactions(MySQLQueries):
    """The main thread has one conversation, every other one for each call or each transaction."""

    _session: Session
    _pool: Pool[Connection]
    _maximum: int
    _of_thread: threading.local

    def begin(self) -> None:
        """Begin a transaction: what follows is kept by `commit()` or undone by `rollback()`, as one.

        Example: mysql.begin()
        """
        session = self._own_session()
        _refuse_second(session)
        self._tell(session, "START TRANSACTION")

    def commit(self) -> None:
        """Keep what was done since `begin()`.

        Example: mysql.commit()
        """
        session = self._own_session()
        if session.in_transaction:
            self._tell(session, "COMMIT")

    def rollback(self) -> None:
        """Undo what was done since `begin()`. RuntimeError where no transaction is open.

        Example: mysql.rollback()
        """
        session = self._own_session()
        if not session.in_transaction:
            raise RuntimeError("no transaction is open: each statement was committed as it ran")
        self._tell(session, "ROLLBACK")

    @contextmanager
    def transaction(self) -> Iterator[MySQLTransactions]:
        """A block whose statements are kept together, or undone together where it raises.

        Example: with mysql.transaction(): mysql.execute_query("UPDATE orders SET paid = 1", fetch=False)
        """
        with self._conversation() as session:
            before = getattr(self._of_thread, "session", None)
            self._of_thread.session = session
            try:
                _refuse_second(session)
                try:
                    self.begin()
                    yield self
                except BaseException:
                    if session.in_transaction:
                        self.rollback()
                    raise
                self.commit()
            finally:
                self._of_thread.session = before

    @contextmanager
    def _conversation(self) -> Iterator[Session]:
        session = self._own_session_or_none()
        if session is not None:
            yield session
        else:
            with self._borrowed() as session:
                yield session

    @contextmanager
    def _conversation_beside(self) -> Iterator[Session]:
        session = self._own_session_or_none()
        if session is not None and (session.held() or self._maximum == 1):
            yield session
            return
        with self._borrowed() as session:
            yield session

    @contextmanager
    def _borrowed(self) -> Iterator[Session]:
        """A session of its own for the block, over a connection of the pool."""
        from aibasic.modules.mysql.session import Session

        session = Session(self._pool, self._kill)
        try:
            yield session
            if session.in_transaction:
                raise RuntimeError(_NOT_HERE)
        finally:
            session.end()

    def _own_session_or_none(self) -> Session | None:
        self._check_open()
        if threading.current_thread() is threading.main_thread():
            return self._session
        return getattr(self._of_thread, "session", None)

    def _own_session(self) -> Session:
        session = self._own_session_or_none()
        if session is None:
            raise RuntimeError(_NOT_HERE)
        return session

    def _tell(self, session: Session, statement: str) -> None:
        session.run(
            statement, None, lambda connection, final: connection.send(final.decode()), keeps=statement == "COMMIT"
        )

    @abstractmethod
    def _check_open(self) -> None:
        """RuntimeError after `close()`."""


def _refuse_second(session: Session) -> None:
    if session.in_transaction:
        raise RuntimeError(f"{session.state()}: commit it or roll it back first")


_NOT_HERE = "a transaction in another thread than the main one needs `with mysql.transaction():`, so that it has an end"
