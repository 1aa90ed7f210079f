"""What a search found: documents that show themselves as a table, and the node's whole answer behind them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, SupportsIndex, overload

from aibasic.modules.results import Rows, count_text, html_table, text_table


class Hits(list[dict[str, Any]]):
    """The documents found, each a dict of `_id`, `_score` and its fields; `pd.DataFrame(hits)` is a frame of them.

    `response` is the node's answer. `hits["hits"]["total"]` reads it too, as programs written for the driver do.
    """

    def __init__(self, response: Mapping[str, Any]) -> None:
        self.response = dict(response)
        super().__init__(document(hit) for hit in response["hits"]["hits"])

    @property
    def total(self) -> int:
        """How many documents match; at least so many where the node stopped counting (at 10,000 by default)."""
        total = self.response["hits"].get("total", len(self))
        return int(total["value"] if isinstance(total, Mapping) else total)

    @property
    def highlights(self) -> dict[str, dict[str, list[str]]]:
        """By `_id` and field, the passages that match, where the search asked for them."""
        hits = self.response["hits"]["hits"]
        return {hit["_id"]: hit["highlight"] for hit in hits if "highlight" in hit}

    @property
    def aggregations(self) -> dict[str, Any]:
        """The aggregations of the answer, {} without any."""
        found: dict[str, Any] = self.response.get("aggregations", {})
        return found

    @property
    def columns(self) -> tuple[str, ...]:
        """Every field that one of the documents has, in the order they are met."""
        return tuple(dict.fromkeys(name for hit in self for name in hit))

    @overload
    def __getitem__(self, index: SupportsIndex, /) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, index: slice, /) -> list[dict[str, Any]]: ...
    @overload
    def __getitem__(self, index: str, /) -> Any: ...
    def __getitem__(self, index: SupportsIndex | slice | str, /) -> Any:
        return self.response[index] if isinstance(index, str) else super().__getitem__(index)

    @property
    def rows(self) -> Rows:
        """The documents as rows, None where one has no such field."""
        return Rows((tuple(hit.get(name) for name in self.columns) for hit in self), self.columns)

    def _count(self) -> str:
        shown = count_text(len(self)).replace("rows", "documents").replace("row", "document")
        if self.total == len(self):
            return shown
        total = self.response["hits"].get("total")
        stopped = isinstance(total, Mapping) and total.get("relation") == "gte"
        return f"{shown} of {'at least ' if stopped else ''}{self.total:,} that match"

    def __str__(self) -> str:
        if not self:
            return "no documents"
        table = text_table(self.columns, self.rows)
        return "\n".join([*table.split("\n")[:-1], self._count()])

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))

    def _repr_html_(self) -> str:
        if not self:
            return "<p>no documents</p>"
        table = html_table(self.columns, self.rows)
        return f"{table.rpartition('<p>')[0]}<p>{self._count()}</p>"


def document(hit: Mapping[str, Any]) -> dict[str, Any]:
    """A hit of the node's answer as one flat dict: `_id`, `_score` where it was scored, and the fields."""
    found: dict[str, Any] = {"_id": hit["_id"]}
    if hit.get("_score") is not None:
        found["_score"] = hit["_score"]
    return {**found, **hit.get("_source", {})}
