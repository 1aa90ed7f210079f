"""An AMQP channel: what is asked on it is sent by the owner of the connection and awaited by whoever asks."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import TracebackType
from typing import Any, TypeVar

from aibasic.modules.rabbitmq import errors
from aibasic.modules.rabbitmq.errors import Lost
from aibasic.modules.rabbitmq.wire import Reply, Wire

Self = TypeVar("Self", bound="Channel")
Start = Callable[[Any, Callable[[Any], None]], object]
"""Sends something on pika's channel and has its answer given to the function."""


class ChannelEnded(Exception):
    """The broker closed the channel, with its reply `code` and `text`. Never leaves the module."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(code, text)
        self.code = code
        self.text = text


class Channel:
    """A channel of one connection. An error of the broker ends it; a new one takes its place."""

    def __init__(self, wire: Wire, place: str, timeout: float) -> None:
        """Open it. ConnectionError or TimeoutError where that fails."""
        self.wire = wire
        self.place = place
        self.timeout = timeout
        self._pending: set[Reply] = set()
        self.ended: ChannelEnded | Lost | None = None
        self._said_goodbye: Callable[[Any], None] | None = None
        self.raw: Any = None
        self._wait(wire.ask(self._open), "open a channel", False, timeout)

    @property
    def alive(self) -> bool:
        """Whether it is open, as far as is known without asking."""
        return self.ended is None and self.wire.alive

    def call(self, start: Start, what: str, wrote: bool = True) -> Any:
        """Send and wait for the answer, up to TIMEOUT.

        `what` names it in errors, `wrote` says whether it may have changed something where the outcome is unknown.
        """
        reply = self.wire.ask(functools.partial(self._start, start))
        return self._wait(reply, what, wrote, self.timeout)

    def post(self, send: Callable[[Any], object]) -> None:
        """Send something that has no answer; nothing happens where the channel has ended."""
        self.wire.post(lambda: send(self.raw) if self.raw.is_open else None)

    def await_reply(self, reply: Reply, what: str, wrote: bool, seconds: float | None = None) -> Any:
        """Wait for a reply of this channel's owner as `call` does, up to TIMEOUT or `seconds`."""
        return self._wait(reply, what, wrote, self.timeout if seconds is None else seconds)

    def close(self) -> None:
        """Close it; what was delivered on it and not acknowledged goes back to its queue."""
        if self.alive:
            self.call(self._close, "close a channel", wrote=False)

    def leave(self) -> None:
        """Close it without waiting for the answer."""
        self.post(lambda raw: raw.close())

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it; after an error, or an interrupt, without waiting."""
        if kind is None or kind is GeneratorExit:
            self.close()
        else:
            self.leave()

    def on_end(self, error: Exception) -> None:
        """Told by the owner: the channel has ended, or its connection. For those who keep books of what is open."""

    def on_settled(self) -> None:
        """Told by whoever settled a message of this channel."""

    def _open(self, reply: Reply) -> None:
        self._pending.add(reply)
        self.raw = self.wire.connection.channel(on_open_callback=reply.set)
        self.raw.add_on_close_callback(self._closed)

    def _start(self, start: Start, reply: Reply) -> None:
        if self.ended is not None:
            reply.fail(unsent(self.ended))
            return
        self._pending.add(reply)
        start(self.raw, reply.set)

    def _close(self, raw: Any, done: Callable[[Any], None]) -> None:
        self._said_goodbye = done
        raw.close()

    def _closed(self, raw: Any, reason: Any) -> None:
        text = str(getattr(reason, "reply_text", reason))
        is_open = self.wire.connection.is_open
        error = self.ended = ChannelEnded(getattr(reason, "reply_code", 0), text) if is_open else Lost(text)
        if self._said_goodbye is not None:
            self._said_goodbye(None)
        pending, self._pending = self._pending, set()
        for reply in tuple(pending):
            reply.fail(error)
        self.on_end(error)

    def _wait(self, reply: Reply, what: str, wrote: bool, seconds: float) -> Any:
        problem: Exception
        try:
            return reply.wait(seconds)
        except ChannelEnded as ended:
            problem = errors.refused(what, ended.code, ended.text)
        except Lost as reason:
            problem = errors.lost(what, self.place, reason, wrote and reason.sent)
        except TimeoutError:
            self.wire.cut()
            problem = errors.silent(what, self.place, seconds, wrote)
        except Exception as error:
            problem = errors.of_driver(what, error)
        finally:
            self._pending.discard(reply)
            self.wire.done(reply)
        raise problem


def unsent(end: ChannelEnded | Lost) -> ChannelEnded | Lost:
    """The end of a channel as it is for what came too late to be sent on it."""
    return end if isinstance(end, ChannelEnded) else Lost(str(end), sent=False)
