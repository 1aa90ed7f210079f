"""RabbitMQModule against pika used well: single confirmed messages, 10,000 at once, and reading without end.

    python benchmarks/rabbitmq_messages.py

Needs Debian's rabbitmq-server, which the tests use too.
"""

from __future__ import annotations

import sys
import tempfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pika
from aibasic.modules import RabbitMQModule

from benchmarks.report import in_turn, ratios, report, spread
from tests.servers.rabbitmq import RabbitMQServer

SINGLE = 300
BATCH = 10_000
BODY = b"x" * 100
PROPERTIES = pika.BasicProperties(content_type="application/octet-stream", delivery_mode=2)


def raw_batch(server: RabbitMQServer) -> Callable[[], None]:
    """pika's fastest confirmed way: all messages at once on an asynchronous connection.

    The connection is made once; each call publishes a batch and returns with the last confirm.
    """
    credentials = pika.PlainCredentials(server.user, server.password)
    parameters = pika.ConnectionParameters(server.host, server.port, "/", credentials)
    sent = 0
    opened: list[Any] = []

    def on_confirm(frame: Any) -> None:
        # One queue confirms in order, so the last tag is the end.
        if frame.method.delivery_tag == sent:
            connection.ioloop.stop()

    def on_channel(channel: Any) -> None:
        opened.append(channel)
        channel.confirm_delivery(on_confirm, lambda _: connection.ioloop.stop())

    connection: Any = pika.SelectConnection(
        parameters, on_open_callback=lambda _: connection.channel(on_open_callback=on_channel)
    )
    connection.ioloop.start()

    def publish() -> None:
        nonlocal sent
        sent += BATCH
        for _ in range(BATCH):
            opened[0].basic_publish("", "bench", BODY, PROPERTIES, mandatory=True)
        connection.ioloop.start()

    return publish


def one_by_one(rmq: RabbitMQModule, count: int) -> None:
    for _ in range(count):
        rmq.publish_message("", "bench", BODY)


def memory_of_stream(rmq: RabbitMQModule, count: int) -> float:
    """The most memory that Python's objects took while so many messages passed by, in MiB."""
    rmq.publish_batch("", "stream", (BODY for _ in range(count)), persistent=False)
    tracemalloc.start()
    assert sum(1 for _ in rmq.stream_messages("stream")) == count
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 2**20


def main() -> None:
    with RabbitMQServer() as server, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "aibasic.conf"
        file.write_text(server.conf())
        rmq = RabbitMQModule.from_config(str(file))
        for queue in ("bench", "stream"):
            rmq.declare_queue(queue)
        with server.channel() as channel:
            channel.confirm_delivery()
            singles = in_turn(
                {
                    "ours": lambda: one_by_one(rmq, SINGLE),
                    "raw": lambda: [
                        channel.basic_publish("", "bench", BODY, PROPERTIES, mandatory=True) for _ in range(SINGLE)
                    ],
                },
                7,
            )
        report(
            "RabbitMQ: confirmed messages one by one, a second",
            spread(ratios(singles["raw"], singles["ours"])),
            ">= 0.95",
            "pika, blocking",
        )
        batches = in_turn({"ours": lambda: rmq.publish_batch("", "bench", [BODY] * BATCH), "raw": raw_batch(server)}, 5)
        report(
            f"RabbitMQ: {BATCH:,} confirmed messages",
            spread(ratios(batches["ours"], batches["raw"])),
            "<= 1.1",
            "pika, asynchronous",
        )
        alone = [seconds / SINGLE * BATCH for seconds in singles["ours"][: len(batches["ours"])]]
        report("RabbitMQ: the same against one by one", spread(ratios(alone, batches["ours"]), "{:.0f}"), ">= 5", "")
        small, large = memory_of_stream(rmq, 2_000), memory_of_stream(rmq, 20_000)
        report("RabbitMQ: memory of a stream of 20,000", f"{large / small:.2f}", "flat: 1", "a stream of 2,000")
        rmq.close()


if __name__ == "__main__":
    main()
