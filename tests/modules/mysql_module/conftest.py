"""MySQLModule over the real MariaDB, with fresh tables for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from aibasic.modules import MySQLModule
from aibasic.modules.effects import Effect, listening

from tests.modules.mysql_module.shared import Connect
from tests.servers.mariadb import MariaDBServer

TABLES = """
DROP DATABASE shop; CREATE DATABASE shop CHARACTER SET utf8mb4; USE shop;
CREATE TABLE customers (id int AUTO_INCREMENT PRIMARY KEY, name varchar(60), age int, country varchar(60));
INSERT INTO customers (name, age, country) VALUES ('Ann', 41, 'USA'), ('Ben', 19, 'USA'), ('Cem', 33, 'Italy');
"""


@pytest.fixture
def connect(mariadb_server: MariaDBServer, tmp_path: Path) -> Iterator[Connect]:
    """Makes the module over fresh tables, from a configuration with the given KEYS changed; closed after the test."""
    mariadb_server.sql(TABLES)
    made: list[MySQLModule] = []

    def connect(engine: str = "", **keys: object) -> MySQLModule:
        file = tmp_path / "aibasic.conf"
        file.write_text(mariadb_server.conf(**keys) + engine)
        made.append(MySQLModule.from_config(str(file)))
        return made[-1]

    yield connect
    for module in made:
        module.close()


@pytest.fixture
def mysql(connect: Connect) -> MySQLModule:
    """The module, connected, over a fresh table `customers`."""
    return connect()


@pytest.fixture
def announced() -> Iterator[list[Effect]]:
    """Every effect that is announced during the test."""
    effects: list[Effect] = []
    with listening(effects.append):
        yield effects
