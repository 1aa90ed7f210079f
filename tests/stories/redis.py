"""Redis' lines and story."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from tests.servers.redis import RedisServer
from tests.stories.service import Line, Service

KEYS = ("user:name", "user:123", "page_views", "tasks", "tags", "scores", "greeting")


class RedisService(Service):
    name, fixture = "redis", "redis_server"
    server: RedisServer
    before = (
        "from aibasic.modules import RedisModule\n"
        "redis_client = RedisModule.from_config('aibasic.conf')\n"
        "listening = redis_client.subscribe('notifications')\n"
        "message = 'Hello'"
    )
    lines = (
        Line(
            '10 (redis) set redis key user:name to value "Alice" with expiration 3600 seconds',
            'redis_client.set("user:name", "Alice", ex=3600)',
        ),
        Line(
            "20 (redis) get value from redis key user:name",
            'result = redis_client.get("user:name")',
            "result",
            "result",
            "Alice",
        ),
        Line(
            '30 (redis) set redis hash user:123 with data {"name": "Bob", "age": 30}',
            'redis_client.hset("user:123", mapping={"name": "Bob", "age": 30})',
        ),
        Line(
            "40 (redis) increment redis counter page_views",
            'result = redis_client.incr("page_views")',
            "result",
            "result",
            1,
        ),
        Line(
            "50 (redis) publish message to redis channel notifications",
            'redis_client.publish("notifications", message)',
            "",
            "[tuple(row) for row in listening.collect(1, seconds=10)]",
            [("notifications", "Hello")],
        ),
    )
    guide_leaves: Mapping[str, object] = {
        "user:name": ("Alice", True),
        "user:123": ({"name": "Bob", "age": "30"}, False),
        "page_views": ("1", False),
    }
    story_leaves: Mapping[str, object] = {
        **guide_leaves,
        "page_views": ("42", False),
        "tasks": (["send it"], False),
        "tags": ({"blue", "red"}, False),
        "scores": ([("Cleo", 95.0), ("Ann", 120.0), ("Ben", 140.0)], False),
        "greeting": ('{"text": "Grüße 🙂", "to": ["Ann", "Ben"]}', False),
    }
    story_names: Mapping[str, object] = {
        "name": "Alice",
        "first": "write a letter",
        "[tuple(row) for row in winners]": [(1, "Ben", 140.0), (2, "Ann", 120.0)],
        "[tuple(row) for row in heard]": [("notifications", "Hello"), ("notifications", '{"unread": 2}')],
        "greeting": {"text": "Grüße 🙂", "to": ["Ann", "Ben"]},
    }

    def clear(self) -> None:
        self._client.delete(*KEYS)

    def found(self) -> object:
        """By key, what it holds and whether it expires within the hour."""
        there = [key for key in KEYS if self._client.exists(key)]
        return {key: (self._content(key), 3500 < self._client.ttl(key) <= 3600) for key in there}

    def close(self) -> None:
        self._client.close()

    @cached_property
    def _client(self) -> Any:
        import redis

        return redis.Redis(self.server.host, self.server.port, password=self.server.password, decode_responses=True)

    def _content(self, key: str) -> object:
        client = self._client
        read = {
            "string": lambda: client.get(key),
            "hash": lambda: client.hgetall(key),
            "list": lambda: client.lrange(key, 0, -1),
            "set": lambda: client.smembers(key),
            "zset": lambda: client.zrange(key, 0, -1, withscores=True),
        }
        return read[client.type(key)]()
