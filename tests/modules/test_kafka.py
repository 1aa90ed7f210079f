"""KafkaModule over the real broker: what is published is read again, alone and in groups."""

from __future__ import annotations

import contextlib
import datetime
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aibasic.modules import KafkaModule
from aibasic.modules.kafka.connected import there_are

from aibasic_kernel.testing.sentences import run
from tests.modules.conftest import ConnectKafka
from tests.servers.kafka import KafkaServer

_numbers = itertools.count()


@pytest.fixture
def kafka(connect_kafka: ConnectKafka) -> KafkaModule:
    """The module, connected without TLS."""
    return connect_kafka()


@pytest.fixture
def topic(kafka: KafkaModule) -> str:
    """A new topic with two partitions."""
    name = f"topic-{next(_numbers)}"
    kafka.create_topic(name, partitions=2)
    return name


def all_of(kafka: KafkaModule, topic: str, count: int, **how: Any) -> Any:
    """So many messages of a topic, from the beginning."""
    return kafka.consume_messages(topic, max_messages=count, timeout_ms=20_000, **how)


def test_json_text_and_bytes_come_back_as_they_were(kafka: KafkaModule, topic: str) -> None:
    values = [{"user": "Zoë", "tags": ["a", None]}, [1, 2], "text", "[no json", b"\xff\x00", "", "naïve ☃"]
    for value in values:
        kafka.publish_message(topic, value, partition=0)
    assert all_of(kafka, topic, len(values)).values == values
    raw = all_of(kafka, topic, 2, decode="bytes").values
    assert raw == ['{"user": "Zoë", "tags": ["a", null]}'.encode(), b"[1, 2]"]
    assert all_of(kafka, topic, 2, decode="text").values[1] == "[1, 2]"


def test_a_message_knows_its_place_key_headers_and_time(kafka: KafkaModule, topic: str) -> None:
    began = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=1)
    stored = kafka.publish_message(topic, "x", "alice", 1, {"kind": "test", "n": 5})
    assert stored == {"topic": topic, "partition": 1, "offset": 0}
    (message,) = all_of(kafka, topic, 1)
    assert began < message.pop("timestamp")
    headers = {"kind": "test", "n": "5"}
    assert message == {**stored, "key": "alice", "value": "x", "headers": headers}


def test_one_key_goes_to_one_partition(kafka: KafkaModule, topic: str) -> None:
    placed = kafka.publish_batch(topic, list(range(20)), keys=["alice"] * 20)
    assert len({partition for partition, _ in placed}) == 1
    assert [offset for _, offset in placed] == list(range(20))


def test_a_batch_tells_what_became_of_each_message(kafka: KafkaModule, topic: str) -> None:
    with pytest.raises(RuntimeError, match=rf"2 of 3 messages were published to {topic}\n  message 2: (.|\n)*bytes"):
        kafka.publish_batch(topic, ["a", "x" * 2_000_000, "c"])
    assert sorted(all_of(kafka, topic, 2).values) == ["a", "c"]
    with pytest.raises(TypeError, match="message 2 is neither text, bytes nor JSON"):
        kafka.publish_batch(topic, ["d", object()])
    assert kafka.count_messages(topic) == 2


def test_an_interrupt_before_the_first_message_says_that_nothing_was_sent(kafka: KafkaModule, topic: str) -> None:
    def stopped() -> Iterator[str]:
        yield "first"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match=f"publishing to {topic}: stopped before it began. Nothing was sent"):
        kafka.publish_batch(topic, stopped())
    assert kafka.count_messages(topic) == 0


def test_rows_frames_and_messages_that_were_read_are_published_too(kafka: KafkaModule, topic: str) -> None:
    import pandas as pd

    kafka.publish_batch(topic, pd.DataFrame({"n": [1, 2]}), keys=["a", "a"])
    read = all_of(kafka, topic, 2)
    assert read.values == [{"n": 1}, {"n": 2}]
    kafka.publish_batch(topic, read)
    assert [message["key"] for message in all_of(kafka, topic, 4)] == ["a"] * 4
    kafka.publish_batch(topic, kafka.describe_topic(topic))
    assert kafka.count_messages(topic) == 6


