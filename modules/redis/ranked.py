"""Sorted sets, such as leaderboards, and streams."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aibasic.modules.redis.keys import Keys
from aibasic.modules.redis.values import encoded_items
from aibasic.modules.results import Rows


class Ranked(Keys):
    """Members with scores, and entries with ids. redis.ResponseError where a key holds something else."""

    def zadd(self, key: str, mapping: Mapping[str, float]) -> int:
        """Set the scores of members. How many of them are new.

        Example: redis_client.zadd("scores", {"Ann": 120, "Bob": 95})
        """
        return int(self._redis.zadd(key, dict(mapping)))

    def zincrby(self, key: str, amount: float, member: str) -> float:
        """Add to the score of a member. What it is then.

        Example: redis_client.zincrby("scores", 5, "Ann")
        """
        return float(self._redis.zincrby(key, amount, member))

    def zrange(
        self, key: str, start: int = 0, end: int = -1, desc: bool = False, withscores: bool = False
    ) -> list[Any]:
        """Members by rank from the lowest score (`desc`: the highest), from place `start` to `end`, both among them.

        `withscores`: tuples of member and score.

        Example: redis_client.zrange("scores", 0, 2, desc=True, withscores=True)
        """
        return list(self._redis.zrange(key, start, end, desc=desc, withscores=withscores))

    def top(self, key: str, n: int = 10) -> Rows:
        """The `n` members with the highest scores, as rows of rank, member and score.

        Example: redis_client.top("scores", 3)
        """
        members = self.zrange(key, 0, n - 1, desc=True, withscores=True)
        return Rows(((rank, *member) for rank, member in enumerate(members, 1)), ("rank", "member", "score"))

    def zrank(self, key: str, member: str, desc: bool = True) -> int | None:
        """The rank of a member, 1 for the highest score (`desc=False`: for the lowest); None where it is none.

        Example: redis_client.zrank("scores", "Ann")
        """
        rank = self._redis.zrevrank(key, member) if desc else self._redis.zrank(key, member)
        return None if rank is None else int(rank) + 1

    def zscore(self, key: str, member: str) -> float | None:
        """The score of a member, None where it is none.

        Example: redis_client.zscore("scores", "Ann")
        """
        score = self._redis.zscore(key, member)
        return None if score is None else float(score)

    def zrem(self, key: str, *members: str) -> int:
        """Remove members. How many there were.

        Example: redis_client.zrem("scores", "Bob")
        """
        return int(self._redis.zrem(key, *members))

    def xadd(self, key: str, fields: Mapping[str, Any], maxlen: int | None = None) -> str:
        """Add an entry to a stream, which keeps about the last `maxlen` where given. The entry's id.

        Example: redis_client.xadd("readings", {"sensor": 7, "value": 21.5})
        """
        return str(self._redis.xadd(key, dict(encoded_items(fields)), maxlen=maxlen))

    def xrange(self, key: str, start: str = "-", end: str = "+", count: int | None = None) -> Rows:
        """Entries of a stream, the oldest first, as rows of id and fields; from and to an id, at most `count`.

        Example: redis_client.xrange("readings", count=100)
        """
        return _entries(self._redis.xrange(key, start, end, count))

    def xread(self, key: str, after: str = "$", count: int | None = None, seconds: float | None = None) -> Rows:
        """Entries of a stream after an id (`$`: that come from now on), as rows of id and fields.

        Waits up to `seconds` for the first (0: for ever); without it only what is there.

        Example: redis_client.xread("readings", after="0", count=100, seconds=5)
        """
        block = None if seconds is None else round(1000 * seconds)
        found = self._redis.xread({key: after}, count=count, block=block)
        return _entries(found[0][1] if found else [])

    def xlen(self, key: str) -> int:
        """How many entries a stream has.

        Example: redis_client.xlen("readings")
        """
        return int(self._redis.xlen(key))


def _entries(entries: Any) -> Rows:
    return Rows(((name, dict(fields)) for name, fields in entries or ()), ("id", "fields"))
