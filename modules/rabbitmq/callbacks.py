"""Callbacks as people write them: `callback(message)`, or `callback(channel, method, properties, body)` as pika's."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from aibasic.modules.rabbitmq.content import PROPERTIES
from aibasic.modules.rabbitmq.message import Message

Callback = Callable[[Message], Any]


class CallbackChannel:
    """What a callback of four parameters gets for pika's channel: it settles the message that it was called for."""

    def __init__(self, message: Message) -> None:
        self._message = message

    def basic_ack(self, delivery_tag: int = 0, multiple: bool = False) -> None:
        """Acknowledge the message."""
        self._message.ack()

    def basic_nack(self, delivery_tag: int = 0, multiple: bool = False, requeue: bool = True) -> None:
        """Give the message back, or reject it."""
        self._message.nack(requeue)

    def basic_reject(self, delivery_tag: int = 0, requeue: bool = True) -> None:
        """Give the message back, or reject it."""
        self._message.nack(requeue)


def with_arguments(callback: Callable[..., Any]) -> Callback:
    """The callback as one of a message alone."""
    try:
        parameters = inspect.signature(callback).parameters.values()
    except (TypeError, ValueError):  # built-in functions need not tell
        return callback
    needed = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) and p.default is p.empty]
    if len(needed) != 4:
        return callback
    return lambda message: callback(CallbackChannel(message), *_as_pika_gives(message))


def _as_pika_gives(message: Message) -> tuple[Any, Any, bytes]:
    import pika

    method = SimpleNamespace(
        delivery_tag=message.delivery.tag,
        exchange=message["exchange"],
        routing_key=message["routing_key"],
        redelivered=message["redelivered"],
    )
    properties = pika.BasicProperties(**{name: message[name] for name in PROPERTIES if name in message})
    return method, properties, message.raw
