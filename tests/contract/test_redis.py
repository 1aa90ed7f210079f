"""The contract over Redis."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from aibasic.modules import RedisModule
from aibasic.modules.effects import Kind
from redis import Redis

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
from tests.servers.redis import USER, USER_PASSWORD, RedisServer

BULK = 30_000
NEVER = "nothing-comes-here"


def counted(redis: RedisModule, marker: str) -> object:
    return redis.incr(f"n:{marker}")


def listed(redis: RedisModule, marker: str) -> object:
    return redis.rpush("writes", marker)


def by_pipeline(redis: RedisModule, marker: str) -> object:
    return redis.pipeline(transaction=False).incr(f"n:{marker}").execute()


def by_transaction(redis: RedisModule, marker: str) -> object:
    with redis.transaction() as together:
        together.incr(f"n:{marker}", 2).decr(f"n:{marker}")
    return None


def subscribed(listening: Any) -> object:
    listening.stop()
    return None


READS: Mapping[str, Callable[[Any], object]] = {
    "exists": lambda r: r.exists("user:123"), "ttl": lambda r: r.ttl("user:123"), "type": lambda r: r.type("user:123"),
    "keys": lambda r: r.keys("*"), "scan": lambda r: r.scan(), "scan_iter": lambda r: list(r.scan_iter()),
    "dbsize": lambda r: r.dbsize(), "ping": lambda r: r.ping(), "info": lambda r: r.info("server"),
    "get": lambda r: r.get("user:name"), "mget": lambda r: r.mget(["user:name"]),
    "hget": lambda r: r.hget("user:123", "name"), "hgetall": lambda r: r.hgetall("user:123"),
    "lrange": lambda r: r.lrange("tasks"), "llen": lambda r: r.llen("tasks"),
    "smembers": lambda r: r.smembers("tags"), "sismember": lambda r: r.sismember("tags", "red"),
    "zrange": lambda r: r.zrange("scores"), "top": lambda r: r.top("scores"),
    "zrank": lambda r: r.zrank("scores", "Ann"),
    "zscore": lambda r: r.zscore("scores", "Ann"), "xrange": lambda r: r.xrange("readings"),
    "xread": lambda r: r.xread("readings", "0"), "xlen": lambda r: r.xlen("readings"),
    "list_keys": lambda r: r.list_keys(), "describe_key": lambda r: r.describe_key("user:123"),
    "show": lambda r: r.show("user:123"), "subscribe": lambda r: subscribed(r.subscribe("a")),
    "psubscribe": lambda r: subscribed(r.psubscribe("a*")), "collect": lambda r: r.collect("a", seconds=0.01),
    "get_client: read": lambda r: r.get_client().strlen("user:name"),
    "get_client: pubsub": lambda r: r.get_client().pubsub().subscribe("a"),
}  # fmt: skip
WRITES: Mapping[str, Callable[[Any], object]] = {
    "delete": lambda r: r.delete("user:123"), "expire": lambda r: r.expire("user:name", 60),
    "persist": lambda r: r.persist("session"), "rename": lambda r: r.rename("tags", "labels"),
    "set": lambda r: r.set("x", {"a": 1}, ex=60), "mset": lambda r: r.mset({"x": 1}),
    "set_many": lambda r: r.set_many({"x": 1, "y": 2}), "append": lambda r: r.append("user:name", "!"),
    "incr": lambda r: r.incr("page_views"), "decr": lambda r: r.decr("page_views"),
    "hset": lambda r: r.hset("user:123", "age", 31), "hdel": lambda r: r.hdel("user:123", "age"),
    "hincrby": lambda r: r.hincrby("user:123", "age"), "lpush": lambda r: r.lpush("tasks", "x"),
    "rpush": lambda r: r.rpush("tasks", "x"), "lpop": lambda r: r.lpop("tasks"), "rpop": lambda r: r.rpop("tasks"),
    "blpop": lambda r: r.blpop("tasks", 1), "brpop": lambda r: r.brpop("tasks", 1),
    "sadd": lambda r: r.sadd("tags", "x"), "srem": lambda r: r.srem("tags", "red"),
    "zadd": lambda r: r.zadd("scores", {"x": 1}), "zincrby": lambda r: r.zincrby("scores", 1, "Ann"),
    "zrem": lambda r: r.zrem("scores", "Ann"), "xadd": lambda r: r.xadd("readings", {"a": 1}),
    "publish": lambda r: r.publish("a", "x"), "pipeline": lambda r: by_pipeline(r, "x"),
    "pipeline: watched": lambda r: watched(r), "transaction": lambda r: by_transaction(r, "x"),
    "get_client": lambda r: r.get_client().setrange("user:name", 0, "x"),
    "get_client: pipeline": lambda r: r.get_client().pipeline().set("x", 1).execute(),
    "get_client: unknown": lambda r: r.get_client().execute_command("SETEX", "x", 60, 1),
}  # fmt: skip


def watched(redis: RedisModule) -> object:
    with redis.pipeline() as together:
        together.watch("page_views")
        now = int(together.get("page_views"))
        together.multi()
        together.set("page_views", now + 1)
        return together.execute()


class RedisUnderTest(ServiceUnderTest):
    """One Redis for all clauses."""

    module = RedisModule
    limit = ({"MAX_CONNECTIONS": 3}, 3)
    not_sent = frozenset({"get_connection_info", "get_pool_status"})

    def __init__(self, server: RedisServer) -> None:
        self.server = server
        self.port, self.secret = server.port, server.password

    def start(self) -> None:
        self.server.start()

    def kill(self) -> None:
        self.server.kill()

    def prepare(self) -> None:
        with self._observer() as redis, redis.pipeline() as batch:
            batch.flushall()
            batch.set("user:name", "Alice")
            batch.set("session", "x", ex=3600)
            batch.set("page_views", 5)
            batch.hset("user:123", mapping={"name": "Bob", "age": 30})
            batch.rpush("tasks", "first", "second")
            batch.sadd("tags", "red")
            batch.zadd("scores", {"Ann": 120, "Bob": 95})
            batch.xadd("readings", {"value": 1}, id="1-1")
            batch.execute()

    def counts(self) -> Mapping[str, float]:
        found: dict[str, float] = {}
        with self._observer() as redis:
            for name in redis.scan_iter("n:*", count=10_000):
                found[name[2:].decode()] = float(redis.get(name))  # type: ignore[arg-type]
            for marker in redis.lrange("writes", 0, -1):
                found[marker.decode()] = found.get(marker.decode(), 0) + 1
            for name in redis.scan_iter("bulk:*", count=10_000):
                marker = name.decode().split(":")[1]
                found[marker] = found.get(marker, 0) + 1
        return found

    def content(self) -> object:
        with self._observer() as redis:
            found = {}
            for name in sorted(redis.scan_iter()):
                # An expiry counts, the passing of time does not.
                found[name] = redis.dump(name), redis.ttl(name) >= 0
            return found, self._published(redis)

    def connections(self) -> int:
        with self._observer() as redis:
            return sum(1 for client in redis.client_list() if client["name"] == "aibasic")

    def conf(self, **keys: object) -> str:
        return self.server.conf(**keys)

    def ways(self) -> Mapping[str, Keys]:
        folder = self.server.folder
        tls = {"USE_SSL": "true", "PORT": self.server.tls_port}
        verified = {**tls, "SSL_CA_CERT": folder / "ca.crt"}
        certificate = {"SSL_CLIENT_CERT": folder / "client.crt", "SSL_CLIENT_KEY": folder / "client.key"}
        return {
            "password": {},
            "ACL user": {"USERNAME": USER, "PASSWORD": f'"{USER_PASSWORD}"', "DB": 3},
            "TLS, verified": verified,
            "TLS, verified by name": {**verified, "HOST": "localhost"},
            "TLS, unverified": {**tls, "SSL_VERIFY": "false"},
            "client certificate, no password": {
                **verified, **certificate, "PORT": self.server.strict_port, "PASSWORD": None,
            },
        }  # fmt: skip

    def refused(self) -> Mapping[str, Refusal]:
        folder = self.server.folder
        tls = {"USE_SSL": "true", "PORT": self.server.tls_port}
        stranger = {"SSL_CLIENT_CERT": folder / "stranger.crt", "SSL_CLIENT_KEY": folder / "stranger.key"}
        strict = {**tls, "PORT": self.server.strict_port, "SSL_VERIFY": "false", "PASSWORD": None}
        return {
            "wrong password": Refusal({"PASSWORD": WRONG}, "invalid username-password pair(.|\n)*PASSWORD"),
            "wrong password of a user": Refusal({"USERNAME": USER, "PASSWORD": WRONG}, "is USERNAME right"),
            "no password": Refusal({"PASSWORD": None}, "set PASSWORD"),
            "wrong CA": Refusal({**tls, "SSL_CA_CERT": folder / "other_ca.crt"}, "not signed by SSL_CA_CERT"),
            "no client certificate": Refusal(strict, "SSL_CLIENT_CERT"),
            "a stranger's certificate": Refusal({**strict, **stranger}, r"\[redis\]"),
            "TLS where there is none": Refusal({"USE_SSL": "true"}, "USE_SSL"),
            "no TLS where there is": Refusal({"PORT": self.server.tls_port}, "USE_SSL"),
            "no such database": Refusal({"DB": 99}, "is DB right"),
        }

    @contextmanager
    def expired(self) -> Iterator[Refusal]:
        folder = self.server.folder
        with TlsFront(folder / "expired.crt", folder / "expired.key") as front:
            keys = {"PORT": front.port, "USE_SSL": "true", "SSL_CA_CERT": folder / "ca.crt"}
            yield Refusal(keys, "certificate has expired")

    def read(self, module: Any) -> None:
        assert module.get(NEVER) is None

    def writes(self) -> Mapping[str, Callable[[Any, str], object]]:
        return {call.__name__: call for call in (counted, listed, by_pipeline, by_transaction)}

    def operations(self) -> Mapping[str, Operation]:
        destructive = {"flushdb": lambda r: r.flushdb(), "flushall": lambda r: r.flushall()}
        kinds = ((READS, Kind.READ), (WRITES, Kind.WRITE), (destructive, Kind.DESTRUCTIVE))
        return {name: Operation(call, kind) for calls, kind in kinds for name, call in calls.items()}

    def idle_past_limit(self) -> None:
        with self._observer() as redis:
            for client in redis.client_list():
                if client["name"] == "aibasic":
                    redis.client_kill_filter(_id=client["id"])
        assert eventually(lambda: self.connections() == 0)

    def long_call(self, module: Any) -> object:
        return module.blpop(NEVER, timeout=60)

    def long_call_runs(self) -> bool:
        with self._observer() as redis:
            return any(client["cmd"] == "blpop" and "b" in client["flags"] for client in redis.client_list())

    def bulk(self) -> Bulk:
        return Bulk(lambda redis, marker: redis.set_many({f"bulk:{marker}:{n}": n for n in range(BULK)}), BULK)

    def looking(self) -> Looking:
        return Looking("list all redis keys", "describe redis key user:123", "how many redis keys are there",
                       "show the first ten redis keys")  # fmt: skip

    def names(self) -> Mapping[str, object]:
        return {"message": "hello"}

    def _published(self, redis: Redis) -> object:
        return redis.info("commandstats").get("cmdstat_publish", {}).get("calls", 0)

    def _observer(self) -> Redis:
        return Redis(port=self.port, password=self.secret)


@pytest.fixture(scope="module")
def service(redis_server: RedisServer) -> RedisUnderTest:
    return RedisUnderTest(redis_server)


class TestRedis(Contract):
    """Each clause is a test."""
