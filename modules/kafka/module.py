"""Kafka: `[kafka]` in aibasic.conf, `kafka` in programs."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from aibasic.modules.effects import Kind
from aibasic.modules.kafka.batch import outgoing, published, several
from aibasic.modules.kafka.consumption import Consumption
from aibasic.modules.kafka.failures import nothing_sent_yet
from aibasic.modules.kafka.groups import Groups
from aibasic.modules.kafka.payload import Headers
from aibasic.modules.kafka.phrases import PHRASES
from aibasic.modules.kafka.publishing import Publisher, Stored
from aibasic.modules.kafka.target import SETTINGS
from aibasic.modules.kafka.topics import Topics
from aibasic.modules.progress import counted
from aibasic.modules.results import Rows
from aibasic.modules.settings import Settings


class KafkaModule(Topics, Groups, Consumption):
    """A Kafka cluster: publish, read by oneself or in a group, look after topics and groups. For all threads."""

    task = "kafka"
    variable = "kafka"
    service = "Apache Kafka"
    driver = "kafka"
    extra = "kafka"
    has = frozenset({"auth", "tls", "restart"})
    settings = SETTINGS
    phrases = PHRASES
    destroys: ClassVar[Mapping[str, str]] = {
        "delete_topic": "deletes topic {topic} with all its messages",
        "purge_topic": "deletes all messages of topic {topic}",
        "set_retention": "keeps the messages of topic {topic} for {retention} s only",
        "reset_group": "resets group {group} to {to}",
        "delete_group": "deletes group {group}",
    }

    def __init__(self, configured: Settings) -> None:
        super().__init__(configured)
        self._publisher = Publisher(self._target, self._clients)

    def publish_message(
        self, topic: str, message: Any, key: Any = None, partition: int | None = None, headers: Headers | None = None
    ) -> dict[str, Any]:
        """Publish one message, and return `topic`, `partition` and `offset` once it is stored.

        Text and bytes go as they are, all else as JSON. Messages with one key go to one partition. TimeoutError where
        it is not acknowledged within TIMEOUT: it may still arrive, the error says until when.

        Example: kafka.publish_message("events", {"user": "Alice"}, key="alice")
        """
        one = outgoing(message, key, partition, headers)
        self._sending(Kind.WRITE, f"publish 1 message to topic {topic}")
        self._require_meant(topic)
        stored = self._publisher.send(topic, one)
        return {"topic": topic, "partition": stored.partition, "offset": stored.offset}

    def publish_batch(
        self,
        topic: str,
        messages: Iterable[Any],
        keys: Sequence[Any] | None = None,
        headers: Headers | None = None,
    ) -> Rows:
        """Publish many messages together, and return the `partition` and `offset` of each once all are stored.

        `messages` is a list, rows or a data frame (a dict by columns for each row), or messages that were read. Where
        some are not stored, a RuntimeError says which and why; the others are.

        Example: kafka.publish_batch("logs", ["started", {"level": "info"}])
        """
        with nothing_sent_yet(f"publishing to {topic}"):
            batch = several(messages, keys, headers)
            self._sending(Kind.WRITE, f"publish {counted(len(batch), 'messages')} to topic {topic}")
            if batch:
                self._require_meant(topic)
        results: list[Stored | Exception] = self._publisher.send_all(topic, batch) if batch else []
        return published(topic, results)

    def flush_producer(self, timeout: float | None = None) -> None:
        """Wait until everything that was published is stored or given up; TimeoutError after so many seconds.

        Only of use after a publish that was not acknowledged in time: each call waits for its own messages.

        Example: kafka.flush_producer()
        """
        self._sending(Kind.WRITE, "flush the producer")
        self._publisher.flush(self._target.timeout if timeout is None else timeout)

    def get_connection_info(self) -> dict[str, Any]:
        """`bootstrap_servers`, `security_protocol`, `sasl_mechanism`, `user`, the `section`. No secrets.

        Example: kafka.get_connection_info()
        """
        return {
            "bootstrap_servers": ",".join(self._target.arguments()["bootstrap_servers"]),
            "security_protocol": self._target.protocol,
            "sasl_mechanism": self._target.mechanism,
            "user": self._target.user,
            "section": self.section,
        }

    def close(self) -> None:
        """End what reads in the background, leave all groups and close all connections.

        Example: kafka.close()
        """
        self.closed = True
        self.stop_background()
        self._members = {}
        self._clients.close()

    def after_fork(self) -> None:
        """In a forked child: let go of the parent's sockets; the next call connects anew.

        Example: kafka.after_fork()
        """
        self._lock = threading.RLock()
        self._members, self._background = {}, []
        self._clients.after_fork()

    def __repr__(self) -> str:
        return f"<KafkaModule [{self.section}] {self.place}{', closed' if self.closed else ''}>"
