"""The module's connection: opened when needed and anew when it was lost, with the channels that calls share."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from aibasic.modules.rabbitmq import errors
from aibasic.modules.rabbitmq.asking import AskingChannel
from aibasic.modules.rabbitmq.channel import Channel
from aibasic.modules.rabbitmq.getting import GettingChannel
from aibasic.modules.rabbitmq.publisher import ConfirmChannel
from aibasic.modules.rabbitmq.target import Target
from aibasic.modules.rabbitmq.wire import Wire

Kind = TypeVar("Kind", bound=Channel)


class Link:
    """One connection at a time to one broker. Any thread may use it."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._lock = threading.RLock()
        self._wire: Wire | None = None
        self._shared: dict[str, Channel] = {}
        self._had_one = False
        self.on_connect: Callable[[Any], None] = lambda _: None
        """Told of pika's connection each time that a new one is open."""

    @property
    def alive(self) -> bool:
        """Whether a connection is open, as far as is known without asking."""
        return self._wire is not None and self._wire.alive

    def wire(self) -> Wire:
        """The open connection, made if there is none. RuntimeError with the cause where it cannot be made."""
        with self._lock:
            if not self.alive:
                before, self._wire, self._shared = self._wire, None, {}
                if before is not None:
                    before.cut()
                self._wire = self._connect()
                self._had_one = True
                self.on_connect(self._wire.connection)
                # At once, so that a message that is published later needs nothing but itself.
                self._shared["publishing"] = self._made(ConfirmChannel)
            assert self._wire is not None
            return self._wire

    def control(self) -> Channel:
        """The channel for declaring and asking."""
        return self._channel("control", Channel)

    def publishing(self) -> ConfirmChannel:
        """The channel for publishing with confirms."""
        return self._channel("publishing", ConfirmChannel)

    def fire_and_forget(self) -> Channel:
        """The channel for publishing without confirms."""
        return self._channel("unconfirmed", Channel)

    def getting(self) -> GettingChannel:
        """The channel for getting single messages, which holds those that are not acknowledged."""
        return self._channel("getting", GettingChannel)

    def asking(self) -> AskingChannel:
        """The channel for requests, on which their answers come back."""
        return self._channel("asking", AskingChannel)

    def new(self, kind: Callable[[Wire, str, float], Kind]) -> Kind:
        """A channel of one's own."""
        self.wire()
        return self._made(kind)

    def close(self) -> None:
        """End the connection; the next use makes a new one."""
        with self._lock:
            wire, self._wire, self._shared = self._wire, None, {}
        if wire is not None:
            wire.close()

    def drop(self) -> None:
        """In a forked child: let go of the parent's connection."""
        wire, self._wire, self._shared = self._wire, None, {}
        self._lock = threading.RLock()
        if wire is not None:
            wire.drop()

    def _channel(self, role: str, kind: Callable[[Wire, str, float], Kind]) -> Kind:
        with self._lock:
            self.wire()
            channel = self._shared.get(role)
            if channel is None or channel.ended is not None:
                channel = self._shared[role] = self.new(kind)
            return channel  # type: ignore[return-value]

    def _made(self, kind: Callable[[Wire, str, float], Kind]) -> Kind:
        assert self._wire is not None
        return kind(self._wire, str(self._target), self._target.timeout)

    def _connect(self) -> Wire:
        wire = Wire(self._target.parameters())
        problem: Exception
        try:
            wire.opened.wait(self._target.timeout)
            return wire
        except Exception as error:
            problem = errors.failed_to_connect(self._target.section, error, self._target, self._had_one)
        except BaseException:
            wire.cut()
            raise
        wire.cut()
        raise problem
