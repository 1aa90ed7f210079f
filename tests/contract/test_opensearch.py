"""The contract over OpenSearch."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, ClassVar

import pytest
from aibasic.modules import OpenSearchModule
from aibasic.modules.effects import Kind

from aibasic_kernel.testing import Bulk, Contract, Keys, Looking, Operation, Refusal, ServiceUnderTest, TlsFront
from aibasic_kernel.testing.configured import WRONG
from tests.servers.opensearch import OpenSearchServer

PRODUCTS = [
    {"name": "Gaming laptop", "price": 1500, "category": "computers"},
    {"name": "Mouse", "price": 20, "category": "parts"},
]
ALL = {"match_all": {}}
FAST: Mapping[str, object] = {"number_of_replicas": 0, "refresh_interval": "-1"}


def one_document(client: OpenSearchModule, marker: str) -> object:
    return client.index_document("marks", {"marker": marker})


def bulk_call(client: OpenSearchModule, marker: str) -> object:
    return client.bulk_index("marks", [{"marker": marker}])


def by_id(client: OpenSearchModule, marker: str) -> object:
    return client.create_document("marks", {"marker": marker}, doc_id=marker)


class OpenSearchUnderTest(ServiceUnderTest):
    """One secured node for all clauses."""

    module = OpenSearchModule
    limit = ({"POOL_MAXSIZE": 3}, 3)
    not_sent = frozenset({"get_connection_info"})
    plain: ClassVar = {}

    def __init__(self, server: OpenSearchServer) -> None:
        self.server = server
        self.port, self.secret = server.port, server.password

    def start(self) -> None:
        self.server.start()

    def kill(self) -> None:
        self.server.kill()

    def prepare(self) -> None:
        if before := self._indices():
            self.server.request("DELETE", f"/{','.join(before)}")
        marks = {"settings": FAST, "mappings": {"properties": {"marker": {"type": "keyword"}}}}
        self.server.request("PUT", "/marks", marks)
        self.server.request("PUT", "/products", {"settings": {"number_of_replicas": 0}})
        lines = [line for number, product in enumerate(PRODUCTS, 1) for line in ({"index": {"_id": number}}, product)]
        self.server.request("POST", "/products/_bulk?refresh=true", lines)

    def counts(self) -> Mapping[str, float]:
        self.server.request("POST", "/marks/_refresh")
        found = self._search("marks", {"size": 0, "aggs": {"by": {"terms": {"field": "marker", "size": 10_000}}}})
        return {bucket["key"]: bucket["doc_count"] for bucket in found["aggregations"]["by"]["buckets"]}

    def content(self) -> object:
        self.server.request("POST", "/_all/_refresh")
        return {
            name: (
                self.server.request("GET", f"/{name}"),
                [(hit["_id"], hit["_source"]) for hit in self._search(name, {"size": 100})["hits"]["hits"]],
            )
            for name in self._indices()
        }

    def connections(self) -> int:
        nodes = self.server.request("GET", "/_nodes/stats/http")["nodes"]
        asking = 1
        return sum(node["http"]["current_open"] for node in nodes.values()) - asking

    def conf(self, **keys: object) -> str:
        return self.server.conf(**keys)

    def ways(self) -> Mapping[str, Keys]:
        folder = self.server.certificates
        return {
            "password, TLS verified": {},
            "TLS, unverified": {"CA_CERTS": None, "VERIFY_CERTS": "false"},
            "client certificate": {
                "USERNAME": None,
                "PASSWORD": None,
                "CLIENT_CERT": folder / "client.crt",
                "CLIENT_KEY": folder / "client.key",
            },
        }

    def refused(self) -> Mapping[str, Refusal]:
        folder = self.server.certificates
        return {
            "wrong password": Refusal({"PASSWORD": WRONG}, "401(.|\n)*PASSWORD"),
            "wrong CA": Refusal({"CA_CERTS": folder / "other_ca.crt"}, "VERIFY_FAILED(.|\n)*not signed by CA_CERTS"),
            "no TLS": Refusal({"USE_SSL": "false"}, "USE_SSL = true"),
            "a stranger's certificate": Refusal(
                {"USERNAME": None, "PASSWORD": None, "CLIENT_CERT": folder / "stranger.crt",
                 "CLIENT_KEY": folder / "stranger.key"},
                "CLIENT_CERT",
            ),
        }  # fmt: skip

    @contextmanager
    def expired(self) -> Iterator[Refusal]:
        folder = self.server.certificates
        with TlsFront(folder / "expired.crt", folder / "expired.key") as front:
            yield Refusal(self.at("127.0.0.1", front.port), "has expired")

    def read(self, module: Any) -> None:
        assert module.ping()
        assert not module.index_exists("nothing-of-this-name")

    def writes(self) -> Mapping[str, Callable[[Any, str], object]]:
        return {call.__name__: call for call in (one_document, bulk_call, by_id)}

    def operations(self) -> Mapping[str, Operation]:
        body = {"name": "Pad"}
        calls: dict[str, tuple[Callable[[Any], object], Kind]] = {
            "ping": (lambda one: one.ping(), Kind.READ),
            "cluster_health": (lambda one: one.cluster_health(), Kind.READ),
            "cluster_stats": (lambda one: one.cluster_stats(), Kind.READ),
            "create_index": (lambda one: one.create_index("new"), Kind.WRITE),
            "delete_index": (lambda one: one.delete_index("products"), Kind.DESTRUCTIVE),
            "index_exists": (lambda one: one.index_exists("products"), Kind.READ),
            "get_index_info": (lambda one: one.get_index_info("products"), Kind.READ),
            "refresh_index": (lambda one: one.refresh_index("products"), Kind.READ),
            "update_mapping": (lambda one: one.update_mapping("products", {"x": {"type": "long"}}), Kind.WRITE),
            "update_settings": (lambda one: one.update_settings("products", {"number_of_replicas": 1}), Kind.WRITE),
            "add_alias": (lambda one: one.add_alias("products", "goods"), Kind.WRITE),
            "remove_alias": (
                lambda one: (one.add_alias("products", "goods"), one.remove_alias("products", "goods")),
                Kind.WRITE,
            ),
            "reindex": (lambda one: one.reindex("products", "copy"), Kind.WRITE),
            "list_indices": (lambda one: one.list_indices(), Kind.READ),
            "describe_index": (lambda one: one.describe_index("products"), Kind.READ),
            "indices_stats": (lambda one: one.indices_stats("products"), Kind.READ),
            "index_document": (partial(one_document, marker="x"), Kind.WRITE),
            "create_document": (partial(by_id, marker="x"), Kind.WRITE),
            "get_document": (lambda one: one.get_document("products", "1"), Kind.READ),
            "document_exists": (lambda one: one.document_exists("products", "1"), Kind.READ),
            "update_document": (lambda one: one.update_document("products", "1", {"price": 1}), Kind.WRITE),
            "upsert_document": (lambda one: one.upsert_document("products", "9", body), Kind.WRITE),
            "delete_document": (lambda one: one.delete_document("products", "1"), Kind.WRITE),
            "update_by_query": (lambda one: one.update_by_query("products", ALL, "ctx._source.x = 1"), Kind.WRITE),
            "delete_by_query": (lambda one: one.delete_by_query("products", ALL), Kind.DESTRUCTIVE),
            "search": (lambda one: one.search("products", "mouse"), Kind.READ),
            "first_documents": (lambda one: one.first_documents("products"), Kind.READ),
            "search_simple": (lambda one: one.search_simple("products", "name", "mouse"), Kind.READ),
            "search_term": (lambda one: one.search_term("products", "price", 20), Kind.READ),
            "search_range": (lambda one: one.search_range("products", "price", gt=1), Kind.READ),
            "search_multi": (lambda one: one.search_multi("products", ["name"], "mouse"), Kind.READ),
            "search_fuzzy": (lambda one: one.search_fuzzy("products", "name", "muose"), Kind.READ),
            "search_prefix": (lambda one: one.search_prefix("products", "name", "mou"), Kind.READ),
            "search_bool": (lambda one: one.search_bool("products", must=[ALL]), Kind.READ),
            "autocomplete": (lambda one: one.autocomplete("products", "name", "mou"), Kind.READ),
            "highlight": (lambda one: one.highlight("products", "name", "mouse"), Kind.READ),
            "count": (lambda one: one.count("products"), Kind.READ),
            "aggregate": (lambda one: one.aggregate("products", {"p": {"max": {"field": "price"}}}), Kind.READ),
            "count_by": (lambda one: one.count_by("products", "category"), Kind.READ),
            "facets": (lambda one: one.facets("products", "category"), Kind.READ),
            "exact_field": (lambda one: one.exact_field("products", "category"), Kind.READ),
            "scan": (lambda one: list(one.scan("products")), Kind.READ),
            "scan_pages": (lambda one: list(one.scan_pages("products")), Kind.READ),
            "read_frame": (lambda one: one.read_frame("products"), Kind.READ),
            "bulk_index": (partial(bulk_call, marker="x"), Kind.WRITE),
            "bulk_update": (lambda one: one.bulk_update("products", [{"_id": "1", "price": 2}]), Kind.WRITE),
            "bulk_delete": (lambda one: one.bulk_delete("products", ["1"]), Kind.WRITE),
            "ping: the driver's client": (lambda one: one.client.index(index="products", body=body), Kind.WRITE),
        }
        return {name: Operation(call, kind) for name, (call, kind) in calls.items()}

    def idle_past_limit(self) -> None:
        self.server.restart()

    def long_call(self, module: Any) -> object:
        loop = "double x = 0; for (int i = 0; i < 900000; i++) { x += Math.sqrt(i) } return x"
        module.bulk_index("slow", [{"n": n} for n in range(10_000)], refresh=True, batch_size=10_000)
        return module.search("slow", {"script_score": {"query": ALL, "script": {"source": loop}}})

    def long_call_runs(self) -> bool:
        tasks = self.server.request("GET", "/_tasks?actions=*search*&detailed")
        return "script_score" in json.dumps(tasks)

    def bulk(self) -> Bulk:
        size = 5000
        return Bulk(lambda one, marker: one.bulk_index("marks", [{"marker": marker}] * size), size)

    def looking(self) -> Looking:
        return Looking("list all opensearch indices", "describe opensearch index products",
                       "count the documents in opensearch index products",
                       "show the first ten documents of opensearch index products")  # fmt: skip

    def names(self) -> Mapping[str, object]:
        return {"people": [{"name": "Dee"}], "documents": [{"name": f"Thing {n}", "price": n} for n in range(1000)]}

    def _indices(self) -> list[str]:
        found = self.server.request("GET", "/_cat/indices?format=json")
        return sorted(one["index"] for one in found if not one["index"].startswith("."))

    def _search(self, index: str, body: object) -> Any:
        return self.server.request("POST", f"/{index}/_search", body)


@pytest.fixture(scope="module")
def service(secure_opensearch_server: OpenSearchServer) -> OpenSearchUnderTest:
    return OpenSearchUnderTest(secure_opensearch_server)


class TestOpenSearch(Contract):
    """Every clause."""
