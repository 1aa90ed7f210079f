"""Searches: by DSL, and by helpers for the usual forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aibasic.modules.opensearch.aggregations import Aggregations
from aibasic.modules.opensearch.hits import Hits
from aibasic.modules.opensearch.node import Node
from aibasic.modules.results import Rows

Query = Mapping[str, Any]
_BODY = frozenset({"query", "aggs", "aggregations", "sort", "size", "from", "_source", "highlight", "search_after"})

_MOST_BUCKETS = 65_535
"""What a node puts into one answer (search.max_buckets as it is shipped)."""


class Searches(Node):
    """What a client asks of an index. A `query` is one of the DSL (`{"match": {"name": "x"}}`) or a whole body."""

    def search(
        self,
        index_name: str,
        query: Query | str | None = None,
        size: int = 10,
        from_: int = 0,
        sort: Any = None,
        source: Any = None,
        **body: Any,
    ) -> Hits:
        """The documents that match, the best first; all of them where no query is given. Text searches all fields.

        `sort` is `"price"`, `"price:desc"` or as the DSL has it; `source` names the fields wanted; further keywords go
        into the body (`highlight={"fields": {"name": {}}}`). From deeper than 10,000 `scan` goes on.

        Example: os_client.search("products", {"match": {"name": "laptop"}}, size=5, sort="price:desc")
        """
        asked = {**as_body(query), **body}
        asked.setdefault("size", size)
        if from_:
            asked.setdefault("from", from_)
        if sort is not None:
            asked["sort"] = _as_sort(sort)
        if source is not None:
            asked["_source"] = source
        return Hits(self.client.search(index=index_name, body=asked))

    def first_documents(self, index_name: str, n: int = 10) -> Rows:
        """Some documents of an index as rows, in no particular order.

        Example: os_client.first_documents("products", 5)
        """
        return self.search(index_name, size=n).rows

    def search_simple(self, index_name: str, field: str, value: Any, size: int = 10) -> Hits:
        """The documents whose field matches a value.

        Example: os_client.search_simple("products", "name", "laptop")
        """
        return self.search(index_name, {"match": {field: value}}, size)

    def search_term(self, index_name: str, field: str, value: Any, size: int = 10) -> Hits:
        """The documents whose field is exactly that value (a keyword, number, date, boolean), or one of several.

        Example: os_client.search_term("products", "brand", ["Acme", "Best"])
        """
        several = isinstance(value, (list, tuple, set))
        return self.search(index_name, {"terms": {field: list(value)}} if several else {"term": {field: value}}, size)

    def search_range(self, index_name: str, field: str, size: int = 10, **limits: Any) -> Hits:
        """The documents whose field lies between limits: gt, gte, lt, lte.

        Example: os_client.search_range("products", "price", gte=100, lt=1000)
        """
        return self.search(index_name, {"range": {field: limits}}, size)

    def search_multi(self, index_name: str, fields: Sequence[str], value: Any, size: int = 10) -> Hits:
        """The documents where one of the fields matches; `name^2` counts twice.

        Example: os_client.search_multi("products", ["name^2", "description"], "laptop")
        """
        return self.search(index_name, {"multi_match": {"query": value, "fields": list(fields)}}, size)

    def search_fuzzy(self, index_name: str, field: str, value: str, fuzziness: Any = "AUTO", size: int = 10) -> Hits:
        """The documents whose field matches in spite of typing errors.

        Example: os_client.search_fuzzy("products", "name", "labtop")
        """
        return self.search(index_name, {"match": {field: {"query": value, "fuzziness": fuzziness}}}, size)

    def search_prefix(self, index_name: str, field: str, value: str, size: int = 10) -> Hits:
        """The documents with a word in the field that begins so (a keyword: whose whole text begins so).

        Example: os_client.search_prefix("products", "name", "lap")
        """
        return self.search(index_name, {"prefix": {field: {"value": value, "case_insensitive": True}}}, size)

    def search_bool(
        self,
        index_name: str,
        must: Sequence[Query] = (),
        should: Sequence[Query] = (),
        must_not: Sequence[Query] = (),
        filter: Sequence[Query] = (),
        size: int = 10,
    ) -> Hits:
        """The documents that meet several queries at once.

        Example: os_client.search_bool("products", must=[{"match": {"name": "laptop"}}], filter=[{"term": {"x": 1}}])
        """
        parts = {"must": must, "should": should, "must_not": must_not, "filter": filter}
        return self.search(index_name, {"bool": {name: list(part) for name, part in parts.items() if part}}, size)

    def autocomplete(self, index_name: str, field: str, typed: str, size: int = 5) -> list[Any]:
        """The field's values that go on from what was typed, the best first, each once.

        Example: os_client.autocomplete("products", "name", "gaming lap")
        """
        hits = self.search(index_name, {"match_phrase_prefix": {field: typed}}, size * 3, source=[field])
        return list(dict.fromkeys(hit[field] for hit in hits if field in hit))[:size]

    def highlight(self, index_name: str, field: str, value: Any, size: int = 10) -> Hits:
        """As `search_simple`, with the passages that match in `.highlights`.

        Example: os_client.highlight("products", "description", "light").highlights
        """
        return self.search(index_name, {"match": {field: value}}, size, highlight={"fields": {field: {}}})

    def count(self, index_name: str, query: Query | str | None = None) -> int:
        """How many documents match; all where no query is given.

        Example: os_client.count("products", {"range": {"price": {"gt": 500}}})
        """
        body = {"query": as_body(query)["query"]} if query else None
        return int(self._ask(self.client.count, index=index_name, body=body)["count"])

    def aggregate(
        self, index_name: str, aggregations: Mapping[str, Any], query: Query | str | None = None, size: int = 0
    ) -> Aggregations:
        """Metrics, buckets and pipelines as the DSL has them; `.rows` is one flat table of them.

        Example: os_client.aggregate("products", {"brand": {"terms": {"field": "brand"}}}).rows
        """
        body = {**as_body(query), "aggs": dict(aggregations), "size": size}
        return Aggregations(self._ask(self.client.search, index=index_name, body=body))

    def count_by(self, index_name: str, field: str, size: int | None = None) -> Rows:
        """How many documents there are for each value of a field, the most frequent first; only of `size` values.

        RuntimeError where no `size` is given and the field has more values than a node counts at once.

        Example: os_client.count_by("products", "category")
        """
        wanted = _MOST_BUCKETS if size is None else size
        found = self._buckets(index_name, (field,), None, wanted)[field]
        if size is None and found["sum_other_doc_count"]:
            raise RuntimeError(
                f"{field} of {index_name} has more than {wanted:,} values: size=100 counts the most frequent, "
                "aggregate(..., query=...) the values of some documents"
            )
        return Rows(_counts(found).items(), (field, "count"))

    def facets(
        self, index_name: str, *fields: str, query: Query | str | None = None, size: int = 10
    ) -> dict[str, dict[Any, int]]:
        """For each field its most frequent values with how many documents have them.

        Example: os_client.facets("products", "brand", "category")["brand"]
        """
        found = self._buckets(index_name, fields, query, size)
        return {field: _counts(found[field]) for field in fields}

    def _buckets(self, index_name: str, fields: Sequence[str], query: Query | str | None, size: int) -> Aggregations:
        asked = {field: {"terms": {"field": self.exact_field(index_name, field), "size": size}} for field in fields}
        return self.aggregate(index_name, asked, query)

    def exact_field(self, index_name: str, field: str) -> str:
        """The field to group and sort by: `name.keyword` where `name` is text with such a part, else `field` itself.

        Example: os_client.exact_field("products", "category")
        """
        mapping = self.client.indices.get_field_mapping(fields=[field, f"{field}.keyword"], index=index_name)
        known = {name for index in mapping.values() for name in index["mappings"]}
        text = any(
            one.get("type") == "text"
            for index in mapping.values()
            for name, found in index["mappings"].items()
            if name == field
            for one in found["mapping"].values()
        )
        return f"{field}.keyword" if text and f"{field}.keyword" in known else field


def as_body(query: Query | str | None) -> dict[str, Any]:
    """A query of the DSL, a whole body or plain words as the body of a search."""
    if query is None:
        return {"query": {"match_all": {}}}
    if isinstance(query, str):
        return {"query": {"multi_match": {"query": query, "fields": ["*"], "lenient": True}}}
    return dict(query) if not query or set(query) & _BODY else {"query": dict(query)}


def _counts(terms: Mapping[str, Any]) -> dict[Any, int]:
    """Of the answer to a `terms` aggregation, how many documents each value has."""
    return {bucket.get("key_as_string", bucket["key"]): bucket["doc_count"] for bucket in terms["buckets"]}


def _as_sort(sort: Any) -> Any:
    """`price:desc` as the DSL has it."""
    if not isinstance(sort, str):
        return sort
    field, _, direction = sort.partition(":")
    return [{field: {"order": direction or "asc"}}]
