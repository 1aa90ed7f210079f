"""The connections of one PostgreSQL module: never more than the limit; who finds none free waits."""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aibasic.modules.postgres_errors import describe_lack
from aibasic.modules.sockets import cut, silence

if TYPE_CHECKING:
    from aibasic.modules.postgres_driver import Connection

log = logging.getLogger("aibasic.modules")

UNCHECKED_SECONDS = 60.0
"""A connection idle for longer is asked for a sign of life: firewalls drop silent ones without telling either end."""
CLOSED = "the connections were closed for good while one was waited for"


class Pool:
    """Idle connections, last used first. Its connections are not in autocommit."""

    def __init__(self, connect: Callable[[], Connection], maximum: int, timeout: float) -> None:
        self._connect = connect
        self.maximum = maximum
        self._timeout = timeout
        self._idle: list[Connection] = []
        # Weak, so that a connection that somebody forgot to give back frees its place when it is collected.
        self._out: weakref.WeakSet[Connection] = weakref.WeakSet()
        self._made: weakref.WeakSet[Connection] = weakref.WeakSet()
        self._opening = 0
        self._waiting = 0
        self._closed = False
        self._changed = threading.Condition()
        self.reclaim: Callable[[], bool] = lambda: False
        """Asked, when none is free, whether somebody gave one up."""

    def take(self) -> Connection:
        """A connection that works. Waits for one up to the pool's time limit, then a TimeoutError says what to do."""
        while True:
            connection = self._free_one()
            if connection is None:
                return self._open()
            if answers(connection):
                return connection
            self.discard(connection)

    def give_back(self, connection: Connection, touched: bool = True) -> None:
        """Let the next one have it; rolled back and reset where more than single statements may have `touched` it."""
        with self._changed:
            if connection not in self._out:
                return
            # From here on it is nobody's: a second one who gives it back must find it gone.
            self._out.discard(connection)
            self._opening += 1
        clean = False
        try:
            clean = reset(connection) if touched else not connection.closed
        finally:
            with self._changed:
                self._opening -= 1
                kept = clean and not self._closed
                if kept:
                    self._idle.append(connection)
                self._changed.notify()
            if not kept:
                _close(connection)

    def discard(self, connection: Connection) -> None:
        """Close a connection for good; its place is free."""
        with self._changed:
            self._out.discard(connection)
            self._changed.notify()
        _close(connection)

    def abandon(self, connection: Connection) -> None:
        """Cut a connection on which a call hangs that cannot be waited for; its place is free."""
        with self._changed:
            self._out.discard(connection)
            self._changed.notify()
        cut(connection.fileno())

    @contextmanager
    def place(self) -> Iterator[bool]:
        """Count a connection that is not the pool's own, for a block; False where the limit leaves no place for it."""
        with self._changed:
            is_free = len(self._idle) + len(self._out) + self._opening < self.maximum
            self._opening += is_free
        try:
            yield is_free
        finally:
            with self._changed:
                self._opening -= is_free
                self._changed.notify()

    def knows(self, connection: Connection) -> bool:
        """Whether the connection is this pool's."""
        with self._changed:
            return connection in self._made

    def counts(self) -> dict[str, int]:
        """`open`, `idle`, `in_use` connections, and `waiting` threads."""
        with self._changed:
            idle, used = len(self._idle), len(self._out) + self._opening
            return {"open": idle + used, "idle": idle, "in_use": used, "waiting": self._waiting}

    def close(self, for_good: bool = False) -> None:
        """Close all connections, also those in use; `for_good`, who waits for one is told, and none is opened again."""
        with self._changed:
            self._closed = self._closed or for_good
            connections = [*self._idle, *self._out]
            self._idle.clear()
            self._out.clear()
            self._changed.notify_all()
        for connection in connections:
            _close(connection)

    def after_fork(self) -> None:
        """Forget all connections without a word to the server, which would end the parent's sessions."""
        for connection in [*self._idle, *self._out]:
            if not connection.closed:
                silence(connection.fileno())
        self._idle = []
        self._out = weakref.WeakSet()
        self._opening = self._waiting = 0
        self._changed = threading.Condition()

    def _free_one(self) -> Connection | None:
        """An idle connection, or None with a place reserved for a new one."""
        until = time.monotonic() + self._timeout
        with self._changed:
            self._waiting += 1
            try:
                while True:
                    if self._closed:
                        raise RuntimeError(CLOSED)
                    if self._idle:
                        connection = self._idle.pop()
                        self._out.add(connection)
                        return connection
                    if len(self._out) + self._opening < self.maximum or self.reclaim():
                        self._opening += 1
                        return None
                    rest = until - time.monotonic()
                    if rest <= 0:
                        raise TimeoutError(describe_lack(self.maximum, self._timeout))
                    # In slices, because a connection that is merely collected tells nobody.
                    self._changed.wait(min(rest, 0.25))
            finally:
                self._waiting -= 1

    def _open(self) -> Connection:
        try:
            connection = self._connect()
        except BaseException:
            self._opened(None)
            raise
        if not self._opened(connection):
            _close(connection)
            raise RuntimeError(CLOSED)
        return connection

    def _opened(self, connection: Connection | None) -> bool:
        """Note how opening ended; False where the pool was closed for good meanwhile."""
        with self._changed:
            self._opening -= 1
            if connection is not None and not self._closed:
                self._out.add(connection)
                self._made.add(connection)
            else:
                self._changed.notify()
            return not self._closed


def reset(connection: Connection) -> bool:
    """Put a connection back into the state of a new one; False where that cannot be done."""
    from psycopg2 import Error

    if not connection.rests() or connection.closed:
        return False
    try:
        connection.rollback()
        connection.set_session(isolation_level="DEFAULT", readonly="default", deferrable="default", autocommit=True)
        with connection.plain_cursor() as cursor:
            cursor.execute("DISCARD ALL")
        connection.autocommit = False
    except Error as error:
        log.debug("a connection could not be reset: %s", error)
        _close(connection)
        return False
    connection.cursor_factory = None  # type: ignore[assignment]
    connection.used_at = time.monotonic()
    return True


def silent_for_long(connection: Connection) -> bool:
    """Whether only the server itself can tell that the connection still stands."""
    return time.monotonic() - connection.used_at > UNCHECKED_SECONDS


def answers(connection: Connection) -> bool:
    """Whether an idle connection can be used; asks the server only after a long silence."""
    from psycopg2 import Error

    if not connection.alive():
        return False
    if silent_for_long(connection):
        autocommit = connection.autocommit
        try:
            connection.autocommit = True
            with connection.plain_cursor() as cursor:
                cursor.execute("SELECT 1")
            connection.autocommit = autocommit
        except Error:
            return False
    connection.used_at = time.monotonic()
    return True


def _close(connection: Connection) -> None:
    from psycopg2 import Error

    try:
        connection.close()
    except Error as error:
        log.debug("closing a connection: %s", error)