@pytest.mark.parametrize("codec", ["gzip", "lz4", "snappy", "zstd"])
def test_every_compression_is_read_again(codec: str, connect_kafka: ConnectKafka) -> None:
    kafka = connect_kafka(COMPRESSION=codec)
    kafka.publish_batch(codec, ["x" * 1000] * 10)
    assert all_of(kafka, codec, 10).values == ["x" * 1000] * 10


def test_reading_says_which_offsets_and_what_lies_behind(kafka: KafkaModule, topic: str) -> None:
    for number in range(5):
        kafka.publish_message(topic, number, partition=1)
    messages = kafka.consume_messages(topic, max_messages=3)
    assert isinstance(messages, list)
    assert messages.offsets == {f"{topic}/1": (0, 2)}
    assert messages.said() == f"3 messages; {topic}/1: offsets 0 to 2; 2 more behind them"
    assert str(messages).endswith(messages.said())
    assert messages.said() in messages._repr_html_()


def test_reading_begins_at_an_offset_a_time_or_the_end(kafka: KafkaModule, topic: str) -> None:
    for number in range(3):
        kafka.publish_message(topic, str(number), partition=0)
    times = [message["timestamp"] for message in all_of(kafka, topic, 3)]

    def values(start: Any, count: int) -> list[Any]:
        messages = all_of(kafka, topic, count, start=start)
        return [message["value"] for message in messages]

    assert values({0: 1}, 2) == ["1", "2"]
    assert values(-1, 1) == ["2"]
    assert values(times[0], 3) == ["0", "1", "2"]
    assert values(times[0].isoformat(), 3) == ["0", "1", "2"]
    assert values(datetime.timedelta(hours=1), 3) == ["0", "1", "2"]
    assert kafka.consume_messages(topic, start="end", timeout_ms=300) == []
    with pytest.raises(ValueError, match=rf"{topic}/0 has the offsets 0 to 3, not 9"):
        values({0: 9}, 1)
    with pytest.raises(ValueError, match="expected beginning, end"):
        values("soon", 1)


def test_a_stream_gives_every_message_that_is_there_and_ends(kafka: KafkaModule, topic: str) -> None:
    kafka.publish_batch(topic, list(range(12_000)))
    assert sorted(int(message["value"]) for message in kafka.stream_messages(topic)) == list(range(12_000))
    assert list(kafka.stream_messages(topic, start="end")) == []


def test_the_last_messages_are_the_newest_of_all_partitions(kafka: KafkaModule, topic: str) -> None:
    for number in range(6):
        kafka.publish_message(topic, str(number), partition=number % 2)
    value = kafka.last_messages(topic).columns.index("value")
    assert [row[value] for row in kafka.last_messages(topic, 3)] == ["3", "4", "5"]
    assert len(kafka.last_messages(topic)) == 6
    with pytest.raises(ValueError, match="expected a count of 1"):
        kafka.last_messages(topic, 0)


def test_reading_alone_leaves_no_group(kafka: KafkaModule, topic: str) -> None:
    before = kafka.list_groups()
    kafka.publish_message(topic, "x")
    all_of(kafka, topic, 1)
    assert kafka.list_groups() == before


def test_a_group_commits_what_was_handed_over_and_nothing_else(kafka: KafkaModule, topic: str) -> None:
    kafka.publish_batch(topic, [str(number) for number in range(10)], keys=["k"] * 10)
    group = f"group of {topic}"
    taken: list[str] = []

    def take(message: dict[str, Any]) -> None:
        if message["value"] == "4":
            raise OSError("the disk is full")
        taken.append(message["value"])

    with pytest.raises(OSError, match="disk is full"):
        kafka.consume_messages(topic, take, group=group, timeout_ms=20_000)
    assert taken == ["0", "1", "2", "3"]
    assert kafka.state() == f"group {group}: 4 messages not committed"
    assert list(kafka.commit(group).values()) == [4]
    assert kafka.state() == ""
    assert sum(lag for *_, lag in kafka.group_lag(group)) == 6
    assert all_of(kafka, topic, 3, group=group).values == ["4", "5", "6"]
    kafka.leave_group(group)
    assert all_of(kafka, topic, 6, group=group).values == ["4", "5", "6", "7", "8", "9"]
    kafka.leave_group(group)


