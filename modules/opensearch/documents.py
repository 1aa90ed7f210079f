"""Single documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aibasic.modules.opensearch.node import Node


class Documents(Node):
    """What a client does with one document. `refresh=True` lets searches see the change at once."""

    def index_document(
        self, index_name: str, document: Mapping[str, Any], doc_id: str | None = None, refresh: bool = False
    ) -> dict[str, Any]:
        """Add a document, or replace the one of that id; the answer holds `_id` and `result` (created, updated).

        Example: os_client.index_document("products", {"name": "Laptop", "price": 999}, doc_id="1")
        """
        return self._ask(self.client.index, index=index_name, body=dict(document), id=doc_id, refresh=refresh or None)

    def create_document(
        self, index_name: str, document: Mapping[str, Any], doc_id: str, refresh: bool = False
    ) -> dict[str, Any]:
        """Add a document under an id that is free. ConflictError (409) where it is taken.

        Example: os_client.create_document("products", {"name": "Laptop"}, doc_id="1")
        """
        return self._ask(self.client.create, index=index_name, id=doc_id, body=dict(document), refresh=refresh or None)

    def get_document(self, index_name: str, doc_id: str) -> dict[str, Any]:
        """A document as the node gives it: `_source` holds its fields. NotFoundError where it is missing.

        Example: os_client.get_document("products", "1")["_source"]["price"]
        """
        return self._ask(self.client.get, index=index_name, id=doc_id)

    def document_exists(self, index_name: str, doc_id: str) -> bool:
        """Whether there is a document of that id.

        Example: os_client.document_exists("products", "1")
        """
        return bool(self.client.exists(index=index_name, id=doc_id))

    def update_document(
        self, index_name: str, doc_id: str, document: Mapping[str, Any], refresh: bool = False
    ) -> dict[str, Any]:
        """Set some fields of a document; the others stay. NotFoundError where it is missing.

        Example: os_client.update_document("products", "1", {"price": 899})
        """
        return self._update(index_name, doc_id, {"doc": dict(document)}, refresh)

    def upsert_document(
        self, index_name: str, doc_id: str, document: Mapping[str, Any], refresh: bool = False
    ) -> dict[str, Any]:
        """Set some fields of a document, or add it with them.

        Example: os_client.upsert_document("products", "1", {"price": 899})
        """
        return self._update(index_name, doc_id, {"doc": dict(document), "doc_as_upsert": True}, refresh)

    def delete_document(self, index_name: str, doc_id: str, refresh: bool = False) -> dict[str, Any]:
        """Delete a document. NotFoundError where it is missing.

        Example: os_client.delete_document("products", "1")
        """
        return self._ask(self.client.delete, index=index_name, id=doc_id, refresh=refresh or None)

    def update_by_query(
        self, index_name: str, query: Mapping[str, Any], script: str, params: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Run a painless script on each document that a query finds; counts and failures.

        Example: os_client.update_by_query("products", {"match_all": {}}, "ctx._source.price *= params.by", {"by": 2})
        """
        body = {"query": dict(query), "script": {"source": script, "params": dict(params or {})}}
        return self._ask(self.client.update_by_query, index=index_name, body=body, refresh=True)

    def delete_by_query(self, index_name: str, query: Mapping[str, Any]) -> dict[str, Any]:
        """Delete each document that a query finds; `deleted` and `failures`.

        Example: os_client.delete_by_query("products", {"range": {"price": {"lt": 5}}})["deleted"]
        """
        return self._ask(self.client.delete_by_query, index=index_name, body={"query": dict(query)}, refresh=True)

    def _update(self, index_name: str, doc_id: str, body: dict[str, Any], refresh: bool) -> dict[str, Any]:
        return self._ask(self.client.update, index=index_name, id=doc_id, body=body, refresh=refresh or None)
