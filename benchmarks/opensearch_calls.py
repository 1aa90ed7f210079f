"""OpenSearchModule against opensearch-py used well: single calls, 50,000 documents in, and all of them out.

    python benchmarks/opensearch_calls.py

Needs Java and Maven, for the node that the tests use too.
"""

from __future__ import annotations

import gc
import json
import sys
import tempfile
import tracemalloc
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import opensearchpy
from aibasic.modules import OpenSearchModule

from benchmarks.report import in_turn, ratios, report, spread
from tests.servers.opensearch import OpenSearchServer

DOCUMENTS = 50_000
BATCH = 1000
FRESH = {"settings": {"number_of_replicas": 0, "refresh_interval": "-1"}}


def raw_bulk(raw: Any, documents: list[dict[str, Any]]) -> None:
    """The quickest that the driver itself can: bodies of lines, made by hand."""
    for start in range(0, len(documents), BATCH):
        lines = (f'{{"index":{{}}}}\n{json.dumps(one)}\n' for one in documents[start : start + BATCH])
        raw.bulk(index="raw", body="".join(lines))


def renewed(raw: Any, index: str) -> None:
    raw.indices.delete(index=index, ignore_unavailable=True)
    raw.indices.create(index=index, body=FRESH)


def memory_of_scan(module: OpenSearchModule, index: str) -> float:
    """The most memory that Python's objects took while all documents passed by, in MiB."""
    gc.collect()
    tracemalloc.start()
    for _ in module.scan(index, page_size=1000):
        pass
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 2**20


def main() -> None:
    documents = [{"n": n, "name": f"product {n}", "price": n * 0.5, "tags": ["a", "b"]} for n in range(DOCUMENTS)]
    with OpenSearchServer() as server, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "aibasic.conf"
        file.write_text(server.conf())
        module = OpenSearchModule.from_config(str(file))
        raw = opensearchpy.OpenSearch([{"host": server.host, "port": server.port}])
        raw.index(index="one", id="1", body={"name": "Laptop"}, refresh="true")
        query = {"query": {"match": {"name": "laptop"}}, "size": 1}

        calls = in_turn(
            {
                "ours": lambda: [module.search("one", query) for _ in range(200)],
                "raw": lambda: [raw.search(index="one", body=query) for _ in range(200)],
            },
            7,
        )
        report("OpenSearch: searches a second", spread(ratios(calls["raw"], calls["ours"])), ">= 0.95", "opensearch-py")

        def ours_in() -> None:
            renewed(raw, "ours")
            module.bulk_index("ours", documents, batch_size=BATCH)

        def raw_in() -> None:
            renewed(raw, "raw")
            raw_bulk(raw, documents)

        loads = in_turn({"ours": ours_in, "raw": raw_in}, 5)
        report(
            f"OpenSearch: {DOCUMENTS:,} documents in",
            spread(ratios(loads["ours"], loads["raw"])),
            "<= 1.1",
            "raw _bulk",
        )
        raw.indices.refresh(index="raw")
        raw.indices.refresh(index="ours")
        all_of_it, small = memory_of_scan(module, "ours"), 5000
        module.bulk_index("small", documents[:small], refresh=True)
        report(
            f"OpenSearch: memory of a scan of {DOCUMENTS:,}",
            f"{all_of_it / memory_of_scan(module, 'small'):.2f}",
            "flat: 1",
            f"a scan of {small:,}",
        )
        module.close()


if __name__ == "__main__":
    main()
