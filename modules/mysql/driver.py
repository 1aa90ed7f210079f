"""Connections and cursors of mysql-connector-python as this project hands them out. Imports the driver."""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import select
import socket
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import mysql.connector
import mysql.connector.cursor
from aibasic.modules.effects import Kind
from aibasic.modules.mysql.failures import connect_reason
from aibasic.modules.mysql.statement import facts
from aibasic.modules.mysql.target import Target
from aibasic.modules.secret import Secret
from aibasic.modules.sockets import silence
from mysql.connector.errors import Error, OperationalError

log = logging.getLogger("aibasic.modules")

QUICK = bool(mysql.connector.HAVE_CEXT)
"""Whether the driver's part in C was loaded; its Python does the same three times slower."""
_Base: Any = mysql.connector.CMySQLConnection if QUICK else mysql.connector.MySQLConnection
_Cursor: Any = mysql.connector.cursor_cext.CMySQLCursor if QUICK else mysql.connector.cursor.MySQLCursor
_BufferedCursor: Any = (
    mysql.connector.cursor_cext.CMySQLCursorBuffered if QUICK else mysql.connector.cursor.MySQLCursorBuffered
)
_connecting = threading.Lock()
Announce = Callable[[Kind, str], None]


class Connection(_Base):  # type: ignore[misc]
    """A connection that knows its place, and whose cursors announce each statement before they send it."""

    place = ""
    announce: Announce
    changed_schema: Callable[[], None]
    used_at = 0.0
    announced = False
    """Whether what its cursors send now has been announced as a whole."""
    descriptor = -1

    def cursor(self, *arguments: Any, **options: Any) -> Any:
        """As the driver's; rows are read at once unless `buffered=False` is asked for."""
        options.setdefault("buffered", True)
        chosen = super().cursor(*arguments, **options)
        kind: Any = type(chosen)
        return _announcing(kind)(self)

    def plain_cursor(self, buffered: bool = False) -> Any:
        """A cursor that announces nothing, for a caller that has announced."""
        # Not by cursor(), which asks the server each time whether it is there.
        return (_BufferedCursor if buffered else _Cursor)(self)

    def send(self, statement: str) -> None:
        """Carry out a statement without a result that nobody asked for."""
        cursor = self.plain_cursor(buffered=True)
        cursor.execute(statement)
        cursor.close()

    def finished(self, query: str | bytes, params: Any) -> bytes:
        """The very bytes of a statement with its parameters in it, as the driver writes them."""
        from mysql.connector.cursor import RE_PY_PARAM, _bytestr_format_dict, _ParamSubstitutor

        text = query.encode() if isinstance(query, str) else query
        if not params:
            return text
        prepared = self.prepare_for_mysql(params)
        if isinstance(prepared, dict):
            return bytes(_bytestr_format_dict(text, prepared))
        substitute = _ParamSubstitutor(prepared)
        text = RE_PY_PARAM.sub(substitute, text)
        if substitute.remaining != 0:
            raise mysql.connector.ProgrammingError(f"{len(prepared)} parameters for another number of %s")
        return text

    def note(self, statement: str) -> None:
        """Take notice of a statement that was sent: it may have changed the schema."""
        if facts(statement).changes_schema:
            self.changed_schema()

    def alive(self) -> bool:
        """Whether it stands, as far as this side can tell."""
        try:
            if self.is_closed():
                return False
            poll = select.poll()
            poll.register(self.descriptor, select.POLLIN | select.POLLERR | select.POLLHUP)
            # What comes while nobody asks is a farewell, or something of TLS: then the server is asked.
            return not poll.poll(0) or self.answers()
        except (Error, OSError):
            return False

    def answers(self) -> bool:
        """Whether the server answers."""
        try:
            self.ping(reconnect=False)
        except (Error, OSError):
            return False
        return True

    def renew(self) -> bool:
        """Forget transaction, settings, temporary tables and locks."""
        try:
            if self.unread_result:
                self.consume_results()
            self.rollback()
            self.reset_session()
            self.autocommit = False
        except (Error, OSError) as error:
            log.debug("a connection could not be reset: %s", error)
            return False
        self.used_at = time.monotonic()
        return True

    def end(self) -> None:
        """Close it."""
        with contextlib.suppress(Error, OSError):
            if not self.is_closed():
                self.close()

    def abandon(self) -> None:
        """Let go of it without a word to the server."""
        if self.descriptor >= 0:
            with contextlib.suppress(OSError), socket.socket(fileno=os.dup(self.descriptor)) as ours:
                if os.getpid() == self._process:
                    ours.shutdown(socket.SHUT_RDWR)
            with contextlib.suppress(OSError):
                silence(self.descriptor)

    _process = -1


