"""OpenSearch's lines and story."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.servers.opensearch import OpenSearchServer
from tests.stories.service import Line, Service

INDEX = "products"


class OpenSearchService(Service):
    name, fixture = "opensearch", "opensearch_server"
    passing = r"(?<![\w-])[\w-]{20}(?![\w-])"
    server: OpenSearchServer
    before = (
        "documents = [{'name': f'screen {n}', 'category': 'screens' if n % 4 else 'old screens'} for n in range(1200)]"
    )
    lines = (
        Line(
            "10 (opensearch) create opensearch index products",
            'os_client.create_index("products")',
        ),
        Line(
            '20 (opensearch) index document {"name": "Laptop", "price": 999} in opensearch index products',
            'result = os_client.index_document("products", {"name": "Laptop", "price": 999}, refresh=True)',
            "result",
            "result['result']",
            "created",
        ),
        Line(
            "50 (opensearch) bulk index 1000 documents to opensearch index products",
            'result = os_client.bulk_index("products", documents[:1000], refresh=True)',
            "result",
        ),
        Line(
            '30 (opensearch) search opensearch for products matching "laptop"',
            'results = os_client.search("products", {"multi_match": {"query": "laptop", "fields": ["*"]}})',
            "results",
            "results.total, results[0]['name'], results[0]['price']",
            (1, "Laptop", 999),
        ),
        Line(
            "40 (opensearch) aggregate opensearch products by category",
            'terms = {"category": {"terms": {"field": "category.keyword", "size": 100}}}\n'
            'results = os_client.aggregate("products", terms).rows',
            "results",
            "[tuple(row) for row in results]",
            [("screens", 750), ("old screens", 250)],
        ),
    )
    guide_leaves: Mapping[str, object] = {"documents": 1001, "laptop": [999]}
    story_leaves: Mapping[str, object] = {"documents": 1002, "laptop": [999]}
    story_names: Mapping[str, object] = {
        "laptops": 201,
        "dict(counts)": dict.fromkeys(("cable", "laptop", "mouse", "screen", "tablet"), 200),
        "dearest": "Initech",
        "len(df)": 1001,
        "lamp['_source']['price']": 35,
    }

    def clear(self) -> None:
        if self._exists():
            self.server.request("DELETE", f"/{INDEX}")

    def found(self) -> object:
        if not self._exists():
            return None
        self.server.request("POST", f"/{INDEX}/_refresh")
        laptops = self._search({"query": {"term": {"name.keyword": "Laptop"}}})
        return {
            "documents": self.server.request("GET", f"/{INDEX}/_count")["count"],
            "laptop": [hit["_source"]["price"] for hit in laptops["hits"]["hits"]],
        }

    def _search(self, body: object) -> Any:
        return self.server.request("POST", f"/{INDEX}/_search", body)

    def _exists(self) -> bool:
        return any(one["index"] == INDEX for one in self.server.request("GET", "/_cat/indices?format=json"))
