"""OpenSearch: `[opensearch]` in aibasic.conf, `os_client` in programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from aibasic.modules.opensearch.bulk import Bulk
from aibasic.modules.opensearch.documents import Documents
from aibasic.modules.opensearch.indices import Indices
from aibasic.modules.opensearch.pages import Pages
from aibasic.modules.opensearch.phrases import PHRASES
from aibasic.modules.opensearch.target import SETTINGS


class OpenSearchModule(Indices, Documents, Pages, Bulk):
    """An OpenSearch cluster, by one of its nodes. `client` is the driver's own; it too announces what it sends."""

    task = "opensearch"
    variable = "os_client"
    service = "OpenSearch"
    driver = "opensearchpy"
    extra = "opensearch"
    has = frozenset({"auth", "tls", "restart", "cancel"})
    settings = SETTINGS
    phrases = PHRASES
    destroys: ClassVar[Mapping[str, str]] = {"delete_index": "deletes index {index_name} with all its documents"}