def test_a_group_is_listed_reset_and_deleted(
    kafka: KafkaModule, kafka_server: KafkaServer, topic: str, tmp_path: Path
) -> None:
    kafka.publish_batch(topic, list("abc"), keys=["k"] * 3)
    group = f"group of {topic}"
    all_of(kafka, topic, 3, group=group)
    kafka.commit(group)
    assert (group, "Stable", 1) in kafka.list_groups()
    for change in (kafka.reset_group, kafka.delete_group):
        with pytest.raises(RuntimeError, match=f"this session is a member of it: `leave group {group}` first"):
            change(group)
    file = tmp_path / "other.conf"
    file.write_text(kafka_server.conf())
    elsewhere = pytest.raises(RuntimeError, match="it has members that read now")
    with contextlib.closing(KafkaModule.from_config(str(file))) as other, elsewhere:
        other.reset_group(group)
    kafka.leave_group(group)
    assert [(before, now) for *_, before, now in kafka.reset_group(group)] == [(3, 0)]
    assert [now for *_, now in kafka.reset_group(group, to="end")] == [3]
    kafka.delete_group(group)
    for wrong in (kafka.group_lag, kafka.delete_group, kafka.reset_group, kafka.commit):
        with pytest.raises(LookupError, match="group"):
            wrong(group)


def test_the_lag_of_a_group_that_has_committed_nothing_is_all_that_its_topics_hold(
    kafka: KafkaModule, topic: str
) -> None:
    kafka.publish_batch(topic, list("abc"), keys=["k"] * 3)
    group = f"group of {topic}"
    all_of(kafka, topic, 1, group=group)
    rows = kafka.group_lag(group)
    assert [(name, partition, committed) for name, partition, committed, *_ in rows] == [
        (topic, 0, None),
        (topic, 1, None),
    ]
    assert sorted((end, lag) for *_, end, lag in rows) == [(0, 0), (3, 3)]
    kafka.commit(group)
    assert sorted((committed is None, lag) for *_, committed, _, lag in kafka.group_lag(group)) == [
        (False, 2),
        (True, 0),
    ]
    for wrong in (kafka.group_lag, kafka.delete_group):
        with pytest.raises(LookupError, match=f"there is no group '{group}s': did you mean '{group}'"):
            wrong(f"{group}s")
    kafka.leave_group(group)


def test_the_background_hands_over_what_comes_until_it_is_stopped(kafka: KafkaModule, topic: str) -> None:
    listener = kafka.consume_in_background(topic)
    kafka.publish_message(topic, "first")
    assert listener.take(1, timeout=20).values == ["first"]
    assert kafka.state() == f"reading {topic} in the background"
    listener.stop()
    assert not listener.running
    kafka.publish_message(topic, "late")
    assert (listener.take(), listener.count, listener.error) == ([], 1, None)


def test_the_background_commits_for_a_group_and_keeps_the_error_that_ends_it(kafka: KafkaModule, topic: str) -> None:
    group = f"group of {topic}"

    def take(message: dict[str, Any]) -> None:
        if message["value"] == "bad":
            raise ValueError("no such thing")

    kafka.publish_batch(topic, ["good", "bad"], keys=["k", "k"])
    listener = kafka.consume_in_background(topic, take, group=group, start="beginning")
    listener.take(2, timeout=20)
    assert (str(listener.error), listener.count) == ("no such thing", 1)
    assert list(kafka.commit(group).values()) == [1]
    kafka.leave_group(group)


