"""What the statements of services without SQL do, in words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from aibasic.modules.effects import Effect, Kind

from aibasic_kernel.compiler.gate import redis
from aibasic_kernel.compiler.gate.consequence import Consequence

_RABBIT = {
    "queue.delete": "deletes queue {}",
    "queue.purge": "deletes all messages of queue {}",
    "exchange.delete": "deletes exchange {}",
}
_VERBS = {"publish": "publishes", "flush": "flushes"}


def judge(effect: Effect) -> Consequence:
    """What an effect does that is no read. The kind is the module's, but where its text tells more."""
    task = effect.service.partition(":")[0]
    judge_one = _JUDGES.get(task)
    return judge_one(effect) if judge_one is not None else Consequence(effect.kind, _third_person(effect.statement))


def _rabbitmq(effect: Effect) -> Consequence:
    method, _, what = effect.statement.partition(" ")
    words = _RABBIT.get(method)
    return Consequence(effect.kind, words.format(what) if words else f"sends {effect.statement}")


def _opensearch(effect: Effect) -> Consequence:
    method, _, rest = effect.statement.partition(" ")
    path, _, body = rest.partition(" ")
    index = path.strip("/").partition("/")[0]
    if "_delete_by_query" in path:
        everything = _finds_all(body)
        kind = Kind.DESTRUCTIVE if everything else Kind.WRITE
        return Consequence(kind, f"deletes {'all' if everything else 'the'} documents of {index}"
                           + ("" if everything else " that a query finds"), table=index)  # fmt: skip
    if method == "DELETE" and effect.kind is Kind.DESTRUCTIVE and "/" not in path.strip("/"):
        return Consequence(effect.kind, f"deletes index {index} with all its documents", table=index)
    return Consequence(effect.kind, f"sends {effect.statement}")


def _finds_all(body: str) -> bool:
    """Whether the query of a request leaves no document out."""
    try:
        query: Any = json.loads(body).get("query", {})
    except (ValueError, AttributeError):
        return True
    return not query or "match_all" in query


def _third_person(statement: str) -> str:
    """`delete topic events` as what it does: `deletes topic events`."""
    verb, blank, rest = statement.partition(" ")
    if re.fullmatch(r"[a-z]+", verb) is None:
        return f"sends {statement}"
    return _VERBS.get(verb, f"{verb}s") + blank + rest


_JUDGES: dict[str, Callable[[Effect], Consequence]] = {
    "redis": redis.judge, "rabbitmq": _rabbitmq, "opensearch": _opensearch,
}  # fmt: skip
