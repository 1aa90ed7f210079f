"""Connections of mysql-connector-python as this project hands them out: they announce what they send. Imports it."""

from __future__ import annotations

import contextlib
import functools
import importlib
import logging
import select
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import mysql.connector
import mysql.connector.cursor
from aibasic.modules.effects import Kind
from aibasic.modules.mysql.cursors import announcing
from aibasic.modules.mysql.failures import INTERRUPTED
from aibasic.modules.mysql.literals import Writer
from aibasic.modules.mysql.statement import facts
from aibasic.modules.sockets import cut, silence
from mysql.connector.constants import ServerFlag
from mysql.connector.errors import Error, get_mysql_exception

log = logging.getLogger("aibasic.modules")

QUICK = bool(mysql.connector.HAVE_CEXT)
"""Whether the driver's part in C was loaded; its Python does the same three times slower."""


def why_slow() -> str:
    """Why the driver's part in C was not loaded, and what helps; "" where it was."""
    if QUICK:
        return ""
    reason = ""
    try:
        importlib.import_module("_mysql_connector")
    except ImportError as error:
        reason = str(error)
    # What pyarrow has of it is more than there is for two, and a half-loaded OpenSSL does not go with the driver's.
    is_late = "static TLS" in reason or "libcrypto" in reason
    step = "import mysql.connector before pandas and pyarrow" if is_late else "pip install 'mysql-connector-python<10'"
    return f"mysql-connector-python runs without its part in C, three times slower ({reason}): {step}"


class _InPython(mysql.connector.MySQLConnection):
    """The driver's connection without its part in C, with what that one has beside."""

    _server_status = 0

    @property
    def descriptor(self) -> int:
        """Of its socket."""
        return int(self._socket.sock.fileno()) if self._socket is not None and self._socket.sock is not None else -1

    def is_closed(self) -> bool:
        """Whether this side has closed it."""
        return self.descriptor < 0

    def next_result(self) -> bool:
        """Whether there is another result, which is then the one that is fetched."""
        if not self._have_next_result or self._socket is None:
            return False
        self._next = self._handle_result(self._socket.recv())
        return True

    @property
    def result_set_available(self) -> bool:
        """Whether the result has rows."""
        return "columns" in self._next

    def fetch_eof_columns(self) -> Any:
        """What the server told of a result with rows."""
        return self._next

    fetch_eof_status = fetch_eof_columns

    def _handle_server_status(self, flags: int) -> None:
        super()._handle_server_status(flags)
        self._server_status = flags


_Base: Any = mysql.connector.CMySQLConnection if QUICK else _InPython
_Cursor: Any = mysql.connector.cursor_cext.CMySQLCursor if QUICK else mysql.connector.cursor.MySQLCursor
_InC: Any = sys.modules["_mysql_connector"].MySQLInterfaceError if QUICK else ()
_BufferedCursor: Any = (
    mysql.connector.cursor_cext.CMySQLCursorBuffered if QUICK else mysql.connector.cursor.MySQLCursorBuffered
)
Announce = Callable[[Kind, str], None]


