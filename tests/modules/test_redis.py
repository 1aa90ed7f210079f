"""RedisModule on a real server: what the contract over all modules does not ask."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from aibasic.modules import RedisModule
from aibasic.modules.effects import Kind
from aibasic.modules.redis.kinds import kind_of, shown
from aibasic.modules.redis.values import decoded, encoded, plain
from aibasic.modules.results import TooManyRows
from hypothesis import given, settings
from hypothesis import strategies as st

from aibasic_kernel.testing import FaultProxy, eventually
from tests.servers.redis import USER, USER_PASSWORD, RedisServer

Connect = Callable[..., RedisModule]
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.fixture
def connect(redis_server: RedisServer, tmp_path: Path) -> Iterator[Connect]:
    made: list[RedisModule] = []
    redis_server.ask(b"FLUSHALL")

    def connect(**keys: object) -> RedisModule:
        (tmp_path / "aibasic.conf").write_text(redis_server.conf(**keys))
        made.append(RedisModule.from_config(str(tmp_path / "aibasic.conf")))
        return made[-1]

    yield connect
    for module in made:
        module.close()


@pytest.fixture
def client(connect: Connect) -> RedisModule:
    return connect()


@settings(max_examples=50)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS,
        lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
        max_leaves=5,
    )
)
def test_what_goes_in_as_json_comes_out_as_it_was(value: Any) -> None:
    if isinstance(value, str):
        assert encoded(value) == value
    else:
        assert decoded(plain(str(encoded(value)).encode())) == value


def test_dicts_are_kept_as_json_and_bytes_as_they_are(client: RedisModule) -> None:
    client.set("user", {"name": "Bob 🎉", "tags": ["a"]})
    client.set("picture", b"\x89PNG\xff")
    client.hset("hash", mapping={"list": [1, 2], "text": "x"})
    assert client.get("user") == '{"name": "Bob 🎉", "tags": ["a"]}'
    assert client.get("user", json=True) == {"name": "Bob 🎉", "tags": ["a"]}
    assert client.get("picture") == b"\x89PNG\xff"
    assert client.hgetall("hash") == {"list": "[1, 2]", "text": "x"}


def test_a_key_is_set_only_where_it_should_be_and_expires(client: RedisModule) -> None:
    assert (client.set("a", 1, xx=True), client.set("a", 1, nx=True), client.set("a", 2, nx=True)) == (
        False,
        True,
        False,
    )
    assert (client.ttl("a"), client.ttl("nothing")) == (-1, -2)
    client.set("a", 1, ex=0.05)
    assert eventually(lambda: client.get("a") is None)
    client.set_many({"b": 1, "c": {"d": 2}}, ex=100)
    assert 0 < client.ttl("c") <= 100


def test_a_leaderboard(client: RedisModule) -> None:
    client.zadd("scores", {"Ann": 120, "Bob": 95, "Cem": 100.5})
    client.zincrby("scores", 10, "Bob")
    top = client.top("scores", 2)
    assert (top.columns, list(top)) == (("rank", "member", "score"), [(1, "Ann", 120.0), (2, "Bob", 105.0)])
    assert (client.zrank("scores", "Cem"), client.zrank("scores", "Cem", desc=False)) == (3, 1)
    assert (client.zrank("scores", "Zoe"), client.zscore("scores", "Zoe")) == (None, None)


def test_a_stream_is_read_from_an_id_and_waited_for(client: RedisModule) -> None:
    first = client.xadd("readings", {"value": 1})
    client.xadd("readings", {"value": {"a": 2}})
    assert client.xread("readings", after=first) == [(client.xrange("readings")[1][0], {"value": '{"a": 2}'})]
    adding = threading.Timer(0.1, client.xadd, ["readings", {"value": 3}])
    adding.start()
    assert [fields for _, fields in client.xread("readings", seconds=20)] == [{"value": "3"}]
    adding.join()


def test_a_call_that_waits_while_the_module_is_closed_says_so(client: RedisModule) -> None:
    threading.Timer(0.2, client.close).start()
    with pytest.raises(redis.ConnectionError, match=r"BLPOP nothing 30 was under way(.|\n)*closed meanwhile"):
        client.blpop("nothing", timeout=30)
    assert client.get_pool_status() == {"open": 0, "max_connections": 50, "closed": True}


def test_waiting_outlives_the_limit_for_an_answer(connect: Connect, redis_server: RedisServer) -> None:
    client = connect(SOCKET_TIMEOUT="0.5")
    client.delete("tasks")
    # Pushed by another: under a heavy load it may itself not be answered in so short a time.
    threading.Timer(0.8, redis_server.ask, [b"RPUSH", b"tasks", b"work"]).start()
    assert client.blpop("tasks", timeout=20) == ("tasks", "work")
    assert client.brpop(["tasks", "others"], timeout=0.6) is None
    assert client.get("tasks:none") is None


def test_a_server_that_does_not_answer_is_given_up_and_a_write_is_counted_once(
    connect: Connect, redis_server: RedisServer
) -> None:
    with FaultProxy(redis_server.port) as proxy:
        client = connect(PORT=proxy.port, SOCKET_TIMEOUT="0.2")
        client.delete("counter")
        proxy.hold("reply")
        with pytest.raises(redis.TimeoutError, match="did not answer GET counter"):
            client.get("counter")
        proxy.release()
        assert client.get("counter") is None
        proxy.hold("reply")
        with pytest.raises(redis.TimeoutError, match="INCRBY counter 1 was under way, which may or may not have been"):
            client.incr("counter")
        proxy.release()
        assert client.get("counter") == "1"


def test_messages_are_collected_by_channel_and_by_pattern(client: RedisModule) -> None:
    with client.psubscribe("news.*") as listening, client.subscribe("alarm") as other:
        assert client.publish("news.sport", {"goals": 2}) == 1
        assert client.publish("nobody", "x") == 0
        client.publish("alarm", "fire")
        assert listening.collect(1, seconds=20) == [("news.sport", '{"goals": 2}')]
        assert next(iter(other)) == ("alarm", "fire")
        assert listening.collect(5, seconds=0.05) == []
    assert eventually(lambda: client.publish("alarm", "fire") == 0)


def test_a_handler_survives_its_own_errors_and_a_restart(
    client: RedisModule, redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    heard: queue.SimpleQueue[object] = queue.SimpleQueue()

    def handle(channel: str, message: str) -> None:
        heard.put((channel, message))
        if message == "bad":
            raise ZeroDivisionError

    listening = client.subscribe("work", handler=handle)
    for message in ("bad", "good"):
        client.publish("work", message)
        assert heard.get(timeout=20) == ("work", message)
    assert "the handler of messages from work failed" in caplog.text
    caplog.set_level(logging.CRITICAL, "aibasic.modules")
    redis_server.restart()
    assert eventually(lambda: client.publish("work", "again") == 1)
    assert heard.get(timeout=20) == ("work", "again")
    listening.stop()
    assert eventually(lambda: client.publish("work", "x") == 0)


def test_a_transaction_that_raises_sends_nothing(client: RedisModule) -> None:
    with pytest.raises(ZeroDivisionError), client.transaction() as together:
        together.incr("a")
        raise ZeroDivisionError
    assert client.exists("a") == 0
    with client.transaction() as together:
        together.incr("a").hset("h", mapping={"b": 1})
    assert (client.get("a"), client.hgetall("h")) == ("1", {"b": "1"})


def test_an_error_in_a_pipeline_leaves_the_next_call_right(client: RedisModule) -> None:
    client.set("text", "x")
    with pytest.raises(redis.ResponseError, match="not an integer"):
        client.pipeline().incr("text").set("after", 1).execute()
    assert (client.get("after"), client.get("text")) == ("1", "x")


def test_all_connections_in_use_is_said(connect: Connect) -> None:
    client = connect(MAX_CONNECTIONS=1, TIMEOUT="0.2")
    lack = pytest.raises(redis.ConnectionError, match=r"all 1 connections are in use (.|\n)*Nothing was sent")
    with client.subscribe("x"), lack:
        client.get("a")
    assert client.get("a") is None


def test_a_section_that_only_reads_refuses_writes_before_they_are_sent(connect: Connect) -> None:
    client = connect(READONLY="true")
    with pytest.raises(PermissionError, match=r"\[redis\] has READONLY = true, so this was not sent: SET a 1"):
        client.set("a", 1)
    with pytest.raises(PermissionError, match="INCRBY a 1"):
        client.pipeline().get("a").incr("a").execute()
    assert client.get("a") is None


def test_what_a_user_may_not_do_is_said(connect: Connect, redis_server: RedisServer) -> None:
    redis_server.ask(b"ACL", b"SETUSER", USER.encode(), b"-flushall")
    client = connect(USERNAME=USER, PASSWORD=f'"{USER_PASSWORD}"')
    with pytest.raises(redis.exceptions.NoPermissionError, match="flushall"):
        client.flushall()
    redis_server.ask(b"ACL", b"SETUSER", USER.encode(), b"+flushall")
    assert client.get_connection_info()["user"] == USER


def test_show_and_describe_every_type(client: RedisModule) -> None:
    client.set("string", "x")
    client.rpush("list", 1, 2, 3)
    client.sadd("set", "a")
    client.zadd("zset", {"a": 1})
    client.hset("hash", "field", "value")
    client.xadd("stream", {"a": 1})
    assert [list(client.show(kind, 2))[-1][-1] for kind in ("string", "list", "set", "zset", "hash", "stream")] == [
        "x", "2", "a", 1.0, "value", {"a": "1"},
    ]  # fmt: skip
    assert dict(client.describe_key("list"))["length"] == 3
    with pytest.raises(KeyError, match="no key 'nothing'"):
        client.show("nothing")


def test_many_keys_are_walked_through(client: RedisModule) -> None:
    client.set_many({f"user:{number}": number for number in range(3000)})
    assert (len(client.keys("user:*")), len(set(client.scan_iter("user:1*", 100))), client.dbsize()) == (
        3000,
        1111,
        3000,
    )
    assert len(client.list_keys("user:*", 10)) == 10
    assert [key for key, *_ in client.list_keys("user:1*")] == sorted(client.keys("user:1*"))
    assert len(client.list_keys()) == 3000
    client.max_rows = 1110
    with pytest.raises(TooManyRows, match=r"more than 1,110 rows \(MAX_ROWS\); a narrower pattern"):
        client.list_keys("user:1*")


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        (("get", "a"), Kind.READ),
        (("GET", "a"), Kind.READ),
        (("SET", "a", 1), Kind.WRITE),
        (("GETDEL", "a"), Kind.WRITE),
        (("CLIENT LIST",), Kind.READ),
        (("CLIENT", "KILL", "ID", 5), Kind.WRITE),
        (("CONFIG", "SET", "save", ""), Kind.WRITE),
        (("config get", "*"), Kind.READ),
        (("EVAL", "return 1", 0), Kind.WRITE),
        (("SORT", "a", "STORE", "b"), Kind.WRITE),
        (("NEW.COMMAND", "a"), Kind.WRITE),
        (("FLUSHDB",), Kind.DESTRUCTIVE),
        ((b"flushall", b"async"), Kind.DESTRUCTIVE),
        (("XGROUP DESTROY", "a", "b"), Kind.DESTRUCTIVE),
        (("DEL", *map(str, range(100))), Kind.WRITE),
        ((b"unlink", *map(str, range(101))), Kind.DESTRUCTIVE),
    ],
)
def test_what_is_not_surely_a_read_counts_as_a_write(command: tuple[Any, ...], kind: Kind) -> None:
    assert kind_of(command) == kind


def test_every_command_that_counts_as_a_read_is_one_for_the_server(redis_server: RedisServer) -> None:
    from aibasic.modules.redis.kinds import _READS

    with redis.Redis(port=redis_server.port, password=redis_server.password) as observer:
        told = observer.execute_command("COMMAND", "INFO", *sorted(_READS))
    commands = told.values() if isinstance(told, dict) else told
    writing = [command["name"] for command in commands if command and "write" in map(plain, command["flags"])]
    assert writing == []


def test_a_long_command_is_shown_shortened_and_what_logs_in_not_at_all() -> None:
    assert shown(("AUTH", "user", "hunter2")) == "AUTH"
    assert len(shown(("SET", "a", "x" * 10_000))) == 200
    many = shown(("DEL", *(f"user:{n}" for n in range(1204))))
    assert many.startswith("DEL 1,204 keys: user:0 user:1 ") and len(many) == 200
