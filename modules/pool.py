"""Connections of one module: never more than the limit; who finds none free waits."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar

UNCHECKED_SECONDS = 60.0
"""A connection idle for longer is asked for a sign of life: firewalls drop silent ones without telling either end."""
CLOSED = "the connections were closed for good while one was waited for"


class Connection(Protocol):
    """What the pool needs of a driver's connection. None of these raises."""

    used_at: float
    """When it was last seen alive, by `time.monotonic()`."""

    def alive(self) -> bool:
        """Whether it still stands, as far as this side can tell without asking the server."""

    def answers(self) -> bool:
        """Whether the server answers on it."""

    def renew(self) -> bool:
        """Put it back into the state of a new one; False where that cannot be done."""

    def end(self) -> None:
        """Close it."""

    def abandon(self) -> None:
        """Cut it without a word to the server, because a call hangs on it."""

    def disown(self) -> None:
        """In a forked child: let go of it without a word to the server, for it is the parent's."""


Held = TypeVar("Held", bound=Connection)


class Pool(Generic[Held]):
    """Idle connections, last used first."""

    def __init__(self, connect: Callable[[], Held], maximum: int, timeout: float) -> None:
        self._connect = connect
        self.maximum = maximum
        self._timeout = timeout
        self._idle: list[Held] = []
        # Weak, so that a connection that somebody forgot to give back frees its place when it is collected.
        self._out: weakref.WeakSet[Held] = weakref.WeakSet()
        self._made: weakref.WeakSet[Held] = weakref.WeakSet()
        self._opening = 0
        self._waiting = 0
        self._closed = False
        self._changed = threading.Condition()
        self.reclaim: Callable[[], bool] = lambda: False
        """Asked, when none is free, whether somebody gave one up."""

    def take(self) -> Held:
        """A connection that works. Waits for one up to the pool's time limit, then a TimeoutError says what to do."""
        while True:
            connection = self._free_one()
            if connection is None:
                return self._open()
            if stands(connection):
                return connection
            self.discard(connection)

    def give_back(self, connection: Held, touched: bool = True) -> None:
        """Let the next one have it; renewed where more than single statements may have `touched` it."""
        with self._changed:
            if connection not in self._out:
                return
            # From here on it is nobody's: a second one who gives it back must find it gone.
            self._out.discard(connection)
            self._opening += 1
        clean = False
        try:
            clean = connection.renew() if touched else connection.alive()
        finally:
            with self._changed:
                self._opening -= 1
                kept = clean and not self._closed
                if kept:
                    self._idle.append(connection)
                self._changed.notify()
            if not kept:
                connection.end()

    def discard(self, connection: Held) -> None:
        """Close a connection for good; its place is free."""
        self._free(connection)
        connection.end()

    def abandon(self, connection: Held) -> None:
        """Cut a connection on which a call hangs that cannot be waited for; its place is free."""
        self._free(connection)
        connection.abandon()

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

    def knows(self, connection: Held) -> bool:
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
            connection.end()

    def after_fork(self) -> None:
        """Forget all connections without a word to the server, which would end the parent's sessions."""
        for connection in [*self._idle, *self._out]:
            connection.disown()
        self._idle = []
        self._out = weakref.WeakSet()
        self._opening = self._waiting = 0
        self._changed = threading.Condition()

    def _free(self, connection: Held) -> None:
        with self._changed:
            self._out.discard(connection)
            self._changed.notify()

    def _free_one(self) -> Held | None:
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
                        raise TimeoutError(lack(self.maximum, self._timeout))
                    # In slices, because a connection that is merely collected tells nobody.
                    self._changed.wait(min(rest, 0.25))
            finally:
                self._waiting -= 1

    def _open(self) -> Held:
        try:
            connection = self._connect()
        except BaseException:
            self._opened(None)
            raise
        if not self._opened(connection):
            connection.end()
            raise RuntimeError(CLOSED)
        connection.used_at = time.monotonic()
        return connection

    def _opened(self, connection: Held | None) -> bool:
        """Note how opening ended; False where the pool was closed for good meanwhile."""
        with self._changed:
            self._opening -= 1
            if connection is not None and not self._closed:
                self._out.add(connection)
                self._made.add(connection)
            else:
                self._changed.notify()
            return not self._closed


class Taking(Generic[Held]):
    """A connection on its way out of a pool; one that comes when nobody waits any more goes back."""

    def __init__(self, pool: Pool[Held]) -> None:
        self._pool = pool
        self._stopped = threading.Event()

    def take(self) -> Held:
        """The connection, when it has come."""
        connection = self._pool.take()
        if self._stopped.is_set():
            self._pool.give_back(connection, touched=False)
        return connection

    def stop(self) -> None:
        """Nobody waits for it any more."""
        self._stopped.set()


def silent_for_long(connection: Connection) -> bool:
    """Whether only the server itself can tell that the connection still stands."""
    return time.monotonic() - connection.used_at > UNCHECKED_SECONDS


def stands(connection: Connection) -> bool:
    """Whether a connection can be used; asks the server only after a long silence."""
    if not connection.alive():
        return False
    if silent_for_long(connection) and not connection.answers():
        return False
    connection.used_at = time.monotonic()
    return True


def lack(maximum: int, waited: float) -> str:
    """All connections are in use."""
    return (
        f"all {maximum} connections are in use and none came back within {waited:g} s: give back with "
        "release_connection(conn), or raise MAX_CONNECTIONS"
    )
