"""The contract over RabbitMQ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

import pytest
from aibasic.modules import RabbitMQModule
from aibasic.modules.effects import Kind
from aibasic.modules.rabbitmq.message import Message

from aibasic_kernel.testing import (
    Bulk,
    Contract,
    Keys,
    Looking,
    Operation,
    Refusal,
    ServiceUnderTest,
    TlsFront,
    eventually,
)
from aibasic_kernel.testing.configured import WRONG
from tests.servers.rabbitmq import RabbitMQServer

EXCHANGES = {"my_exchange": "topic", "documents": "headers", "writes_exchange": "fanout"}
QUEUES = ("my_queue", "jobs", "spare", "long", "writes")


def to_queue(rmq: RabbitMQModule, marker: str) -> object:
    return rmq.publish_message("", "writes", marker, persistent=False)


def persistent(rmq: RabbitMQModule, marker: str) -> object:
    return rmq.publish_message("", "writes", marker)


def through_exchange(rmq: RabbitMQModule, marker: str) -> object:
    return rmq.publish_message("writes_exchange", "", marker, {"headers": {"n": 1}})


def batch_of_one(rmq: RabbitMQModule, marker: str) -> object:
    return rmq.publish_batch("", "writes", [marker])


def got(rmq: RabbitMQModule) -> Message:
    message = rmq.get_message("jobs")
    assert message is not None
    return message


def asked(rmq: RabbitMQModule) -> object:
    rmq.purge_queue("jobs")
    serving = rmq.serve_requests("jobs", lambda message: message.body, background=True)
    try:
        return rmq.request("", "jobs", "question")
    finally:
        serving.stop()  # type: ignore[union-attr]


class RabbitMQUnderTest(ServiceUnderTest):
    """One broker for all clauses."""

    module = RabbitMQModule
    limit: ClassVar = ({}, 1)
    not_sent = frozenset({"get_connection_info", "held_messages", "stop_consuming"})

    def __init__(self, server: RabbitMQServer) -> None:
        self.server = server
        self.port, self.secret = server.port, server.password
        self._layout: object = None

    def start(self) -> None:
        self.server.start()

    def kill(self) -> None:
        self.server.kill()

    def prepare(self) -> None:
        with self.server.channel() as channel:
            if self.server.layout() == self._layout:
                for queue in QUEUES:
                    channel.queue_purge(queue)
            else:
                self._lay_out(channel)
                self._layout = self.server.layout()
            channel.confirm_delivery()
            for queue in ("my_queue", "jobs", "jobs"):
                channel.basic_publish("", queue, f"in {queue}".encode())

    def counts(self) -> Mapping[str, float]:
        return Counter(body.decode() for body in self.server.messages("writes"))

    def content(self) -> object:
        return (self.server.layout(), {queue: self.server.messages(queue) for queue in self.server.names("queues")})

    def connections(self) -> int:
        return self.server.connections()

    def conf(self, **keys: object) -> str:
        return self.server.conf(**{"MANAGEMENT_URL": f"http://127.0.0.1:{self.server.management_port}", **keys})

    def ways(self) -> Mapping[str, Keys]:
        folder, tls = self.server.folder, {"PORT": self.server.tls_port, "USE_SSL": "true"}
        verified = {**tls, "SSL_CA_CERT": folder / "ca.crt"}
        certificate = {"SSL_CLIENT_CERT": folder / "client.crt", "SSL_CLIENT_KEY": folder / "client.key"}
        return {
            "password": {},
            "URL": {
                **dict.fromkeys(("HOST", "PORT", "USERNAME", "PASSWORD")),
                "URL": f"amqp://svc:s3cr%23t%20%25pass%40word@127.0.0.1:{self.port}/%2F",
            },
            "another virtual host": {"VHOST": "staging"},
            "TLS, verified": verified,
            "TLS, unverified": {**tls, "SSL_VERIFY": "false"},
            "TLS, client certificate and password": {**verified, **certificate},
            "TLS, client certificate alone": {**verified, **certificate, "USERNAME": None, "PASSWORD": None},
        }

    def refused(self) -> Mapping[str, Refusal]:
        folder, tls = self.server.folder, {"PORT": self.server.tls_port, "USE_SSL": "true"}
        stranger = {"SSL_CLIENT_CERT": folder / "stranger.crt", "SSL_CLIENT_KEY": folder / "stranger.key"}
        return {
            "wrong password": Refusal({"PASSWORD": WRONG}, "refused the login(.|\n)*USERNAME and PASSWORD"),
            "wrong CA": Refusal(
                {**tls, "SSL_CA_CERT": folder / "other_ca.crt"}, "certificate(.|\n)*not signed by SSL_CA_CERT"
            ),
            "no such virtual host": Refusal({"VHOST": "nowhere"}, "'nowhere'(.|\n)*is VHOST right"),
            "forbidden virtual host": Refusal({"VHOST": "closed"}, "'closed'(.|\n)*may the user enter"),
            "TLS on a plain port": Refusal({"USE_SSL": "true"}, "TLS as USE_SSL says"),
            "no TLS on a TLS port": Refusal({"PORT": self.server.tls_port}, "TLS as USE_SSL says"),
            "a stranger's certificate": Refusal(
                {**tls, "SSL_CA_CERT": folder / "ca.crt", **stranger}, "SSL_CLIENT_CERT"
            ),
        }

    @contextmanager
    def expired(self) -> Iterator[Refusal]:
        folder = self.server.folder
        with TlsFront(folder / "expired.crt", folder / "expired.key") as front:
            yield Refusal(
                {"PORT": front.port, "USE_SSL": "true", "SSL_CA_CERT": folder / "ca.crt"}, "certificate has expired"
            )

    def read(self, module: Any) -> None:
        assert module.exchange_exists("amq.direct") is True

    def writes(self) -> Mapping[str, Callable[[Any, str], object]]:
        return {call.__name__: call for call in (to_queue, persistent, through_exchange, batch_of_one)}

    def operations(self) -> Mapping[str, Operation]:
        calls: dict[Kind, dict[str, Callable[[Any], object]]] = {
            Kind.READ: {
                "describe_queue": lambda rmq: rmq.describe_queue("jobs"),
                "queue_length": lambda rmq: rmq.queue_length("jobs"),
                "queue_exists": lambda rmq: rmq.queue_exists("jobs"),
                "exchange_exists": lambda rmq: rmq.exchange_exists("amq.topic"),
                "list_queues": lambda rmq: rmq.list_queues(),
                "list_exchanges": lambda rmq: rmq.list_exchanges(),
                "list_bindings": lambda rmq: rmq.list_bindings(),
                "peek": lambda rmq: rmq.peek("jobs", 5),
            },
            Kind.WRITE: {
                "declare_exchange": lambda rmq: rmq.declare_exchange("new", "headers"),
                "declare_queue": lambda rmq: rmq.declare_queue("new", queue_type="quorum"),
                "bind_queue": lambda rmq: rmq.bind_queue("spare", "documents", headers={"kind": "a"}, match="any"),
                "unbind_queue": lambda rmq: rmq.unbind_queue("my_queue", "my_exchange", "events.*"),
                "bind_exchange": lambda rmq: rmq.bind_exchange("documents", "my_exchange", "#"),
                "publish_message": lambda rmq: to_queue(rmq, "x"),
                "publish_message: unconfirmed": lambda rmq: rmq.publish_message("", "writes", b"x", confirm=False),
                "publish_batch": lambda rmq: rmq.publish_batch("", "writes", ["x"] * 10),
                "request": asked,
                "reply": lambda rmq: rmq.reply(Message([("reply_to", "writes")]), "answer"),
                "get_message": lambda rmq: rmq.get_message("jobs"),
                "get_message: acknowledged": lambda rmq: rmq.get_message("jobs", auto_ack=True),
                "collect_messages": lambda rmq: rmq.collect_messages("jobs", 2, auto_ack=True),
                "consume_messages": lambda rmq: rmq.consume_messages("jobs", print, max_messages=1),
                "consume_in_background": lambda rmq: rmq.consume_in_background("long", print).stop(),
                "serve_requests": lambda rmq: rmq.serve_requests("long", print, timeout=0.01),
                "stream_messages": lambda rmq: list(rmq.stream_messages("jobs", timeout=0.1)),
                "ack": lambda rmq: rmq.ack(got(rmq)),
                "ack: of the message": lambda rmq: got(rmq).ack(),
                "nack": lambda rmq: rmq.nack(got(rmq), requeue=False),
                "requeue": lambda rmq: rmq.requeue([got(rmq), got(rmq)]),
            },
            Kind.DESTRUCTIVE: {
                "purge_queue": lambda rmq: rmq.purge_queue("jobs"),
                "delete_queue": lambda rmq: rmq.delete_queue("jobs"),
                "delete_exchange": lambda rmq: rmq.delete_exchange("documents"),
            },
        }
        return {name: Operation(call, kind) for kind, named in calls.items() for name, call in named.items()}

    def idle_past_limit(self) -> None:
        self.server.end_connections()
        assert eventually(lambda: self.connections() == 0)

    def long_call(self, module: Any) -> object:
        return module.collect_messages("long", timeout=60)

    def long_call_runs(self) -> bool:
        return self.server.consumers("long") > 0

    def bulk(self) -> Bulk:
        size = 5_000
        return Bulk(lambda rmq, marker: rmq.publish_batch("", "writes", [marker] * size, persistent=False), size)

    def looking(self) -> Looking:
        return Looking("list all queues", "describe queue my_queue", "how many messages are in queue jobs",
                       "show the first ten messages of queue jobs")  # fmt: skip

    def names(self) -> Mapping[str, object]:
        return {"messages": ["a", {"b": 1}], "message": []}

    def _lay_out(self, channel: Any) -> None:
        for queue in self.server.names("queues"):
            channel.queue_delete(queue)
        for exchange in self.server.names("exchanges"):
            if exchange and not exchange.startswith("amq."):
                channel.exchange_delete(exchange)
        for exchange, kind in EXCHANGES.items():
            channel.exchange_declare(exchange, kind, durable=True)
        for queue in QUEUES:
            channel.queue_declare(queue, durable=True)
        channel.queue_bind("my_queue", "my_exchange", "events.*")
        channel.queue_bind("my_queue", "documents", arguments={"format": "pdf", "x-match": "all"})
        channel.queue_bind("writes", "writes_exchange")


@pytest.fixture(scope="module")
def service(rabbitmq_server: RabbitMQServer) -> RabbitMQUnderTest:
    return RabbitMQUnderTest(rabbitmq_server)


class TestRabbitMQ(Contract):
    """Each clause is a test."""
