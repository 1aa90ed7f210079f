"""RabbitMQModule over the real broker: exchanges, queues, publishing and getting."""

from __future__ import annotations

import pickle
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas
import pika
import pytest
from aibasic.modules import RabbitMQModule
from aibasic.modules.rabbitmq import content
from aibasic.modules.rabbitmq.wire import Reply

from aibasic_kernel.testing import eventually
from aibasic_kernel.testing.sentences import run
from tests.servers.rabbitmq import RabbitMQServer

Connect = Callable[..., RabbitMQModule]


@pytest.fixture
def connect(rabbitmq_server: RabbitMQServer, tmp_path: Path) -> Iterator[Connect]:
    made: list[RabbitMQModule] = []

    def connect(**keys: object) -> RabbitMQModule:
        file = tmp_path / "aibasic.conf"
        file.write_text(rabbitmq_server.conf(**keys))
        made.append(RabbitMQModule.from_config(str(file)))
        return made[-1]

    yield connect
    for module in made:
        module.close()


@pytest.fixture
def rmq(connect: Connect) -> RabbitMQModule:
    return connect()


@pytest.fixture
def queue(rmq: RabbitMQModule) -> str:
    """A queue of its own, gone with the connection."""
    return rmq.declare_queue(f"q-{uuid.uuid4().hex[:8]}", durable=False, exclusive=True)


def exchange_of(rmq: RabbitMQModule, kind: str) -> str:
    name = f"x-{uuid.uuid4().hex[:8]}"
    rmq.declare_exchange(name, kind, durable=False, auto_delete=True)
    return name


@pytest.mark.parametrize(
    ("message", "content_type"),
    [
        ("Grüße 🐇", "text/plain"),
        (b"\x00\xff", "application/octet-stream"),
        ({"id": 7, "tags": ["a", None]}, "application/json"),
        ([1, 2.5, True], "application/json"),
        (None, "application/json"),
    ],
)
def test_a_message_comes_as_what_it_went(rmq: RabbitMQModule, queue: str, message: Any, content_type: str) -> None:
    rmq.publish_message("", queue, message)
    got = rmq.get_message(queue, auto_ack=True)
    assert got is not None
    assert (got.body, got["content_type"], got["delivery_mode"]) == (message, content_type, 2)


def test_properties_travel_by_name_or_as_pikas_own(rmq: RabbitMQModule, queue: str) -> None:
    rmq.publish_message("", queue, "x", {"headers": {"n": 1}, "priority": 5, "type": "t", "expiration": 60_000})
    rmq.publish_message("", queue, "<a/>", pika.BasicProperties(content_type="text/xml", app_id="me"), persistent=False)
    first, second = rmq.collect_messages(queue, 2, auto_ack=True)
    assert (first.headers, first["priority"], first["type"], first["expiration"]) == ({"n": 1}, 5, "t", "60000")
    assert (second.headers, second["content_type"], second["app_id"], second["delivery_mode"]) == (
        {},
        "text/xml",
        "me",
        1,
    )
    with pytest.raises(ValueError, match=r"unknown message properties: colour.*headers"):
        rmq.publish_message("", queue, "x", {"colour": "red"})
    with pytest.raises(TypeError, match="complex has no JSON form"):
        rmq.publish_message("", queue, 1j)
    for publish in (rmq.publish_message, lambda *args: rmq.publish_batch("", queue, ["x"], args[3])):
        with pytest.raises((ValueError, RuntimeError), match=r"UnsupportedAMQPField"):
            publish("", queue, "x", {"headers": {"no form": object()}})
    rmq.publish_message("", queue, "still right")
    assert rmq.queue_length(queue) == 1


def test_a_body_that_is_not_what_its_type_says_stays_bytes() -> None:
    assert content.decode(b"{broken", "application/json") == b"{broken"
    assert content.decode(b"\xff", "text/plain") == b"\xff"
    assert content.decode(b'{"a": 1}', "application/vnd.x+json; charset=utf-8") == {"a": 1}


@pytest.mark.parametrize(
    ("kind", "binding", "key", "arrives"),
    [
        ("direct", "a.b", "a.b", True),
        ("direct", "a.*", "a.b", False),
        ("topic", "a.*", "a.b", True),
        ("topic", "#.c", "a.b.c", True),
        ("topic", "a.*", "a.b.c", False),
        ("fanout", "", "whatever", True),
    ],
)
def test_exchanges_route_by_key_and_what_reaches_no_queue_is_an_error(
    rmq: RabbitMQModule, queue: str, kind: str, binding: str, key: str, arrives: bool
) -> None:
    exchange = exchange_of(rmq, kind)
    rmq.bind_queue(queue, exchange, binding)
    if arrives:
        rmq.publish_message(exchange, key, "x")
    else:
        with pytest.raises(RuntimeError, match=f"to exchange {exchange} key {key}: the message reached no queue"):
            rmq.publish_message(exchange, key, "x")
        rmq.publish_message(exchange, key, "x", allow_unroutable=True)
    assert rmq.queue_length(queue) == arrives


