"""What a Redis command does to the data, as far as its name tells."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from aibasic.modules.effects import Kind

# The commands that Redis itself flags as readonly or that answer about the connection; unknown ones count as writes.
_READS = frozenset(
    """
    AUTH BITCOUNT BITFIELD_RO BITPOS COMMAND DBSIZE DUMP ECHO EVALSHA_RO EVAL_RO EXISTS EXPIRETIME
    FCALL_RO GEODIST GEOHASH GEOPOS GEORADIUSBYMEMBER_RO GEORADIUS_RO GEOSEARCH GET GETBIT GETRANGE HELLO HEXISTS HGET
    HGETALL HKEYS HLEN HMGET HRANDFIELD HSCAN HSTRLEN HVALS INFO KEYS LASTSAVE LCS LINDEX LLEN LOLWUT LPOS LRANGE MEMORY
    MGET OBJECT PEXPIRETIME PFCOUNT PING PSUBSCRIBE PTTL PUBSUB PUNSUBSCRIBE QUIT RANDOMKEY ROLE SCAN SCARD SDIFF SELECT
    SINTER SINTERCARD SISMEMBER SMEMBERS SMISMEMBER SORT_RO SRANDMEMBER SSCAN SSUBSCRIBE STRLEN SUBSCRIBE SUBSTR
    SUNION SUNSUBSCRIBE TIME TOUCH TTL TYPE UNSUBSCRIBE UNWATCH WAIT WATCH XINFO XLEN XPENDING XRANGE XREAD XREVRANGE
    ZCARD ZCOUNT ZDIFF ZINTER ZINTERCARD ZLEXCOUNT ZMSCORE ZRANDMEMBER ZRANGE ZRANGEBYLEX ZRANGEBYSCORE ZRANK ZREVRANGE
    ZREVRANGEBYLEX ZREVRANGEBYSCORE ZREVRANK ZSCAN ZSCORE ZUNION
    """.split()  # noqa: SIM905
)
_READING_PARTS = frozenset([
    ("ACL", "CAT"), ("ACL", "GETUSER"), ("ACL", "LIST"), ("ACL", "USERS"), ("ACL", "WHOAMI"), ("CLIENT", "GETNAME"),
    ("CLIENT", "ID"), ("CLIENT", "INFO"), ("CLIENT", "LIST"), ("CONFIG", "GET"), ("FUNCTION", "LIST"),
    ("LATENCY", "LATEST"), ("MEMORY", "DOCTOR"), ("MEMORY", "STATS"), ("MEMORY", "USAGE"), ("MODULE", "LIST"),
    ("SCRIPT", "EXISTS"), ("SLOWLOG", "GET"), ("SLOWLOG", "LEN"), ("XGROUP", "HELP"),
])  # fmt: skip
_OF_PARTS = frozenset({"ACL", "CLIENT", "CLUSTER", "CONFIG", "FUNCTION", "LATENCY", "MEMORY", "MODULE", "SCRIPT",
                       "SLOWLOG", "XGROUP"})  # fmt: skip
_DESTRUCTIVE = frozenset({"FLUSHALL", "FLUSHDB", "SHUTDOWN", "SWAPDB"})
_DESTRUCTIVE_PARTS = frozenset(
    {("FUNCTION", "FLUSH"), ("FUNCTION", "DELETE"), ("SCRIPT", "FLUSH"), ("XGROUP", "DESTROY"), ("ACL", "DELUSER")}
)
_DELETES = frozenset({"DEL", "UNLINK"})
MANY = 100
"""More keys at once than anybody names: these were looked up, and may be all there are."""
_WAITING = frozenset({"BLMOVE", "BLMPOP", "BLPOP", "BRPOP", "BRPOPLPUSH", "BZMPOP", "BZPOPMAX", "BZPOPMIN", "WAIT"})
_WAITING_IF_ASKED = frozenset({"XREAD", "XREADGROUP"})


def kind_of(arguments: Sequence[Any]) -> Kind:
    """How a command counts."""
    words = _words(arguments)
    return Kind.DESTRUCTIVE if _deletes_many(words[0], arguments) else _kind(words)


def waits(arguments: Sequence[Any]) -> bool:
    """Whether a command may wait on the server for as long as it was told to."""
    name = _words(arguments)[0]
    if name in _WAITING_IF_ASKED:
        return any(text(argument).upper() == "BLOCK" for argument in arguments[1:6])
    return name in _WAITING


def _words(arguments: Sequence[Any]) -> tuple[str, str]:
    """The words of a command in upper case, as far as they name it: `CLIENT LIST` may come as one or as two."""
    name, _, part = text(arguments[0]).upper().partition(" ")
    if not part and name in _OF_PARTS and len(arguments) > 1:
        part = text(arguments[1]).upper()
    return name, part


@lru_cache(maxsize=512)
def _kind(words: tuple[str, str]) -> Kind:
    name, _ = words
    if name in _DESTRUCTIVE or words in _DESTRUCTIVE_PARTS:
        return Kind.DESTRUCTIVE
    if name in _OF_PARTS:
        return Kind.READ if words in _READING_PARTS else Kind.WRITE
    return Kind.READ if name in _READS else Kind.WRITE


def _deletes_many(name: str, arguments: Sequence[Any]) -> bool:
    return len(arguments) > MANY + 1 and name in _DELETES


def text(argument: Any) -> str:
    """An argument as people read it."""
    if isinstance(argument, str):
        return argument
    return argument.decode(errors="replace") if isinstance(argument, bytes) else str(argument)


def shown(arguments: Sequence[Any], most: int = 200) -> str:
    """A command as people read it, shortened; what logs in is left out."""
    name, _ = _words(arguments)
    if name in ("AUTH", "HELLO"):
        return name
    if _deletes_many(name, arguments):
        arguments = (f"{name} {len(arguments) - 1:,} keys:", *arguments[1:most])
    # As many arguments as could be seen, each no longer than that.
    said = " ".join([text(argument)[: most + 1] for argument in arguments[:most]])
    return said if len(said) <= most else said[: most - 1] + "…"
