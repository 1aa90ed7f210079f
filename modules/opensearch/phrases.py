"""The sentences that OpenSearch understands without a language model."""

from __future__ import annotations

from aibasic.modules.phrases import Phrase

_SERVICE = "[opensearch]"
_INDEX = f"[the] {_SERVICE} index {{index:label}}"
_INTO = "[(into|as|called) {new:newname}]"
_RESULTS = "{new|results}"
_RESULT = "{new|result}"


def _results(call: str) -> str:
    return f"{_RESULTS} = {{module}}.{call}\n{_RESULTS}"


def _result(call: str) -> str:
    return f"{_RESULT} = {{module}}.{call}\n{_RESULT}"


PHRASES = (
    Phrase(
        f"(create|make) [(a|an)] {_INDEX}",
        "{module}.create_index({index})",
        "create opensearch index gadgets",
        "makes an index",
    ),
    Phrase(
        f"(create|make) [(a|an)] {_INDEX} with [the] (mappings|body|definition) {{body:json}}",
        "{module}.create_index({index}, {body})",
        'create opensearch index gadgets with body {"mappings": {"properties": {"price": {"type": "double"}}}}',
        "makes an index with mappings and settings",
    ),
    Phrase(
        f"(delete|drop|remove) {_INDEX}",
        "{module}.delete_index({index})",
        "delete opensearch index products",
        "deletes an index with all its documents",
    ),
    Phrase(
        f"refresh {_INDEX}",
        "{module}.refresh_index({index})",
        "refresh opensearch index products",
        "lets searches see what was indexed",
    ),
    Phrase(
        f"(index|add|put|store) [(a|the|one)] document {{document:json}} (in|into|to) {_INDEX} "
        "[(with|under) [the] id {id:label}]",
        _result("index_document({index}, {document}<?, doc_id={id}?>, refresh=True)"),
        'index document {"name": "Laptop", "price": 999} in opensearch index products',
        "adds a document",
        _RESULT,
    ),
    Phrase(
        f"(get|read|show [me]|fetch) [the] document {{id:label}} (from|of|in) {_INDEX} {_INTO}",
        _result("get_document({index}, {id})"),
        "get document 1 from opensearch index products",
        "reads a document by its id",
        _RESULT,
    ),
    Phrase(
        f"update [the] document {{id:label}} (of|in) {_INDEX} (with|to) {{document:json}}",
        _result("update_document({index}, {id}, {document}, refresh=True)"),
        'update document 1 in opensearch index products with {"price": 899}',
        "sets fields of a document",
        _RESULT,
    ),
    Phrase(
        f"(delete|remove) [the] document {{id:label}} (from|of|in) {_INDEX}",
        _result("delete_document({index}, {id}, refresh=True)"),
        "delete document 1 from opensearch index products",
        "deletes a document",
        _RESULT,
    ),
    Phrase(
        f"search [the] {_SERVICE} [index] [for] {{index:label}} (matching|for|with|about) {{text:text}} "
        f"[limit {{n:number}}] {_INTO}",
        _results("search({index}, {text}<?, size={n}?>)"),
        'search opensearch for products matching "laptop"',
        "finds the documents with some words in any field, the best first",
        _RESULTS,
    ),
    Phrase(
        f"(show [me]|get|list|query) [the] first {{n:number}} documents (of|in|from) {_INDEX} {_INTO}",
        _results("first_documents({index}, {n})"),
        "show the first ten documents of opensearch index products",
        "reads some documents of an index",
        _RESULTS,
    ),
    Phrase(
        f"(aggregate|group|count) {_SERVICE} [index] {{index:label}} by {{field:label}} {_INTO}",
        _results("count_by({index}, {field})"),
        "aggregate opensearch products by category",
        "counts the documents for each value of a field",
        _RESULTS,
    ),
    Phrase(
        "(bulk index|bulk add|index|load|save|store) [the] [first] [{n:number}] "
        f"{{source:name frame rows records list}} (to|into|in) {_INDEX}",
        _result("bulk_index({index}, {source}<?[:{n}]?>, refresh=True)"),
        "bulk index 1000 documents to opensearch index products",
        "adds many documents, those of the variable or of the newest result",
        _RESULT,
    ),
    Phrase(
        f"(read|load|get) [all] [the] documents (of|in|from) {_INDEX} (into|as) (a|the) [pandas] "
        "(dataframe|data frame|frame) [[called] {new:newname}]",
        "{new|df} = {module}.read_frame({index})\n{new|df}",
        "read documents of opensearch index products into a dataframe",
        "reads all documents of an index into a data frame",
        "{new|df}",
    ),
    Phrase(
        f"(count [all] [the] documents (of|in) {_INDEX}|how many documents [are] (in|has) {_INDEX}) {_INTO}",
        _result("count({index})"),
        "count the documents in opensearch index products",
        "counts the documents of an index",
        _RESULT,
    ),
    Phrase(
        f"(list|show) [all] [the] {_SERVICE} (indices|indexes) {_INTO}",
        _results("list_indices()"),
        "list all opensearch indices",
        "lists the indices with their sizes",
        _RESULTS,
    ),
    Phrase(
        f"describe {_INDEX} {_INTO}",
        _results("describe_index({index})"),
        "describe opensearch index products",
        "lists the fields of an index with their types",
        _RESULTS,
    ),
    Phrase(
        f"(show|get|check) [the] {_SERVICE} [cluster] health {_INTO}",
        _result("cluster_health()"),
        "show opensearch cluster health",
        "tells how the cluster is",
        _RESULT,
    ),
)
