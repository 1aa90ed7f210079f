"""Indices: made, changed, described, deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aibasic.modules.opensearch.node import Node
from aibasic.modules.results import Rows
from aibasic.modules.schema import Column, Table

_KINDS = {
    "text": "text", "keyword": "text", "match_only_text": "text", "wildcard": "text", "search_as_you_type": "text",
    "ip": "text", "boolean": "boolean", "date": "time", "date_nanos": "time",
    **dict.fromkeys(("long", "integer", "short", "byte", "double", "float", "half_float", "scaled_float",
                     "unsigned_long"), "number"),
}  # fmt: skip


class Indices(Node):
    """What a client does with indices as wholes."""

    def create_index(self, index_name: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Make an index; `body` holds `mappings`, `settings` and `aliases`. RequestError (400) where it exists.

        Example: os_client.create_index("products", {"mappings": {"properties": {"price": {"type": "double"}}}})
        """
        return self._ask(self.client.indices.create, index=index_name, body=dict(body) if body else None)

    def delete_index(self, index_name: str) -> dict[str, Any]:
        """Delete an index with all its documents. NotFoundError where it is missing.

        Example: os_client.delete_index("products")
        """
        return self._ask(self.client.indices.delete, index=index_name)

    def index_exists(self, index_name: str) -> bool:
        """Whether there is an index or alias of that name.

        Example: os_client.index_exists("products")
        """
        return bool(self.client.indices.exists(index=index_name))

    def get_index_info(self, index_name: str) -> dict[str, Any]:
        """The `mappings`, `settings` and `aliases` of an index. NotFoundError where it is missing.

        Example: os_client.get_index_info("products")["mappings"]
        """
        found: dict[str, Any] = self.client.indices.get(index=index_name)
        return found[index_name] if index_name in found else next(iter(found.values()))

    def refresh_index(self, index_name: str) -> dict[str, Any]:
        """Let searches see what was indexed so far.

        Example: os_client.refresh_index("products")
        """
        return self._ask(self.client.indices.refresh, index=index_name)

    def update_mapping(self, index_name: str, properties: Mapping[str, Any]) -> dict[str, Any]:
        """Add fields to an index, by name and definition. RequestError where one exists with another type.

        Example: os_client.update_mapping("products", {"brand": {"type": "keyword"}})
        """
        return self._ask(self.client.indices.put_mapping, index=index_name, body={"properties": dict(properties)})

    def update_settings(self, index_name: str, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Change settings of a living index.

        Example: os_client.update_settings("products", {"number_of_replicas": 0})
        """
        return self._ask(self.client.indices.put_settings, index=index_name, body=dict(settings))

    def add_alias(self, index_name: str, alias: str) -> dict[str, Any]:
        """Let an index be called by another name too.

        Example: os_client.add_alias("products-2026", "products")
        """
        return self._ask(self.client.indices.put_alias, index=index_name, name=alias)

    def remove_alias(self, index_name: str, alias: str) -> dict[str, Any]:
        """Take an alias from an index. NotFoundError where it has none of that name.

        Example: os_client.remove_alias("products-2026", "products")
        """
        return self._ask(self.client.indices.delete_alias, index=index_name, name=alias)

    def reindex(self, source: str, target: str, query: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Copy the documents of an index, or those that a query finds, into another; counts and failures.

        Example: os_client.reindex("products", "products-v2")["created"]
        """
        wanted: dict[str, Any] = {"index": source, **({"query": dict(query)} if query else {})}
        return self._ask(self.client.reindex, body={"source": wanted, "dest": {"index": target}}, refresh=True)

    def list_indices(self, pattern: str = "*") -> Rows:
        """The indices with how many documents and bytes they hold; those of the node itself (`.name`) are left out.

        Example: os_client.list_indices("logs-*")
        """
        found = self.client.cat.indices(index=pattern, format="json", bytes="b", expand_wildcards="open,closed")
        columns = ("index", "health", "status", "documents", "bytes")
        rows = [
            (one["index"], one["health"], one["status"], _number(one["docs.count"]), _number(one["store.size"]))
            for one in sorted(found, key=lambda one: str(one["index"]))
            if not one["index"].startswith(".")
        ]
        return Rows(rows, columns)

    def describe_index(self, index_name: str) -> Rows:
        """The fields of an index with their types.

        Example: os_client.describe_index("products")
        """
        table = _table(index_name, self.get_index_info(index_name)["mappings"])
        return Rows(((column.name, column.type) for column in table.columns), ("field", "type"))

    def indices_stats(self, index_name: str | None = None) -> dict[str, Any]:
        """Counts and sizes as the node keeps them, of one index or of all.

        Example: os_client.indices_stats("products")["_all"]["primaries"]["docs"]["count"]
        """
        return self._ask(self.client.indices.stats, index=index_name)

    def describe(self, refresh: bool = False) -> Mapping[str, Table]:
        """The indices by name, with their fields as columns; read anew after a request that may have changed them."""
        tables = self._tables
        if tables is None or refresh:
            found = self.client.indices.get_mapping()
            tables = {name: _table(name, one["mappings"]) for name, one in found.items() if not name.startswith(".")}
            self._tables = self._tables_before = tables
        return tables


def _table(name: str, mappings: Mapping[str, Any]) -> Table:
    return Table(name, tuple(_columns("", mappings.get("properties", {}))), kind="index")


def _columns(prefix: str, properties: Mapping[str, Any]) -> list[Column]:
    found = []
    for name, definition in properties.items():
        if "properties" in definition and definition.get("type") != "nested":
            found += _columns(f"{prefix}{name}.", definition["properties"])
        else:
            kind = definition.get("type", "object")
            found.append(Column(f"{prefix}{name}", kind, _KINDS.get(kind, "other")))
    return found


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)