class Connection(_Base):  # type: ignore[misc]
    """A connection that knows its place, and whose cursors announce each statement before they send it."""

    section = ""
    place = ""
    announce: Announce
    changed_schema: Callable[[], None]
    initial: Sequence[str] = ()
    """Statements that make a session what the configuration asks for."""
    used_at = 0.0
    _poll: select.poll | None = None
    read_only = False
    """READONLY: its transactions only read."""
    announced = False
    """Whether what its cursors send now has been announced as a whole."""
    if QUICK:
        descriptor = -1
        """Of its socket; -1 where that could not be told."""

    def cursor(self, *arguments: Any, **options: Any) -> Any:
        """As the driver's; rows are read at once unless `buffered=False` is asked for."""
        if not options.get("prepared"):
            options.setdefault("buffered", True)
        chosen = super().cursor(*arguments, **options)
        kind: Any = type(chosen)
        return announcing(kind)(self)

    def plain_cursor(self, buffered: bool = False) -> Any:
        """A cursor that announces nothing, for a caller that has announced."""
        # Not by cursor(), which asks the server each time whether it is there.
        return (_BufferedCursor if buffered else _Cursor)(self)

    def results(self, final: bytes) -> Iterator[Sequence[str] | int]:
        """Send statements. Each result is its columns, whose rows `get_rows` then gives, or how many rows it affected.

        The driver's cursors do the same in twice the time.
        """
        told = self.cmd_query(final)
        while True:
            columns = told.get("columns")
            yield int(told["affected_rows"]) if columns is None else [column[0] for column in columns]
            if not self.next_result():
                return
            told = self.fetch_eof_columns() if self.result_set_available else self.fetch_eof_status()

    def next_result(self) -> Any:
        """As the driver's, which forgets here to make its own errors of those of its part in C."""
        try:
            return super().next_result()
        except _InC as error:
            raise get_mysql_exception(error.errno, msg=error.msg, sqlstate=error.sqlstate) from None

    def consume_results(self) -> None:
        """As the driver's, with its own errors."""
        try:
            super().consume_results()
        except _InC as error:
            raise get_mysql_exception(error.errno, msg=error.msg, sqlstate=error.sqlstate) from None

    def send(self, statement: str | bytes) -> None:
        """Carry out a statement whose result nobody asked for."""
        cursor = self.plain_cursor(buffered=True)
        cursor.execute(statement)
        cursor.close()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query of our own."""
        cursor = self.plain_cursor(buffered=True)
        try:
            cursor.execute(query)
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found
        finally:
            cursor.close()

    @property
    def writer(self) -> Writer:
        """What writes values for this connection as it is now."""
        return _writer(self.python_charset, not self._server_status & ServerFlag.STATUS_NO_BACKSLASH_ESCAPES)

    def finished(self, query: str | bytes, params: Any) -> bytes:
        """The very bytes of a statement with its parameters in it."""
        return self.writer.fill(query, params)

    def as_text(self, final: bytes) -> str:
        """A finished statement for people and listeners."""
        return final.decode(self.python_charset, errors="replace")

    def note(self, statement: str) -> None:
        """Take notice of a statement that was sent: it may have changed the schema."""
        if facts(statement).changes_schema:
            self.changed_schema()

    def forget_password(self) -> None:
        """Only a reconnection would need it, and there is none."""
        self._password = ""
        if not QUICK:
            self._authenticator = None

    def start_transaction(self, *arguments: Any, **options: Any) -> None:
        """As the driver's; READONLY stays."""
        if self.read_only and False in (*arguments[2:3], options.get("readonly")):
            raise PermissionError(f"[{self.section}] has READONLY = true, so its transactions stay read-only")
        super().start_transaction(*arguments, **options)

    def cmd_reset_connection(self) -> bool:
        """As the driver's; the session begins anew as the configuration asks for it."""
        was_reset = bool(super().cmd_reset_connection())
        if was_reset:
            self.begin_session()
        return was_reset

    def cmd_change_user(self, *arguments: Any, **options: Any) -> Any:
        """As the driver's; the session begins anew as the configuration asks for it."""
        answer = super().cmd_change_user(*arguments, **options)
        self.begin_session()
        return answer

    def begin_session(self) -> None:
        """Make a new or a reset session what the configuration asks for."""
        for statement in self.initial:
            self.send(statement)

    def alive(self) -> bool:
        """Whether it stands, as far as this side can tell, and no rows of before are on their way."""
        try:
            if self.is_closed() or self.unread_result:
                return False
            # What comes while nobody asks is a farewell, or something of TLS: then the server is asked.
            return self.answers() if self.descriptor < 0 or self._has_something() else True
        except (Error, OSError):
            return False

    @property
    def broken(self) -> bool:
        """Whether it is known to stand no more."""
        return bool(self.is_closed())

    def was_cancelled(self, error: Exception) -> bool:
        """Whether the server stopped a statement because it was told to, or because its time was over."""
        return getattr(error, "errno", None) in INTERRUPTED

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
            if not self.cmd_reset_connection():
                return False
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
        """Cut it, while a call hangs on it that cannot be waited for."""
        if self.descriptor >= 0:
            cut(self.descriptor)

    def disown(self) -> None:
        """In a forked child: say nothing to the server, whoever closes it."""
        if self.descriptor >= 0:
            with contextlib.suppress(OSError):
                silence(self.descriptor)

    def _has_something(self) -> bool:
        if self._poll is None:
            self._poll = select.poll()
            self._poll.register(self.descriptor, select.POLLIN | select.POLLERR | select.POLLHUP)
        return bool(self._poll.poll(0))


@functools.cache
def _writer(encoding: str, backslashes: bool) -> Writer:
    return Writer(encoding, backslashes)