def test_topics_are_described_changed_and_deleted(kafka: KafkaModule, topic: str) -> None:
    assert (topic, 2, 1) in kafka.list_topics()
    kafka.publish_message(topic, "x", partition=1)
    described = kafka.describe_topic(topic)
    assert described.columns == ("partition", "leader", "replicas", "in_sync", "first", "end")
    assert [(partition, first, end) for partition, *_, first, end in described] == [(0, 0, 0), (1, 0, 1)]
    kafka.set_retention(topic, datetime.timedelta(hours=1))
    assert kafka.get_topic_metadata(topic) == {
        "topic": topic, "partitions": [0, 1], "replicas": 1, "leaders": {0: 1, 1: 1},
        "configs": {"retention.ms": "3600000"},
    }  # fmt: skip
    kafka.add_partitions(topic, 3)
    kafka.purge_topic(topic)
    assert kafka.count_messages(topic) == 0
    with pytest.raises(RuntimeError, match="already exists"):
        kafka.create_topic(topic)
    kafka.delete_topic(topic)
    assert not kafka.topic_exists(topic)


def test_an_unknown_topic_is_said_with_the_nearest_name(kafka: KafkaModule, topic: str) -> None:
    for wrong in (kafka.consume_messages, kafka.describe_topic, kafka.delete_topic, kafka.count_messages):
        with pytest.raises(LookupError, match=f"there is no topic '{topic}s': did you mean '{topic}'"):
            wrong(f"{topic}s")
    assert not kafka.topic_exists(f"{topic}s")


def test_an_unknown_name_that_is_near_to_none_is_said_with_those_there_are(kafka: KafkaModule, topic: str) -> None:
    with pytest.raises(LookupError, match="there is no topic '0': there are "):
        kafka.describe_topic("0")
    group = f"readers-{topic}"
    kafka.publish_message(topic, "x")
    kafka.consume_messages(topic, max_messages=1, timeout_ms=10_000, group=group)
    kafka.leave_group(group)
    with pytest.raises(LookupError, match=f"`commit offsets of group {group}` after reading"):
        kafka.group_lag(group)
    kafka.consume_messages(topic, max_messages=1, timeout_ms=10_000, group=group)
    kafka.commit(group)
    kafka.leave_group(group)
    with pytest.raises(LookupError, match="there is no group '0': there are "):
        kafka.group_lag("0")


def test_the_names_in_a_message_are_few_and_none_of_the_brokers_own() -> None:
    assert there_are("x", ["__consumer_offsets"]) == ", nor any other"
    assert there_are("x", [f"topic{number:02}" for number in range(12)]).endswith("topic08, topic09, and 2 more")


def test_a_misspelt_topic_is_not_created_by_publishing_to_it(kafka: KafkaModule, topic: str) -> None:
    for publish in (lambda: kafka.publish_message(f"{topic}s", "x"), lambda: kafka.publish_batch(f"{topic}s", ["x"])):
        with pytest.raises(LookupError, match=rf"did you mean '{topic}'\? .*create topic {topic}s.* Nothing was sent"):
            publish()
    assert not kafka.topic_exists(f"{topic}s")
    assert kafka.publish_message(f"{next(_numbers)}_zzz_unlike", "x")
    kafka.create_topic(f"{topic}s")
    assert kafka.publish_message(f"{topic}s", "x")["offset"] == 0


GUIDE = [
    'publish message "Hello Kafka" to kafka topic events',
    'publish JSON message {"user": "Alice"} to topic user_events',
    "consume messages from kafka topic notifications",
    "publish batch of messages to kafka topic logs",
]


def test_the_guides_lines_run_as_they_stand(kafka: KafkaModule) -> None:
    for name in ("events", "user_events", "notifications", "logs"):
        if kafka.topic_exists(name):
            kafka.delete_topic(name)
        kafka.create_topic(name, partitions=1)
    kafka.publish_batch("notifications", [{"number": number} for number in range(150)])
    names: dict[str, object] = {}
    names["messages"] = [run(line, kafka, names) for line in GUIDE[:3]][2]
    run(GUIDE[3], kafka, names)
    assert all_of(kafka, "events", 1).values == ["Hello Kafka"]
    assert all_of(kafka, "user_events", 1).values == [{"user": "Alice"}]
    assert all_of(kafka, "logs", 100).values == [{"number": number} for number in range(100)]
    assert kafka.count_messages("logs") == 100
