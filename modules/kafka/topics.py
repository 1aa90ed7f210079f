"""Topics: create, describe, list, change, delete."""

from __future__ import annotations

import datetime
import time
from collections.abc import Mapping
from typing import Any

from aibasic.modules.effects import Kind
from aibasic.modules.kafka import places
from aibasic.modules.kafka.connected import Connected
from aibasic.modules.results import Rows

_PAUSE = 0.05
"""Seconds between two looks at whether a deleted topic is gone."""


class Topics(Connected):
    """What the module does with topics."""

    def list_topics(self, internal: bool = False) -> Rows:
        """The topics: `topic`, `partitions`, `replicas`; with `internal` also those that Kafka keeps for itself.

        Example: topics = kafka.list_topics()
        """
        self._sending(Kind.READ, "list topics")
        found = self._asking.read("listing topics", lambda admin: admin.describe_topics())
        rows = sorted(
            (topic["name"], len(topic["partitions"]), _replicas(topic))
            for topic in found
            if internal or not (topic["is_internal"] or topic["name"].startswith("__"))
        )
        return Rows(rows, ("topic", "partitions", "replicas"))

    def topic_exists(self, topic: str) -> bool:
        """Whether there is such a topic.

        Example: kafka.topic_exists("events")
        """
        self._sending(Kind.READ, f"describe topic {topic}")
        return self._has(topic)

    def describe_topic(self, topic: str) -> Rows:
        """Its partitions: `partition`, `leader`, `replicas`, `in_sync`, the `first` offset, the `end` behind the last.

        LookupError where there is no such topic.

        Example: kafka.describe_topic("events")
        """
        self._sending(Kind.READ, f"describe topic {topic}")
        (found,) = self._described([topic])
        partitions = self._partitions([topic])
        first = {one.partition: offset for one, offset in places.beginning(self._asking, partitions).items()}
        end = {one.partition: offset for one, offset in places.end(self._asking, partitions).items()}
        rows = []
        for one in sorted(found["partitions"], key=lambda one: one["partition_index"]):
            number = one["partition_index"]
            replicas, in_sync = _listed(one["replica_nodes"]), _listed(one["isr_nodes"])
            rows.append((number, one["leader_id"], replicas, in_sync, first[number], end[number]))
        return Rows(rows, ("partition", "leader", "replicas", "in_sync", "first", "end"))

    def get_topic_metadata(self, topic: str) -> dict[str, Any]:
        """`topic`, `partitions` (a list of their numbers), `replicas`, `leaders` by partition, `configs`.

        `configs` holds what was set for this topic. LookupError where there is no such topic.

        Example: kafka.get_topic_metadata("events")["partitions"]
        """
        self._sending(Kind.READ, f"describe topic {topic}")
        (found,) = self._described([topic])
        leaders = {one["partition_index"]: one["leader_id"] for one in found["partitions"]}
        return {
            "topic": topic,
            "partitions": sorted(leaders),
            "replicas": _replicas(found),
            "leaders": dict(sorted(leaders.items())),
            "configs": self._configs(topic),
        }

    def create_topic(
        self,
        topic: str,
        partitions: int | None = None,
        replicas: int | None = None,
        retention: float | datetime.timedelta | None = None,
        configs: Mapping[str, Any] | None = None,
    ) -> None:
        """Create a topic and wait until it can be used. RuntimeError where there is one of that name.

        Partitions and replicas are the broker's defaults where not given; `retention` is in seconds, -1 for ever;
        `configs` are Kafka's own, as {"cleanup.policy": "compact"}.

        Example: kafka.create_topic("events", partitions=3, retention=7 * 86400)
        """
        settings = {name: str(value) for name, value in (configs or {}).items()}
        if retention is not None:
            settings["retention.ms"] = _milliseconds(retention)
        new = {
            "num_partitions": -1 if partitions is None else partitions,
            "replication_factor": -1 if replicas is None else replicas,
            "configs": settings,
        }
        what = f"creating topic {topic}"
        self._sending(Kind.WRITE, f"create topic {topic}")
        self._asking.write(what, lambda admin: admin.create_topics({topic: new}))
        self._asking.read(what, lambda admin: admin.wait_for_topics([topic]))

    def delete_topic(self, topic: str) -> None:
        """Delete a topic with all its messages, and wait until it is gone. LookupError where there is none.

        Example: kafka.delete_topic("events")
        """
        self._sending(Kind.DESTRUCTIVE, f"delete topic {topic}")
        self._described([topic])
        self._asking.write(f"deleting topic {topic}", lambda admin: admin.delete_topics([topic]))
        until = time.monotonic() + self._target.timeout
        while self._has(topic) and time.monotonic() < until:
            time.sleep(_PAUSE)

    def purge_topic(self, topic: str) -> None:
        """Delete all messages of a topic; the topic stays, and so do its offsets.

        Example: kafka.purge_topic("events")
        """
        self._sending(Kind.DESTRUCTIVE, f"delete all messages of topic {topic}")
        ends = places.end(self._asking, self._partitions([topic]))
        self._asking.write(f"deleting the messages of {topic}", lambda admin: admin.delete_records(ends))

    def add_partitions(self, topic: str, total: int) -> None:
        """Give a topic more partitions, so that it has `total`. Messages that are there stay where they are.

        Example: kafka.add_partitions("events", 6)
        """
        self._sending(Kind.WRITE, f"add partitions to topic {topic}, {total} in total")
        self._described([topic])
        self._asking.write(f"adding partitions to {topic}", lambda admin: admin.create_partitions({topic: total}))

    def set_retention(self, topic: str, retention: float | datetime.timedelta) -> None:
        """Keep a topic's messages for so many seconds, -1 for ever. Older ones are deleted in the course of time.

        Example: kafka.set_retention("events", 3600)
        """
        from kafka.admin import ConfigResource

        self._sending(Kind.DESTRUCTIVE, f"keep the messages of topic {topic} for {retention} s")
        self._described([topic])
        change = ConfigResource("TOPIC", topic, {"retention.ms": _milliseconds(retention)})
        self._asking.write(f"setting the retention of {topic}", lambda admin: admin.alter_configs([change]))

    def _has(self, topic: str) -> bool:
        (found,) = self._asking.read(f"describing {topic}", lambda admin: admin.describe_topics([topic]))
        return bool(found["error_code"] == 0)

    def _configs(self, topic: str) -> dict[str, str]:
        from kafka.admin import ConfigResource

        wanted = [ConfigResource("TOPIC", topic)]
        found = self._asking.read(f"describing {topic}", lambda admin: admin.describe_configs(wanted))
        return {name: one["value"] for name, one in found["topic"][topic].items()}


def _replicas(topic: Mapping[str, Any]) -> int:
    return min((len(partition["replica_nodes"]) for partition in topic["partitions"]), default=0)


def _listed(nodes: list[int]) -> str:
    return ", ".join(map(str, nodes))


def _milliseconds(retention: float | datetime.timedelta) -> str:
    seconds = retention.total_seconds() if isinstance(retention, datetime.timedelta) else retention
    return "-1" if seconds < 0 else str(round(seconds * 1000))
