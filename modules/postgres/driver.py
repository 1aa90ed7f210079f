"""psycopg2 connections as this project hands them out: they announce what they send. Imports the driver."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg2
import psycopg2.extensions
from aibasic.modules import effects
from aibasic.modules.effects import Effect, Kind
from aibasic.modules.interruptible import Interruptible
from aibasic.modules.postgres import read_only
from aibasic.modules.postgres.cursors import announcing
from aibasic.modules.postgres.errors import connect_reason
from aibasic.modules.postgres.statements import facts
from aibasic.modules.postgres.target import Target
from aibasic.modules.secret import Secret
from aibasic.modules.sockets import cut, silence
from psycopg2.extensions import TRANSACTION_STATUS_IDLE, TRANSACTION_STATUS_UNKNOWN

if TYPE_CHECKING:
    from select import poll as Poll

Result = TypeVar("Result")
log = logging.getLogger("aibasic.modules")

STARTING_UP = re.compile(r"the database system is (?:starting up|not yet accepting connections)|in recovery mode")
NO_PLACE = re.compile(r"too many clients|remaining connection slots|too many connections")


class Connection(psycopg2.extensions.connection):
    """A connection that knows its place, and whose cursors announce each statement before they send it."""

    section = ""
    place = ""
    """`user@host:port/database`."""
    changed_schema: Callable[[], None] | None = None
    used_at = 0.0
    """When it was last seen alive, by `time.monotonic()`."""
    target: Target | None = None
    _poll: Poll | None = None
    _worker: Interruptible | None = None
    _schema_touched = False

    def cursor(self, name: Any = None, cursor_factory: Any = None, *args: Any, **how: Any) -> Any:
        """As psycopg2's; a `cursor_factory` of the caller's own announces too."""
        default: Any = self.cursor_factory
        chosen = cursor_factory or default or psycopg2.extensions.cursor
        return super().cursor(name, announcing(chosen), *args, **how)

    def plain_cursor(self) -> psycopg2.extensions.cursor:
        """A cursor that announces nothing, for a caller that has announced."""
        return super().cursor(cursor_factory=psycopg2.extensions.cursor)

    def announce(self, statement: str, kind: Kind = Kind.STATEMENT) -> None:
        """Tell the listeners what is about to be sent here. PermissionError for what would lift READONLY."""
        if self.target is not None and self.target.read_only:
            read_only.check(self, statement)
        effects.announce(Effect(self.section, self.place, kind, statement))

    def lobject(self, oid: int = 0, mode: str | None = None, *args: Any, **how: Any) -> Any:
        """As psycopg2's; one that may write is announced."""
        if not oid or mode not in ("r", "rb", "rt"):
            self.announce(f"SELECT lo_put({oid}, ...)")
        return super().lobject(oid, mode or "", *args, **how)

    def set_session(self, isolation_level: Any = None, readonly: Any = None, *args: Any, **how: Any) -> None:
        """As psycopg2's; READONLY stays."""
        self._keep_read_only(readonly)
        super().set_session(isolation_level, readonly, *args, **how)

    @property
    def readonly(self) -> Any:
        """As psycopg2's; READONLY stays."""
        return super().readonly

    @readonly.setter
    def readonly(self, value: Any) -> None:
        self._keep_read_only(value)
        psycopg2.extensions.connection.readonly.__set__(self, value)  # type: ignore[attr-defined]

    def _keep_read_only(self, readonly: Any) -> None:
        if self.target is not None and self.target.read_only:
            read_only.check_mode(self, readonly)

    def cancel(self) -> None:
        """As psycopg2's, which keeps all threads from running until the server has answered: asked for by another way.

        That one only serves where the server has no place for a further connection.
        """
        assert self.target is not None
        other, reason = _attempt(self.target.arguments())
        if other is None:
            if NO_PLACE.search(reason):
                super().cancel()
            return
        try:
            with other.plain_cursor() as cursor:
                cursor.execute("SELECT pg_cancel_backend(%s)", (self.info.backend_pid,))
        finally:
            other.close()

    def note(self, statement: str) -> None:
        """Take notice of a statement that was sent: it may have changed the schema, now or when it is committed."""
        if facts(statement).changes_schema:
            self._schema_touched = True
            if self.changed_schema:
                self.changed_schema()

    def carry_out(self, work: Callable[[], Result]) -> Result:
        """Do what waits for the server, so that an interrupt ends it."""
        if self._worker is None:
            self._worker = Interruptible()
        if not self.settled():
            raise psycopg2.OperationalError(f"the connection to {self.place} was given up: it did not stop in time")
        return self._worker.call(work, self.cancel)

    def settled(self) -> bool:
        """Whether no interrupted call is under way any more; where one does not end, the connection is cut."""
        if self._worker is None or self._worker.settle():
            return True
        cut(self.fileno())
        return False

    def rests(self) -> bool:
        """Whether nothing is under way, so that it can be given to somebody else."""
        settled = self.settled()
        self._worker = None
        return settled

    def commit(self) -> None:
        """As psycopg2's."""
        super().commit()
        self._tell()

    def rollback(self) -> None:
        """As psycopg2's."""
        super().rollback()
        self._tell()

    def _tell(self) -> None:
        if self._schema_touched and self.changed_schema:
            self.changed_schema()
        self._schema_touched = False

    @property
    def broken(self) -> bool:
        """Whether it is known to stand no more."""
        return bool(self.closed) or self.info.transaction_status == TRANSACTION_STATUS_UNKNOWN

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open on it."""
        return self.info.transaction_status != TRANSACTION_STATUS_IDLE

    def send(self, statement: str) -> None:
        """Carry out a statement that nobody announces."""
        with self.plain_cursor() as cursor:
            cursor.execute(statement)

    def was_cancelled(self, error: Exception) -> bool:
        """Whether the server stopped a statement because it was told to, or because its time was over."""
        return isinstance(error, psycopg2.errors.QueryCanceled)

    def answers(self) -> bool:
        """Whether the server answers; nothing may be open on it."""
        autocommit = self.autocommit
        try:
            self.autocommit = True
            with self.plain_cursor() as cursor:
                cursor.execute("SELECT 1")
            self.autocommit = autocommit
        except psycopg2.Error:
            return False
        return True

    def renew(self) -> bool:
        """Put it back into the state of a new one, not in autocommit; False where that cannot be done."""
        if not self.rests() or self.closed:
            return False
        try:
            self.rollback()
            self.set_session(isolation_level="DEFAULT", readonly="default", deferrable="default", autocommit=True)
            with self.plain_cursor() as cursor:
                cursor.execute("DISCARD ALL")
            self.autocommit = False
        except psycopg2.Error as error:
            log.debug("a connection could not be reset: %s", error)
            return False
        self.cursor_factory = None  # type: ignore[assignment]
        self.used_at = time.monotonic()
        return True

    def end(self) -> None:
        """Close it."""
        try:
            self.close()
        except psycopg2.Error as error:
            log.debug("closing a connection: %s", error)

    def abandon(self) -> None:
        """Cut it, while a call hangs on it that cannot be waited for."""
        cut(self.fileno())

    def disown(self) -> None:
        """In a forked child: say nothing to the server, whoever closes it."""
        if not self.closed:
            silence(self.fileno())

    def alive(self) -> bool:
        """Whether the connection still stands, as far as this side can tell without asking the server."""
        if self.closed:
            return False
        if self._poll is None:
            import select

            self._poll = select.poll()
            self._poll.register(self.fileno(), select.POLLIN | select.POLLERR | select.POLLHUP)
        try:
            # What arrives while nobody asks is a notice, or the server's farewell with the end of the stream behind it.
            while not self.closed and self._poll.poll(0):
                self.poll()
        except psycopg2.Error:
            return False
        return not self.closed


def connect(target: Target, changed_schema: Callable[[], None]) -> Connection:
    """Open a connection, waiting while the server starts up.

    The OperationalError has the driver's reason. It is made here, so that no frame in its traceback has the password
    among its variables.
    """
    until = time.monotonic() + target.timeout
    renewed = False
    while True:
        connection, reason = _attempt(target.arguments())
        if connection is not None:
            connection.section = target.section
            connection.target = target
            connection.changed_schema = changed_schema
            info = connection.info
            connection.place = f"{info.user}@{info.host}:{info.port}/{info.dbname}"
            connection.used_at = time.monotonic()
            return connection
        if STARTING_UP.search(reason) and time.monotonic() < until:
            time.sleep(0.1)
        elif not renewed and target.renew():
            renewed = True
        else:
            raise psycopg2.OperationalError(connect_reason(target.section, reason))


def _attempt(arguments: dict[str, Any]) -> tuple[Connection | None, str]:
    plain: dict[str, Any] = {
        name: value.reveal() if isinstance(value, Secret) else value for name, value in arguments.items()
    }
    try:
        return psycopg2.connect(connection_factory=Connection, **plain), ""
    except psycopg2.Error as error:
        password = plain.get("password")
        reason = str(error).strip() or type(error).__name__
        return None, reason.replace(password, "***") if password and len(password) > 3 else reason
