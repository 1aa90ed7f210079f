"""What the methods of things do that code works with: modules and what they hand out, paths, frames, connections."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from aibasic.modules.effects import Effect, Kind

from aibasic_kernel.compiler.gate import files, services
from aibasic_kernel.compiler.gate.consequence import Consequence
from aibasic_kernel.compiler.gate.python_calls import Call, opened
from aibasic_kernel.compiler.gate.values import UNKNOWN, Reached

_OF_CLIENTS = {
    "redis": {
        **dict.fromkeys(("config_set", "config_rewrite", "client_kill", "replicaof", "slaveof", "acl_setuser",
                         "cluster_reset"), "changes the server"),
        "shutdown": "shuts the server down", "swapdb": "swaps two databases", "script_flush": "deletes all scripts",
        "function_flush": "deletes all functions", "acl_deluser": "deletes a user",
        "xgroup_destroy": "deletes a group of readers",
    },
    "kafka": {
        "delete_topics": "deletes topics {0} with all their messages", "delete_records": "deletes messages",
        "delete_groups": "deletes groups {0}", "delete_consumer_groups": "deletes groups {0}",
    },
    "rabbitmq": {
        "queue_delete": "deletes queue {0}", "queue_purge": "deletes all messages of queue {0}",
        "exchange_delete": "deletes exchange {0}",
    },
    "opensearch": {
        "indices.delete": "deletes index {0} with all its documents", "snapshot.delete": "deletes a snapshot",
        "indices.delete_data_stream": "deletes a data stream", "indices.delete_template": "deletes a template",
        "indices.delete_index_template": "deletes a template",
    },
}  # fmt: skip
"""What destroys of the methods of a module's raw client."""
_REDIS_SCRIPTS = frozenset({"eval", "evalsha", "fcall", "register_script", "script_load", "function_load"})
_TELLING = {
    "drop_database": "drops the database {0}", "drop_collection": "drops the collection {0}",
    "drop_all": "drops all tables that the program knows", "delete_objects": "deletes objects of a bucket",
    "delete_bucket": "deletes the bucket {0}", "flushall": "deletes all keys of all databases",
    "flushdb": "deletes all keys of the database", "flush_all": "deletes all keys",
    "delete_topics": "deletes topics {0}", "queue_delete": "deletes queue {0}", "queue_purge": "empties queue {0}",
    "unlink": "removes a file", "rmdir": "removes a folder", "rmtree": "removes the folder {0}",
}  # fmt: skip
"""Methods whose names tell what they do, of things of which nothing is known."""
_WRITES_FILES = frozenset(
    """
    to_csv to_excel to_json to_parquet to_pickle to_html to_feather to_latex to_markdown to_stata to_xml to_hdf to_orc
    savefig write_image write_html tofile
    """.split()  # noqa: SIM905
)
_PLACE = re.compile(r"\{\w+\}")


def of_module(reached: Reached, call: Call) -> Iterator[Consequence]:
    """What a method of a module, or of what it has handed out, destroys by its name."""
    *before, method = reached.path
    task = reached.module.task
    words = reached.module.destroys.get(method, "")
    if not words:
        of_client = _OF_CLIENTS.get(task, {})
        words = of_client.get(method, "") or of_client.get(".".join(reached.path[-2:]), "")
    if words:
        bound = _bound(reached, method, call) if not before else {}
        yield Consequence(Kind.DESTRUCTIVE, _filled(words, bound, call), reached.section)
    elif method == "delete_by_query" and task == "opensearch":
        yield from _deletes_by_query(reached, call)
    elif method in _REDIS_SCRIPTS and task == "redis":
        yield Consequence(Kind.STATEMENT, "runs a script in Redis, which cannot be judged", reached.section)
    elif method == "execute_command" and task == "redis":
        yield from _redis_command(reached, call)
    elif method == "perform_request" and task == "opensearch":
        yield from _request(reached, call)


def of_path(path: PurePath, method: str, call: Call) -> Iterator[Consequence]:
    """What a method of a known path does to the file."""
    if method in ("unlink", "rmdir") and not files.is_temporary(path):
        yield files.removes(path, "file" if method == "unlink" else "folder")
    elif method == "open":
        yield from opened(path, call.argument(0, "mode"))
    elif method in ("write_text", "write_bytes"):
        yield from opened(path, "w")
    elif method in ("rename", "replace"):
        yield from opened(call.argument(0, "target"), "w")


def of_anything(method: str, call: Call) -> Iterator[Consequence]:
    """What a method does of something of which only the method's name is known."""
    if method in ("unlink", "rmdir") and call.uses_temporary:
        return
    if method in _TELLING:
        yield Consequence(Kind.DESTRUCTIVE, _filled(_TELLING[method], {}, call))
    elif method == "delete_many" and call.argument(0, "filter") == {}:
        yield Consequence(Kind.DESTRUCTIVE, "deletes all documents of a collection")
    elif method == "to_sql" and call.argument(99, "if_exists") == "replace":
        table = str(call.argument(0, "name"))
        yield Consequence(
            Kind.DESTRUCTIVE, f"drops the table {table}, if there is one, and creates it anew", table=table
        )
    elif method in _WRITES_FILES:
        yield from opened(call.argument(0, "path_or_buf", "path", "excel_writer", "fname"), "w")


def _bound(reached: Reached, method: str, call: Call) -> dict[str, Any]:
    function = getattr(reached.module, method, None)
    try:
        bound = inspect.signature(function).bind(None, *call.arguments, **call.keywords)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return {}
    bound.apply_defaults()
    return dict(bound.arguments)


def _filled(words: str, bound: dict[str, Any], call: Call) -> str:
    """The words with what is known of the arguments; the first one where their names are not."""
    first = next(iter((*call.arguments, *call.keywords.values())), UNKNOWN)

    def said(place: re.Match[str]) -> str:
        value = bound.get(place[0][1:-1], first)
        return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)

    return _PLACE.sub(said, words)


def _deletes_by_query(reached: Reached, call: Call) -> Iterator[Consequence]:
    query = call.argument(1, "query", "body")
    query = query.get("query", query) if isinstance(query, dict) else query
    if isinstance(query, dict) and (not query or "match_all" in query):
        index = str(call.argument(0, "index_name", "index"))
        yield Consequence(Kind.DESTRUCTIVE, f"deletes all documents of {index}", reached.section, index)


def _redis_command(reached: Reached, call: Call) -> Iterator[Consequence]:
    from aibasic.modules.redis import kinds

    if not call.arguments or not isinstance(call.arguments[0], str):
        yield Consequence(Kind.STATEMENT, "sends Redis a command that is only known as it runs", reached.section)
        return
    kind = kinds.kind_of(call.arguments)
    judged = services.judge(Effect("redis", "", kind, kinds.shown(call.arguments)))
    if judged.kind in (Kind.DESTRUCTIVE, Kind.STATEMENT):
        yield Consequence(judged.kind, judged.words, reached.section)


def _request(reached: Reached, call: Call) -> Iterator[Consequence]:
    from aibasic.modules.opensearch import requests

    method, path = call.argument(0, "method"), call.argument(1, "url", "path")
    if isinstance(method, str) and isinstance(path, str) and requests.kind_of(method.upper(), path) is Kind.DESTRUCTIVE:
        judged = services.judge(Effect("opensearch", "", Kind.DESTRUCTIVE, f"{method.upper()} {path}"))
        yield Consequence(judged.kind, judged.words, reached.section, judged.table)
