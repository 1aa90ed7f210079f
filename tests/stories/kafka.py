"""Kafka's lines and story."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from aibasic_kernel.testing import eventually
from tests.servers.kafka import KafkaServer
from tests.stories.service import Line, Service

TOPICS = ("events", "logs", "notifications", "user_events")
GROUP = "audit"
_NOTIFIED = [f"note {number}" for number in range(100)]


class KafkaService(Service):
    name, fixture = "kafka", "kafka_server"
    passing = (
        r"(?m)'partition': \d+, 'offset': \d+|(\b\d+ +\d+ +)?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.\d]*"
        r"|user_events/\d: offsets .*|^ +\d +1 +1 +1 +0 +\d+$"
    )
    server: KafkaServer
    before = 'messages = ["started", {"level": "info"}]'
    lines = (
        Line(
            '10 (kafka) publish message "Hello Kafka" to kafka topic events',
            'kafka.publish_message("events", "Hello Kafka")',
        ),
        Line(
            '20 (kafka) publish JSON message {"user": "Alice"} to topic user_events',
            'kafka.publish_message("user_events", {"user": "Alice"})',
        ),
        Line(
            "40 (kafka) publish batch of messages to kafka topic logs",
            'kafka.publish_batch("logs", messages)\nkafka.flush_producer()',
        ),
        Line(
            "30 (kafka) consume messages from kafka topic notifications",
            'messages = kafka.consume_messages("notifications", max_messages=100, timeout_ms=5000)',
            "messages",
            "len(messages), messages[99]['value']",
            (100, "note 99"),
        ),
    )
    guide_leaves: Mapping[str, object] = {
        "events": (1, ["Hello Kafka"]),
        "logs": (1, ["started", '{"level": "info"}']),
        "notifications": (1, _NOTIFIED),
        "user_events": (1, ['{"user": "Alice"}']),
    }
    story_leaves: Mapping[str, object] = {
        "events": (1, ["Hello Kafka"]),
        "logs": (1, [json.dumps({"level": "info" if n % 10 else "error", "number": n}) for n in range(1000)]),
        "notifications": (1, [f"order {number} failed" for number in range(0, 1000, 10)]),
        "user_events": (
            3,
            ['{"user": "Alice"}', '{"user": "Alice", "clicks": 3}', '{"user": "Alice", "clicks": 4}'],
        ),
        GROUP: 100,
    }
    story_names: Mapping[str, object] = {
        "len(failed), failed[-1]": (100, "990"),
        "len(users), len(places)": (3, 1),
        "[row[4] for row in results]": [900],
    }

    def clear(self) -> None:
        if topics := self._topics():
            self._admin.delete_topics(topics)
        if self._has_group():
            self._admin.delete_groups([GROUP])
        assert eventually(self.is_clear)

    def prepare(self) -> None:
        from kafka import KafkaProducer

        self._admin.create_topics({name: {"num_partitions": 1} for name in TOPICS}, wait_for_metadata=True)
        producer = KafkaProducer(**self._direct)
        for text in _NOTIFIED:
            producer.send("notifications", text.encode())
        producer.flush()
        producer.close()

    def lasting(self, printed: str) -> str:
        """As for any service; messages of several partitions come in no order."""
        return "\n".join(sorted(super().lasting(printed).splitlines()))

    def found(self) -> object:
        topics: dict[str, object] = {topic: self._content(topic) for topic in self._topics()}
        if self._has_group():
            topics[GROUP] = sum(one.offset for one in self._committed())
        return topics

    def close(self) -> None:
        self._admin.close()

    @property
    def _direct(self) -> Mapping[str, Any]:
        from aibasic.modules.kafka.network import DIRECT

        return {"bootstrap_servers": self.server.address(), "proxy_url": DIRECT}

    @cached_property
    def _admin(self) -> Any:
        from kafka import KafkaAdminClient

        return KafkaAdminClient(**self._direct)

    def _topics(self) -> list[str]:
        return sorted(set(TOPICS) & set(self._admin.list_topics()))

    def _has_group(self) -> bool:
        return any(group["group_id"] == GROUP for group in self._admin.list_groups())

    def _committed(self) -> Iterator[Any]:
        (partitions,) = self._admin.list_group_offsets([GROUP]).values()
        yield from partitions.values()

    def _content(self, topic: str) -> tuple[int, list[str]]:
        """How many partitions a topic has, and its messages by time."""
        from kafka import KafkaConsumer, TopicPartition

        consumer = KafkaConsumer(**self._direct, auto_offset_reset="earliest")
        try:
            places = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)]
            consumer.assign(places)
            end = consumer.end_offsets(places)
            records: list[Any] = []
            while any(consumer.position(place) < end[place] for place in places):
                for some in consumer.poll(timeout_ms=500).values():
                    records += some
        finally:
            consumer.close()
        ordered = sorted(records, key=lambda record: (record.timestamp, record.offset))
        return len(places), [record.value.decode() for record in ordered]