class _Announcing:
    """Mixed into a cursor class: what it sends is announced first."""

    __slots__ = ()
    _connection: Connection

    def execute(self, operation: Any, params: Any = (), *arguments: Any, **options: Any) -> Any:
        if not self._connection.announced:
            statement = self._connection.finished(operation, params).decode(errors="replace")
            self._connection.announce(Kind.STATEMENT, statement)
            self._connection.note(str(operation))
        return super().execute(operation, params, *arguments, **options)  # type: ignore[misc]

    def executemany(self, operation: str, seq_params: Sequence[Any]) -> Any:
        rows = list(seq_params)
        self._connection.announce(Kind.STATEMENT, f"{operation}\n-- with {len(rows):,} rows of parameters")
        self._connection.note(operation)
        # The driver's executemany goes through execute, row by row where it cannot do better.
        self._connection.announced = True
        try:
            return super().executemany(operation, rows)  # type: ignore[misc]
        finally:
            self._connection.announced = False

    def callproc(self, procname: str, args: Sequence[Any] = ()) -> Any:
        self._connection.announce(Kind.STATEMENT, f"CALL {procname}({', '.join(map(repr, args))})")
        self._connection.note(f"CALL {procname}")
        return super().callproc(procname, args)  # type: ignore[misc]


@functools.cache
def _announcing(kind: Any) -> Any:
    return type(f"Announcing{kind.__name__}", (_Announcing, kind), {"__slots__": ()})


def connect(target: Target, announce: Announce, changed_schema: Callable[[], None]) -> Connection:
    """Open a connection, not in autocommit. The OperationalError has the driver's reason and no password."""
    connection, reason = _attempt(target)
    if connection is None:
        raise OperationalError(connect_reason(target.section, reason))
    connection.place = target.place
    connection.announce = announce
    connection.changed_schema = changed_schema
    connection._process = os.getpid()
    if target.statement_timeout:
        connection.send(_limit_statement(connection, target.statement_timeout))
    if target.read_only:
        connection.send("SET SESSION TRANSACTION READ ONLY")
    return connection


def _limit_statement(connection: Connection, seconds: float) -> str:
    if "mariadb" in str(connection.server_info).lower():
        return f"SET SESSION max_statement_time = {seconds}"
    return f"SET SESSION max_execution_time = {round(seconds * 1000)}"


def _attempt(target: Target) -> tuple[Connection | None, str]:
    arguments = target.arguments()
    plain = {name: value.reveal() if isinstance(value, Secret) else value for name, value in arguments.items()}
    password = plain.get("password")
    try:
        with _connecting:
            before = _sockets()
            connection = Connection(**plain)
            opened = [one for one in _sockets() - before if _leads_to(one, arguments)]
            connection.descriptor = opened[0] if opened else -1
    except (Error, OSError) as error:
        reason = str(error).strip() or type(error).__name__
        return None, reason.replace(password, "***") if password and len(password) > 3 else reason
    # Only a reconnection would need it, and there is none.
    connection._password = ""
    if target.has_tls_wish and not _is_encrypted(connection):
        connection.end()
        return None, "SSL is required by USE_SSL, and the server has none"
    return connection, ""


def _is_encrypted(connection: Connection) -> bool:
    cursor = connection.plain_cursor(buffered=True)
    cursor.execute("SHOW SESSION STATUS LIKE 'Ssl_cipher'")
    row = cursor.fetchone()
    cursor.close()
    return bool(row and row[1])


def _sockets() -> set[int]:
    """The descriptors of this process that are sockets: the driver's part in C does not tell its own."""
    found = set()
    for entry in Path("/dev/fd").iterdir():
        with contextlib.suppress(OSError):
            if str(entry.readlink()).startswith("socket:"):
                found.add(int(entry.name))
    return found


def _leads_to(descriptor: int, arguments: dict[str, Any]) -> bool:
    """Whether a socket is connected with the server: another thread may have opened one to elsewhere."""
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as ours:
        peer = ours.getpeername()
        return bool(peer == arguments["unix_socket"] if "unix_socket" in arguments else peer[1] == arguments["port"])
    return False
