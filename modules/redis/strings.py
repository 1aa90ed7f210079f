"""Values under a key, counters among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aibasic.modules.progress import Progress
from aibasic.modules.redis.keys import Keys
from aibasic.modules.redis.values import decoded, encoded, encoded_items

_PORTION = 1000
"""Commands that are sent at once."""


class Strings(Keys):
    """Text, bytes and numbers; dicts and lists go in as JSON."""

    def set(
        self,
        key: str,
        value: Any,
        ex: float | None = None,
        px: int | None = None,
        nx: bool = False,
        xx: bool = False,
    ) -> bool:
        """Set a key, to expire after `ex` seconds or `px` milliseconds. A dict, list, bool or None is kept as JSON.

        `nx`: only where there is no such key, `xx`: only where there is one. False where that kept it from being set.

        Example: redis_client.set("user:name", "Alice", ex=3600)
        """
        milliseconds = px if ex is None else round(1000 * ex)
        return bool(self._redis.set(key, encoded(value), px=milliseconds, nx=nx, xx=xx))

    def get(self, key: str, json: bool = False) -> Any:
        """The value of a key as text (bytes where it is none), None where there is no such key.

        `json`: what the text says as JSON, such as the dict that was set.

        Example: user = redis_client.get("user:1", json=True)
        """
        value = self._redis.get(key)
        return decoded(value) if json else value

    def mset(self, mapping: Mapping[str, Any]) -> bool:
        """Set several keys at once, all or none.

        Example: redis_client.mset({"a": 1, "b": 2})
        """
        return bool(self._redis.mset(encoded_items(mapping)))

    def mget(self, keys: Sequence[str], *args: str) -> list[Any]:
        """The values of several keys in their order, None for each that does not exist.

        Example: redis_client.mget(["a", "b"])
        """
        names = [keys, *args] if isinstance(keys, str) else [*keys, *args]
        return list(self._redis.mget(names))

    def set_many(self, mapping: Mapping[str, Any], ex: float | None = None) -> int:
        """Set any number of keys, 1,000 a message, each to expire after `ex` seconds where given. How many were set.

        Not all or none: an interrupt or a lost connection says how many were set before it.

        Example: redis_client.set_many({f"user:{n}": n for n in range(100_000)}, ex=3600)
        """
        items = list(mapping.items())
        milliseconds = None if ex is None else round(1000 * ex)
        sent: int = self._redis.in_portions(
            items,
            lambda batch, item: batch.set(item[0], encoded(item[1]), px=milliseconds),
            Progress("SET", len(items), "keys"),
            _PORTION,
        )
        return sent

    def append(self, key: str, value: str) -> int:
        """Add text to the end of a value. How many bytes it has then.

        Example: redis_client.append("log", "a line")
        """
        return int(self._redis.append(key, value))

    def incr(self, key: str, amount: int = 1) -> int:
        """Add to a counter, which begins at 0. What it is then. redis.ResponseError where the key holds no number.

        Example: redis_client.incr("page_views")
        """
        return int(self._redis.incr(key, amount))

    def decr(self, key: str, amount: int = 1) -> int:
        """Take from a counter, which begins at 0. What it is then.

        Example: redis_client.decr("stock:7", 2)
        """
        return int(self._redis.decr(key, amount))
