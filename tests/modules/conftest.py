"""PostgresModule over the real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aibasic.modules import KafkaModule, PostgresModule
from aibasic.modules.effects import Effect, listening

from tests.servers.kafka import KafkaServer
from tests.servers.postgres import PostgresServer

Connect = Callable[..., PostgresModule]
ConnectKafka = Callable[..., KafkaModule]

TABLES = """
DROP SCHEMA public CASCADE; CREATE SCHEMA public;
CREATE TABLE customers (id serial, name text, age int, country text);
CREATE TABLE orders (id serial, customer_id int);
INSERT INTO customers (name, age, country) VALUES ('Ann', 41, 'USA'), ('Ben', 19, 'USA'), ('Cem', 33, 'Italy');
"""


@pytest.fixture
def connect(postgres_server: PostgresServer, tmp_path: Path) -> Iterator[Connect]:
    """Makes the module from a configuration with the given KEYS changed; closed after the test."""
    made: list[PostgresModule] = []

    def connect(engine: str = "", **keys: object) -> PostgresModule:
        file = tmp_path / "aibasic.conf"
        file.write_text(postgres_server.conf(**keys) + engine)
        made.append(PostgresModule.from_config(str(file)))
        return made[-1]

    yield connect
    for module in made:
        module.close()


@pytest.fixture
def pg(connect: Connect) -> PostgresModule:
    """The module, connected, over fresh tables `customers` and `orders`."""
    module = connect()
    module.execute_query(TABLES, fetch=False)
    return module


@pytest.fixture
def connect_kafka(kafka_server: KafkaServer, tmp_path: Path) -> Iterator[ConnectKafka]:
    """Makes a KafkaModule over a listener (`"SASL_SSL", "GSSAPI"`) with the given KEYS; closed after the test."""
    made: list[KafkaModule] = []

    def connect(*listener: str, **keys: object) -> KafkaModule:
        file = tmp_path / "aibasic.conf"
        file.write_text(kafka_server.conf(*listener, **keys))
        made.append(KafkaModule.from_config(str(file)))
        return made[-1]

    yield connect
    for module in made:
        module.close()


@pytest.fixture
def announced() -> Iterator[list[Effect]]:
    """Every effect that is announced during the test."""
    effects: list[Effect] = []
    with listening(effects.append):
        yield effects
