"""The way to the server: connections from a pool, each command announced and sent once.

Imports the driver.
"""

from __future__ import annotations

import contextlib
import queue
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from aibasic.modules.effects import Kind
from aibasic.modules.interruptible import Interruptible
from aibasic.modules.progress import Progress
from aibasic.modules.redis import errors, kinds
from aibasic.modules.redis.kinds import text
from aibasic.modules.redis.target import Target
from aibasic.modules.sockets import silence
from redis.backoff import NoBackoff
from redis.connection import BlockingConnectionPool, Connection, SSLConnection
from redis.exceptions import BusyLoadingError, ConnectionError, RedisError, TimeoutError
from redis.retry import Retry

Result = TypeVar("Result")

UNCHECKED_SECONDS = 60.0
"""A connection idle for longer is asked for a sign of life: firewalls drop silent ones without telling either end."""


class Call:
    """One call under way, so that an interrupt can end it: `connection` is the one that it uses."""

    def __init__(self) -> None:
        self.connection: Any = None

    def cut(self) -> None:
        """Wake whoever waits on the connection."""
        sock = getattr(self.connection, "_sock", None)
        if sock is not None:
            with contextlib.suppress(OSError):
                # A TLS socket's own shutdown would first speak to the server.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


class Link:
    """All connections of a module, and what is sent over them."""

    def __init__(self, target: Target, announce: Callable[[Kind, str], None], check: Callable[[], None]) -> None:
        self.target = target
        self._announce = announce
        self._check = check
        self._closed = False
        self.pool = self._new_pool()

    def announce(self, commands: Sequence[Sequence[Any]]) -> Kind:
        """Tell what is about to be sent; the gravest kind of the commands."""
        self._check()
        found = {Kind.READ}
        for arguments in commands:
            kind = kinds.kind_of(arguments)
            found.add(kind)
            self._announce(kind, kinds.shown(arguments))
        return next(kind for kind in (Kind.DESTRUCTIVE, Kind.WRITE, Kind.READ) if kind in found)

    def command(self, arguments: Sequence[Any], parse: Callable[[Any], Result]) -> Result:
        """Announce and send one command, and return what `parse(connection)` makes of the answer.

        A read whose connection broke is asked once more; nothing else is ever repeated.
        """
        kind = self.announce([arguments])

        def work(call: Call) -> Result:
            try:
                return self._exchange(call, arguments, parse)
            except TimeoutError as error:
                raise TimeoutError(self.lost(kinds.shown(arguments, 60), error, kind)) from None
            except BusyLoadingError:
                raise
            except Unsent as error:
                raise ConnectionError(str(error)) from None
            except ConnectionError as error:
                if kind is not Kind.READ:
                    raise ConnectionError(self.lost(kinds.shown(arguments, 60), error, kind)) from None
                return self._exchange(call, arguments, parse)

        return self.interruptible(work, text(arguments[0]))

    def interruptible(self, work: Callable[[Call], Result], said: str, progress: Progress | None = None) -> Result:
        """Do some work, which an interrupt ends; with `progress`, which is shown meanwhile, on a worker thread.

        The driver waits in Python, where the main thread hears an interrupt at once: a worker would only cost time.
        """
        call = Call()
        try:
            if progress is None or threading.current_thread() is not threading.main_thread():
                return work(call)
            worker = Interruptible()
            try:
                return worker.call(lambda: work(call), call.cut, progress.show)
            finally:
                progress.close()
                worker.close()
        except KeyboardInterrupt:
            far = f" after {progress}" if progress else ""
            raise KeyboardInterrupt(f"stopped {said}{far}: the server may go on with what it had got") from None

    @contextmanager
    def connection(self) -> Iterator[Any]:
        """A connection that stands, given back when the block ends."""
        connection = self.take()
        try:
            yield connection
        finally:
            self.give_back(connection)

    def take(self) -> Any:
        """A connection that stands, made where there is none. `Unsent` where it cannot be had."""
        self._check()
        reason = ""
        try:
            connection = self.pool.get_connection()
        except (ConnectionError, TimeoutError, OSError) as error:
            reason = errors.connect_reason(self.target.section, str(error))
        else:
            if time.monotonic() - getattr(connection, "aibasic_used", time.monotonic()) <= UNCHECKED_SECONDS:
                return connection
            if _answers(connection):
                return connection
            self.give_back(connection)
            return self.take()
        raise Unsent(f"{reason}\n  Nothing was sent")

    def give_back(self, connection: Any) -> None:
        """Let the next one have it."""
        connection.aibasic_used = time.monotonic()
        self.pool.release(connection)

    def count(self) -> int:
        """How many connections are open now."""
        return sum(1 for connection in list(self.pool._connections) if connection._sock is not None)

    def close(self) -> None:
        """Close all connections."""
        self._closed = True
        self.pool.disconnect()

    def after_fork(self) -> None:
        """In a forked child: let go of the parent's connections without a word to the server."""
        for connection in self.pool._connections:
            if connection._sock is not None:
                silence(connection._sock.fileno())
        self.pool = self._new_pool()

    def _exchange(self, call: Call, arguments: Sequence[Any], parse: Callable[[Any], Result]) -> Result:
        connection = call.connection = self.take()
        waits = kinds.waits(arguments)
        try:
            connection.send_command(*arguments, check_health=False)
            if waits:
                connection._sock.settimeout(None)
            return parse(connection)
        except BaseException as error:
            drop_unless_answered(connection, error)
            if self._closed and isinstance(error, (AttributeError, OSError, ValueError)):
                # What the driver runs into when its socket is taken away.
                raise ConnectionError("the module was closed meanwhile") from None
            raise
        finally:
            call.connection = None
            if waits and connection._sock is not None:
                connection._sock.settimeout(self.target.patience)
            self.give_back(connection)

    def lost(self, said: str, error: Exception, kind: Kind = Kind.WRITE) -> str:
        """What to say where a connection broke with something under way."""
        return errors.lost(self.target.place, said, str(error), kind is not Kind.READ)

    def _new_pool(self) -> Any:
        return _Pool(
            max_connections=self.target.most,
            timeout=self.target.timeout,
            connection_class=_TlsWire if self.target.tls else _Wire,
            retry=Retry(NoBackoff(), 0),
            **self.target.arguments(),
        )


