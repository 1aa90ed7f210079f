"""What KafkaModule does and says when brokers are away, silent, or not as configured."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from aibasic_kernel.testing import FaultProxy, eventually
from aibasic_kernel.testing.recovery import said_of_loss
from tests.modules.conftest import ConnectKafka
from tests.servers.kafka import KafkaServer
from tests.servers.kerberos import Kerberos

CUTS = 24
"""Places in the creation of a topic at which the connection is cut."""


@pytest.fixture
def silent(kafka_server: KafkaServer) -> Iterator[Callable[[], None]]:
    """Called, it freezes the broker until the test calls `resume` or ends."""
    yield kafka_server.pause
    kafka_server.resume()


def test_a_message_that_is_not_acknowledged_in_time_is_said_to_be_so_and_arrives_once(
    connect_kafka: ConnectKafka, kafka_server: KafkaServer, silent: Callable[[], None]
) -> None:
    kafka = connect_kafka(TIMEOUT=2)
    kafka.publish_message("silent", "before")
    kafka.list_topics()
    silent()
    with pytest.raises(TimeoutError, match=r"within 2 s, and it may or may not .* goes on trying until \d\d:\d\d:\d\d"):
        kafka.publish_message("silent", "late")
    with pytest.raises(ConnectionError, match="did not answer in time"):
        kafka.list_topics()
    kafka_server.resume()
    kafka.flush_producer(20)
    kafka.publish_message("silent", "after")
    assert connect_kafka().consume_messages("silent", max_messages=3).values == ["before", "late", "after"]  # type: ignore[union-attr]


def test_a_producer_that_let_a_message_expire_is_replaced(
    connect_kafka: ConnectKafka, kafka_server: KafkaServer, silent: Callable[[], None]
) -> None:
    kafka = connect_kafka(TIMEOUT=1, DELIVERY_TIMEOUT=2)
    kafka.publish_message("expiring", "before")
    stuck = kafka._clients.producer()
    silent()
    with pytest.raises(TimeoutError, match="may or may not have been carried out"):
        kafka.publish_message("expiring", "expired")
    assert eventually(lambda: kafka._clients._producer is not stuck)
    kafka_server.resume()
    again = connect_kafka(DELIVERY_TIMEOUT=2, TIMEOUT=10)
    again.publish_message("expiring", "after")
    assert again.consume_messages("expiring", max_messages=3, timeout_ms=500).values[-1] == "after"  # type: ignore[union-attr]


def test_a_broker_that_is_gone_is_said_to_be_and_is_found_again(
    connect_kafka: ConnectKafka, kafka_server: KafkaServer
) -> None:
    kafka = connect_kafka(TIMEOUT=300)
    kafka.publish_message("gone", "before")
    kafka.list_topics()
    kafka_server.stop()
    try:
        with pytest.raises(ConnectionError, match=r"listing topics: .*Connection refused\n.*does it run"):
            kafka.list_topics()
        with pytest.raises(ConnectionError, match=r"does it run(.|\n)*Nothing was sent"):
            kafka.create_topic("never")
        with pytest.raises(RuntimeError, match="does it run"):
            connect_kafka(TIMEOUT=2)
    finally:
        kafka_server.start()
    assert not connect_kafka().topic_exists("never")


def test_the_creation_of_a_topic_that_is_cut_anywhere_is_done_once_or_not_at_all(
    connect_kafka: ConnectKafka, kafka_server: KafkaServer
) -> None:
    with FaultProxy(kafka_server.ports["PROXIED"], kafka_server.proxy_port) as proxy:
        kafka = connect_kafka(BOOTSTRAP_SERVERS=f"localhost:{proxy.port}", SECURITY_PROTOCOL="PLAINTEXT")
        kafka.create_topic("cut-first")
        proxy.watch()
        kafka.create_topic("cut-whole")
        request, reply = proxy.passed["request"], proxy.passed["reply"]
        told = {}
        for number in range(CUTS):
            kafka.topic_exists("cut-first")
            at = number * (request + reply) // CUTS
            proxy.cut_after("request" if at < request else "reply", at if at < request else at - request)
            try:
                kafka.create_topic(f"cut-{number}")
                told[f"cut-{number}"] = ""
            except Exception as error:
                told[f"cut-{number}"] = said_of_loss(str(error)) or repr(error)
        proxy.watch()
    there = {topic for topic, *_ in connect_kafka().list_topics()}
    assert {text for text in told.values() if text} == {"may or may not have been carried out"}
    assert [name for name, text in told.items() if not text and name not in there] == []


def test_brokers_that_cannot_be_reached_under_their_own_names_are_said(
    connect_kafka: ConnectKafka, kafka_server: KafkaServer
) -> None:
    with pytest.raises(RuntimeError, match=rf"advertised.listeners(.|\n)*localhost:{kafka_server.proxy_port}"):
        connect_kafka(BOOTSTRAP_SERVERS=kafka_server.address("PROXIED"))


def test_one_of_several_servers_is_enough(connect_kafka: ConnectKafka, kafka_server: KafkaServer) -> None:
    kafka = connect_kafka(BOOTSTRAP_SERVERS=f"localhost:1, {kafka_server.address()}")
    assert not kafka.topic_exists("never")


def test_a_keytab_is_enough_for_kerberos(
    connect_kafka: ConnectKafka, kerberos: Kerberos, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KRB5_CONFIG", str(kerberos.config))
    monkeypatch.setenv("KRB5CCNAME", f"FILE:{tmp_path}/none")
    with pytest.raises(RuntimeError, match="is there a ticket"):
        connect_kafka("SASL_SSL", "GSSAPI")
    monkeypatch.setenv("KRB5_CLIENT_KTNAME", str(kerberos.keytab("alice")))
    assert not connect_kafka("SASL_SSL", "GSSAPI").topic_exists("never")


@pytest.mark.parametrize(
    ("keys", "kind", "says"),
    [
        ({"SASL_PASSWORD": None}, KeyError, r"\[kafka\] has no SASL_PASSWORD: add .* SASL_MECHANISM = PLAIN needs"),
        ({"SASL_USERNAME": None}, KeyError, r"\[kafka\] has no SASL_USERNAME"),
        ({"SASL_MECHANISM": "LOGIN"}, ValueError, "expected one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, GSSAPI"),
        ({"SECURITY_PROTOCOL": "TLS"}, ValueError, "expected one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL"),
        ({"BOOTSTRAP_SERVERS": "here:there"}, ValueError, "here:there: expected host:port"),
        ({"SECURITY_PROTOCOL": "SSL", "SSL_CA_CERT": "/no/ca.crt"}, RuntimeError, "SSL_CA_CERT = /no/ca.crt: no such"),
    ],
)
def test_what_is_wrong_with_a_configuration_is_said(
    keys: dict[str, object], kind: type[Exception], says: str, connect_kafka: ConnectKafka
) -> None:
    with pytest.raises(kind, match=says):
        connect_kafka("SASL_PLAINTEXT", **keys)


def test_a_read_only_section_refuses_writes(connect_kafka: ConnectKafka) -> None:
    kafka = connect_kafka(READONLY="true")
    assert not kafka.topic_exists("never")
    for write in (lambda: kafka.publish_message("never", "x"), lambda: kafka.create_topic("never")):
        with pytest.raises(PermissionError, match="READONLY"):
            write()
    assert not kafka.topic_exists("never")
