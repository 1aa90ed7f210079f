"""psycopg2 connections and cursors as this project hands them out: they announce what they send. Imports the driver."""

from __future__ import annotations

import functools
import re
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import psycopg2
import psycopg2.extensions
from aibasic.modules import effects, postgres_adapters
from aibasic.modules.effects import Effect, Kind
from aibasic.modules.postgres_errors import connect_reason
from aibasic.modules.postgres_statement import facts
from aibasic.modules.postgres_target import Target
from aibasic.modules.secret import Secret
from psycopg2.extensions import TRANSACTION_STATUS_UNKNOWN

if TYPE_CHECKING:
    from select import poll as Poll

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
    _schema_touched = False

    def cursor(self, name: Any = None, cursor_factory: Any = None, *args: Any, **how: Any) -> Any:
        """As psycopg2's; a `cursor_factory` of the caller's own announces too."""
        default: Any = self.cursor_factory
        chosen = cursor_factory or default or psycopg2.extensions.cursor
        return super().cursor(name, _announcing(chosen), *args, **how)

    def plain_cursor(self) -> psycopg2.extensions.cursor:
        """A cursor that announces nothing, for a caller that has announced."""
        return super().cursor(cursor_factory=psycopg2.extensions.cursor)

    def announce(self, statement: str, kind: Kind = Kind.STATEMENT) -> None:
        """Tell the listeners what is about to be sent here."""
        effects.announce(Effect(self.section, self.place, kind, statement))

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


class _Announcing(psycopg2.extensions.cursor):
    """Mixed into a cursor class: what it sends is announced first, as the very text that goes out."""

    connection: Connection

    def execute(self, query: Any, vars: Any = None) -> None:
        postgres_adapters.register()
        statement = self.mogrify(query, vars)
        self._sending(statement)
        super().execute(statement)

    def executemany(self, query: Any, vars_list: Iterable[Any]) -> None:
        postgres_adapters.register()
        rows = list(vars_list)
        for row in rows:
            self._sending(self.mogrify(query, row))
        super().executemany(query, rows)

    def callproc(self, procname: Any, parameters: Any = ()) -> Any:
        values = list(parameters.values() if isinstance(parameters, Mapping) else parameters)
        self._sending(self.mogrify(f"SELECT * FROM {procname}({', '.join(['%s'] * len(values))})", values))
        return super().callproc(procname, parameters)

    def copy_expert(self, sql: Any, file: Any, size: int = 8192) -> None:
        self._sending(self.mogrify(sql))
        super().copy_expert(sql, file, size)

    def copy_from(self, file: Any, table: str, *args: Any, **how: Any) -> None:
        self._sending(f'COPY "{table}" FROM STDIN')
        super().copy_from(file, table, *args, **how)

    def copy_to(self, file: Any, table: str, *args: Any, **how: Any) -> None:
        self._sending(f'COPY "{table}" TO STDOUT')
        super().copy_to(file, table, *args, **how)

    def _sending(self, statement: bytes | str) -> None:
        text = statement if isinstance(statement, str) else statement.decode(errors="replace")
        self.connection.announce(text)
        self.connection.note(text)


@functools.cache
def _announcing(factory: type[psycopg2.extensions.cursor]) -> type[psycopg2.extensions.cursor]:
    if issubclass(factory, _Announcing):
        return factory
    return type(f"Announcing{factory.__name__}", (_Announcing, factory), {})


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