def drop_unless_answered(connection: Any, error: BaseException) -> None:
    """Close a connection on which an answer may still come, which the next call would take for its own."""
    if not isinstance(error, RedisError) or isinstance(error, (ConnectionError, TimeoutError)):
        connection.disconnect()


class Unsent(ConnectionError):
    """No connection could be had, so nothing was sent."""


class _Wire(Connection):
    """What is said while it connects has TIMEOUT, and what comes later SOCKET_TIMEOUT."""

    def _connect(self) -> Any:
        sock = super()._connect()
        sock.settimeout(self.socket_connect_timeout)
        return sock

    def connect_check_health(self, *how: Any, **more: Any) -> None:
        super().connect_check_health(*how, **more)
        if self._sock is not None:
            self._sock.settimeout(self.socket_timeout)


class _TlsWire(_Wire, SSLConnection):
    """The same over TLS."""


class _Pool(BlockingConnectionPool):
    """The connections last used first. redis-py's own way keeps statistics with each step, at a fifth of a call's time.

    Says what to do where all connections are in use.
    """

    def get_connection(self, command_name: Any = None, *keys: Any, **options: Any) -> Any:
        """A connection that stands, as far as this side can tell."""
        self._checkpid()
        try:
            connection = self.pool.get(timeout=self.timeout)
        except queue.Empty:
            raise ConnectionError(errors.lack(self.max_connections, self.timeout)) from None
        try:
            if connection is None:
                connection = self.make_connection()
            elif connection._sock is not None and has_more(connection._sock):
                # The server's farewell, or an answer that nobody waited for.
                connection.disconnect()
            connection.connect()
        except BaseException:
            self.release(connection)
            raise
        return connection

    def release(self, connection: Any) -> None:
        """Let the next one have it."""
        if connection is None or self.owns_connection(connection):
            with contextlib.suppress(queue.Full):
                self.pool.put_nowait(connection)


def has_more(sock: socket.socket) -> bool:
    """Whether something waits to be read, the end of the stream among it."""
    waiting = select.poll()
    waiting.register(sock, select.POLLIN | select.POLLERR | select.POLLHUP)
    return bool(waiting.poll(0))


def _answers(connection: Any) -> bool:
    try:
        connection.send_command("PING", check_health=False)
        return bool(connection.read_response())
    except (ConnectionError, TimeoutError, OSError):
        connection.disconnect()
        return False
