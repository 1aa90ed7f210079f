"""What all parts of the Kafka module share: one cluster, its clients, and the announcing of what is sent."""

from __future__ import annotations

import difflib
import threading
from collections.abc import Iterable
from typing import Any

from aibasic.modules.base import Module
from aibasic.modules.effects import Kind
from aibasic.modules.kafka import discretion, reaching
from aibasic.modules.kafka.asking import Asking
from aibasic.modules.kafka.clients import Clients
from aibasic.modules.kafka.failures import NOTHING_SENT, of_code
from aibasic.modules.kafka.membership import Member
from aibasic.modules.kafka.target import Target
from aibasic.modules.settings import Settings

_SHOWN = 10
"""How many names a message lists."""


class Connected(Module):
    """A module that has reached its cluster."""

    def __init__(self, configured: Settings) -> None:
        super().__init__(configured)
        discretion.install()
        problem = ""
        try:
            self._target = Target(configured)
            reaching.reach(self._target)
        except OSError as error:
            problem = str(error)
        if problem:
            raise RuntimeError(f"Failed to create Kafka client: {problem}")
        self.place = self._target.where
        self._clients = Clients(self._target)
        self._asking = Asking(self._target, self._clients)
        self._lock = threading.RLock()
        self._members: dict[str, Member] = {}
        self._published: set[str] = set()

    def _sending(self, kind: Kind, statement: str) -> None:
        """Announce what is about to be sent, on a module that is not closed."""
        if self.closed:
            raise RuntimeError(f"[{self.section}] is closed: KafkaModule.from_config() connects it anew")
        self._announce(kind, statement)

    def _described(self, topics: Iterable[str]) -> list[dict[str, Any]]:
        """What the cluster says of topics. LookupError, with the nearest name, for one that it does not have."""
        wanted = list(topics)
        what = f"describing {', '.join(wanted)}"
        found: list[dict[str, Any]] = self._asking.read(what, lambda admin: admin.describe_topics(wanted))
        for topic in found:
            problem = of_code(topic["error_code"]) if topic["error_code"] else None
            if problem is not None and problem.__name__ == "UnknownTopicOrPartitionError":
                raise LookupError(self._no_topic(topic["name"]))
            if problem is not None:
                raise RuntimeError(f"{what}: {problem.__name__}")
        return found

    def _require_meant(self, topic: str) -> None:
        """LookupError for a topic that is missing and named almost as another: publishing could create it.

        A broker that creates topics by itself may do so where no name is near.
        """
        if topic in self._published:
            return
        problem: Exception | None = None
        try:
            names = self._topic_names()
            if topic not in names and (near := nearest(topic, names)):
                problem = LookupError(
                    f"there is no topic {topic!r}: did you mean {near!r}? `create topic {topic}` makes it"
                )
        except ConnectionError as error:
            problem = error
        if problem is not None:
            raise type(problem)(f"{problem}. {NOTHING_SENT}")
        self._published.add(topic)

    def _no_topic(self, topic: str) -> str:
        return f"there is no topic {topic!r}" + there_are(topic, self._topic_names())

    def _topic_names(self) -> list[str]:
        return list(self._asking.read("listing topics", lambda admin: admin.list_topics()))

    def _partitions(self, topics: Iterable[str]) -> list[Any]:
        """The driver's TopicPartition for each partition of topics."""
        from kafka import TopicPartition

        return [
            TopicPartition(topic["name"], partition["partition_index"])
            for topic in self._described(topics)
            for partition in topic["partitions"]
        ]


def nearest(name: str, names: Iterable[str]) -> str:
    """The name that looks most like one, "" where none does."""
    return next(iter(difflib.get_close_matches(name, list(names), n=1)), "")


def there_are(name: str, names: Iterable[str]) -> str:
    """What there is instead of a name that nothing has, as the end of a message: the nearest, or the first few."""
    there = sorted(each for each in names if not each.startswith("__"))
    if near := nearest(name, there):
        return f": did you mean {near!r}?"
    more = f", and {len(there) - _SHOWN} more" if len(there) > _SHOWN else ""
    return f": there are {', '.join(there[:_SHOWN])}{more}" if there else ", nor any other"
