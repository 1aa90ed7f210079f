"""A consumer's channel: what the broker delivers waits here, at most `prefetch` at a time, until it is taken."""

from __future__ import annotations

import queue as queues
from collections.abc import Callable, Sequence
from typing import Any

from aibasic.modules.rabbitmq import errors
from aibasic.modules.rabbitmq.channel import Channel, ChannelEnded
from aibasic.modules.rabbitmq.errors import Lost
from aibasic.modules.rabbitmq.message import Delivery, Message, received
from aibasic.modules.rabbitmq.wire import Wire

MOST = 65_535
"""The largest prefetch count that AMQP can say."""


class Subscription(Channel):
    """A channel with one consumer. Everything is acknowledged by hand: the broker sends no more than is asked for."""

    def __init__(
        self, wire: Wire, place: str, timeout: float, queue: str, prefetch: int, announce: Callable[[str], None]
    ) -> None:
        """Begin to consume; LookupError where there is no such queue."""
        self.queue = queue
        self._announce = announce
        self._arrived: queues.SimpleQueue[Message | Exception | None] = queues.SimpleQueue()
        self._tag = ""
        self._held = 0
        super().__init__(wire, place, timeout)
        what = f"basic.consume {queue}"
        self.call(lambda raw, done: raw.basic_qos(prefetch_count=prefetch, callback=done), what, wrote=False)
        self.call(self._consume, what, wrote=False)

    def take(self, seconds: float | None) -> Message | None:
        """The next message, None after so many seconds without one, or when `stop` was called.

        ConnectionError where the connection was lost, LookupError where the queue was deleted.
        """
        try:
            found = self._arrived.get(timeout=seconds) if seconds is None or seconds > 0 else self._arrived.get_nowait()
        except queues.Empty:
            return None
        if isinstance(found, Exception):
            self._arrived.put(found)
            raise found
        return found

    def cancel(self) -> None:
        """Have the broker deliver no more; what has arrived can still be taken, and settled."""
        if self.alive:
            self.call(lambda raw, done: raw.basic_cancel(self._tag, done), f"basic.cancel {self.queue}", wrote=False)

    def hold(self, count: int) -> None:
        """Stay open until so many messages are settled, one by one."""
        self._held = count

    def on_settled(self) -> None:
        """Close when nothing is held any more."""
        self._held -= 1
        if self._held == 0:
            self.leave()

    def stop(self) -> None:
        """Wake whoever waits in `take`. For any thread."""
        self._arrived.put(None)

    def settle_up_to(self, messages: Sequence[Message]) -> None:
        """Acknowledge messages, in the order that they came, without waiting for the broker to take note."""
        for message in messages:
            if message.state == "held":
                message.delivery.mark("acknowledged")
        tag = messages[-1].delivery.tag
        self.post(lambda raw: raw.basic_ack(tag, multiple=True))

    def on_end(self, error: Exception) -> None:
        """Tell whoever waits why nothing more will come."""
        self._arrived.put(self._told(error))

    def _consume(self, raw: Any, done: Callable[[Any], None]) -> None:
        raw.add_on_cancel_callback(self._cancelled)
        self._tag = raw.basic_consume(self.queue, self._on_message, callback=done)

    def _on_message(self, _: Any, method: Any, properties: Any, body: bytes) -> None:
        delivery = Delivery(self, method.delivery_tag, self.queue, self._announce)
        self._arrived.put(received(method, properties, body, self.queue, delivery))

    def _cancelled(self, _: Any) -> None:
        self._arrived.put(LookupError(f"queue {self.queue!r} was deleted while it was consumed"))

    def _told(self, error: Exception) -> Exception:
        what = f"basic.consume {self.queue}"
        if isinstance(error, ChannelEnded):
            return errors.refused(what, error.code, error.text)
        assert isinstance(error, Lost)
        return ConnectionError(
            f"{what}: the connection to {self.place} was lost: {error}. What was not acknowledged is back in the queue"
        )
