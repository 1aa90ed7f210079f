"""RabbitMQModule consumes, answers, and outlives what happens to its connection."""

from __future__ import annotations

import logging
import threading
import time
import tracemalloc
import uuid
from typing import Any

import pytest
from aibasic.modules import RabbitMQModule
from aibasic.modules.rabbitmq.message import Message

from aibasic_kernel.testing import eventually
from tests.modules.test_rabbitmq import Connect, connect, queue, rmq
from tests.servers.rabbitmq import RabbitMQServer

__all__ = ["connect", "queue", "rmq"]


def test_a_callback_gets_each_message_and_acknowledges_by_returning(rmq: RabbitMQModule, queue: str) -> None:
    rmq.publish_batch("", queue, range(5))
    seen: list[Any] = []
    assert rmq.consume_messages(queue, lambda message: seen.append(message.body), max_messages=3) == 3
    assert (seen, rmq.queue_length(queue)) == ([0, 1, 2], 2)
    assert rmq.consume_messages(queue, lambda message: seen.append(message.body), timeout=0.2) == 2


def test_a_callback_as_pikas_gets_what_pika_gives(rmq: RabbitMQModule, queue: str) -> None:
    rmq.publish_message("", queue, "x", {"correlation_id": "7"})
    seen: list[Any] = []

    def callback(ch: Any, method: Any, properties: Any, body: bytes) -> None:
        seen.append((method.routing_key, properties.correlation_id, body))
        ch.basic_ack(delivery_tag=method.delivery_tag)

    rmq.consume_messages(queue, callback, max_messages=1)
    assert seen == [(queue, "7", b"x")]
    assert rmq.queue_length(queue) == 0


def test_a_callback_that_raises_gives_its_message_back(rmq: RabbitMQModule, queue: str) -> None:
    rmq.publish_batch("", queue, ["a", "b"])
    with pytest.raises(ZeroDivisionError):
        rmq.consume_messages(queue, lambda message: 1 / 0, prefetch_count=2)
    assert eventually(lambda: rmq.queue_length(queue) == 2)
    assert rmq.describe_queue(queue)[0][2] == 0


def test_a_callback_may_stop_or_settle_by_itself(rmq: RabbitMQModule, queue: str) -> None:
    rmq.publish_batch("", queue, ["a", "b", "c"])

    def callback(message: Message) -> None:
        message.nack(requeue=False)
        assert (message.exchange, message.routing_key) == ("", queue)
        if message.body == "b":
            rmq.stop_consuming(queue)

    assert rmq.consume_messages(queue, callback) == 2
    assert rmq.queue_length(queue) == 1


def test_collecting_takes_no_more_than_was_asked_for(rmq: RabbitMQModule, queue: str) -> None:
    rmq.publish_batch("", queue, range(10))
    some = rmq.collect_messages(queue, 4, auto_ack=True)
    assert some.bodies == [0, 1, 2, 3]
    assert "more may wait in the queue" in str(some)
    assert "more may wait in the queue" in some._repr_html_()
    assert eventually(lambda: rmq.queue_length(queue) == 6)
    rest = rmq.collect_messages(queue, 7, timeout=0.5, auto_ack=True)
    assert len(rest) == 6
    assert "more may wait" not in str(rest)


def test_a_consumer_in_the_background_runs_until_it_is_stopped(rmq: RabbitMQModule, queue: str) -> None:
    seen: list[Any] = []
    consumer = rmq.consume_in_background(queue, lambda message: seen.append(message.body), prefetch_count=10)
    assert rmq.state() == f"consumes queue {queue}"
    rmq.publish_batch("", queue, range(100))
    assert eventually(lambda: consumer.count == 100)
    consumer.stop()
    assert (seen, consumer.running, rmq.state()) == (list(range(100)), False, "")
    rmq.publish_message("", queue, "after")
    assert (rmq.queue_length(queue), rmq.describe_queue(queue)[0][2]) == (1, 0)


def test_an_error_in_the_background_ends_the_consumer_and_is_kept(
    rmq: RabbitMQModule, queue: str, caplog: pytest.LogCaptureFixture
) -> None:
    consumer = rmq.consume_in_background(queue, lambda message: 1 / 0)
    rmq.publish_message("", queue, "x")
    assert eventually(lambda: not consumer.running)
    assert isinstance(consumer.error, ZeroDivisionError)
    assert "its callback raised" in caplog.text
    assert eventually(lambda: rmq.queue_length(queue) == 1)


