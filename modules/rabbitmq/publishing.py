"""Publishing: one message, many with one wait, and questions that are answered."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Mapping, Sized
from itertools import islice
from typing import Any

from aibasic.modules import progress
from aibasic.modules.effects import Kind
from aibasic.modules.progress import Progress
from aibasic.modules.rabbitmq import content
from aibasic.modules.rabbitmq.asking import ANSWERS
from aibasic.modules.rabbitmq.linked import Linked
from aibasic.modules.rabbitmq.message import Message
from aibasic.modules.rabbitmq.publisher import Batch, ConfirmChannel, Outgoing
from aibasic.modules.rabbitmq.wire import Reply

PORTION = 100
"""Messages that are handed to the owner at once: few enough that it answers a heartbeat in between."""
WINDOW = 5_000
"""The load that may be on its way without a confirm: memory is bounded by it, and it keeps the broker busy."""


class Publishing(Linked):
    """What goes out."""

    def publish_message(
        self,
        exchange: str,
        routing_key: str,
        message: Any,
        properties: Mapping[str, Any] | Any | None = None,
        mandatory: bool = False,
        *,
        persistent: bool = True,
        confirm: bool = True,
        allow_unroutable: bool = False,
    ) -> None:
        """Publish text, bytes, or a dict, list or number (as JSON), and wait until the broker has confirmed it.

        Exchange "" takes the routing key for a queue's name. `properties` by name: `{"headers": {...}, "priority": 5,
        "expiration": 60000}` (milliseconds). A message that reaches no queue is a RuntimeError, unless
        `allow_unroutable` is set and `mandatory` is not; so is one that the broker refuses. LookupError where the
        exchange does not exist; ConnectionError or TimeoutError where it may or may not have arrived. With
        `confirm=False` nothing is waited for and none of this is known. `persistent` messages outlive a restart.

        Example: rmq.publish_message("events", "order.created", {"id": 7})
        """
        body, content_type = content.encode(message)
        spoken = content.as_properties(properties, content_type, persistent)
        out = Outgoing(exchange, routing_key, body, spoken, mandatory or not allow_unroutable)
        what = _named(exchange, routing_key)
        self._announce(Kind.WRITE, f"{what} ({len(body):,} bytes)")
        if confirm:
            self._publish_confirmed(self._link.publishing(), out, what)
        else:
            self._link.fire_and_forget().post(
                lambda raw: raw.basic_publish(exchange, routing_key, body, spoken, mandatory)
            )

    def publish_batch(
        self,
        exchange: str,
        routing_key: str,
        messages: Iterable[Any],
        properties: Mapping[str, Any] | Any | None = None,
        mandatory: bool = False,
        *,
        persistent: bool = True,
        allow_unroutable: bool = False,
    ) -> int:
        """Publish many messages (a list, an iterator, a data frame's rows) and wait once, for all confirms.

        Returns how many. An error says how many were confirmed, and which were not; nothing is published twice.

        Example: rmq.publish_batch("", "orders", [{"id": 1}, {"id": 2}])
        """
        messages = content.items(messages)
        total = len(messages) if isinstance(messages, Sized) else None
        what = _named(exchange, routing_key)
        self._announce(Kind.WRITE, f"{what} ({'many' if total is None else format(total, ',')} messages)")

        def outgoing() -> Iterable[Outgoing]:
            spoken: dict[str, Any] = {}
            for message in messages:
                body, content_type = content.encode(message)
                if content_type not in spoken:
                    spoken[content_type] = content.as_properties(properties, content_type, persistent)
                yield Outgoing(exchange, routing_key, body, spoken[content_type], mandatory or not allow_unroutable)

        return self._publish_many(outgoing(), total, what)

    def request(
        self,
        exchange: str,
        routing_key: str,
        message: Any,
        timeout: float = 10.0,
        properties: Mapping[str, Any] | Any | None = None,
    ) -> Message:
        """Publish a question and wait for its answer, up to `timeout` seconds; the answer's `body` is what was said.

        TimeoutError where none came: the question may still be worked on. The rest is as with `publish_message`.

        Example: rmq.request("", "prices", {"article": 7}, timeout=5).body
        """
        body, content_type = content.encode(message)
        spoken = content.as_properties(properties, content_type, persistent=False)
        spoken.correlation_id = spoken.correlation_id or uuid.uuid4().hex
        spoken.reply_to = ANSWERS
        what = f"{_named(exchange, routing_key)} as a request"
        self._announce(Kind.WRITE, f"{what} ({len(body):,} bytes)")
        asking = self._link.asking()
        answered = asking.expect(spoken.correlation_id)
        try:
            self._publish_confirmed(asking, Outgoing(exchange, routing_key, body, spoken, True), what)
            return asking.answer(answered, what, timeout)
        finally:
            asking.forget(spoken.correlation_id)

    def reply(self, message: Message, answer: Any, properties: Mapping[str, Any] | Any | None = None) -> None:
        """Answer a request: to the queue that its `reply_to` names, with its `correlation_id`.

        ValueError where the message asks for no answer, RuntimeError where the queue for it is gone.

        Example: rmq.reply(message, {"price": 12})
        """
        if not message.get("reply_to"):
            raise ValueError("this message asks for no answer: it has no reply_to")
        named = {"correlation_id": message.get("correlation_id"), **content.named(properties)}
        # The broker's own queue for answers takes them and yet returns them as unroutable.
        own = message["reply_to"].startswith(ANSWERS)
        self.publish_message("", message["reply_to"], answer, named, persistent=False, allow_unroutable=own)

    def _publish_confirmed(self, channel: ConfirmChannel, out: Outgoing, what: str) -> None:
        def send(reply: Reply) -> None:
            batch = Batch(reply)
            batch.add((out,))
            channel.send(batch, (out,))
            batch.finish()

        try:
            batch = channel.await_reply(channel.wire.ask(send), what, wrote=True)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(f"{what}: it may or may not have been published") from None
        if batch.unroutable:
            step = _UNROUTABLE if out.exchange else "there is no such queue; declare_queue makes it"
            raise RuntimeError(f"{what}: the message reached no queue and is gone: {step}")
        if batch.refused:
            raise RuntimeError(f"{what}: the broker refused the message: is the queue full (x-overflow)?")

    def _publish_many(self, outgoing: Iterable[Outgoing], total: int | None, what: str) -> int:
        channel = self._link.publishing()
        batch = Batch(channel.wire.ask(lambda _: None))
        shown = Progress("publishing", total, "messages", lambda: batch.confirmed)
        begun = time.monotonic()

        def look() -> None:
            if time.monotonic() - begun > progress.AFTER:
                shown.show()

        source = iter(outgoing)
        try:
            moving = True
            while moving and batch.settled.waiting and (portion := list(islice(source, PORTION))):
                channel.hand_over(batch, portion)
                moving = batch.wait_below(WINDOW, channel.timeout, look)
            channel.wire.post(batch.finish)
            moving = moving and batch.wait_below(1, channel.timeout, look)
            channel.await_reply(batch.settled, what, True, channel.timeout if moving else 0.0)
        except BaseException as error:
            batch.settled.fail(error)
            raise _cut_short(error, what, batch, shown) from None
        finally:
            shown.close()
        if batch.unroutable or batch.refused:
            raise RuntimeError(_partly(what, batch))
        return batch.confirmed


_UNROUTABLE = "is a queue bound to the exchange for this routing key? allow_unroutable=True takes it as it comes"


def _named(exchange: str, routing_key: str) -> str:
    if not exchange:
        return f"basic.publish to queue {routing_key}"
    return f"basic.publish to exchange {exchange} key {routing_key}"


def _partly(what: str, batch: Batch) -> str:
    parts = [f"{batch.confirmed:,} of {batch.sent:,} messages were confirmed"]
    if batch.unroutable:
        parts.append(f"{len(batch.unroutable):,} reached no queue (the first: messages[{batch.unroutable[0]}])")
    if batch.refused:
        parts.append(
            f"{len(batch.refused):,} were refused, is the queue full? (the first: messages[{batch.refused[0]}])"
        )
    return f"{what}: {', '.join(parts)}"


def _cut_short(error: BaseException, what: str, batch: Batch, shown: Progress) -> BaseException:
    """The error with what is known of the batch: of the same class where that takes a text alone."""
    left = "" if shown.total is None else f", {shown.total - batch.handed_over:,} were not sent"
    text = f"{what}: {shown} were confirmed, {batch.open:,} may or may not have arrived{left}"
    for kind in (KeyboardInterrupt, ConnectionError, TimeoutError, LookupError, PermissionError):
        if isinstance(error, kind):
            return kind(f"{text}\n  {error}" if error.args else text)
    return RuntimeError(f"{text}\n  {type(error).__name__}: {error}")
