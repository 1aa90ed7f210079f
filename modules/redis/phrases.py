"""The sentences that Redis understands without a language model."""

from __future__ import annotations

from aibasic.modules.phrases import Phrase

_GET = "(get|read|fetch|show [me]|load)"
_THE = "[the] [redis]"
_KEY = "{key:label}"
_FROM = "[(from|in|of) [the] redis]"
_INTO = "[(into|as|called) {new:newname}]"
_EXPIRING = (
    "[(with [an] (expiration|expiry|ttl) [of]|(expiring|that expires) (in|after)|for) {n:number} (seconds|second)]"
)
_COUNTER = "[the] [redis] [counter]"


def _result(call: str) -> str:
    return f"{{new|result}} = {{module}}.{call}"


def _rows(call: str) -> str:
    return f"{{new|results}} = {{module}}.{call}"


PHRASES = (
    Phrase(
        f"(set|store|save) {_THE} [key] {_KEY} (to|=|with|as) [the] [value] {{value:value}} {_EXPIRING}",
        "{module}.set({key}, {value}<?, ex={n}?>)",
        'set redis key user:name to value "Alice" with expiration 3600 seconds',
        "sets a key, to expire where a time is given",
    ),
    Phrase(
        f"{_GET} [the] [value] (from|of|for) {_THE} [key] {_KEY} {_FROM} {_INTO}",
        _result("get({key})"),
        "get value from redis key user:name",
        "reads the value of a key",
        "{new|result}",
    ),
    Phrase(
        f"{_GET} {_THE} key {_KEY} {_FROM} {_INTO}",
        _result("get({key})"),
        "get redis key user:name",
        "reads the value of a key",
        "{new|result}",
    ),
    Phrase(
        f"(set|store|save) {_THE} hash {_KEY} (with|to|from) [the] [data] {{data:json}}",
        "{module}.hset({key}, mapping={data})",
        'set redis hash user:123 with data {"name": "Bob", "age": 30}',
        "sets fields of a hash",
    ),
    Phrase(
        f"{_GET} [all] [the] [(fields|values)] [(from|of)] {_THE} hash {_KEY} {_FROM} {_INTO}",
        _result("hgetall({key})"),
        "get redis hash user:123",
        "reads all fields of a hash",
        "{new|result}",
    ),
    Phrase(
        f"{_GET} [the] field {{field:label}} (from|of) {_THE} hash {_KEY} {_FROM} {_INTO}",
        _result("hget({key}, {field})"),
        "get field name of redis hash user:123",
        "reads one field of a hash",
        "{new|result}",
    ),
    Phrase(
        f"(increment|increase|incr) {_COUNTER} {_KEY} [by {{n:number}}] {_INTO}",
        _result("incr({key}<?, {n}?>)"),
        "increment redis counter page_views",
        "adds one, or more, to a counter",
        "{new|result}",
    ),
    Phrase(
        f"(decrement|decrease|decr) {_COUNTER} {_KEY} [by {{n:number}}] {_INTO}",
        _result("decr({key}<?, {n}?>)"),
        "decrement redis counter page_views by 2",
        "takes one, or more, from a counter",
        "{new|result}",
    ),
    Phrase(
        "publish [the] [message] {value:value} (to|on) [the] [redis] channel {channel:label}",
        "{module}.publish({channel}, {value})",
        "publish message to redis channel notifications",
        "sends a message to all who listen to a channel",
    ),
    Phrase(
        "(collect|receive|get|read) [up to] [{n:number}] messages (from|of|on) [the] [redis] channel {channel:label} "
        f"[(for|within|during) {{seconds:number}} seconds] {_INTO}",
        _rows("collect({channel}<?, count={n}?><?, seconds={seconds}?>)"),
        "collect 5 messages from redis channel notifications for 1 seconds",
        "listens to a channel for some time",
        "{new|results}",
    ),
    Phrase(
        f"(push|append|add) {{value:value}} (to|onto) {_THE} list {_KEY}",
        "{module}.rpush({key}, {value})",
        "push 'write a letter' to redis list tasks",
        "puts a value at the end of a list",
    ),
    Phrase(
        f"(pop|take) [(a|the|the first|one)] [value] from {_THE} list {_KEY} {_INTO}",
        _result("lpop({key})"),
        "pop a value from redis list tasks",
        "takes the first value of a list",
        "{new|result}",
    ),
    Phrase(
        f"{_GET} [all] [the] [values (of|in|from)] {_THE} list {_KEY} {_FROM} {_INTO}",
        _result("lrange({key})"),
        "get redis list tasks",
        "reads the values of a list",
        "{new|result}",
    ),
    Phrase(
        f"how long is {_THE} list {_KEY} {_FROM} {_INTO}",
        _result("llen({key})"),
        "how long is redis list tasks",
        "counts the values of a list",
        "{new|result}",
    ),
    Phrase(
        f"add {{value:value}} to {_THE} set {_KEY}",
        "{module}.sadd({key}, {value})",
        "add 'red' to redis set tags",
        "adds a member to a set",
    ),
    Phrase(
        f"{_GET} [all] [the] [members (of|in|from)] {_THE} set {_KEY} {_FROM} {_INTO}",
        _result("smembers({key})"),
        "get the members of redis set tags",
        "reads the members of a set",
        "{new|result}",
    ),
    Phrase(
        f"set [the] score of {{member:label}} in {_THE} [(leaderboard|sorted set)] {_KEY} to {{n:number}}",
        "{module}.zadd({key}, {{member}: {n}})",
        "set the score of Ann in redis leaderboard scores to 120",
        "sets the score of a member of a sorted set",
    ),
    Phrase(
        f"(increment|increase|raise) [the] score of {{member:label}} in {_THE} [(leaderboard|sorted set)] {_KEY} "
        f"[by {{n:number}}] {_INTO}",
        _result("zincrby({key}, {n|1}, {member})"),
        "increment the score of Ann in redis leaderboard scores by 10",
        "adds one, or more, to the score of a member of a sorted set",
        "{new|result}",
    ),
    Phrase(
        f"{_GET} [the] top {{n:number}} (of|in|from) {_THE} [(leaderboard|sorted set)] {_KEY} {_INTO}",
        _rows("top({key}, {n})"),
        "show the top 3 of redis leaderboard scores",
        "reads the members with the highest scores",
        "{new|results}",
    ),
    Phrase(
        f"(delete|remove) {_THE} (key|hash|list|set|counter|leaderboard|stream) {_KEY} {_FROM}",
        "{module}.delete({key})",
        "delete redis key user:name",
        "deletes a key",
    ),
    Phrase(
        f"(expire {_THE} [key] {_KEY}|let {_THE} [key] {_KEY} expire) (in|after) {{n:number}} seconds",
        "{module}.expire({key}, {n})",
        "expire redis key user:name in 60 seconds",
        "lets a key be deleted after some time",
    ),
    Phrase(
        f"(list|show) [all] [the] [redis] keys [(matching|like|that match) {{pattern:label}}] {_FROM} {_INTO}",
        _rows("list_keys(<?{pattern}?>)"),
        "list all redis keys",
        "lists keys with their types and how long they live",
        "{new|results}",
    ),
    Phrase(
        f"(list|show) [the] first {{n:number}} [redis] keys [(matching|like) {{pattern:label}}] {_FROM} {_INTO}",
        _rows('list_keys({pattern|"*"}, {n})'),
        "show the first ten redis keys",
        "lists some keys",
        "{new|results}",
    ),
    Phrase(
        f"describe {_THE} [key] {_KEY} {_FROM} {_INTO}",
        _rows("describe_key({key})"),
        "describe redis key user:123",
        "tells type, length, size and life time of a key",
        "{new|results}",
    ),
    Phrase(
        f"show [the] first {{n:number}} [(values|fields|members|entries)] of {_THE} [key] {_KEY} {_FROM} {_INTO}",
        _rows("show({key}, {n})"),
        "show the first ten of redis key user:123",
        "reads the first parts of what a key holds",
        "{new|results}",
    ),
    Phrase(
        f"(how many [redis] keys [(are there|are|exist)] {_FROM}|count [all] [the] [redis] keys {_FROM}) {_INTO}",
        _result("dbsize()"),
        "how many redis keys are there",
        "counts the keys",
        "{new|result}",
    ),
    Phrase(
        "(how many [redis] keys (match|fit|are like)|count [all] [the] [redis] keys (matching|like|that match)) "
        f"{{pattern:label}} {_FROM} {_INTO}",
        "{new|result} = len({module}.keys({pattern}))",
        "how many redis keys match user:*",
        "counts the keys that fit a pattern",
        "{new|result}",
    ),
    Phrase(
        "(flush|empty|clear) [the] [redis] (database|db)",
        "{module}.flushdb()",
        "flush the redis database",
        "deletes every key of the database",
    ),
)
