"""What all tests share: a clean environment, and real servers that are started once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from aibasic.modules import secret

from tests.servers import opensearch
from tests.servers.opensearch import OpenSearchServer
from tests.servers.postgres import PostgresServer, binaries

FOREIGN = ("ANTHROPIC_", "AIBASIC_", "PG", "JPY_SESSION_NAME", "XDG_")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """No test sees a key, configuration or folder of the person who runs it. The private home folder."""
    # Secrets that another test made up are no secrets here: an invented one may stand in any request.
    monkeypatch.setattr(secret, "_known", set())
    for name in list(os.environ):
        if name.startswith(FOREIGN):
            monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for kind in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))
    return home


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A real PostgreSQL with TLS, one for all tests; a test that kills it starts it again."""
    if binaries() is None:
        if os.environ.get("AIBASIC_TESTS_REQUIRE_SERVERS") == "1":
            pytest.fail("no PostgreSQL server binaries: apt-get install postgresql")
        pytest.skip("no PostgreSQL server binaries: apt-get install postgresql")
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def opensearch_server() -> Iterator[OpenSearchServer]:
    """A real OpenSearch node without security, one for all tests."""
    yield from _opensearch(secure=False)


@pytest.fixture(scope="session")
def secure_opensearch_server() -> Iterator[OpenSearchServer]:
    """A real OpenSearch node with TLS, passwords and client certificates."""
    yield from _opensearch(secure=True)


def _opensearch(secure: bool) -> Iterator[OpenSearchServer]:
    if not opensearch.tools():
        if os.environ.get("AIBASIC_TESTS_REQUIRE_SERVERS") == "1":
            pytest.fail("no Java with Maven: apt-get install default-jdk-headless maven")
        pytest.skip("no Java with Maven: apt-get install default-jdk-headless maven")
    with OpenSearchServer(secure=secure) as server:
        yield server
