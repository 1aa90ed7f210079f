"""Connections of one module: never more than the limit; who finds none free waits."""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

log = logging.getLogger("aibasic.modules")

UNCHECKED_SECONDS = 60.0
"""A connection idle for longer is asked for a sign of life: firewalls drop silent ones without telling either end."""


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
        """Let go of it without a word to the server: it is another process's, or a call hangs on it."""


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
        clean = connection.renew() if touched else connection.alive()
        with self._changed:
            known = connection in self._out
            self._out.discard(connection)
            keep = clean and known and not self._closed
            if keep:
                self._idle.append(connection)
            self._changed.notify()
        if not keep:
            connection.end()

    def discard(self, connection: Held) -> None:
        """Close a connection for good; its place is free."""
        self._free(connection)
        connection.end()

    def abandon(self, connection: Held) -> None:
        """Cut a connection on which a call hangs that cannot be waited for; its place is free."""
        self._free(connection)
        connection.abandon()

    def knows(self, connection: Held) -> bool:
        """Whether the connection is out of this pool, to be given back."""
        with self._changed:
            return connection in self._out

    def counts(self) -> dict[str, int]:
        """`open`, `idle`, `in_use` connections, and `waiting` threads."""
        with self._changed:
            idle, used = len(self._idle), len(self._out) + self._opening
            return {"open": idle + used, "idle": idle, "in_use": used, "waiting": self._waiting}

    def close(self) -> None:
        """Close all connections, also those that are in use; who waits for one is told. `take` opens new ones."""
        with self._changed:
            connections = [*self._idle, *self._out]
            self._idle.clear()
            self._out.clear()
            self._changed.notify_all()
        for connection in connections:
            connection.end()

    def shut(self) -> None:
        """Close all connections for good."""
        with self._changed:
            self._closed = True
        self.close()

    def after_fork(self) -> None:
        """Forget all connections without a word to the server, which would end the parent's sessions."""
        for connection in [*self._idle, *self._out]:
            connection.abandon()
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
                        raise RuntimeError("closed while waiting for a connection")
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
        connection = None
        try:
            connection = self._connect()
            connection.used_at = time.monotonic()
            return connection
        finally:
            with self._changed:
                self._opening -= 1
                if connection is not None:
                    self._out.add(connection)
                else:
                    self._changed.notify()


def stands(connection: Connection) -> bool:
    """Whether a connection can be used; asks the server only after a long silence."""
    if not connection.alive():
        return False
    if time.monotonic() - connection.used_at > UNCHECKED_SECONDS and not connection.answers():
        return False
    connection.used_at = time.monotonic()
    return True


def lack(maximum: int, waited: float) -> str:
    """All connections are in use."""
    return (
        f"all {maximum} connections are in use and none came back within {waited:g} s: give back with "
        "release_connection(conn), or raise MAX_CONNECTIONS"
    )