@pytest.mark.parametrize(("match", "arrives"), [("all", False), ("any", True)])
def test_headers_exchanges_compare_all_or_any(rmq: RabbitMQModule, queue: str, match: str, arrives: bool) -> None:
    exchange = exchange_of(rmq, "headers")
    wanted = {"format": "pdf", "kind": "report"}
    rmq.bind_queue(queue, exchange, headers=wanted, match=match)
    rmq.publish_message(exchange, "", "x", {"headers": {"format": "pdf"}}, allow_unroutable=True)
    assert rmq.queue_length(queue) == arrives
    rmq.publish_message(exchange, "", "x", {"headers": {**wanted, "more": 1}})
    assert rmq.queue_length(queue) == arrives + 1
    rmq.bind_queue(queue, exchange_of(rmq, "fanout"))  # or the exchange would be deleted with its last binding
    rmq.unbind_queue(queue, exchange, headers=wanted, match=match)
    with pytest.raises((RuntimeError, LookupError)):
        rmq.publish_message(exchange, "", "x", {"headers": wanted})


def test_what_expires_is_rejected_or_overflows_goes_to_the_dead_letter_exchange(
    rmq: RabbitMQModule, queue: str
) -> None:
    dead = exchange_of(rmq, "fanout")
    rmq.bind_queue(queue, dead)
    work = rmq.declare_queue("", durable=False, exclusive=True, dead_letter_exchange=dead, max_length=1)
    rmq.publish_batch("", work, ["first", "second"])
    message = rmq.get_message(work)
    assert message is not None
    message.nack(requeue=False)
    brief = rmq.declare_queue("", durable=False, exclusive=True, dead_letter_exchange=dead, message_ttl=0)
    rmq.publish_message("", brief, "third")
    died = rmq.collect_messages(queue, 3)
    assert died.bodies == ["first", "second", "third"]
    assert [message.headers["x-first-death-reason"] for message in died] == ["maxlen", "rejected", "expired"]


def test_a_message_that_the_broker_refuses_is_an_error(rmq: RabbitMQModule) -> None:
    full = rmq.declare_queue(
        "", durable=False, exclusive=True, arguments={"x-overflow": "reject-publish"}, max_length=2
    )
    with pytest.raises(RuntimeError, match=r"2 of 5 messages were confirmed, 3 were refused.*messages\[2\]"):
        rmq.publish_batch("", full, range(5))
    with pytest.raises(RuntimeError, match="the broker refused the message: is the queue full"):
        rmq.publish_message("", full, "x")


