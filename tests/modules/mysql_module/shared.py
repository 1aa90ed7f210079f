"""What the tests of MySQLModule share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aibasic.modules import MySQLModule
from aibasic.modules.results import Rows

from aibasic_kernel.testing import eventually
from tests.servers.mariadb import MariaDBServer

Connect = Callable[..., MySQLModule]
"""Makes the module from a configuration with the given KEYS changed."""


def names(mysql: MySQLModule) -> list[str]:
    found = mysql.execute_query("SELECT name FROM customers ORDER BY id")
    assert isinstance(found, Rows)
    return [name for (name,) in found]


def one(mysql: MySQLModule, query: str, params: object = None) -> Any:
    found = mysql.execute_query(query, params)
    assert isinstance(found, Rows)
    return found[0][0]


def kill_connections(server: MariaDBServer) -> None:
    of_ours = "FROM information_schema.processlist WHERE user = 'svc'"
    for connection in server.sql(f"SELECT id {of_ours}").split():
        server.sql(f"KILL {connection}")
    assert eventually(lambda: server.sql(f"SELECT count(*) {of_ours}").strip() == "0")
