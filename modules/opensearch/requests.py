"""What a request to OpenSearch does, told from its method and path alone."""

from __future__ import annotations

from typing import Any

from aibasic.modules.effects import Kind

# The API of a path is its first part with an underscore: no index's name begins with one.
_READS = frozenset({
    "_search", "_msearch", "_count", "_mget", "_explain", "_validate", "_field_caps", "_termvectors", "_mtermvectors",
    "_analyze", "_render", "_rank_eval", "_refresh", "_search_shards",
})  # fmt: skip
_DESTRUCTIVE = frozenset({"_delete_by_query", "_rollover", "_shrink", "_restore", "_plugins"})
_SMALL_DELETES = frozenset({"_doc", "_alias", "_aliases", "_create", "_tasks"})
_WORK = frozenset({
    "_search", "_msearch", "_count", "_bulk", "_update_by_query", "_delete_by_query", "_reindex", "_forcemerge",
    "_snapshot", "_shrink", "_split", "_clone", "_rank_eval",
})  # fmt: skip
_REPEATABLE = frozenset({"_search", "_count", "_mget", "_msearch"})


def kind_of(method: str, path: str) -> Kind:
    """Whether a request reads, writes or destroys. What is not surely a read counts as a write."""
    api = _api(path)
    if method in ("GET", "HEAD") or (method in ("POST", "DELETE") and api in _READS):
        return Kind.READ
    if api in _DESTRUCTIVE or (method == "DELETE" and api not in _SMALL_DELETES):
        return Kind.DESTRUCTIVE
    return Kind.WRITE


def is_work(path: str) -> bool:
    """Whether the answer is the work itself, which may take its time."""
    return _api(path) in _WORK


def may_be_repeated(method: str, path: str) -> bool:
    """Whether asking twice does no more than asking once, not even to the node's memory as opening a scroll does."""
    path, _, query = path.partition("?")
    return "scroll" not in f"{path}{query}" and (
        method in ("GET", "HEAD") or (method == "POST" and _api(path) in _REPEATABLE and "point_in_time" not in path)
    )


def written(method: str, path: str, body: Any) -> str:
    """The request as people read it: `POST /products/_search {"size": 1}`."""
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body if isinstance(body, str) else ""
    return f"{method} {path}" + (f" {text}" if text else "")


def _api(path: str) -> str:
    parts = path.partition("?")[0].split("/")
    return next((part for part in parts if part.startswith("_")), "")