def test_a_request_gets_its_own_answer(rmq: RabbitMQModule, queue: str) -> None:
    serving = rmq.serve_requests(queue, lambda message: message.body * 2, prefetch_count=4, background=True)
    answers: dict[int, Any] = {}

    def ask(number: int) -> None:
        answers[number] = rmq.request("", queue, number).body

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: number * 2 for number in range(20)}
    assert not isinstance(serving, int)
    serving.stop()
    with pytest.raises(TimeoutError, match=r"no answer within 0\.1 s\. Whoever serves the queue may still be working"):
        rmq.request("", queue, 1, timeout=0.1)
    with pytest.raises(RuntimeError, match="reached no queue"):
        rmq.request("", "nowhere", 1)
    with pytest.raises(ValueError, match="no reply_to"):
        rmq.reply(Message([]), "x")


def test_streaming_holds_only_the_prefetched_in_memory(rmq: RabbitMQModule, queue: str) -> None:
    body = "x" * 1000
    rmq.publish_batch("", queue, (body for _ in range(5_000)), persistent=False)
    tracemalloc.start()
    try:
        assert sum(len(message.body) for message in rmq.stream_messages(queue, prefetch_count=100)) == 5_000_000
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()
    assert rmq.queue_length(queue) == 0


def test_leaving_a_stream_gives_the_rest_back(rmq: RabbitMQModule, queue: str) -> None:
    rmq.publish_batch("", queue, range(10))
    stream = rmq.stream_messages(queue)
    assert [next(stream).body for _ in range(3)] == [0, 1, 2]
    stream.close()
    assert [row[0] for row in rmq.peek(queue, 2)] == [2, 3]


def test_a_queue_that_is_deleted_ends_its_consumers(rmq: RabbitMQModule, queue: str) -> None:
    rmq.publish_message("", queue, "x")
    with pytest.raises(LookupError, match="was deleted while it was consumed"):
        rmq.consume_messages(queue, lambda message: rmq.delete_queue(queue))


def test_what_was_collected_keeps_its_channel_until_all_is_settled(
    rmq: RabbitMQModule, queue: str, rabbitmq_server: RabbitMQServer
) -> None:
    rmq.publish_batch("", queue, ["a", "b"])
    messages = rmq.collect_messages(queue, 2)
    messages[0].ack()
    assert messages[1].state == "held"
    messages[1].ack()
    assert eventually(lambda: not messages[1].delivery.channel.alive)


def test_who_only_publishes_consumes_on_no_channel(rmq: RabbitMQModule, rabbitmq_server: RabbitMQServer) -> None:
    rmq.publish_message("amq.fanout", "", "x", allow_unroutable=True)
    rmq.publish_batch("amq.fanout", "", ["x"] * 10, allow_unroutable=True)
    assert eventually(lambda: rabbitmq_server.channels() == 1)


def test_heartbeats_go_on_while_python_is_busy(connect: Connect, rabbitmq_server: RabbitMQServer) -> None:
    rmq = connect(HEARTBEAT=1)
    held = rmq.declare_queue("", durable=False, exclusive=True)
    until = time.monotonic() + 4  # the broker ends a connection after two heartbeats without a sign of life
    while time.monotonic() < until:
        pass
    assert rmq.queue_length(held) == 0


def test_what_is_held_when_the_connection_ends_is_back_in_its_queue(
    rmq: RabbitMQModule, rabbitmq_server: RabbitMQServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    name = rmq.declare_queue(f"q-{uuid.uuid4().hex[:8]}", durable=False)
    rmq.publish_message("", name, "x")
    held = rmq.get_message(name)
    assert held is not None
    seen: list[str] = []
    other = rmq.declare_queue(f"q-{uuid.uuid4().hex[:8]}", durable=False)
    consumer = rmq.consume_in_background(other, lambda message: seen.append(message.body))
    rabbitmq_server.end_connections()
    assert eventually(lambda: held.state == "lost")
    with pytest.raises(ConnectionError, match=f"queue '{name}' has it back"):
        held.ack()
    rmq.publish_message("", other, "after")
    assert eventually(lambda: seen == ["after"])
    assert consumer.running and "consuming goes on" in caplog.text
    again = rmq.get_message(name)
    assert again is not None and again["redelivered"]
    for used in (name, other):
        rmq.delete_queue(used)
