"""What the samples of pages run in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.running import TABLES, Page, prepare
from tests.servers.postgres import PostgresServer


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """Where the samples of a page run."""
    monkeypatch.chdir(tmp_path)
    prepare(tmp_path)
    made = Page(tmp_path, monkeypatch)
    yield made
    made.close()


@pytest.fixture
def database(postgres_server: PostgresServer, tmp_path: Path) -> Iterator[None]:
    """The database that the pages speak of, and the configuration that names it."""
    postgres_server.sql(postgres_server.database, f"DROP SCHEMA public CASCADE; CREATE SCHEMA public; {TABLES}")
    (tmp_path / "aibasic.conf").write_text(postgres_server.conf(), encoding="utf-8")
    yield
    postgres_server.sql(postgres_server.database, "DROP TABLE customers, orders")
