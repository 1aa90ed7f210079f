"""Results of any depth: pages by search_after over a point in time, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aibasic.modules.opensearch.hits import document
from aibasic.modules.opensearch.searches import Query, Searches, as_body

_KEEP = "5m"


class Pages(Searches):
    """Whole indices, document by document, in memory a page at a time."""

    def scan(
        self, index_name: str, query: Query | str | None = None, page_size: int = 1000, source: Any = None
    ) -> Iterator[dict[str, Any]]:
        """Every document that matches, as it was when the scan began, however many they are.

        Example: for product in os_client.scan("products"): print(product["name"])
        """
        for page in self.scan_pages(index_name, query, page_size, source):
            yield from page

    def scan_pages(
        self, index_name: str, query: Query | str | None = None, page_size: int = 1000, source: Any = None
    ) -> Iterator[list[dict[str, Any]]]:
        """As `scan`, a list of documents a page.

        Example: for page in os_client.scan_pages("products", page_size=5000): print(len(page))
        """
        opened = self.client.create_pit(index=index_name, keep_alive=_KEEP)["pit_id"]
        after: Any = None
        try:
            while True:
                body = {
                    "query": as_body(query)["query"],
                    "size": page_size,
                    "sort": [{"_doc": {"order": "asc"}}],
                    "pit": {"id": opened, "keep_alive": _KEEP},
                    "track_total_hits": False,
                    **({"search_after": after} if after is not None else {}),
                    **({"_source": source} if source is not None else {}),
                }
                hits: list[Mapping[str, Any]] = self.client.search(body=body)["hits"]["hits"]
                if not hits:
                    return
                after = hits[-1]["sort"]
                yield [document(hit) for hit in hits]
        finally:
            self._release(opened)

    def read_frame(self, index_name: str, query: Query | str | None = None, source: Any = None) -> Any:
        """Every document that matches as a pandas data frame, `_id` its first column.

        Example: df = os_client.read_frame("products", {"range": {"price": {"gt": 100}}})
        """
        import pandas

        return pandas.json_normalize(list(self.scan(index_name, query, 5000, source)))

    def _release(self, pit: str) -> None:
        from opensearchpy import OpenSearchException

        try:
            self.client.delete_pit(body={"pit_id": [pit]})
        except OpenSearchException:
            # It ends by itself after a while; what the caller is about to learn matters more.
            return
