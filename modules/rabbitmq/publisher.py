"""Publishing with confirms: each message's fate is known, in batches with one wait for all of them."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aibasic.modules import progress
from aibasic.modules.rabbitmq.channel import Channel, unsent
from aibasic.modules.rabbitmq.wire import Reply, Wire

UNIT = 16_384
"""Bytes of a body that weigh as much as a message does."""


@dataclass(slots=True)
class Outgoing:
    """A message about to be sent."""

    exchange: str
    routing_key: str
    body: bytes
    properties: Any
    mandatory: bool


class Batch:
    """Messages that are waited for together. Whoever publishes hands over and waits, the owner sends and counts."""

    def __init__(self, settled: Reply) -> None:
        self.settled = settled
        self.handed_over = 0
        """Messages given to the owner, sent or not."""
        self.sent = 0
        self.confirmed = 0
        self.unroutable: list[int] = []
        """The numbers of the messages that no queue wanted, counted from 0."""
        self.refused: list[int] = []
        """The numbers of the messages that the broker would not take (a full queue that rejects)."""
        self._complete = False
        self._weight_in = self._weight_out = 0
        self._limit = 0
        self._room = threading.Condition()

    @property
    def open(self) -> int:
        """How many are not settled: their fate is unknown."""
        return self.handed_over - self.confirmed - len(self.unroutable) - len(self.refused)

    @property
    def load(self) -> int:
        """How much is on its way: 1 for each message, and 1 more for each `UNIT` of its bytes."""
        return self._weight_in - self._weight_out

    def add(self, outgoing: Sequence[Outgoing]) -> None:
        """Told by whoever publishes: these go to the owner."""
        self.handed_over += len(outgoing)
        self._weight_in += sum(map(_weight, outgoing))

    def finish(self) -> None:
        """Nothing more will be sent: `settled` arrives with the last confirm. Called by the owner."""
        self._complete = True
        if not self.open:
            self.settled.set(self)

    def count(self, sent: _Sent, refused: bool) -> None:
        """Told by the owner: a message is settled."""
        if sent.returned:
            self.unroutable.append(sent.number)
        elif refused:
            self.refused.append(sent.number)
        else:
            self.confirmed += 1
        self._weight_out += _weight(sent.outgoing)
        if self._complete and not self.open:
            self.settled.set(self)
        if self.load < self._limit:
            self.wake()

    def wake(self) -> None:
        """Have whoever waits for room look again."""
        with self._room:
            self._room.notify_all()

    def wait_below(self, limit: int, seconds: float, look: Callable[[], object]) -> bool:
        """Wait until the load is below `limit`; False when nothing was settled for so many seconds.

        `look` is called now and then, on the waiting thread.
        """
        last, moved = self.load, time.monotonic()
        with self._room:
            self._limit = limit
            while self.load >= limit and self.settled.waiting:
                self._room.wait(progress.EVERY)
                look()
                if self.load != last:
                    last, moved = self.load, time.monotonic()
                elif time.monotonic() - moved > seconds:
                    return False
            self._limit = 0
        return True


def _weight(one: Outgoing) -> int:
    return 1 + len(one.body) // UNIT


@dataclass(slots=True)
class _Sent:
    """A message that waits for its confirm."""

    number: int
    outgoing: Outgoing
    batch: Batch
    returned: bool = False
    settled: bool = False


class ConfirmChannel(Channel):
    """A channel on which the broker confirms each message."""

    def __init__(self, wire: Wire, place: str, timeout: float) -> None:
        self._last_tag = 0
        self._unconfirmed: dict[int, _Sent] = {}
        self._may_return: deque[_Sent] = deque()
        super().__init__(wire, place, timeout)
        self.call(self._confirm, "ask for confirms", wrote=False)

    def hand_over(self, batch: Batch, outgoing: Sequence[Outgoing]) -> None:
        """Have the owner send messages as part of a batch; it fails with what cannot be sent."""

        def send() -> None:
            if not batch.settled.waiting:  # it has failed, or whoever waited for it has gone
                return
            try:
                self.send(batch, outgoing)
            except Exception as error:
                batch.settled.fail(error)

        batch.add(outgoing)
        self.wire.post(send)

    def send(self, batch: Batch, outgoing: Sequence[Outgoing]) -> None:
        """Send messages as part of a batch. Called by the owner."""
        if self.ended is not None:
            batch.settled.fail(self.ended if batch.sent else unsent(self.ended))
            return
        for one in outgoing:
            # First, because it raises for what has no form in AMQP: the broker does not count that.
            self.raw.basic_publish(one.exchange, one.routing_key, one.body, one.properties, one.mandatory)
            sent = _Sent(batch.sent, one, batch)
            batch.sent += 1
            self._last_tag += 1
            self._unconfirmed[self._last_tag] = sent
            if one.mandatory:
                self._may_return.append(sent)

    def on_end(self, error: Exception) -> None:
        """What is not confirmed by now will never be."""
        waiting, self._unconfirmed = self._unconfirmed, {}
        for batch in {id(sent.batch): sent.batch for sent in waiting.values()}.values():
            batch.settled.fail(error)
            batch.wake()

    def _confirm(self, raw: Any, done: Any) -> None:
        raw.add_on_return_callback(self._on_return)
        raw.confirm_delivery(self._on_confirm, done)

    def _on_return(self, _: Any, method: Any, properties: Any, body: bytes) -> None:
        # A return names no delivery tag, but returns come in the order of publishing, each before its confirm.
        while self._may_return:
            sent = self._may_return.popleft()
            one = sent.outgoing
            if (one.exchange, one.routing_key) == (method.exchange, method.routing_key) and one.body == body:
                sent.returned = True
                return

    def _on_confirm(self, frame: Any) -> None:
        method = frame.method
        refused = method.NAME == "Basic.Nack"
        if method.multiple:
            while self._unconfirmed and (first := next(iter(self._unconfirmed))) <= method.delivery_tag:
                self._settle(first, refused)
        else:
            self._settle(method.delivery_tag, refused)
        while self._may_return and self._may_return[0].settled:
            self._may_return.popleft()

    def _settle(self, tag: int, refused: bool) -> None:
        sent = self._unconfirmed.pop(tag, None)
        if sent is not None:
            sent.settled = True
            sent.batch.count(sent, refused)
