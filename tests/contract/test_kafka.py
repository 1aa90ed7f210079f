"""The contract over Kafka."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import Any

import pytest
from aibasic.modules import KafkaModule
from aibasic.modules.effects import Kind

from aibasic_kernel.testing import (
    Bulk,
    Contract,
    FaultProxy,
    Keys,
    Looking,
    Operation,
    Refusal,
    ServiceUnderTest,
    eventually,
)
from aibasic_kernel.testing.configured import WRONG
from tests.servers.kafka import KafkaServer

PARTS = 3
"""Messages of one batch: a part of them would be half a write."""
LAID_OUT = {"events": 0, "logs": 0, "notifications": 120, "quiet": 0, "user_events": 0, "writes": 0}
"""The topics that there are, and how many messages each has."""
GROUP = "audit"


def publish(kafka: KafkaModule, marker: str) -> object:
    return kafka.publish_message("writes", {"marker": marker, "parts": 1})


def publish_some(kafka: KafkaModule, marker: str) -> object:
    return kafka.publish_batch("writes", [{"marker": marker, "parts": PARTS}] * PARTS)


def in_background(kafka: KafkaModule, group: str | None = None) -> None:
    kafka.consume_in_background("notifications", group=group)
    kafka.stop_background("notifications")
    if group is not None:
        kafka.leave_group(group)


def as_member(kafka: KafkaModule, commit: bool = False) -> None:
    try:
        kafka.consume_messages("notifications", max_messages=1, group="readers")
        if commit:
            kafka.commit("readers")
    finally:
        with suppress(BaseException):
            kafka.leave_group("readers")


class KafkaUnderTest(ServiceUnderTest):
    """One broker for all clauses. What it holds is asked over its plain listener, which the module does not use."""

    module = KafkaModule
    required = "BOOTSTRAP_SERVERS"
    heals = True
    not_sent = frozenset({"get_connection_info", "state", "stop_background"})

    def __init__(self, server: KafkaServer) -> None:
        self.server = server
        self.host, self.port, self.secret = server.host, server.ports["SASL_PLAINTEXT"], server.password
        self._before: int | None = None

    def start(self) -> None:
        self.server.start()

    def kill(self) -> None:
        self.server.kill()

    def prepare(self) -> None:
        # Deleting a topic takes effect a little after it was answered.
        self._patiently(self._lay_out)
        self._restore_groups()

    def _lay_out(self) -> bool:
        topics = [name for name in self._admin.list_topics() if not name.startswith("__")]
        if surplus := [name for name in topics if name not in LAID_OUT]:
            self._admin.delete_topics(surplus)
        if missing := [name for name in LAID_OUT if name not in topics]:
            self._admin.create_topics({name: {"num_partitions": 1} for name in missing}, wait_for_metadata=True)
        self._fill()
        return True

    def counts(self) -> Mapping[str, float]:
        found = Counter(name for name in self._admin.list_topics() if name not in LAID_OUT)
        counts: dict[str, float] = {str(name): float(count) for name, count in found.items()}
        for text in self._values("writes"):
            one = json.loads(text)
            counts[one["marker"]] = counts.get(one["marker"], 0) + 1 / one["parts"]
        return {marker: round(count, 6) for marker, count in counts.items()}

    def content(self) -> object:
        from kafka.admin import ConfigResource

        names = sorted(name for name in self._admin.list_topics() if not name.startswith("__"))
        described = self._admin.describe_topics(names)
        configs = self._admin.describe_configs([ConfigResource("TOPIC", name) for name in names])["topic"]
        settings = {name: {key: value["value"] for key, value in one.items()} for name, one in configs.items()}
        groups = sorted(group["group_id"] for group in self._admin.list_groups())
        return (
            settings,
            {one["name"]: self._extent(one["name"], len(one["partitions"])) for one in described},
            {group: self._admin.list_group_offsets([group]) for group in groups},
        )

    def connections(self) -> int:
        return len(self.server.clients())

    def conf(self, **keys: object) -> str:
        return self.server.conf("SASL_PLAINTEXT", **keys)

    def at(self, host: str, port: int) -> Keys:
        return {"BOOTSTRAP_SERVERS": f"{host}:{port}"}

    def ways(self) -> Mapping[str, Keys]:
        mechanisms = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "GSSAPI")
        secured = {"SSL_CA_CERT": self.server.certificate("ca.crt")}
        ways = {"PLAINTEXT": self._over("PLAINTEXT"), "SSL": {**self._over("SSL"), **secured}}
        for mechanism in mechanisms:
            ways[f"SASL_PLAINTEXT {mechanism}"] = {**self._over("SASL_PLAINTEXT"), "SASL_MECHANISM": mechanism}
            ways[f"SASL_SSL {mechanism}"] = {**self._over("SASL_SSL"), "SASL_MECHANISM": mechanism, **secured}
        certificate = {f"SSL_CLIENT_{part.upper()}": self.server.certificate(f"client.{end}")
                       for part, end in (("cert", "crt"), ("key", "key"))}  # fmt: skip
        ways["client certificate"] = {**ways["SSL"], **certificate}
        ways["client certificate and password"] = {**ways["SASL_SSL PLAIN"], **certificate}
        ways["SSL, unverified"] = {**self._over("SSL"), "SSL_VERIFY": "false  # Set to false for self-signed certs"}
        ways["SASL_SSL, unverified"] = {**self._over("SASL_SSL"), "SSL_VERIFY": "false"}
        return ways

    def refused(self) -> Mapping[str, Refusal]:
        certificates = self.server.certificate
        trusted = {**self._over("SSL"), "SSL_CA_CERT": certificates("ca.crt")}
        stranger = {"SSL_CLIENT_CERT": certificates("stranger.crt"), "SSL_CLIENT_KEY": certificates("stranger.key")}
        password = "authentication failed(.|\n)*SASL_PASSWORD"
        return {
            "wrong password": Refusal({"SASL_PASSWORD": WRONG}, password),
            "wrong SCRAM password": Refusal({"SASL_PASSWORD": WRONG, "SASL_MECHANISM": "SCRAM-SHA-512"}, password),
            "wrong user": Refusal({"SASL_USERNAME": "nobody"}, password),
            "wrong CA": Refusal({**trusted, "SSL_CA_CERT": certificates("other_ca.crt")}, "SSL_CA_CERT"),
            "stranger's certificate": Refusal({**trusted, **stranger}, "SSL_CLIENT_CERT"),
            "no TLS there": Refusal({**trusted, **self._over("PLAINTEXT"), "SECURITY_PROTOCOL": "SSL"}, "TLS"),
            "no login there": Refusal({**self._over("PLAINTEXT"), "SECURITY_PROTOCOL": "SASL_PLAINTEXT"}, "no login"),
            "login wanted": Refusal({"SECURITY_PROTOCOL": "PLAINTEXT"}, "is SECURITY_PROTOCOL right"),
            "no such service principal": Refusal(
                {"SASL_MECHANISM": "GSSAPI", "SASL_KERBEROS_SERVICE_NAME": "other"}, "SASL_KERBEROS_SERVICE_NAME"
            ),
        }

    @contextmanager
    def expired(self) -> Iterator[Refusal]:
        keys = {**self._over("EXPIRED"), "SECURITY_PROTOCOL": "SSL", "SSL_CA_CERT": self.server.certificate("ca.crt")}
        yield Refusal(keys, "has expired: it needs a new one")

    def read(self, module: Any) -> None:
        assert module.topic_exists("never-made") is False

    def writes(self) -> Mapping[str, Any]:
        return {"publish": publish, "batch": publish_some}

    def operations(self) -> Mapping[str, Operation]:
        read, write, destroy = Kind.READ, Kind.WRITE, Kind.DESTRUCTIVE
        return {
            "publish_message": Operation(lambda k: publish(k, "a"), write),
            "publish_batch": Operation(lambda k: publish_some(k, "a"), write),
            "flush_producer": Operation(lambda k: k.flush_producer(), write),
            "consume_messages": Operation(lambda k: k.consume_messages("notifications", max_messages=3), read),
            "consume_messages: in a group": Operation(as_member, write),
            "commit": Operation(lambda k: as_member(k, commit=True), write),
            "leave_group": Operation(lambda k: k.leave_group("readers"), write),
            "consume_in_background": Operation(in_background, read),
            "consume_in_background: in a group": Operation(lambda k: in_background(k, "readers"), write),
            "first_messages": Operation(lambda k: k.first_messages("notifications", 3), read),
            "last_messages": Operation(lambda k: k.last_messages("notifications", 3), read),
            "stream_messages": Operation(lambda k: list(k.stream_messages("notifications")), read),
            "count_messages": Operation(lambda k: k.count_messages("notifications"), read),
            "list_topics": Operation(lambda k: k.list_topics(), read),
            "topic_exists": Operation(lambda k: k.topic_exists("events"), read),
            "describe_topic": Operation(lambda k: k.describe_topic("events"), read),
            "get_topic_metadata": Operation(lambda k: k.get_topic_metadata("events"), read),
            "create_topic": Operation(lambda k: k.create_topic("new", partitions=2, retention=60), write),
            "delete_topic": Operation(lambda k: k.delete_topic("events"), destroy),
            "purge_topic": Operation(lambda k: k.purge_topic("notifications"), destroy),
            "add_partitions": Operation(lambda k: k.add_partitions("logs", 2), write),
            "set_retention": Operation(lambda k: k.set_retention("logs", 3600), destroy),
            "list_groups": Operation(lambda k: k.list_groups(), read),
            "group_lag": Operation(lambda k: k.group_lag(GROUP), read),
            "reset_group": Operation(lambda k: k.reset_group(GROUP), destroy),
            "delete_group": Operation(lambda k: k.delete_group(GROUP), destroy),
        }

    def idle_past_limit(self) -> None:
        before = self.server.clients()
        assert eventually(lambda: not before & self.server.clients())

    def long_call(self, module: Any) -> object:
        self._before = self.connections()
        return module.consume_messages("quiet", timeout_ms=60_000)

    def long_call_runs(self) -> bool:
        return self._before is not None and self.connections() > self._before

    def bulk(self) -> Bulk:
        def send(kafka: KafkaModule, marker: str) -> object:
            return kafka.publish_batch("writes", ({"marker": marker, "parts": 1} for _ in range(20_000)))

        return Bulk(send, 20_000)

    def looking(self) -> Looking:
        return Looking(
            "list all kafka topics",
            "describe kafka topic notifications",
            "how many messages are in topic notifications",
            "show the first ten messages of topic notifications",
        )

    def names(self) -> Mapping[str, object]:
        return {"messages": ["started", {"level": "info"}]}

    @contextmanager
    def proxied(self) -> Iterator[tuple[FaultProxy, Keys]]:
        with FaultProxy(self.server.ports["PROXIED"], self.server.proxy_port) as proxy:
            keys = {"BOOTSTRAP_SERVERS": f"localhost:{proxy.port}", "SECURITY_PROTOCOL": "PLAINTEXT"}
            yield proxy, keys

    def close(self) -> None:
        self._admin.close()
        self._producer.close()

    @cached_property
    def _admin(self) -> Any:
        from kafka import KafkaAdminClient

        return KafkaAdminClient(**self._direct(), reconnect_backoff_max_ms=100)

    @cached_property
    def _producer(self) -> Any:
        from kafka import KafkaProducer

        return KafkaProducer(**self._direct(), reconnect_backoff_max_ms=100)

    def _patiently(self, ask: Callable[[], Any]) -> Any:
        """The answer, once a broker that has just been started can give one."""
        from kafka.errors import KafkaError

        answers: list[Any] = []

        def answered() -> bool:
            with suppress(KafkaError):
                answers.append(ask())
            return bool(answers)

        assert eventually(answered)
        return answers[0]

    def _direct(self) -> Keys:
        from aibasic.modules.kafka.network import DIRECT

        return {"bootstrap_servers": self.server.address(), "proxy_url": DIRECT}

    def _over(self, listener: str) -> Keys:
        return {"BOOTSTRAP_SERVERS": self.server.address(listener), "SECURITY_PROTOCOL": listener}

    def _extent(self, topic: str, partitions: int = 1) -> tuple[dict[Any, int], dict[Any, int]]:
        """The first offset of each partition, and the one behind the last."""
        from kafka import OffsetSpec, TopicPartition

        numbers = [TopicPartition(topic, number) for number in range(partitions)]
        first, end = (
            self._admin.list_partition_offsets(dict.fromkeys(numbers, spec))
            for spec in (OffsetSpec.EARLIEST, OffsetSpec.LATEST)
        )
        return {n: first[n].offset for n in numbers}, {n: end[n].offset for n in numbers}

    def _fill(self) -> None:
        """Bring each topic to the messages that it should have."""
        for topic, wanted in LAID_OUT.items():
            first, end = self._extent(topic)
            there = sum(end.values()) - sum(first.values())
            if there not in (0, wanted):
                self._admin.delete_records(end)
            if wanted and there != wanted:
                for number in range(wanted):
                    self._producer.send(topic, json.dumps({"number": number}).encode())
                self._producer.flush()

    def _restore_groups(self) -> None:
        from kafka import OffsetAndMetadata, TopicPartition

        (first, _) = self._extent("notifications")
        groups = [group["group_id"] for group in self._patiently(self._admin.list_groups)]
        if surplus := [group for group in groups if group != GROUP]:
            self._admin.delete_groups(surplus)
        start = OffsetAndMetadata(first[TopicPartition("notifications", 0)] + 1, "", -1)
        # Refused, and not needed, while the module is a member of the group.
        self._patiently(lambda: self._admin.alter_group_offsets(GROUP, {TopicPartition("notifications", 0): start}))

    def _values(self, topic: str) -> Iterator[bytes]:
        from kafka import KafkaConsumer

        _, end = self._extent(topic)
        consumer = KafkaConsumer(**self._direct(), auto_offset_reset="earliest")
        try:
            consumer.assign(list(end))
            while any(consumer.position(one) < offset for one, offset in end.items()):
                for records in consumer.poll(timeout_ms=500, max_records=5000).values():
                    yield from (record.value for record in records)
        finally:
            consumer.close()


@pytest.fixture(scope="module")
def service(kafka_server: KafkaServer) -> Iterator[KafkaUnderTest]:
    """The broker, with a ticket of its realm."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("KRB5_CONFIG", str(kafka_server.realm.config))
        environment.setenv("KRB5CCNAME", f"FILE:{kafka_server.realm.ticket_cache('alice')}")
        service = KafkaUnderTest(kafka_server)
        yield service
        service.close()


class TestKafka(Contract):
    """Every clause."""
