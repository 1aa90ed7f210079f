"""Sending messages through the idempotent producer, and telling what became of each."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aibasic.modules.interruptible import Interruptible
from aibasic.modules.kafka.clients import Clients
from aibasic.modules.kafka.failures import NOTHING_SENT, UNKNOWN, explained, lost, reason, telling_of
from aibasic.modules.kafka.target import Target
from aibasic.modules.progress import Progress

_LOOK = 0.1
"""Seconds between two looks at whether somebody wants a transfer to stop."""


@dataclass(frozen=True)
class Outgoing:
    """One message in bytes."""

    value: bytes | None
    key: bytes | None
    partition: int | None
    headers: list[tuple[str, bytes]]


@dataclass(frozen=True)
class Stored:
    """Where the broker stored a message; `timestamp` in milliseconds since 1970."""

    partition: int
    offset: int
    timestamp: int


class Publisher:
    """Sends over one cluster's producer. What the cluster does not acknowledge within TIMEOUT is said to be so."""

    def __init__(self, target: Target, clients: Clients) -> None:
        self._target = target
        self._clients = clients

    def send(self, topic: str, outgoing: Outgoing) -> Stored:
        """Send one message and wait until it is stored."""
        with telling_of(f"publishing to {topic}, not acknowledged yet"):
            producer, begun = self._ready(topic), time.time()
            future = self._given(producer, topic, outgoing)
            stored, error = self._outcome(producer, future, time.monotonic() + self._target.timeout)
        if error is not None:
            raise self._failure(topic, error, producer, begun)
        assert stored is not None
        return stored

    def send_all(self, topic: str, batch: Sequence[Outgoing]) -> list[Stored | Exception]:
        """Send many, wait for all of them together, and return where each is stored or what became of it."""
        transfer = _Transfer()
        progress = Progress(f"publishing to {topic}", len(batch), "messages", transfer.acknowledged)
        calling = Interruptible()
        try:
            return calling.call(lambda: self._send_all(topic, batch, transfer), transfer.stop, progress.show)
        except KeyboardInterrupt:
            transfer.stop()
            rest = "with the others that were handed over already it may go on" if transfer.begun else NOTHING_SENT
            raise KeyboardInterrupt(
                f"publishing to {topic}: stopped when {progress} had been acknowledged; {rest}"
            ) from None
        finally:
            progress.close()
            calling.close()

    def flush(self, timeout: float) -> None:
        """Wait until what was sent is stored or given up. TimeoutError after so many seconds."""
        from kafka.errors import KafkaTimeoutError

        problem = False
        try:
            self._clients.producer().flush(timeout)
        except KafkaTimeoutError:
            problem = True
        if problem:
            raise TimeoutError(f"messages were not acknowledged within {timeout:g} s; the client goes on trying")

    def _send_all(self, topic: str, batch: Sequence[Outgoing], transfer: _Transfer) -> list[Stored | Exception]:
        producer, begun = self._ready(topic), time.time()
        for outgoing in batch:
            # Set before the look: who stops the transfer and then finds it not begun knows that it will not begin.
            transfer.begun = True
            if transfer.stopped:
                return []
            transfer.given.append(self._given(producer, topic, outgoing))
        results: list[Stored | Exception] = []
        until = time.monotonic() + self._target.timeout
        for future in transfer.given:
            while not _done(future) and time.monotonic() < until:
                if transfer.stopped:
                    return []
                future._produce_future.wait(_LOOK)
            stored, error = self._outcome(producer, future, 0.0)
            if stored is not None:
                # The limit is for silence, not for the work.
                until = time.monotonic() + self._target.timeout
            results.append(stored or self._failure(topic, error, producer, begun))  # type: ignore[arg-type]
        return results

    def _ready(self, topic: str) -> Any:
        """The producer, once it knows the topic's partitions. ConnectionError or LookupError: nothing was sent."""
        from kafka.errors import KafkaError

        problem: Exception | None = None
        try:
            producer = self._clients.producer()
            producer.partitions_for(topic)
            return producer
        except KafkaError as error:
            if type(error).__name__ != "KafkaTimeoutError":
                problem = explained(error, f"publishing to {topic}")
            else:
                problem = ConnectionError(f"{reason(error)}: the cluster told of no topic {topic!r}")
        except ConnectionError as error:
            problem = error
        raise type(problem)(f"{problem}. {NOTHING_SENT}")

    def _given(self, producer: Any, topic: str, outgoing: Outgoing) -> Any:
        """The future of a message that the producer took, or the error by which it did not."""
        from kafka.errors import KafkaError

        try:
            return producer.send(
                topic, outgoing.value, key=outgoing.key, headers=outgoing.headers, partition=outgoing.partition
            )
        except KafkaError as error:
            return error
        except ValueError as error:
            return error

    def _outcome(self, producer: Any, future: Any, until: float) -> tuple[Stored | None, Exception | None]:
        from kafka.errors import KafkaError

        if isinstance(future, Exception):
            return None, future
        try:
            found = future.get(timeout=max(0.0, until - time.monotonic()))
            return Stored(found.partition, found.offset, found.timestamp), None
        except KafkaError as error:
            if future.is_done:
                return None, error
            # Nobody waits for it any more; a message that expires still leaves the producer stuck.
            future.add_errback(self._given_up, producer)
            return None, _Unacknowledged()

    def _given_up(self, producer: Any, error: Exception) -> None:
        if lost(error):
            self._clients.replace_producer(producer)

    def _failure(self, topic: str, error: Exception, producer: Any, begun: float) -> Exception:
        """What to tell of a message that was not stored, as far as anybody knows."""
        if isinstance(error, _Unacknowledged):
            last = time.strftime("%H:%M:%S", time.localtime(begun + self._target.delivery_timeout))
            return TimeoutError(
                f"publishing to {topic} was not acknowledged within {self._target.timeout:g} s, and it {UNKNOWN}. "
                f"The client goes on trying until {last}; after that the message can no longer arrive"
            )
        if lost(error):
            # Its place in the sequence of messages is lost with it, and the producer could be stuck.
            self._clients.replace_producer(producer)
            return ConnectionError(f"publishing to {topic} was given up, and it {UNKNOWN}: {reason(error)}")
        if isinstance(error, ValueError):
            return ValueError(f"publishing to {topic}: {error}. {NOTHING_SENT}")
        return explained(error, f"publishing to {topic} was refused, nothing of it was kept")


class _Transfer:
    """How far a batch is, for whoever waits for it on another thread."""

    def __init__(self) -> None:
        self.given: list[Any] = []
        """The future of each message that the producer was given."""
        self.begun = False
        """Whether a message may have been given."""
        self.stopped = False
        self._acknowledged = 0

    def stop(self) -> None:
        """Give no more messages to the producer."""
        self.stopped = True

    def acknowledged(self) -> int:
        """How many of the first messages the cluster has answered without a gap."""
        while self._acknowledged < len(self.given) and _done(self.given[self._acknowledged]):
            self._acknowledged += 1
        return self._acknowledged


class _Unacknowledged(Exception):
    """The broker has not answered yet."""


def _done(future: Any) -> bool:
    return isinstance(future, Exception) or bool(future.is_done)
