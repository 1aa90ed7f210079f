"""What a command of Redis does that is no read, by its name."""

from __future__ import annotations

from aibasic.modules.effects import Effect, Kind

from aibasic_kernel.compiler.gate.consequence import Consequence

_SCRIPTS = frozenset({"EVAL", "EVALSHA", "FCALL", "FUNCTION", "SCRIPT", "MODULE", "EVAL_RO", "EVALSHA_RO", "FCALL_RO"})
_DESTROYS = {
    "FLUSHALL": "deletes all keys of all databases",
    "FLUSHDB": "deletes all keys of the database",
    "SHUTDOWN": "shuts the server down",
    "SWAPDB": "swaps two databases",
    "FT.DROPINDEX": "drops a search index",
    "REPLICAOF": "makes the server the replica of another one",
    "SLAVEOF": "makes the server the replica of another one",
    "FAILOVER": "hands the work of the server over to a replica",
    "RESTORE-ASKING": "replaces a key",
    "DEBUG": "sends the server a command for its makers",
}
_OF_SERVER = {
    "CONFIG": ("SET", "REWRITE", "RESETSTAT"), "ACL": ("SETUSER", "LOAD", "SAVE"), "CLIENT": ("KILL",),
    "CLUSTER": ("FAILOVER", "FORGET", "RESET", "FLUSHSLOTS", "ADDSLOTS", "DELSLOTS", "SETSLOT", "REPLICATE", "MEET"),
}  # fmt: skip
"""Commands of two words that change the server for everybody."""
_WRITES = frozenset(
    """
    ACL APPEND ASKING BGREWRITEAOF BGSAVE BITFIELD BITOP BLMOVE BLMPOP BLPOP BRPOP BRPOPLPUSH BZMPOP BZPOPMAX
    BZPOPMIN CLIENT CLUSTER CONFIG COPY DECR DECRBY DEL DISCARD EXEC EXPIRE EXPIREAT GEOADD GEORADIUS
    GEORADIUSBYMEMBER GEOSEARCHSTORE GETDEL GETEX GETSET HDEL HEXPIRE HEXPIREAT HGETDEL HGETEX HINCRBY HINCRBYFLOAT
    HMSET HPERSIST HPEXPIRE HSET HSETEX HSETNX INCR INCRBY INCRBYFLOAT LATENCY LINSERT LMOVE LMPOP LPOP LPUSH LPUSHX
    LREM LSET LTRIM MEMORY MIGRATE MONITOR MOVE MSET MSETNX MULTI OBJECT PERSIST PEXPIRE PEXPIREAT PFADD PFDEBUG
    PFMERGE PSETEX PUBLISH READONLY READWRITE RENAME RENAMENX RESET RESTORE RPOP RPOPLPUSH RPUSH RPUSHX SADD SAVE
    SDIFFSTORE SET SETBIT SETEX SETNX SETRANGE SINTERSTORE SLOWLOG SMOVE SORT SPOP SPUBLISH SREM SUNIONSTORE UNLINK
    UNWATCH VADD VREM WAITAOF XACK XACKDEL XADD XAUTOCLAIM XCLAIM XDEL XDELEX XGROUP XREADGROUP XSETID XTRIM ZADD
    ZDIFFSTORE ZINCRBY ZINTERSTORE ZMPOP ZPOPMAX ZPOPMIN ZRANGESTORE ZREM ZREMRANGEBYLEX ZREMRANGEBYRANK
    ZREMRANGEBYSCORE ZUNIONSTORE
    """.split()  # noqa: SIM905
)
_OF_MODULES = ("JSON.", "FT.", "TS.", "BF.", "CF.", "CMS.", "TOPK.", "TDIGEST.", "GRAPH.")


def judge(effect: Effect) -> Consequence:
    """What an announced command does; a script, and a command that is not known, cannot be judged."""
    name, _, rest = effect.statement.partition(" ")
    name = name.upper()
    if name in _DESTROYS:
        return Consequence(Kind.DESTRUCTIVE, _DESTROYS[name])
    if effect.kind is Kind.DESTRUCTIVE and name in ("DEL", "UNLINK"):
        return Consequence(effect.kind, f"deletes {rest}")
    if effect.kind is Kind.DESTRUCTIVE:
        return Consequence(effect.kind, f"sends {effect.statement}")
    if rest.upper().startswith(_OF_SERVER.get(name, ())):
        return Consequence(Kind.DESTRUCTIVE, f"changes the server: {effect.statement}")
    if name in _SCRIPTS:
        return Consequence(Kind.STATEMENT, f"runs a script in Redis, which cannot be judged: {effect.statement}")
    if name in _WRITES or name.startswith(_OF_MODULES):
        return Consequence(Kind.WRITE, f"sends {effect.statement}")
    return Consequence(Kind.STATEMENT, f"sends Redis a command of which nothing is known: {effect.statement}")
