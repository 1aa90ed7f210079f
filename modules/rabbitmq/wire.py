"""One AMQP connection and the thread that owns it: alone it touches pika, so heartbeats go on whatever else waits."""

from __future__ import annotations

import _thread
import contextlib
import logging
import os
import select
import socket
import threading
from collections.abc import Callable
from typing import Any

from aibasic.modules.rabbitmq.errors import Lost

log = logging.getLogger("aibasic.modules.rabbitmq")
_GONE = getattr(select, "POLLRDHUP", select.POLLHUP)
GOODBYE = 2.0
"""Seconds that a broker has to answer the end of a connection."""


class Reply:
    """What one thread waits for and the owner provides, once."""

    __slots__ = ("_arrived", "_error", "_value")

    def __init__(self) -> None:
        self._arrived = _thread.allocate_lock()
        self._arrived.acquire()
        self._value: Any = None
        self._error: BaseException | None = None

    @property
    def waiting(self) -> bool:
        """Whether nothing has been provided yet."""
        return self._arrived.locked()

    def set(self, value: Any = None) -> None:
        """Provide the value; what comes after the first is ignored."""
        self._value = value
        self._release()

    def fail(self, error: BaseException) -> None:
        """Provide an error instead."""
        if self.waiting:
            self._error = error
            self._release()

    def wait(self, seconds: float) -> Any:
        """The value, or its error raised; TimeoutError after so many seconds. An interrupt ends the wait at once."""
        if not self._arrived.acquire(timeout=seconds):
            raise TimeoutError
        self._arrived.release()
        if self._error is not None:
            raise self._error
        return self._value

    def _release(self) -> None:
        with contextlib.suppress(RuntimeError):
            self._arrived.release()


class Wire:
    """A connection from its opening to its end; a new one takes its place."""

    def __init__(self, parameters: Any) -> None:
        """Begin to connect; `opened` tells when it is."""
        from aibasic.modules.rabbitmq.loop import Loop

        self.opened = Reply()
        self.ended = False
        self._lock = threading.Lock()
        self._pending: set[Reply] = {self.opened}
        self._loop = Loop()
        self.connection: Any = None
        self._thread = threading.Thread(target=self._own, args=(parameters,), name="aibasic-rabbitmq", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether it is open, as far as is known without asking."""
        return (
            not self.ended
            and self.connection is not None
            and bool(self.connection.is_open)
            and not any(_hung_up(number) for number in tuple(self._loop.sockets))
        )

    def ask(self, start: Callable[[Reply], None]) -> Reply:
        """Have the owner call `start(reply)`. The reply fails with `Lost` when the connection ends before it came."""
        reply = Reply()
        with self._lock:
            if self.ended:
                reply.fail(Lost("it has ended", sent=False))
                return reply
            self._pending.add(reply)
            self._loop.add_callback_threadsafe(lambda: self._begin(start, reply))
        return reply

    def done(self, reply: Reply) -> None:
        """Forget a reply that nobody waits for any more."""
        self._pending.discard(reply)

    def post(self, job: Callable[[], object]) -> bool:
        """Have the owner call `job`; False where the connection has ended."""
        with self._lock:
            if not self.ended:
                self._loop.add_callback_threadsafe(lambda: _carefully(job))
            return not self.ended

    def close(self) -> None:
        """Say goodbye, wait for the answer up to `GOODBYE` seconds, and be gone."""
        self.post(self._say_goodbye)
        if threading.current_thread() is not self._thread:
            self._thread.join(GOODBYE)
            if self._thread.is_alive():
                self.cut()

    def cut(self) -> None:
        """End the connection without a word; the owner notices at once. For a broker that does not answer."""
        with self._lock:
            numbers = () if self.ended else tuple(self._loop.sockets)
            for number in numbers:
                with contextlib.suppress(OSError), socket.socket(fileno=os.dup(number)) as copy:
                    copy.shutdown(socket.SHUT_RDWR)
        self.post(self._loop.stop)

    def drop(self) -> None:
        """In a forked child: let go of the parent's sockets, of which the broker hears nothing."""
        self.ended = True
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in tuple(self._loop.sockets):
            # The number stays taken, so that the object that holds it cannot close somebody else's file.
            os.dup2(nothing, number)
        os.close(nothing)

    def _own(self, parameters: Any) -> None:
        reason: BaseException | None = None

        def ended(_: Any, error: BaseException) -> None:
            nonlocal reason
            reason = error
            self._loop.stop()

        try:
            self.connection = self._loop.connect(parameters, self.opened.set, ended)
            self._loop.start()
        except Exception as error:
            reason = error
        self._end(reason)

    def _end(self, reason: BaseException | None) -> None:
        with self._lock:
            self.ended = True
            pending, self._pending = self._pending, set()
        self.opened.fail(reason or Lost("it was given up"))
        for reply in tuple(pending):
            reply.fail(Lost(_words(reason)))
        self._loop.close()

    def _begin(self, start: Callable[[Reply], None], reply: Reply) -> None:
        try:
            start(reply)
        except Exception as error:
            reply.fail(error)

    def _say_goodbye(self) -> None:
        if self.connection is not None and not (self.connection.is_closed or self.connection.is_closing):
            self.connection.close()
        else:
            self._loop.stop()


def _carefully(job: Callable[[], object]) -> None:
    """Do a job of somebody who does not wait: what it raises must not end the connection of all others."""
    try:
        job()
    except Exception as error:
        log.warning("not sent: %s: %s", type(error).__name__, error)


def _hung_up(number: int) -> bool:
    """Whether the other end of a socket is gone, which its owner may not have noticed yet."""
    poll = select.poll()
    poll.register(number, _GONE)
    return bool(poll.poll(0))


def _words(reason: BaseException | None) -> str:
    """Why a connection ended, in a few words."""
    if reason is None:
        return "it was given up"
    return (
        str(getattr(reason, "reply_text", "")) or next((str(part) for part in reason.args if part), "") or repr(reason)
    )
