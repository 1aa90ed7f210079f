"""One conversation with PostgreSQL: statement after statement on one connection, committed unless in a transaction."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg2
from aibasic.modules import effects
from aibasic.modules.all_or_nothing import AllOrNothing, End, InBlock
from aibasic.modules.effects import Answer, Kind
from aibasic.modules.interruptible import Interruptible
from aibasic.modules.losses import Loss, lost_in_flight, lost_unkept
from aibasic.modules.pool import Pool, Taking, silent_for_long, stands
from aibasic.modules.postgres import adapters, errors, probing, querying, sending, statements
from aibasic.modules.postgres.left import Left
from aibasic.modules.postgres.sending import Sent
from aibasic.modules.progress import Progress
from aibasic.modules.results import Rows
from psycopg2.extensions import TRANSACTION_STATUS_IDLE as IDLE
from psycopg2.extensions import TRANSACTION_STATUS_INERROR as ABORTED
from psycopg2.extensions import cursor as _Cursor

if TYPE_CHECKING:
    from aibasic.modules.postgres.driver import Connection

Result = TypeVar("Result")


class Session:
    """Holds one connection of the pool, in autocommit, from the first statement on; knows what it would lose."""

    def __init__(self, pool: Pool[Connection]) -> None:
        self._pool = pool
        self._connection: Connection | None = None
        self._worker = Interruptible()
        self._left = Left()
        self._began: datetime | None = None
        self._aborted_by = ""
        self.in_block = False
        """Whether the open transaction is a block's, which ends it."""
        self.undone_by_block = False
        """Whether the newest thing that happened is that a block's transaction was rolled back."""
        self.loss = Loss(psycopg2.OperationalError)
        self._busy = threading.RLock()
        self._stop = False
        self._unobserved = ""

    def run(self, query: Any, params: Any, fetch: bool, max_rows: int) -> Rows | int:
        """Announce and send a statement. Rows of a result, else how many rows were affected."""
        return self.send(query, params, lambda cursor, sent: querying.run(cursor, sent, fetch, max_rows, self.stopped))

    def send(
        self,
        query: Any,
        params: Any,
        work: Callable[[_Cursor, Sent], Result],
        noted: bool = True,
        progress: Progress | None = None,
        cancel: Callable[[], object] | None = None,
    ) -> Result:
        """Announce a statement, then do `work` with a cursor and the statement.

        Unless it is `noted`, the statement is taken for one that leaves nothing on the connection. `cancel` ends what
        `work` does elsewhere than on this connection.
        """
        with self._busy:
            self.undone_by_block = False
            connection = self.ready()
            if params:
                adapters.register()
            with connection.plain_cursor() as cursor:
                sent = sending.sent(cursor, query, params)
                statement = sent.text
                connection.announce(statement)
                noticed = sent.judged if noted else ""
                send = functools.partial(work, cursor, sent)
                result = self._carry_out(connection, noticed, send, progress=progress, cancel=cancel)
                effects.answered(Answer(connection.section, statement, result))
                return result

    def transfer(
        self,
        statement: Callable[[_Cursor], str],
        work: Callable[[_Cursor, InBlock, Progress], int],
        total: int,
        kind: Kind = Kind.STATEMENT,
    ) -> int:
        """Announce and do the `work` of sending `total` rows, in a block that keeps all of them or none."""
        block = AllOrNothing()
        with self._busy:
            connection = self.ready()
            adapters.register()
            with connection.plain_cursor() as cursor:
                text = statement(cursor)
                connection.announce(text, kind)
                progress = Progress(" ".join(text.split()[:3]), total)
                in_block = functools.partial(block.run, connection)
                try:
                    return self._carry_out(connection, text, lambda: work(cursor, in_block, progress), block, progress)
                except KeyboardInterrupt:
                    raise KeyboardInterrupt(f"stopped after {progress} were sent; {block.end.value}") from None

    def read(self, reading: Callable[[_Cursor], Result]) -> Result:
        """Read the catalogue for something that the user asked for."""
        with self._busy:
            self.ready()
            return self.look_up(reading)

    def look_up(self, reading: Callable[[_Cursor], Result]) -> Result:
        """Read the catalogue beside the user's work; it says nothing of what was lost with a connection."""
        with self._busy:
            connection = self._standing()
            connection.announce("describe the tables", Kind.READ)
            with connection.plain_cursor() as cursor:
                return self._carry_out(connection, "", lambda: reading(cursor), told=False)

    def beside(self, work: Callable[[_Cursor], Result]) -> Result:
        """Do what belongs to something that was announced, and leaves nothing on the connection."""
        with self._busy:
            connection = self.ready()
            with connection.plain_cursor() as cursor:
                return self._carry_out(connection, "", lambda: work(cursor))

    def probe(self, query: str, seconds: float) -> list[tuple[Any, ...]] | None:
        """The rows of a query that may only read, None where it failed or took longer; an open transaction goes on."""
        with self._busy:
            if self.aborted:
                return None
            connection = self._standing()
            connection.announce(query, Kind.READ)
            work = probing.in_savepoint if self._began else probing.alone
            try:
                with connection.plain_cursor() as cursor:
                    return self._carry_out(connection, "", lambda: work(cursor, query, seconds), told=False)
            except psycopg2.Error:
                return None

    def ready(self) -> Connection:
        """The connection for what the user asks. An OperationalError, once, where one was lost with something in it."""
        self._let_go_of_lost()
        self.loss.tell()
        return self._connected()

    def _standing(self) -> Connection:
        """The connection for a look-up: what was lost with one is kept for the user's next call."""
        self._let_go_of_lost()
        return self._connected()

    def _let_go_of_lost(self) -> None:
        connection = self._connection
        if connection is not None and not self._worker.free and self._worker.settle():
            self._observe(connection, self._unobserved)
            connection = self._connection
        if connection is not None and not self._stands(connection):
            self._lose(connection)

    def _connected(self) -> Connection:
        if self._connection is None:
            if not self._worker.settle(0):
                self._renew_worker()
            taking = Taking(self._pool)
            try:
                connection = self._worker.call(taking.take, taking.stop)
            except psycopg2.OperationalError as error:
                raise psycopg2.OperationalError(f"{error}\n  Nothing was sent") from None
            connection.autocommit = True
            self._connection = connection
        return self._connection

    def held(self) -> list[str]:
        """What would be lost with the connection."""
        transaction = ["the open transaction"] if self._began else []
        return transaction + self._left.names()

    def settle(self) -> None:
        """Learn what an interrupted statement has done."""
        with self._busy:
            self._let_go_of_lost()

    @property
    def transaction(self) -> object:
        """Which transaction is open: not equal to one before or after it. None without one."""
        return self._began

    @property
    def in_transaction(self) -> bool:
        """Whether the user has begun a transaction that has not ended."""
        return self._began is not None

    @property
    def aborted(self) -> bool:
        """Whether the open transaction can only be rolled back."""
        connection = self._connection
        return connection is not None and connection.info.transaction_status == ABORTED

    @property
    def aborted_by(self) -> str:
        """What aborted the open transaction: `an error` or `an interrupt`."""
        # Nothing but an interrupt returns to the user before the end of its statement was seen.
        return self._aborted_by or "an interrupt"

    def state(self) -> str:
        """`transaction open since 12:03`, or what was lost and is not said yet; "" for nothing."""
        if self._began is None:
            return str(self.loss)
        aborted = f", aborted by {self.aborted_by}" if self.aborted else ""
        return f"transaction open since {self._began:%H:%M}{aborted}"

    def give_up(self) -> bool:
        """Give the connection back to the pool, if it is idle and nothing would be lost."""
        if self._connection is None or not self._busy.acquire(blocking=False):
            return False
        try:
            if self.held() or self._left.unknown:
                return False
            self._drop()
            return True
        finally:
            self._busy.release()

    def end(self) -> None:
        """Give the connection back whatever it holds: what is not committed is rolled back."""
        touched = self._left.touched or bool(self.held())
        if not self._worker.settle():
            self._drop()
        connection, self._connection = self._connection, None
        self._forget()
        self._worker.close()
        if connection is not None:
            if not touched:
                connection.autocommit = False
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

    def _stands(self, connection: Connection) -> bool:
        if not self._worker.free or not connection.alive():
            return False
        # The server is asked only where nothing is open: inside a transaction a loss shows soon enough.
        if self._began or not silent_for_long(connection):
            return True
        return self._worker.call(lambda: stands(connection), connection.cancel)

    def stopped(self) -> bool:
        """Whether an interrupt has come since the statement that runs was begun."""
        return self._stop

    def _carry_out(
        self,
        connection: Connection,
        statement: str,
        work: Callable[[], Result],
        block: AllOrNothing | None = None,
        progress: Progress | None = None,
        told: bool = True,
        cancel: Callable[[], object] | None = None,
    ) -> Result:
        """Do the `work`; whether its error is `told` to the user decides whether what it lost is said by it."""
        self._stop = False
        try:
            stop = functools.partial(self._cancel, connection, cancel)
            return self._worker.call(work, stop, progress.show if progress else None)
        except psycopg2.Error as error:
            explained = self._explained(error, connection, statement, block)
            if told and connection.broken:
                self._forget()
            raise explained from None
        finally:
            if progress:
                progress.close()
            self._observe(connection, statement)

    def _cancel(self, connection: Connection, cancel: Callable[[], object] | None) -> None:
        self._stop = True
        if cancel is not None:
            cancel()
        connection.cancel()

    def _explained(
        self, error: psycopg2.Error, connection: Connection, statement: str, block: AllOrNothing | None
    ) -> psycopg2.Error:
        if connection.broken:
            if block is not None:
                unkept = block.end is End.NOT_KEPT or self.in_transaction
            else:
                unkept = statements.keeps_nothing(statement, self.in_transaction)
            explain = lost_unkept if unkept else lost_in_flight
            return psycopg2.OperationalError(explain(connection.place, str(error).strip()))
        if self._began and connection.info.transaction_status == ABORTED:
            error.args = (f"{str(error).strip()}\n{errors.aborted(self.in_block)}",)
        else:
            error.args = (str(error).strip(),)
        return error

    def _observe(self, connection: Connection, statement: str) -> None:
        """Learn from the connection what the statement left behind."""
        if not self._worker.free:
            self._unobserved = statement
            return
        connection.used_at = time.monotonic()
        if connection.broken:
            self._lose(connection)
            return
        status = connection.info.transaction_status
        if status == IDLE:
            self._began = None
        elif self._began is None:
            self._began = datetime.now()
        if status != ABORTED:
            self._aborted_by = ""
        elif not self._aborted_by:
            self._aborted_by = "an interrupt" if self._stop else "an error"
        connection.note(statement)
        self._left.note(statement, status == ABORTED)

    def _lose(self, connection: Connection) -> None:
        self.loss.note(connection.place, self.held())
        self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        self._forget()
        if not self._worker.free:
            # The thread that hangs there ends with the connection.
            self._renew_worker()
            if connection is not None:
                self._pool.abandon(connection)
        elif connection is not None:
            self._pool.discard(connection)

    def _renew_worker(self) -> None:
        self._worker.close()
        self._worker = Interruptible()

    def _forget(self) -> None:
        self._left.clear()
        self._began = None
        self._aborted_by = ""
