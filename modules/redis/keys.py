"""Keys, whatever they hold: how many, which, how long they live; and the databases that they are in."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import Any

from aibasic.modules.base import Module


class Keys(Module):
    """Calls over keys of any type. Every call raises redis.RedisError as the server words it."""

    @property
    @abstractmethod
    def _redis(self) -> Any:
        """The `Client` that sends; by its driver's types answers are bytes or text, here they are text."""

    def delete(self, *names: str) -> int:
        """Delete keys. How many there were.

        Example: redis_client.delete("user:1", "user:2")
        """
        return int(self._redis.delete(*names))

    def exists(self, *names: str) -> int:
        """How many of the keys exist; a key named twice counts twice.

        Example: redis_client.exists("user:1")
        """
        return int(self._redis.exists(*names))

    def expire(self, name: str, seconds: float) -> bool:
        """Let a key be deleted after so many seconds. False where there is no such key.

        Example: redis_client.expire("session:1", 3600)
        """
        return bool(self._redis.pexpire(name, round(1000 * seconds)))

    def persist(self, name: str) -> bool:
        """Let a key live for ever again. False where there is none, or it does already.

        Example: redis_client.persist("session:1")
        """
        return bool(self._redis.persist(name))

    def ttl(self, name: str) -> int:
        """Seconds that a key will live; -1 for ever, -2 where there is none.

        Example: redis_client.ttl("session:1")
        """
        return int(self._redis.ttl(name))

    def type(self, name: str) -> str:
        """What a key holds: string, hash, list, set, zset, stream; none where there is no such key.

        Example: redis_client.type("user:1")
        """
        return str(self._redis.type(name))

    def rename(self, old: str, new: str) -> bool:
        """Give a key another name; what had that name is gone. redis.ResponseError where there is no such key.

        Example: redis_client.rename("draft", "final")
        """
        return bool(self._redis.rename(old, new))

    def keys(self, pattern: str = "*") -> list[str]:
        """The names of the keys that fit a pattern, in order. Looks at all keys without stopping others from working.

        Example: redis_client.keys("user:*")
        """
        return sorted(set(self.scan_iter(pattern)))

    def scan(self, cursor: int = 0, match: str | None = None, count: int | None = None) -> tuple[int, list[str]]:
        """One step through all keys: the cursor for the next step (0 at the end), and some names that fit `match`.

        Example: cursor, names = redis_client.scan(0, match="user:*", count=1000)
        """
        following, names = self._redis.scan(cursor, match=match, count=count)
        return int(following), list(names)

    def scan_iter(self, match: str = "*", count: int = 1000) -> Iterator[str]:
        """The names that fit a pattern, by about `count` a step, for more keys than memory holds. May repeat a name.

        Example: for name in redis_client.scan_iter("user:*"): print(name)
        """
        cursor = 0
        while True:
            cursor, names = self.scan(cursor, match, count)
            yield from names
            if cursor == 0:
                return

    def dbsize(self) -> int:
        """How many keys the database has.

        Example: redis_client.dbsize()
        """
        return int(self._redis.dbsize())

    def flushdb(self) -> bool:
        """Delete every key of this database. Cannot be undone.

        Example: redis_client.flushdb()
        """
        return bool(self._redis.flushdb())

    def flushall(self) -> bool:
        """Delete every key of every database of the server. Cannot be undone.

        Example: redis_client.flushall()
        """
        return bool(self._redis.flushall())

    def ping(self) -> bool:
        """Whether the server answers; redis.ConnectionError where it cannot be reached.

        Example: redis_client.ping()
        """
        return bool(self._redis.ping())

    def info(self, section: str | None = None) -> dict[str, Any]:
        """What the server tells of itself, by name; of one section such as `memory`, or of all.

        Example: redis_client.info("memory")["used_memory_human"]
        """
        found: dict[str, Any] = self._redis.info(section) if section else self._redis.info()
        return found
