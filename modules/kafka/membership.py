"""This session as a member of consumer groups: it reads what the group has not, and commits when told to."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from aibasic.modules.kafka.asking import Asking
from aibasic.modules.kafka.clients import Clients
from aibasic.modules.kafka.failures import UNKNOWN, explained, lost
from aibasic.modules.kafka.messages import Messages
from aibasic.modules.kafka.reading import Callback, Reading
from aibasic.modules.kafka.target import Target


class Member:
    """A consumer in a group. One thread at a time reads or commits."""

    def __init__(
        self, target: Target, clients: Clients, asking: Asking, group: str, topics: Sequence[str], start: str
    ) -> None:
        self.group = group
        self.topics = tuple(topics)
        self._target = target
        self._clients = clients
        self._asking = asking
        self._lock = threading.Lock()
        self._uncommitted: dict[Any, int] = {}
        self._count = 0
        reset = "latest" if start == "end" else "earliest"
        self._consumer = clients.open_consumer(group_id=group, auto_offset_reset=reset)
        self._consumer.subscribe(topics)

    @property
    def uncommitted(self) -> int:
        """How many messages were handed over since the last commit."""
        return self._count

    def read(
        self, most: int | None, idle: float, how: str, callback: Callback | None = None, stopped: Any = lambda: False
    ) -> tuple[Messages, int]:
        """As `Reading.read`: the messages, and how many were handed over."""
        with self._lock:
            where = f"{', '.join(self.topics)} as group {self.group}"
            reading = Reading(self._consumer, self._asking, where, self._target.timeout)
            try:
                return reading.read(most, idle, how, callback, stopped=stopped), reading.count
            finally:
                self._uncommitted |= reading.handed
                self._count += reading.count if reading.handed else 0

    def commit(self) -> dict[Any, int]:
        """Commit what was handed over, and nothing else. The committed offsets by partition."""
        from kafka import OffsetAndMetadata
        from kafka.errors import KafkaError

        what = f"committing for group {self.group}"
        problem: Exception | None = None
        with self._lock:
            offsets = dict(self._uncommitted)
            if not offsets:
                return {}
            try:
                self._consumer.commit(
                    {one: OffsetAndMetadata(offset, "", -1) for one, offset in offsets.items()},
                    timeout_ms=round(self._target.timeout * 1000),
                )
            except KafkaError as error:
                problem = explained(error, what)
                if type(error).__name__ in ("CommitFailedError", "RebalanceInProgressError"):
                    problem = RuntimeError(
                        f"{what}: the group has given the partitions to others meanwhile, nothing of it was kept; "
                        "what was not committed is read again"
                    )
                elif lost(error):
                    problem = ConnectionError(f"{what}: the connection was lost, and it {UNKNOWN}")
            else:
                self._uncommitted, self._count = {}, 0
        if problem is not None:
            raise problem
        return offsets

    def leave(self) -> None:
        """Leave the group: its other members get the partitions, what was not committed is read again."""
        self._clients.close_consumer(self._consumer)