def test_a_batch_tells_which_reached_no_queue(rmq: RabbitMQModule, queue: str) -> None:
    assert rmq.publish_batch("", queue, ({"n": n} for n in range(500))) == 500
    assert rmq.publish_batch("", queue, pandas.DataFrame({"a": [1, 2]})) == 2
    assert [message.body for message in rmq.stream_messages(queue, timeout=0.2)][498:] == [
        {"n": 498},
        {"n": 499},
        {"a": 1},
        {"a": 2},
    ]
    with pytest.raises(RuntimeError, match=r"0 of 3 messages were confirmed, 3 reached no queue.*messages\[0\]"):
        rmq.publish_batch("", "no such queue", ["a", "b", "c"])
    with pytest.raises(RuntimeError, match=r"may or may not have arrived\n  ZeroDivisionError"):
        rmq.publish_batch("", queue, (1 // (150 - n) for n in range(200)))
    with pytest.raises(TypeError, match="a list of messages, not one str"):
        rmq.publish_batch("", queue, "abc")


def test_a_held_message_is_counted_until_it_is_settled(rmq: RabbitMQModule, queue: str) -> None:
    rmq.publish_batch("", queue, ["a", "b", "c"])
    first, second = rmq.get_message(queue), rmq.get_message(queue)
    assert first is not None and second is not None
    assert rmq.state() == f"holds 2 messages of queue {queue}, not acknowledged"
    with pytest.raises(LookupError, match="no queue 'nowhere'"):
        rmq.get_message("nowhere")
    rmq.ack(first)
    second.requeue()
    assert (first.state, second.state, rmq.state()) == ("acknowledged", "requeued", "")
    for settle in (first.ack, first.nack, second.requeue):
        with pytest.raises(RuntimeError, match=r"this message is (acknowledged|requeued) already"):
            settle()
    rest = rmq.collect_messages(queue, 10, timeout=0.1)
    assert sorted(rest.bodies) == ["b", "c"]
    assert rmq.held_messages() == rest
    rmq.ack(rest)
    assert (rmq.queue_length(queue), rmq.get_message(queue), rmq.state()) == (0, None, "")


def test_peeking_leaves_messages_in_their_order(rmq: RabbitMQModule, queue: str) -> None:
    rmq.publish_batch("", queue, ["a", "b", "c"])
    assert [row[0] for row in rmq.peek(queue, 2)] == ["a", "b"]
    assert [row[0] for row in rmq.peek(queue)] == ["a", "b", "c"]
    assert rmq.queue_length(queue) == 3


def test_messages_are_plain_dicts_and_show_as_tables(rmq: RabbitMQModule, queue: str) -> None:
    rmq.publish_batch("", queue, [{"id": 1}, "<b>"])
    messages = rmq.collect_messages(queue, 2)
    assert str(messages).splitlines()[0].split() == ["body", "exchange", "routing_key", "redelivered"]
    assert "&lt;b&gt;" in messages._repr_html_()
    assert str(messages[0]).splitlines()[2].split(None, 1) == ["body", "{'id': 1}"]
    assert list(pandas.DataFrame(messages)["body"]) == [{"id": 1}, "<b>"]
    copy = pickle.loads(pickle.dumps(messages[0]))
    assert (copy, copy.raw, copy.state) == (messages[0], b'{"id": 1}', "")


def test_declaring_again_otherwise_and_what_does_not_exist_are_said(rmq: RabbitMQModule, queue: str) -> None:
    with pytest.raises(ValueError, match=r"PRECONDITION_FAILED.*use the properties that it was declared with"):
        rmq.declare_queue(queue, exclusive=True, auto_delete=True)
    with pytest.raises(LookupError, match=r"to exchange nowhere.*no exchange 'nowhere'"):
        rmq.publish_message("nowhere", "", "x")
    with pytest.raises(LookupError, match="no queue 'nowhere'"):
        rmq.consume_messages("nowhere", print)
    with pytest.raises(ValueError, match="there are direct, topic, fanout, headers"):
        rmq.declare_exchange("x", "topics")
    assert (rmq.queue_exists(queue), rmq.queue_exists("nowhere"), rmq.exchange_exists("nowhere")) == (
        True,
        False,
        False,
    )


def test_counts_are_returned_by_purge_and_delete(rmq: RabbitMQModule, queue: str) -> None:
    rmq.publish_batch("", queue, ["a", "b"])
    assert rmq.purge_queue(queue) == 2
    rmq.publish_message("", queue, "c")
    with pytest.raises(ValueError, match="not empty"):
        rmq.delete_queue(queue, if_empty=True)
    assert (rmq.delete_queue(queue), rmq.delete_queue(queue)) == (1, 0)


def test_lists_need_the_management_plugin(connect: Connect, rabbitmq_server: RabbitMQServer) -> None:
    with pytest.raises(RuntimeError, match=r"AMQP cannot list queues: .*MANAGEMENT_URL"):
        connect().list_queues()
    url = f"http://127.0.0.1:{rabbitmq_server.management_port}"
    rmq = connect(MANAGEMENT_URL=url)
    rmq.declare_queue("listed", durable=False)
    assert "listed" in [row[0] for row in rmq.list_queues()]
    assert ("amq.topic", "topic", True) in rmq.list_exchanges()
    assert ("", "listed", "queue", "listed", {}) in rmq.list_bindings()
    rmq.delete_queue("listed")
    with pytest.raises(RuntimeError, match=r"400(.|\n)*is MANAGEMENT_URL right"):
        connect(MANAGEMENT_URL=f"{url}/nothing").list_queues()


def test_readonly_refuses_all_but_looking(connect: Connect) -> None:
    connect().declare_queue("looked-at", durable=False)
    rmq = connect(READONLY="true")
    assert rmq.queue_length("looked-at") == 0
    for write in (
        lambda: rmq.publish_message("", "looked-at", "x"),
        lambda: rmq.get_message("looked-at"),
        lambda: rmq.delete_queue("looked-at"),
    ):
        with pytest.raises(PermissionError, match="READONLY"):
            write()
    assert len(rmq.peek("looked-at")) == 0


def test_the_guides_lines_run_word_for_word(rmq: RabbitMQModule) -> None:
    rmq.delete_queue("my_queue")
    rmq.delete_exchange("my_exchange")
    for line in (
        "declare rabbitmq exchange my_exchange type topic",
        "declare rabbitmq queue my_queue durable",
        "bind queue my_queue to exchange my_exchange with routing key events.*",
        'publish message "Hello" to exchange my_exchange with routing key events.test',
    ):
        run(line, rmq, {})
    message = run("get one message from rabbitmq queue my_queue", rmq, {})
    assert (message.body, message["routing_key"]) == ("Hello", "events.test")
    run("acknowledge the message", rmq, {"message": message})
    assert run("how many messages are in queue my_queue", rmq, {}) == 0


def test_what_comes_to_a_channel_whose_connection_has_ended_was_not_sent(rmq: RabbitMQModule) -> None:
    """The owner of the connection may take it up between the end of the channel and that of the connection."""
    control = rmq._link.control()
    control.wire.cut()
    assert eventually(lambda: control.ended is not None)
    reply = Reply()
    control._start(lambda raw, done: raw.queue_purge("any", callback=done), reply)
    with pytest.raises(ConnectionError, match=r"was lost: .*\. Nothing was sent"):
        control.await_reply(reply, "queue.purge any", wrote=True)
