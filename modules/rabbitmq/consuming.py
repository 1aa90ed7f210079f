"""Getting messages: one, several, each through a callback, one after the other, in the background."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from aibasic.modules.effects import Kind
from aibasic.modules.rabbitmq.callbacks import with_arguments
from aibasic.modules.rabbitmq.consumer import Consumer
from aibasic.modules.rabbitmq.getting import GettingChannel, Got
from aibasic.modules.rabbitmq.held import Held
from aibasic.modules.rabbitmq.message import Delivery, Message, Messages, received
from aibasic.modules.rabbitmq.publishing import Publishing
from aibasic.modules.rabbitmq.subscription import MOST, Subscription
from aibasic.modules.rabbitmq.wire import log
from aibasic.modules.results import Rows


class Consuming(Publishing):
    """What comes in."""

    _held: Held
    _consumers: set[Consumer]

    def get_message(self, queue: str, auto_ack: bool = False) -> Message | None:
        """Get one message, None where none waits. Without `auto_ack` this session holds it until `ack()`, `nack()` or
        `requeue()`; what is held when the connection ends is back in the queue. LookupError without the queue.

        Example: message = rmq.get_message("orders"); print(message.body); message.ack()
        """
        self._announce(Kind.WRITE, f"basic.get {queue}")
        if self._held:
            # An error would end the channel, and with it what this session holds on it.
            self._link.control().call(
                lambda raw, done: raw.queue_declare(queue, passive=True, callback=done),
                f"basic.get {queue}",
                wrote=False,
            )
        channel = self._link.getting()
        got = channel.get(queue, auto_ack)
        if got is None:
            return None
        message = self._received(channel, queue, got, auto_ack)
        if not auto_ack:
            self._held.add(message)
        return message

    def peek(self, queue: str, max_messages: int = 10) -> Rows:
        """The first messages of a queue, left where they are (the broker marks them as redelivered): one row each of
        `body`, `exchange`, `routing_key`, `redelivered`, `headers`.

        Example: rmq.peek("orders", 10)
        """
        self._announce(Kind.READ, f"basic.get and requeue, up to {max_messages}, of {queue}")
        found: list[Message] = []
        with self._link.new(GettingChannel) as channel:
            while len(found) < max_messages and (got := channel.get(queue)) is not None:
                found.append(self._received(channel, queue, got, settled=True))
        columns = ("body", "exchange", "routing_key", "redelivered", "headers")
        return Rows((tuple(message.get(name) for name in columns) for message in found), columns)

    def collect_messages(
        self, queue: str, max_messages: int = 100, timeout: float = 5.0, auto_ack: bool = False
    ) -> Messages:
        """Up to `max_messages` messages, or those that come within `timeout` seconds. Without `auto_ack` this session
        holds them until they are acknowledged (`rmq.ack(messages)`); with it they are acknowledged together, at the
        end: after an error or an interrupt all are back in the queue.

        Example: rmq.collect_messages("orders", 10, timeout=2, auto_ack=True)
        """
        self._announce(Kind.WRITE, f"basic.consume {queue}, up to {max_messages:,} messages")
        found = Messages()
        subscription = self._subscribe(queue, min(max_messages, MOST))
        try:
            self._collect(subscription, found, max_messages, time.monotonic() + timeout)
        except BaseException:
            subscription.leave()
            raise
        found.cut_off = len(found) >= max_messages
        if found and not auto_ack:
            subscription.hold(len(found))
            self._held.add(*found)
            return found
        if found:
            subscription.settle_up_to(found)
        try:
            subscription.close()
        except OSError as error:
            log.warning("%s. The %d collected messages may be delivered again", error, len(found))
        return found

    def consume_messages(
        self,
        queue: str,
        callback: Callable[..., Any],
        auto_ack: bool = False,
        prefetch_count: int = 1,
        *,
        max_messages: int | None = None,
        timeout: float | None = None,
    ) -> int:
        """Call `callback(message)` for each message, until `max_messages`, for `timeout` seconds, until the callback
        calls `rmq.stop_consuming()`, or for ever. Returns how many there were.

        A message is acknowledged when the callback returns, unless it did so itself; with `auto_ack` before. When the
        callback raises, its message goes back to the queue and the error is raised. A callback of four parameters gets
        (channel, method, properties, body), as pika's do.

        Example: rmq.consume_messages("orders", lambda message: print(message.body), max_messages=10)
        """
        self._announce(Kind.WRITE, f"basic.consume {queue}")
        until = None if timeout is None else time.monotonic() + timeout
        subscription = self._subscribe(queue, max(1, min(prefetch_count, max_messages or MOST, MOST)))
        consumer = Consumer(queue, with_arguments(callback), auto_ack)
        self._consumers.add(consumer)
        try:
            consumer.run(subscription, max_messages, until)
        finally:
            self._consumers.discard(consumer)
        return consumer.count

    def consume_in_background(
        self, queue: str, callback: Callable[..., Any], auto_ack: bool = False, prefetch_count: int = 1
    ) -> Consumer:
        """Call `callback(message)` for each message on a thread of its own, until `stop()` of what is returned, or
        `rmq.stop_consuming()`. The rest is as with `consume_messages`, but that an error of the callback is logged and
        kept as `error`, and that a lost connection is made anew.

        Example: consumer = rmq.consume_in_background("orders", handle); consumer.stop()
        """
        self._announce(Kind.WRITE, f"basic.consume {queue} in the background")
        prefetch = max(1, min(prefetch_count, MOST))
        consumer = Consumer(queue, with_arguments(callback), auto_ack)
        consumer.start(self._subscribe(queue, prefetch), lambda: self._subscribe(queue, prefetch))
        self._consumers.add(consumer)
        return consumer

    def serve_requests(
        self,
        queue: str,
        callback: Callable[..., Any],
        prefetch_count: int = 1,
        *,
        max_messages: int | None = None,
        timeout: float | None = None,
        background: bool = False,
    ) -> Consumer | int:
        """Answer requests: what `callback(message)` returns goes to whoever asked. As `consume_messages`, or with
        `background` as `consume_in_background`.

        Example: rmq.serve_requests("prices", lambda message: prices[message.body["article"]], max_messages=1)
        """
        answer = with_arguments(callback)

        def answering(message: Message) -> None:
            answered = answer(message)
            try:
                self.reply(message, answered)
            except (RuntimeError, ValueError) as error:
                log.warning("an answer went nowhere: %s", error)

        if background:
            return self.consume_in_background(queue, answering, prefetch_count=prefetch_count)
        return self.consume_messages(
            queue, answering, prefetch_count=prefetch_count, max_messages=max_messages, timeout=timeout
        )

    def stream_messages(self, queue: str, timeout: float = 1.0, prefetch_count: int = 500) -> Iterator[Message]:
        """Messages one after the other, until none has come for `timeout` seconds; in memory are `prefetch_count`.
        A message is acknowledged once the next is asked for, at the latest when the loop ends.

        Example: total = sum(message.body["price"] for message in rmq.stream_messages("orders"))
        """
        self._announce(Kind.WRITE, f"basic.consume {queue}")
        done: list[Message] = []
        with self._subscribe(queue, max(2, min(prefetch_count, MOST))) as subscription:
            try:
                while (message := subscription.take(timeout)) is not None:
                    yield message
                    done.append(message)
                    if len(done) * 2 >= prefetch_count:
                        subscription.settle_up_to(done)
                        done = []
            finally:
                if done:
                    subscription.settle_up_to(done)

    def stop_consuming(self, queue: str | None = None) -> int:
        """Stop the consumers of a queue, or all of this module, in whatever thread they are. Returns how many.

        Example: rmq.stop_consuming("orders")
        """
        ended = [consumer for consumer in tuple(self._consumers) if not consumer.running]
        self._consumers.difference_update(ended)
        stopping = [consumer for consumer in tuple(self._consumers) if queue in (None, consumer.queue)]
        for consumer in stopping:
            consumer.stop()
        return len(stopping)

    def ack(self, messages: Message | list[Message]) -> None:
        """Acknowledge a message or several: the broker forgets them.

        Example: rmq.ack(message)
        """
        self._settle(messages, "acknowledged")

    def nack(self, messages: Message | list[Message], requeue: bool = True) -> None:
        """Give back a message or several, or with `requeue=False` reject: dropped, or sent to the dead letter exchange.

        Example: rmq.nack(message, requeue=False)
        """
        self._settle(messages, "requeued" if requeue else "rejected")

    def requeue(self, messages: Message | list[Message]) -> None:
        """Give a message or several back to their queue.

        Example: rmq.requeue(message)
        """
        self._settle(messages, "requeued")

    def held_messages(self) -> Messages:
        """The messages that this session holds: got, and neither acknowledged nor given back.

        Example: rmq.ack(rmq.held_messages())
        """
        return self._held.messages()

    def _settle(self, messages: Message | list[Message], outcome: str) -> None:
        for message in [messages] if isinstance(messages, Message) else messages:
            message.settle(outcome)

    def _received(self, channel: GettingChannel, queue: str, got: Got, settled: bool) -> Message:
        method, properties, body = got
        delivery = None if settled else Delivery(channel, method.delivery_tag, queue, self._announce_write)
        return received(method, properties, body, queue, delivery)

    def _subscribe(self, queue: str, prefetch: int) -> Subscription:
        self._check_open()
        return self._link.new(
            lambda wire, place, timeout: Subscription(wire, place, timeout, queue, prefetch, self._announce_write)
        )

    def _collect(self, subscription: Subscription, found: Messages, most: int, until: float) -> None:
        while len(found) < most and (message := subscription.take(max(0.0, until - time.monotonic()))) is not None:
            found.append(message)
        subscription.cancel()
        # What the broker had sent before it heard of the cancelling is delivered, too.
        while len(found) < most and (message := subscription.take(0.0)) is not None:
            found.append(message)

    def _announce_write(self, statement: str) -> None:
        self._announce(Kind.WRITE, statement)
