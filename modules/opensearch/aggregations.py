"""The results of aggregations, as the node gives them and as flat rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aibasic.modules.results import Rows

_BUCKET_FACTS = frozenset({
    "key", "key_as_string", "doc_count", "from", "to", "from_as_string", "to_as_string",
    "doc_count_error_upper_bound", "sum_other_doc_count", "meta",
})  # fmt: skip


class Aggregations(dict[str, Any]):
    """The node's `aggregations` by name; `rows` has them as one table, `response` the whole answer."""

    def __init__(self, response: Mapping[str, Any]) -> None:
        super().__init__(response.get("aggregations", {}))
        self.response = dict(response)

    @property
    def rows(self) -> Rows:
        """One row a bucket: its keys, its count, its metrics; one row in all where there are metrics alone."""
        found = list(_flattened(self, {}))
        columns = list(dict.fromkeys(name for row in found for name in row))
        return Rows((tuple(row.get(name) for name in columns) for row in found), columns)

    def __str__(self) -> str:
        return str(self.rows)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self.rows))

    def _repr_html_(self) -> str:
        return self.rows._repr_html_()


def _flattened(aggregations: Mapping[str, Any], above: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows of some aggregations, each with the columns of the buckets that it lies in."""
    row = dict(above)
    inner: list[tuple[str, Any]] = []
    for name, result in aggregations.items():
        if name in _BUCKET_FACTS or not isinstance(result, Mapping):
            continue
        if "buckets" in result or "doc_count" in result:
            inner.append((name, result))
        else:
            row.update(_metrics(name, result))
    if not inner:
        yield row
    for name, result in inner:
        yield from _of_buckets(name, result, row)


def _of_buckets(name: str, result: Mapping[str, Any], row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    buckets = result.get("buckets")
    if buckets is None:
        yield from _flattened(result, {**row, f"{name}_count": result["doc_count"]})
        return
    named = buckets.items() if isinstance(buckets, Mapping) else ((_key(bucket), bucket) for bucket in buckets)
    for key, bucket in named:
        keys = key if isinstance(key, Mapping) else {name: key}
        yield from _flattened(bucket, {**row, **keys, "count": bucket["doc_count"]})


def _key(bucket: Mapping[str, Any]) -> Any:
    return bucket.get("key_as_string", bucket.get("key"))


def _metrics(name: str, result: Mapping[str, Any]) -> dict[str, Any]:
    """A metric's columns: `price` for one value, `price_min`, `price_max` ... for several."""
    if "value_as_string" in result or "value" in result:
        return {name: result.get("value_as_string", result.get("value"))}
    values = result.get("values")
    if isinstance(values, Mapping):
        return {f"{name}_{percent}": value for percent, value in values.items()}
    return {f"{name}_{fact}": value for fact, value in result.items() if isinstance(value, (int, float, str))}
