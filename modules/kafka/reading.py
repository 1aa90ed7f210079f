"""Reading messages with a consumer: so many, or until none has come for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from aibasic.modules.kafka import places
from aibasic.modules.kafka.asking import Asking
from aibasic.modules.kafka.failures import MAY_GO_ON, explained, lost, reason
from aibasic.modules.kafka.messages import Messages, message
from aibasic.modules.progress import Progress

Callback = Callable[[dict[str, Any]], object]
_PORTION = 500
"""Messages that are taken from the driver at once."""
_SLICE = 0.2
"""Seconds that one look for messages takes at most, so that progress is shown in between."""


class Reading:
    """One call's reading. `handed` is the offset behind the last message handed over, by partition."""

    def __init__(self, consumer: Any, asking: Asking, where: str, patience: float) -> None:
        self._consumer = consumer
        self._asking = asking
        self._where = where
        self._patience = patience
        """Seconds that joining a group may take."""
        self.handed: dict[Any, int] = {}
        self.count = 0

    def read(
        self,
        most: int | None,
        idle: float,
        how: str,
        callback: Callback | None = None,
        ends: dict[Any, int] | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Messages:
        """Up to `most` messages, until none has come for `idle` seconds, `ends` are reached, or it is `stopped`.

        With a callback each is handed to it and not kept. Where that, or an interrupt, ends the reading, what was not
        handed over is read again by the next call.
        """
        kept: list[dict[str, Any]] = []
        progress = Progress("reading", most, "messages")
        begun = time.monotonic()
        until = begun + idle
        try:
            while not stopped() and (most is None or self.count < most) and not self._at(ends):
                got = self._poll(_SLICE, _PORTION if most is None else min(_PORTION, most - self.count))
                self._hand_over(got, how, callback, kept)
                now = time.monotonic()
                joining = not self._consumer.assignment() and now < begun + self._patience
                if got or joining:
                    until = now + idle
                elif now >= until:
                    break
                if threading.current_thread() is threading.main_thread():
                    progress.advance(self.count)
            return Messages(kept, self._remaining())
        except KeyboardInterrupt:
            self._put_back(kept)
            raise KeyboardInterrupt(f"stopped after {progress} had been read; {MAY_GO_ON}") from None
        except BaseException:
            self._put_back(kept)
            raise
        finally:
            progress.close()

    def _poll(self, seconds: float, most: int) -> dict[Any, Sequence[Any]]:
        from kafka.errors import KafkaError

        try:
            found: dict[Any, Sequence[Any]] = self._consumer.poll(timeout_ms=round(seconds * 1000), max_records=most)
            return found
        except KafkaError as error:
            if lost(error):
                return {}
            problem = explained(error, f"reading from {self._where}")
        raise problem

    def _hand_over(
        self, got: dict[Any, Sequence[Any]], how: str, callback: Callback | None, kept: list[dict[str, Any]]
    ) -> None:
        next_ones = {partition: records[0].offset for partition, records in got.items()}
        try:
            for partition, records in got.items():
                for record in records:
                    one = message(record, how)
                    if callback is None:
                        kept.append(one)
                    else:
                        callback(one)
                    self.count += 1
                    self.handed[partition] = next_ones[partition] = record.offset + 1
        except BaseException:
            self._go_back(next_ones)
            raise

    def _put_back(self, kept: list[dict[str, Any]]) -> None:
        """Have what was kept, for a caller who will not get it, read again."""
        firsts: dict[Any, int] = {}
        for partition in self.handed:
            offsets = [one["offset"] for one in kept if (one["topic"], one["partition"]) == tuple(partition)]
            if offsets:
                firsts[partition] = min(offsets)
        self._go_back(firsts)
        for partition in firsts:
            del self.handed[partition]

    def _go_back(self, offsets: dict[Any, int]) -> None:
        assigned = self._consumer.assignment()
        for partition, offset in offsets.items():
            if partition in assigned:
                self._consumer.seek(partition, offset)

    def _at(self, ends: dict[Any, int] | None) -> bool:
        return ends is not None and all(self._position(one) >= offset for one, offset in ends.items())

    def _remaining(self) -> int:
        """How many offsets lie behind what was read. ConnectionError where the cluster does not answer."""
        ends = places.end(self._asking, self._consumer.assignment())
        return sum(max(0, offset - self._position(one)) for one, offset in ends.items())

    def _position(self, partition: Any) -> int:
        from kafka.errors import KafkaError

        try:
            return int(self._consumer.position(partition, timeout_ms=round(self._patience * 1000)))
        except KafkaError as error:
            problem = reason(error)
        raise ConnectionError(f"reading from {self._where} after {self.count:,} messages: {problem}")
