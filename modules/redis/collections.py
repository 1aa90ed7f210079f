"""Hashes, lists and sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aibasic.modules.redis.keys import Keys
from aibasic.modules.redis.values import encoded, encoded_items


class Collections(Keys):
    """Several values under one key. redis.ResponseError where a key holds something else."""

    def hset(
        self, key: str, field: str | None = None, value: Any = None, mapping: Mapping[str, Any] | None = None
    ) -> int:
        """Set one field of a hash, or all of `mapping`. How many of them are new. Dicts and lists are kept as JSON.

        Example: redis_client.hset("user:123", mapping={"name": "Bob", "age": 30})
        """
        items = dict(mapping or {})
        if field is not None:
            items[field] = value
        return int(self._redis.hset(key, mapping=encoded_items(items)))

    def hget(self, key: str, field: str) -> Any:
        """The value of one field of a hash, None where there is none.

        Example: redis_client.hget("user:123", "name")
        """
        return self._redis.hget(key, field)

    def hgetall(self, key: str) -> dict[str, Any]:
        """All fields of a hash with their values, {} where there is none.

        Example: redis_client.hgetall("user:123")
        """
        return dict(self._redis.hgetall(key))

    def hdel(self, key: str, *fields: str) -> int:
        """Delete fields of a hash. How many there were.

        Example: redis_client.hdel("user:123", "age")
        """
        return int(self._redis.hdel(key, *fields))

    def hincrby(self, key: str, field: str, amount: int = 1) -> int:
        """Add to a counter in a hash. What it is then.

        Example: redis_client.hincrby("user:123", "visits")
        """
        return int(self._redis.hincrby(key, field, amount))

    def lpush(self, key: str, *values: Any) -> int:
        """Put values in front of a list, each before the one before it. How long it is then.

        Example: redis_client.lpush("tasks", "first")
        """
        return int(self._redis.lpush(key, *map(encoded, values)))

    def rpush(self, key: str, *values: Any) -> int:
        """Put values at the end of a list. How long it is then.

        Example: redis_client.rpush("tasks", "last", {"id": 7})
        """
        return int(self._redis.rpush(key, *map(encoded, values)))

    def lpop(self, key: str, count: int | None = None) -> Any:
        """Take the first value of a list, or a list of the first `count`; None where there is none.

        Example: redis_client.lpop("tasks")
        """
        return self._redis.lpop(key, count)

    def rpop(self, key: str, count: int | None = None) -> Any:
        """Take the last value of a list, or a list of the last `count`; None where there is none.

        Example: redis_client.rpop("tasks")
        """
        return self._redis.rpop(key, count)

    def blpop(self, keys: str | list[str], timeout: float = 0) -> tuple[str, Any] | None:
        """Wait for a value and take it from the front of the first list that has one: its key, the value.

        None where none came for `timeout` seconds; 0 waits for ever. SOCKET_TIMEOUT does not bound it.

        Example: redis_client.blpop("tasks", timeout=60)
        """
        found = self._redis.blpop(keys, timeout)
        return tuple(found) if found else None

    def brpop(self, keys: str | list[str], timeout: float = 0) -> tuple[str, Any] | None:
        """As `blpop`, from the end of the list.

        Example: redis_client.brpop(["urgent", "tasks"], timeout=60)
        """
        found = self._redis.brpop(keys, timeout)
        return tuple(found) if found else None

    def lrange(self, key: str, start: int = 0, end: int = -1) -> list[Any]:
        """The values of a list from place `start` to `end`, both among them; -1 is the last.

        Example: redis_client.lrange("tasks", 0, 9)
        """
        return list(self._redis.lrange(key, start, end))

    def llen(self, key: str) -> int:
        """How long a list is, 0 where there is none.

        Example: redis_client.llen("tasks")
        """
        return int(self._redis.llen(key))

    def sadd(self, key: str, *values: Any) -> int:
        """Add members to a set. How many of them are new.

        Example: redis_client.sadd("tags", "red", "blue")
        """
        return int(self._redis.sadd(key, *map(encoded, values)))

    def srem(self, key: str, *values: Any) -> int:
        """Remove members of a set. How many there were.

        Example: redis_client.srem("tags", "red")
        """
        return int(self._redis.srem(key, *map(encoded, values)))

    def smembers(self, key: str) -> set[Any]:
        """The members of a set.

        Example: redis_client.smembers("tags")
        """
        return set(self._redis.smembers(key))

    def sismember(self, key: str, value: Any) -> bool:
        """Whether a set has a member.

        Example: redis_client.sismember("tags", "red")
        """
        return bool(self._redis.sismember(key, encoded(value)))
