"""What all tests share: a clean environment, and real servers that are started once."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

# The part in C of MySQL's driver cannot be loaded once pandas is there.
import mysql.connector  # noqa: F401
import pytest
from aibasic.modules import config, secret
from hypothesis import HealthCheck, settings

from tests.servers import kafka, mariadb, opensearch, rabbitmq, redis
from tests.servers import kerberos as realm
from tests.servers.kafka import KafkaServer
from tests.servers.kerberos import Kerberos
from tests.servers.mariadb import MariaDBServer
from tests.servers.opensearch import OpenSearchServer
from tests.servers.postgres import PostgresServer, binaries
from tests.servers.rabbitmq import RabbitMQServer
from tests.servers.redis import RedisServer

# A busy machine makes no test fail.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
FOREIGN = ("ANTHROPIC_", "AIBASIC_", "PG", "JPY_SESSION_NAME", "XDG_")


SERVERS = ("kafka_server", "opensearch_server", "rabbitmq_server", "redis_server", "mariadb_server", "chromium")
"""The fixtures of what is slow to start."""


def pytest_configure() -> None:
    """Hear interrupts, which a shell lets its background jobs ignore."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a service, and else those of a file, together: where several processes share the tests, each
    of these servers is started by one of them.
    """
    for item in items:
        used = getattr(item, "fixturenames", ())
        named = item.name.replace("mysql", "mariadb")
        servers = (
            server
            for server in SERVERS
            if server in used or f"secure_{server}" in used or f"[{server.removesuffix('_server')}" in named
        )
        item.add_marker(pytest.mark.xdist_group(next(servers, item.nodeid.partition("::")[0])))


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """No test sees a key, configuration or folder of the person who runs it. The private home folder."""
    # Secrets that another test made up are no secrets here: an invented one may stand in any request.
    monkeypatch.setattr(secret, "_known", set())
    # Nor does a session that a test leaves open judge what the next one's modules are configured with.
    monkeypatch.setattr(config, "_overseer", None)
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
        _without("no PostgreSQL server binaries: apt-get install postgresql")
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[MariaDBServer]:
    """A real MariaDB with TLS, one for all tests."""
    if not mariadb.binaries():
        _without("no MariaDB server binaries: apt-get install mariadb-server")
    with MariaDBServer() as server:
        yield server


@pytest.fixture(scope="session")
def rabbitmq_server() -> Iterator[RabbitMQServer]:
    """A real RabbitMQ with TLS, one for all tests; a test that kills it starts it again."""
    if not rabbitmq.installed():
        _without("no RabbitMQ broker: apt-get install rabbitmq-server")
    with RabbitMQServer() as server:
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A real Redis with TLS, a password and an ACL user, one for all tests; a test that kills it starts it again."""
    if redis.binary() is None:
        _without("no redis-server: apt-get install redis-server")
    with RedisServer() as server:
        yield server


@pytest.fixture(scope="session")
def kerberos() -> Iterator[Kerberos]:
    """A real Kerberos realm."""
    if not realm.tools():
        _lacking("krb5-kdc krb5-admin-server krb5-user libkrb5-dev; pip install gssapi")
    with Kerberos() as found:
        yield found


@pytest.fixture(scope="session")
def kafka_server(kerberos: Kerberos) -> Iterator[KafkaServer]:
    """A real Kafka broker with every security variant, one for all tests; a test that kills it starts it again."""
    if not kafka.tools():
        _lacking("default-jdk-headless maven")
    with KafkaServer(kerberos) as server:
        yield server


def _lacking(packages: str) -> NoReturn:
    if os.environ.get("AIBASIC_TESTS_REQUIRE_SERVERS") == "1":
        pytest.fail(f"not installed: apt-get install {packages}")
    pytest.skip(f"not installed: apt-get install {packages}")


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
        _without("no Java with Maven: apt-get install default-jdk-headless maven")
    with OpenSearchServer(secure=secure) as server:
        yield server


@pytest.fixture(scope="session")
def chromium() -> str:
    """The system's browser."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        _without("no Chromium: apt-get install chromium")
    assert found is not None
    return found


def _without(reason: str) -> None:
    """Skip what needs a server that is not installed; fail where all are wanted."""
    if os.environ.get("AIBASIC_TESTS_REQUIRE_SERVERS") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
