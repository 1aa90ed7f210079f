"""How a conversation with MySQL keeps its connection, and knows what it would lose with it."""

from __future__ import annotations

import threading
import time
import warnings
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from aibasic.modules.interruptible import Interruptible
from aibasic.modules.losses import Loss, lost_in_flight, lost_unkept
from aibasic.modules.mysql.failures import INTERRUPTED, is_loss
from aibasic.modules.mysql.statement import commits_beside, facts, lasting
from aibasic.modules.pool import Pool, Taking, silent_for_long, stands
from aibasic.modules.progress import Progress
from mysql.connector.errors import Error, OperationalError

if TYPE_CHECKING:
    from aibasic.modules.mysql.driver import Connection

Result = TypeVar("Result")
_UNDONE = "The server has rolled back the whole transaction, which is over: begin it anew"


class Conversation:
    """Holds one connection of the pool, in autocommit, from the first statement on; knows what it would lose."""

    def __init__(self, pool: Pool[Connection], kill: Callable[[Connection], None]) -> None:
        self._pool = pool
        self._kill = kill
        self._connection: Connection | None = None
        self._worker = Interruptible()
        self._lasting: frozenset[str] = frozenset()
        self._began: datetime | None = None
        self.loss = Loss(OperationalError)
        self._busy = threading.RLock()
        self._stop = False
        self._unobserved = ""
        self._reading: Any = None

    @property
    def reading(self) -> bool:
        """Whether the rows of a cursor are still to be read, so that nothing else can be asked."""
        return self._reading is not None

    def ready(self) -> Connection:
        """The connection for what the user asks. An OperationalError, once, where one was lost with something in it."""
        if self.reading:
            raise RuntimeError(
                "the rows of mysql.stream() are still being read over this connection: end that loop, or close() it"
            )
        self._let_go_of_lost()
        self.loss.tell()
        return self._connected()

    def held(self) -> list[str]:
        """What would be lost with the connection."""
        return (["the open transaction"] if self._began else []) + sorted(self._lasting)

    @property
    def in_transaction(self) -> bool:
        """Whether the user has begun a transaction that has not ended."""
        return self._began is not None

    def state(self) -> str:
        """`transaction open since 12:03`, or what was lost and is not said yet; "" for nothing."""
        if self._began is None:
            return str(self.loss)
        return f"transaction open since {self._began:%H:%M}"

    def stopped(self) -> bool:
        """Whether an interrupt has come since the statement that runs was begun."""
        return self._stop

    def give_up(self) -> bool:
        """Give the connection back to the pool, if it is idle and nothing would be lost."""
        if self._connection is None or not self._busy.acquire(blocking=False):
            return False
        try:
            if self.held() or self.reading:
                return False
            self._drop()
            return True
        finally:
            self._busy.release()

    def end(self) -> None:
        """Give the connection back whatever it holds: what is not committed is rolled back."""
        if not self._worker.settle():
            self._drop()
        connection, self._connection = self._connection, None
        touched = bool(self.held())
        self._forget()
        self._worker.close()
        if connection is None:
            return
        if not touched:
            try:
                connection.autocommit = False
            except Error:
                self._pool.discard(connection)
                return
        self._pool.give_back(connection, touched)

    def close(self) -> None:
        """End the worker thread and let go of the connection; the pool closes it."""
        self._worker.close()
        if self._worker.settle(0):
            self._connection = None
            self._forget()
        else:
            self._drop()

    def after_fork(self) -> None:
        """In a forked child: begin anew; the connection is the parent's."""
        self._worker = Interruptible()
        self._busy = threading.RLock()
        self._connection = None
        self._forget()

    def _standing(self) -> Connection:
        self._let_go_of_lost()
        return self._connected()

    def _let_go_of_lost(self) -> None:
        connection = self._connection
        if connection is None:
            return
        was_interrupted = not self._worker.free
        stands = self._worker.settle() and self._take_rest(connection)
        if stands and was_interrupted:
            self._observe(connection, self._unobserved)
        if not (stands and self._stands(connection)):
            self._lose(connection)

    def _take_rest(self, connection: Connection) -> bool:
        """Take what an interrupted statement has left to be read; False where that fails."""
        if not connection.unread_result:
            return True
        try:
            self._worker.call(lambda: read_away(connection), connection.abandon)
        except Error:
            return False
        return True

    def _stands(self, connection: Connection) -> bool:
        if not connection.alive():
            return False
        # The server is asked only where nothing is open: inside a transaction a loss shows soon enough.
        if self._began or not silent_for_long(connection):
            return True
        return self._worker.call(lambda: stands(connection), connection.abandon)

    def _connected(self) -> Connection:
        if self._connection is None:
            taking = Taking(self._pool)
            try:
                connection = self._worker.call(taking.take, taking.stop)
            except OperationalError as error:
                raise OperationalError(f"{error.msg}\n  Nothing was sent") from None
            connection.autocommit = True
            self._connection = connection
        return self._connection

    def _carry_out(
        self,
        connection: Connection,
        template: str,
        work: Callable[[], Result],
        progress: Progress | None,
        keeps: bool | Callable[[], bool] | None,
    ) -> Result:
        self._stop = False
        in_transaction = self.in_transaction

        def cancel() -> None:
            self._stop = True
            self._kill(connection)

        problem: Exception
        try:
            result = self._worker.call(work, cancel, progress.show if progress else None)
        except (Error, OSError) as error:
            self._ask_for_transaction(connection, error)
            self._observe(connection, template)
            problem = error.with_traceback(None)
            if is_loss(error) or connection.is_closed():
                if keeps is None:
                    keeps = not in_transaction or facts(template).may_commit
                may_keep = keeps() if callable(keeps) else keeps
                explain = lost_in_flight if may_keep else lost_unkept
                problem = OperationalError(explain(connection.place, str(error)))
                self._drop()
            elif isinstance(error, Error) and in_transaction and self._has_undone(template):
                problem = type(error)(f"{error.msg}. {_UNDONE}", errno=error.errno, sqlstate=error.sqlstate)
        except KeyboardInterrupt:
            self._observe(connection, template)
            raise
        else:
            self._observe(connection, template)
            return result
        finally:
            if progress is not None:
                progress.close()
        raise problem

    def _ask_for_transaction(self, connection: Connection, error: Exception) -> None:
        """After an error within a transaction, have the server tell whether that is still open: errors do not say."""
        if self._began and self._worker.free and not (is_loss(error) or connection.unread_result):
            self._worker.call(connection.answers, connection.abandon)

    def _has_undone(self, template: str) -> bool:
        """Whether the server, as after a deadlock, has rolled back a transaction that was open until this statement."""
        return not self.in_transaction and not facts(template).may_commit

    def _observe(self, connection: Connection, template: str) -> None:
        """Learn from the connection what the statement left behind."""
        if not self._worker.free:
            self._unobserved = template
            return
        if self._connection is None:
            return
        connection.used_at = time.monotonic()
        connection.note(template)
        try:
            open_now = bool(connection.in_transaction)
        except (Error, AttributeError):
            return
        if not open_now:
            if self._began and (words := commits_beside(template)):
                warnings.warn(f"{words} has committed the transaction that was open, as MySQL does", stacklevel=2)
            self._began = None
        elif self._began is None:
            self._began = datetime.now()
        self._lasting = lasting(template, self._lasting)

    def _lose(self, connection: Connection) -> None:
        self.loss.note(connection.place, self.held())
        self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        self._forget()
        if not self._worker.free:
            # The thread that hangs there ends with the connection.
            self._worker.close()
            self._worker = Interruptible()
            if connection is not None:
                self._pool.abandon(connection)
        elif connection is not None:
            self._pool.discard(connection)

    def _forget(self) -> None:
        self._lasting = frozenset()
        self._began = None
        self._reading = None


def read_away(connection: Connection) -> None:
    """Take what is still on its way."""
    try:
        while connection.unread_result:
            connection.consume_results()
    except Error as error:
        # The server says that it was told to stop.
        if error.errno not in INTERRUPTED:
            raise
