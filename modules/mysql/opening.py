"""How connections to MySQL are opened, and which socket each of them has. Imports the driver."""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from aibasic.modules.mysql import read_only
from aibasic.modules.mysql.driver import QUICK, Announce, Connection
from aibasic.modules.mysql.failures import connect_reason
from aibasic.modules.mysql.target import Target
from aibasic.modules.secret import Secret
from mysql.connector.errors import Error, OperationalError

_turns: dict[tuple[object, ...], threading.Lock] = {}


def connect(target: Target, announce: Announce, changed_schema: Callable[[], None]) -> Connection:
    """Open a connection, not in autocommit. The OperationalError has the driver's reason and no password."""
    connection, reason = _attempt(target)
    if connection is None:
        raise OperationalError(connect_reason(target.section, reason))
    connection.section = target.section
    connection.place = target.place
    connection.read_only = target.read_only
    connection.announce = read_only.guarded(target.section, announce) if target.read_only else announce
    connection.changed_schema = changed_schema
    connection.initial = tuple(_initial(connection, target))
    try:
        connection.begin_session()
    except Error as error:
        connection.end()
        reason = str(error)
    else:
        return connection
    raise OperationalError(connect_reason(target.section, reason))


def after_fork() -> None:
    """In a forked child: nobody else is connecting there."""
    _turns.clear()


def is_mariadb(connection: Connection) -> bool:
    """Whether the server is MariaDB, which has words of its own for some things."""
    return "mariadb" in str(connection.server_info).lower()


def _initial(connection: Connection, target: Target) -> Iterator[str]:
    collation = f" COLLATE {target.collation}" if target.collation else ""
    yield f"SET NAMES {target.charset}{collation}"
    if target.statement_timeout and is_mariadb(connection):
        yield f"SET SESSION max_statement_time = {target.statement_timeout}"
    elif target.statement_timeout:
        yield f"SET SESSION max_execution_time = {round(target.statement_timeout * 1000)}"
    if target.read_only:
        yield read_only.STATEMENT


def _attempt(target: Target) -> tuple[Connection | None, str]:
    arguments = target.arguments()
    plain = {name: value.reveal() if isinstance(value, Secret) else value for name, value in arguments.items()}
    password = plain.get("password")
    try:
        connection = Connection(**plain) if not QUICK else _with_descriptor(plain, target.timeout)
    except (Error, OSError) as error:
        reason = str(error).strip() or type(error).__name__
        return None, reason.replace(password, "***") if password and len(password) > 3 else reason
    connection.forget_password()
    ((_, cipher),) = connection.rows("SHOW SESSION STATUS LIKE 'Ssl_cipher'")
    if target.has_tls_wish and not cipher:
        connection.end()
        return None, "SSL is required by USE_SSL, and the server has none"
    return connection, ""


def _with_descriptor(arguments: dict[str, Any], timeout: float) -> Connection:
    """A connection that knows its socket, which the driver's part in C does not tell: the one that is new.

    So nobody else may connect to the same server at that moment.
    """
    place = tuple(arguments.get(name) for name in ("unix_socket", "host", "port"))
    turn = _turns.setdefault(place, threading.Lock())
    has_turn = turn.acquire(timeout=timeout)
    try:
        before = _sockets()
        connection = Connection(**arguments)
        opened = [one for one in _sockets() - before if _leads_to(one, arguments)]
    finally:
        if has_turn:
            turn.release()
    connection.descriptor = opened[0] if len(opened) == 1 else -1
    return connection


def _sockets() -> set[int]:
    """The descriptors of this process that are sockets."""
    found = set()
    with contextlib.suppress(OSError):
        for entry in Path("/dev/fd").iterdir():
            with contextlib.suppress(OSError, ValueError):
                if stat.S_ISSOCK(os.fstat(int(entry.name)).st_mode):
                    found.add(int(entry.name))
    return found


def _leads_to(descriptor: int, arguments: dict[str, Any]) -> bool:
    """Whether a socket is connected with the server: another thread may have opened one to elsewhere."""
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as ours:
        peer = ours.getpeername()
        if path := arguments.get("unix_socket"):
            return bool(peer == path)
        return isinstance(peer, tuple) and peer[1] == arguments["port"]
    return False
