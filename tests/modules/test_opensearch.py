"""OpenSearchModule over a real node."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aibasic.modules import OpenSearchModule
from aibasic.modules.effects import Effect, Kind, listening
from aibasic.modules.opensearch import searches
from aibasic.modules.opensearch.hits import Hits

from tests.servers import sigv4
from tests.servers.opensearch import OpenSearchServer

Connect = Callable[..., OpenSearchModule]
PRODUCTS = [
    {"name": "Gaming laptop", "price": 1500, "category": "computers", "sold": "2026-01-05"},
    {"name": "Light laptop", "price": 999, "category": "computers", "sold": "2026-01-20"},
    {"name": "Mouse", "price": 20, "category": "parts", "sold": "2026-02-01"},
]


@pytest.fixture
def connect(opensearch_server: OpenSearchServer, tmp_path: Path) -> Iterator[Connect]:
    """Makes the module from a configuration with the given KEYS changed; closed after the test."""
    made: list[OpenSearchModule] = []

    def connect(**keys: object) -> OpenSearchModule:
        file = tmp_path / "aibasic.conf"
        file.write_text(opensearch_server.conf(**keys))
        made.append(OpenSearchModule.from_config(str(file)))
        return made[-1]

    yield connect
    for module in made:
        module.close()


@pytest.fixture
def client(connect: Connect) -> OpenSearchModule:
    """The module over a fresh index `products`."""
    module = connect()
    for index in module.list_indices():
        module.delete_index(index[0])
    module.bulk_index("products", PRODUCTS, doc_ids=["1", "2", "3"], refresh=True)
    return module


def test_a_document_is_added_read_changed_and_deleted(client: OpenSearchModule) -> None:
    assert client.index_document("products", {"name": "Pad"}, doc_id="4")["result"] == "created"
    assert client.update_document("products", "4", {"price": 5})["result"] == "updated"
    assert client.get_document("products", "4")["_source"] == {"name": "Pad", "price": 5}
    assert client.upsert_document("products", "5", {"name": "New"})["result"] == "created"
    assert client.delete_document("products", "4")["result"] == "deleted"
    assert not client.document_exists("products", "4")
    with pytest.raises(Exception, match="409"):
        client.create_document("products", {"name": "Other"}, "5")


def test_a_search_gives_documents_and_the_answer_behind_them(client: OpenSearchModule) -> None:
    found = client.search("products", {"match": {"name": "laptop"}}, sort="price:desc")
    assert [(hit["_id"], hit["name"]) for hit in found] == [("1", "Gaming laptop"), ("2", "Light laptop")]
    assert found["hits"]["total"]["value"] == found.total == 2
    assert "2 documents" in str(found)
    assert [hit["_id"] for hit in client.search("products", "laptop light")] == ["2", "1"]
    assert "1 document of 3 that match" in str(client.search("products", size=1))


def test_the_helpers_find_what_they_say(client: OpenSearchModule) -> None:
    def ids(hits: list[dict[str, str]]) -> set[str]:
        return {hit["_id"] for hit in hits}

    assert ids(client.search_simple("products", "name", "mouse")) == {"3"}
    assert ids(client.search_term("products", "category.keyword", ["parts", "toys"])) == {"3"}
    assert ids(client.search_range("products", "price", gte=20, lt=1000)) == {"2", "3"}
    assert ids(client.search_multi("products", ["name", "category"], "parts")) == {"3"}
    assert ids(client.search_fuzzy("products", "name", "labtop")) == {"1", "2"}
    assert ids(client.search_prefix("products", "name", "Lap")) == {"1", "2"}
    assert ids(client.search_bool("products", must=[{"match": {"name": "laptop"}}],
                                  must_not=[{"range": {"price": {"gt": 1000}}}])) == {"2"}  # fmt: skip
    assert client.autocomplete("products", "name", "light la") == ["Light laptop"]
    assert client.highlight("products", "name", "light").highlights["2"]["name"] == ["<em>Light</em> laptop"]
    assert client.count("products", {"range": {"price": {"gt": 500}}}) == 2


def test_aggregations_are_flat_rows_too(client: OpenSearchModule) -> None:
    by_month = {
        "month": {
            "date_histogram": {"field": "sold", "calendar_interval": "month", "format": "yyyy-MM"},
            "aggs": {"total": {"sum": {"field": "price"}}, "so_far": {"cumulative_sum": {"buckets_path": "total"}}},
        }
    }
    found = client.aggregate("products", by_month)
    assert found.rows == [("2026-01", 2, 2499.0, 2499.0), ("2026-02", 1, 20.0, 2519.0)]
    assert found.rows.columns == ("month", "count", "total", "so_far")
    assert found["month"]["buckets"][0]["doc_count"] == 2
    assert client.aggregate("products", {"price": {"stats": {"field": "price"}}}).rows.columns[0] == "price_count"
    assert client.facets("products", "category") == {"category": {"computers": 2, "parts": 1}}
    assert client.count_by("products", "category") == [("computers", 2), ("parts", 1)]
    assert client.count_by("products", "category", 1) == [("computers", 2)]


def test_counting_by_a_field_leaves_no_value_out(client: OpenSearchModule, monkeypatch: pytest.MonkeyPatch) -> None:
    client.bulk_index("products", [{"category": f"kind {number}"} for number in range(150)], refresh=True)
    assert len(client.count_by("products", "category")) == 152
    monkeypatch.setattr(searches, "_MOST_BUCKETS", 151)
    with pytest.raises(RuntimeError, match="category of products has more than 151 values: size=100"):
        client.count_by("products", "category")


def test_a_total_that_the_node_did_not_count_to_its_end_says_so() -> None:
    total = {"value": 10_000, "relation": "gte"}
    hits = Hits({"hits": {"total": total, "hits": [{"_id": "1", "_source": {}}]}})
    assert str(hits).endswith("1 document of at least 10,000 that match")
    total["relation"] = "eq"
    assert str(hits).endswith("1 document of 10,000 that match")


def test_bulk_calls_tell_each_refusal(client: OpenSearchModule) -> None:
    result = client.bulk_index("products", [{"price": 1}, {"price": "no number"}], ["8", "9"], raise_on_error=False)
    assert (result["done"], [error["id"] for error in result["errors"]]) == (1, ["9"])
    with pytest.raises(RuntimeError, match="1 documents, 1 refused\n  9: mapper_parsing_exception"):
        client.bulk_index("products", [{"price": 1}, {"price": "no number"}], ["8", "9"])
    assert client.bulk_update("products", [{"_id": "1", "price": 1}])["done"] == 1
    with pytest.raises(RuntimeError, match="1 documents, 1 refused\n  77: not_found"):
        client.bulk_delete("products", ["1", "77"])


def test_a_whole_index_is_read_page_by_page(client: OpenSearchModule) -> None:
    client.bulk_index("many", ({"n": n} for n in range(2500)), refresh=True)
    assert sorted(one["n"] for one in client.scan("many", page_size=1000)) == list(range(2500))
    frame = client.read_frame("many", {"range": {"n": {"lt": 3}}})
    assert sorted(frame["n"]) == [0, 1, 2]
    assert client.bulk_index("copy", frame, refresh=True)["done"] == 3
    assert {one["_id"] for one in client.scan("copy")} == set(frame["_id"])


def test_indices_are_described(client: OpenSearchModule) -> None:
    assert client.describe()["products"].column("price").kind == "number"  # type: ignore[union-attr]
    client.update_mapping("products", {"brand": {"type": "keyword"}})
    assert client.describe()["products"].column("brand").kind == "text"  # type: ignore[union-attr]
    assert ("brand", "keyword") in client.describe_index("products")
    client.add_alias("products", "goods")
    assert client.index_exists("goods")
    assert client.get_index_info("goods")["aliases"] == {"goods": {}}
    assert client.reindex("products", "products-2")["created"] == 3
    client.refresh_index("products-2")
    assert [row[:4:3] for row in client.list_indices("products*")] == [("products", 3), ("products-2", 3)]


def test_changes_by_query(client: OpenSearchModule) -> None:
    laptops = {"match": {"name": "laptop"}}
    assert client.update_by_query("products", laptops, "ctx._source.price += params.by", {"by": 1})["updated"] == 2
    assert client.get_document("products", "2")["_source"]["price"] == 1000
    assert client.delete_by_query("products", laptops)["deleted"] == 2


def test_each_request_is_announced(client: OpenSearchModule) -> None:
    effects: list[Effect] = []
    with listening(effects.append):
        client.search("products", "mouse")
        client.client.index(index="products", body={"name": "raw"})
        client.delete_index("products")
    assert [(effect.kind, effect.statement.partition(" {")[0]) for effect in effects] == [
        (Kind.READ, "POST /products/_search"),
        (Kind.WRITE, "POST /products/_doc"),
        (Kind.DESTRUCTIVE, "DELETE /products"),
    ]


def test_readonly_sends_no_write(connect: Connect, client: OpenSearchModule) -> None:
    reader = connect(READONLY="true")
    assert reader.count("products") == 3
    with pytest.raises(PermissionError, match="READONLY"):
        reader.client.index(index="products", body={"name": "raw"})
    with pytest.raises(PermissionError, match="READONLY"):
        reader.delete_index("products")
    assert reader.count("products") == 3


@pytest.mark.parametrize("service", ["es", "aoss"])
def test_requests_are_signed_for_aws(
    opensearch_server: OpenSearchServer, connect: Connect, monkeypatch: pytest.MonkeyPatch, service: str
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", sigv4.KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", sigv4.SECRET)
    with sigv4.SignatureFront(opensearch_server.port) as front:
        client = connect(PORT=front.port, USE_AWS_AUTH="true", AWS_REGION=sigv4.REGION, AWS_SERVICE=service)
        client.index_document("signed", {"name": "a b"}, doc_id="x y", refresh=True)
        assert client.get_document("signed", "x y")["_source"] == {"name": "a b"}
        assert client.search("signed", "a b", size=1)["hits"]["total"]["value"] == 1
        client.close()
        with pytest.raises(RuntimeError, match="403"):
            connect(PORT=front.port, USE_AWS_AUTH="true", AWS_REGION="us-east-1")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
        with pytest.raises(RuntimeError, match="403"):
            connect(PORT=front.port, USE_AWS_AUTH="true", AWS_REGION=sigv4.REGION)


def test_missing_aws_credentials_are_said(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(KeyError, match="no AWS credentials"):
        connect(USE_AWS_AUTH="true", AWS_REGION=sigv4.REGION)
