"""Many documents at once: indexed, updated, deleted, with each failure told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from aibasic.modules.opensearch.node import Node
from aibasic.modules.progress import Progress
from aibasic.modules.tabular import records

BATCH_BYTES = 8 << 20
"""A request's body stays below this, unless one document alone is larger."""
_SHOWN = 3


class BulkResult(dict[str, Any]):
    """`done`: how many went through; `errors`: for each that did not its `id`, `status`, `type` and `reason`."""

    def __init__(self, done: int, errors: list[dict[str, Any]]) -> None:
        super().__init__(done=done, errors=errors)

    def __str__(self) -> str:
        return f"{self['done']:,} documents" + (f", {len(self['errors']):,} refused" if self["errors"] else "")


class BulkError(RuntimeError):
    """Some documents of a bulk call were refused. `result` says which, and how many went through."""

    def __init__(self, result: BulkResult) -> None:
        self.result = result
        shown = [f"  {error['id']}: {error['type']}: {error['reason']}" for error in result["errors"][:_SHOWN]]
        more = len(result["errors"]) - _SHOWN
        super().__init__("\n".join([str(result), *shown, *([f"  and {more:,} more"] if more > 0 else [])]))


class Bulk(Node):
    """Bulk calls. They go on behind a document that is refused, and then raise BulkError unless told not to."""

    def bulk_index(
        self,
        index_name: str,
        documents: Any,
        doc_ids: Iterable[str] | None = None,
        refresh: bool = False,
        batch_size: int = 1000,
        raise_on_error: bool = True,
    ) -> BulkResult:
        """Add documents (dicts, query rows or a data frame), or replace those of the ids. Not all or nothing.

        Without `doc_ids` a document's own `_id` is its id, or the node makes one.

        Example: os_client.bulk_index("products", [{"name": "Laptop"}, {"name": "Mouse"}], refresh=True)
        """
        rows = records(documents)
        ids = [row.pop("_id", None) for row in rows] if doc_ids is None else list(doc_ids)
        if len(ids) != len(rows):
            raise ValueError(f"{len(ids):,} doc_ids for {len(rows):,} documents")
        pairs = zip(ids, rows, strict=True)
        items = (_line({"index": {} if key is None else {"_id": str(key)}}) + _line(row) for key, row in pairs)
        return self._bulk("indexed", index_name, items, len(rows), refresh, batch_size, raise_on_error)

    def bulk_update(
        self,
        index_name: str,
        updates: Iterable[Mapping[str, Any]],
        refresh: bool = False,
        batch_size: int = 1000,
        raise_on_error: bool = True,
    ) -> BulkResult:
        """Set fields of documents: each update is a dict with `_id` (or `id`) and the fields.

        Example: os_client.bulk_update("products", [{"_id": "1", "price": 899}])
        """
        changes = [_with_id(update) for update in updates]
        items = (_line({"update": {"_id": key}}) + _line({"doc": fields}) for key, fields in changes)
        return self._bulk("updated", index_name, items, len(changes), refresh, batch_size, raise_on_error)

    def bulk_delete(
        self,
        index_name: str,
        doc_ids: Iterable[str],
        refresh: bool = False,
        batch_size: int = 1000,
        raise_on_error: bool = True,
    ) -> BulkResult:
        """Delete documents by id; one that is missing is an error of its own.

        Example: os_client.bulk_delete("products", ["1", "2"])
        """
        ids = list(doc_ids)
        items = (_line({"delete": {"_id": key}}) for key in ids)
        return self._bulk("deleted", index_name, items, len(ids), refresh, batch_size, raise_on_error)

    def _bulk(
        self,
        what: str,
        index_name: str,
        items: Iterable[bytes],
        total: int,
        refresh: bool,
        batch_size: int,
        raise_on_error: bool,
    ) -> BulkResult:
        progress = Progress(what, total, "documents")
        done, errors = 0, list[dict[str, Any]]()
        arguments = {"refresh": "true"} if refresh else {}
        transport: Any = self.client.transport
        try:
            for body in batches(items, batch_size):
                with transport.showing(progress):
                    answer = self.client.bulk(index=index_name, body=body, params=arguments)
                # A missing document is no error to the node's `errors`.
                failed = [_error(item) for item in answer["items"] if _failed(item)]
                errors += failed
                done += len(answer["items"]) - len(failed)
                progress.advance(done + len(errors))
        except BaseException as error:
            _say_how_far(error, done, total)
            raise
        finally:
            progress.close()
        result = BulkResult(done, errors)
        if errors and raise_on_error:
            raise BulkError(result)
        return result


def batches(items: Iterable[bytes], batch_size: int) -> Iterator[bytes]:
    """Bodies of at most `batch_size` items and `BATCH_BYTES` bytes."""
    held: list[bytes] = []
    size = 0
    for item in items:
        if held and (len(held) >= batch_size or size + len(item) > BATCH_BYTES):
            yield b"".join(held)
            held, size = [], 0
        held.append(item)
        size += len(item)
    if held:
        yield b"".join(held)


def _say_how_far(error: BaseException, done: int, total: int) -> None:
    text = f"{done:,} of {total:,} documents went through before; the batch under way may or may not have"
    if isinstance(error, KeyboardInterrupt):
        error.args = (f"stopped: {text}",)
    elif hasattr(error, "add_note"):
        error.add_note(text)


def _failed(item: Mapping[str, Mapping[str, Any]]) -> bool:
    return any(outcome["status"] >= 300 for outcome in item.values())


def _error(item: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    outcome = next(iter(item.values()))
    error = outcome.get("error", {})
    return {
        "id": outcome["_id"],
        "status": outcome["status"],
        "type": error.get("type", outcome.get("result")),
        "reason": error.get("reason", ""),
    }


def _with_id(update: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    fields = dict(update)
    for name in ("_id", "id"):
        if name in fields:
            return str(fields.pop(name)), fields
    raise ValueError("an update has neither `_id` nor `id`")


def _line(value: object) -> bytes:
    return _dumps(value) + b"\n"


def _encoder() -> Callable[[object], bytes]:
    """JSON as orjson writes it where it is installed, in the driver's own way for dates and decimals."""
    from opensearchpy.serializer import JSONSerializer

    serializer = JSONSerializer()

    def plain(value: object) -> bytes:
        return json.dumps(value, default=serializer.default, ensure_ascii=False, separators=(",", ":")).encode()

    try:
        import orjson
    except ModuleNotFoundError:
        return plain

    def fast(value: object) -> bytes:
        try:
            text: bytes = orjson.dumps(value, default=serializer.default, option=orjson.OPT_SERIALIZE_NUMPY)
            return text
        except TypeError:
            return plain(value)

    return fast


def _dumps(value: object) -> bytes:
    global _dump
    if _dump is None:
        _dump = _encoder()
    return _dump(value)


_dump: Callable[[object], bytes] | None = None
