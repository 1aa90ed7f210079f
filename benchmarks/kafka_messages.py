"""KafkaModule against kafka-python used well: single messages, 100,000 of 100 bytes out and in.

    python benchmarks/kafka_messages.py

Needs Java, Maven and Kerberos' packages, for the broker that the tests use too.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import tracemalloc
import warnings
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from aibasic.modules import KafkaModule

from benchmarks.report import in_turn, ratios, report, spread
from tests.servers.kafka import KafkaServer
from tests.servers.kerberos import Kerberos

MESSAGES = 100_000
CONTENT = b"x" * 100


def raw_in(address: str, topic: str, partition: Any) -> None:
    """All messages of a topic, as fast as the driver gives them."""
    from kafka import KafkaConsumer

    consumer = KafkaConsumer(bootstrap_servers=address, auto_offset_reset="earliest", enable_auto_commit=False)
    consumer.assign([partition])
    got = 0
    while got < MESSAGES:
        got += sum(map(len, consumer.poll(timeout_ms=1000, max_records=5000).values()))
    consumer.close()


def memory_of_stream(module: KafkaModule, topic: str) -> float:
    """The most memory that Python's objects took while all messages passed by, in MiB."""
    gc.collect()
    tracemalloc.start()
    for _ in module.stream_messages(topic):
        pass
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 2**20


def main() -> None:
    with Kerberos() as realm, KafkaServer(realm, idle_seconds=540) as server, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "aibasic.conf"
        file.write_text(server.conf())
        module = KafkaModule.from_config(str(file))
        measure(module, server.address())
        module.close()


def measure(module: KafkaModule, address: str) -> None:
    from kafka import KafkaProducer, TopicPartition

    for topic in ("single", "ours", "raw", "large", "small"):
        module.create_topic(topic)
    producer = KafkaProducer(bootstrap_servers=address, linger_ms=20, batch_size=256 * 1024)
    plain = KafkaProducer(bootstrap_servers=address)

    calls = in_turn(
        {
            "ours": lambda: [module.publish_message("single", CONTENT) for _ in range(300)],
            "raw": lambda: [plain.send("single", CONTENT).get(10) for _ in range(300)],
        },
        7,
    )
    report(
        "Kafka: messages a second, one by one", spread(ratios(calls["raw"], calls["ours"])), ">= 0.95", "kafka-python"
    )

    def raw_out() -> None:
        for _ in range(MESSAGES):
            producer.send("raw", CONTENT)
        producer.flush()

    contents = [CONTENT] * MESSAGES
    out = in_turn({"ours": lambda: module.publish_batch("ours", contents), "raw": raw_out}, 3)
    report(f"Kafka: {MESSAGES:,} messages out", spread(ratios(out["ours"], out["raw"])), "<= 1.1", "tuned kafka-python")
    came = in_turn(
        {
            "ours": lambda: module.consume_messages("ours", lambda message: None, max_messages=MESSAGES),
            "raw": lambda: raw_in(address, "raw", TopicPartition("raw", 0)),
        },
        3,
    )
    report(f"Kafka: {MESSAGES:,} messages in", spread(ratios(came["ours"], came["raw"])), "", "bare records")
    module.publish_batch("large", contents[:40_000])
    module.publish_batch("small", contents[:10_000])
    memory = memory_of_stream(module, "large") / memory_of_stream(module, "small")
    report("Kafka: memory of a stream of 40,000", f"{memory:.2f}", "flat: 1", "a stream of 10,000")
    producer.close()
    plain.close()


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
