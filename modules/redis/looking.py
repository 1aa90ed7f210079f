"""What there is: keys as a table, and what one of them holds."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from aibasic.modules.redis.keys import Keys
from aibasic.modules.results import Rows, TooManyRows

_PORTION = 1000
"""Keys that are asked about at once."""


class Looking(Keys):
    """Tables for people."""

    def list_keys(self, pattern: str = "*", limit: int | None = None) -> Rows:
        """The keys that fit a pattern, as rows of key, type and seconds to live (NULL: for ever), in order.

        `limit`: only so many of them, whichever are met first. TooManyRows (a RuntimeError) for more than MAX_ROWS.

        Example: redis_client.list_keys("user:*")
        """
        most = self.max_rows + 1 if limit is None else limit
        names = sorted(itertools.islice(_each_once(self.scan_iter(pattern)), most))
        if limit is None and len(names) > self.max_rows:
            raise TooManyRows(self.max_rows, "; a narrower pattern finds fewer keys, limit=100 takes some of them")
        rows: list[tuple[str, str, int | None]] = []
        for start in range(0, len(names), _PORTION):
            rows += self._looked_at(names[start : start + _PORTION])
        return Rows(rows, ("key", "type", "expires_in"))

    def describe_key(self, key: str) -> Rows:
        """What is known of a key, as rows of property and value: type, encoding, length, bytes, expires_in.

        KeyError where there is no such key.

        Example: redis_client.describe_key("user:1")
        """
        kind = self._type(key)
        length = getattr(self._redis, _LENGTH[kind])(key) if kind in _LENGTH else None
        ttl = self.ttl(key)
        rows = [
            ("type", kind),
            ("encoding", self._redis.object("ENCODING", key)),
            ("length", length),
            ("bytes", self._redis.memory_usage(key)),
            ("expires_in", ttl if ttl >= 0 else None),
        ]
        return Rows(rows, ("property", "value"))

    def show(self, key: str, count: int = 10) -> Rows:
        """The first `count` parts of what a key holds: fields, members with scores, entries, values, or its text.

        KeyError where there is no such key.

        Example: redis_client.show("user:123")
        """
        kind = self._type(key)
        redis = self._redis
        if kind == "hash":
            return _first(redis.hscan_iter(key, count=count), count, "field", "value")
        if kind == "zset":
            return Rows(redis.zrange(key, 0, count - 1, desc=True, withscores=True), ("member", "score"))
        if kind == "stream":
            return Rows(((name, dict(fields)) for name, fields in redis.xrange(key, count=count)), ("id", "fields"))
        if kind == "list":
            return Rows(((value,) for value in redis.lrange(key, 0, count - 1)), ("value",))
        if kind == "set":
            return _first(((value,) for value in redis.sscan_iter(key, count=count)), count, "value")
        return Rows([(redis.get(key),)], ("value",))

    def _looked_at(self, names: Sequence[str]) -> list[tuple[str, str, int | None]]:
        """Each key with its type and its seconds to live."""
        with self._redis.pipeline(transaction=False) as batch:
            for name in names:
                batch.type(name)
                batch.ttl(name)
            answers = batch.execute()
        looked = zip(names, answers[::2], answers[1::2], strict=True)
        return [(name, kind, ttl if ttl >= 0 else None) for name, kind, ttl in looked]

    def _type(self, key: str) -> str:
        kind = str(self._redis.type(key))
        if kind == "none":
            raise KeyError(f"there is no key {key!r} in database {self.place}")
        return kind


_LENGTH = {"string": "strlen", "hash": "hlen", "list": "llen", "set": "scard", "zset": "zcard", "stream": "xlen"}


def _first(rows: Iterable[Any], count: int, *columns: str) -> Rows:
    return Rows((tuple(row) for row in itertools.islice(rows, count)), columns)


def _each_once(names: Iterable[str]) -> Iterator[str]:
    """The names without repetition: SCAN may give one twice."""
    met: set[str] = set()
    for name in names:
        if name not in met:
            met.add(name)
            yield name
