"""The contract over MySQL's protocol, spoken by MariaDB."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, ClassVar

import pytest
from aibasic.modules import MySQLModule
from aibasic.modules.effects import Kind
from aibasic.modules.phrases import Phrase
from aibasic.modules.results import Rows

from aibasic_kernel.testing import Bulk, Contract, Keys, Looking, Operation, Refusal, ServiceUnderTest, eventually
from aibasic_kernel.testing.configured import WRONG
from tests.servers.mariadb import MariaDBServer

ROWS = 3
"""Rows of one write: a part of them would be half a write."""
CONTENT = """
DROP DATABASE shop; CREATE DATABASE shop CHARACTER SET utf8mb4; USE shop;
CREATE TABLE writes (marker varchar(60), parts int);
CREATE TABLE customers (id int AUTO_INCREMENT PRIMARY KEY, name varchar(60), age int, country varchar(60));
CREATE TABLE orders (id int AUTO_INCREMENT PRIMARY KEY, customer_id int, total decimal(10, 2), placed date);
CREATE TABLE users (name varchar(60), age int);
INSERT INTO customers (name, age, country) VALUES ('Ann', 30, 'Italy'), ('Bob', 40, 'Norway');
INSERT INTO orders (customer_id, total) VALUES (1, 150), (2, 50);
INSERT INTO writes VALUES ('laid out', 1);
CREATE PROCEDURE get_monthly_report() SELECT name, age FROM customers;
CREATE PROCEDURE clear_out() DELETE FROM customers;
"""
ADD = f"INSERT INTO writes VALUES (%s, {ROWS})"


def one_statement(mysql: MySQLModule, marker: str) -> object:
    values = ", ".join([f"(%s, {ROWS})"] * ROWS)
    return mysql.execute_query(f"INSERT INTO writes VALUES {values}", (marker,) * ROWS, False)


def many_rows(mysql: MySQLModule, marker: str) -> object:
    return mysql.execute_many(ADD, [(marker,)] * ROWS)


def loaded_rows(mysql: MySQLModule, marker: str) -> object:
    return mysql.insert_rows("writes", [(marker, ROWS)] * ROWS)


def own_transaction(mysql: MySQLModule, marker: str) -> object:
    with mysql.transaction():
        for _ in range(ROWS):
            mysql.execute_query(ADD, (marker,), fetch=False)
    return None


def by_cursor(mysql: MySQLModule, query: str, many: bool = False) -> object:
    connection = mysql.get_connection()
    try:
        cursor = connection.cursor()
        if many:
            cursor.executemany(query, [("a",)])
        else:
            cursor.execute(query)
        connection.commit()
    finally:
        mysql.release_connection(connection)
    return None


def finished(mysql: MySQLModule, how: Callable[[MySQLModule], object]) -> object:
    """A transaction with a write in it, ended in some way, or by hand where that was refused."""
    try:
        mysql.begin()
        one_statement(mysql, "in transaction")
        return how(mysql)
    finally:
        mysql.end_transaction()


class MySQLUnderTest(ServiceUnderTest):
    """One MariaDB for all clauses."""

    module = MySQLModule
    plain: ClassVar = {"USE_SSL": "false"}
    limit = ({"MAX_CONNECTIONS": 3}, 3)
    not_sent = frozenset(
        {"get_connection_info", "get_pool_status", "close_all_connections", "release_connection", "get_connection"}
    )

    def __init__(self, server: MariaDBServer) -> None:
        self.server = server
        self.port, self.secret = server.port, server.password

    def start(self) -> None:
        self.server.start()

    def kill(self) -> None:
        self.server.kill()

    def prepare(self) -> None:
        self.server.sql(CONTENT)

    def counts(self) -> Mapping[str, float]:
        found = self._sql("SELECT marker, sum(1e0 / parts) FROM writes GROUP BY marker")
        counts = {marker: float(count) for marker, count in (line.split("\t") for line in found.splitlines())}
        return {marker: round(count, 3) for marker, count in counts.items()}

    def content(self) -> object:
        tables = self._sql("SHOW TABLES").split()
        return self._sql(
            ";".join(f"SHOW CREATE TABLE {table}; SELECT * FROM {table} ORDER BY 1, 2" for table in tables)
        )

    def connections(self) -> int:
        return int(self._sql("SELECT count(*) FROM information_schema.processlist WHERE user <> 'root'"
                             " AND command <> 'Daemon'"))  # fmt: skip

    def conf(self, **keys: object) -> str:
        return self.server.conf(**keys)

    def ways(self) -> Mapping[str, Keys]:
        folder = self.server.folder
        return {
            "password": {},
            "without TLS": {"USE_SSL": "false"},
            "TLS, unverified": {"USE_SSL": "true", "SSL_VERIFY": "false"},
            "TLS, verified": {"USE_SSL": "true", "SSL_CA_CERT": folder / "ca.crt"},
            "client certificate": {
                "USER": "certified",
                "PASSWORD": None,
                "SSL_CA_CERT": folder / "ca.crt",
                "SSL_CLIENT_CERT": folder / "client.crt",
                "SSL_CLIENT_KEY": folder / "client.key",
            },
            "URL": {"HOST": None, "PORT": None, "URL": f"mysql://127.0.0.1:{self.port}/shop"},
        }

    def refused(self) -> Mapping[str, Refusal]:
        folder = self.server.folder
        return {
            "wrong password": Refusal({"PASSWORD": WRONG}, "Access denied(.|\n)*PASSWORD"),
            "wrong CA": Refusal({"SSL_CA_CERT": folder / "other_ca.crt"}, "SSL(.|\n)*SSL_CA_CERT"),
            "wrong database": Refusal({"DATABASE": "nowhere"}, "nowhere(.|\n)*is DATABASE right"),
        }

    @contextmanager
    def expired(self) -> Iterator[Refusal]:
        with self.server.certified("expired"):
            yield Refusal({"SSL_CA_CERT": self.server.folder / "ca.crt"}, "SSL(.|\n)*expired")

    def read(self, module: Any) -> None:
        assert module.execute_query("SELECT 1 + %s", (1,)) == [(2,)]

    def writes(self) -> Mapping[str, Callable[[Any, str], object]]:
        return {call.__name__: call for call in (one_statement, many_rows, loaded_rows, own_transaction)}

    def operations(self) -> Mapping[str, Operation]:
        reads = "SELECT name FROM customers"
        deletes = "DELETE FROM customers"
        calls: dict[str, Callable[[Any], object]] = {
            "execute_query": lambda mysql: mysql.execute_query(reads),
            "execute_query: DELETE": lambda mysql: mysql.execute_query(deletes, fetch=False),
            "execute_query_dict": lambda mysql: mysql.execute_query_dict(reads),
            "execute_many": partial(many_rows, marker="x"),
            "insert_rows": partial(loaded_rows, marker="x"),
            "read_frame": lambda mysql: mysql.read_frame(reads),
            "stream": lambda mysql: list(mysql.stream(reads)),
            "call_procedure": lambda mysql: mysql.call_procedure("clear_out"),
            "begin": lambda mysql: finished(mysql, lambda mysql: mysql.rollback()),
            "rollback": lambda mysql: finished(mysql, lambda mysql: mysql.rollback()),
            "commit": lambda mysql: finished(mysql, lambda mysql: mysql.commit()),
            "transaction": partial(own_transaction, marker="x"),
            "get_connection: execute": lambda mysql: by_cursor(mysql, deletes),
            "get_connection: executemany": lambda mysql: by_cursor(mysql, ADD, many=True),
        }
        return {name: Operation(call, Kind.STATEMENT) for name, call in calls.items()}

    def idle_past_limit(self) -> None:
        ids = self._sql("SELECT id FROM information_schema.processlist WHERE user = 'svc'").split()
        self._sql(";".join(f"KILL {id}" for id in ids))
        assert eventually(lambda: self.connections() == 0)

    def long_call(self, module: Any) -> object:
        return module.execute_query("SELECT sleep(60) /* long call */")

    def long_call_runs(self) -> bool:
        running = "info LIKE '%sleep(60)%' AND user = 'svc'"
        return self._sql(f"SELECT count(*) FROM information_schema.processlist WHERE {running}").strip() != "0"

    def bulk(self) -> Bulk:
        size = 30_000
        return Bulk(lambda mysql, marker: mysql.insert_rows("writes", [(marker, 1)] * size), size)

    def looking(self) -> Looking:
        return Looking("list all tables", "describe table customers", "how many rows in customers",
                       "show the first ten rows of customers",
                       "show customers where age > youngest and name contains 'n'")  # fmt: skip

    def names(self) -> Mapping[str, object]:
        pandas = pytest.importorskip("pandas")
        people = pandas.DataFrame({"name": ["Dee", None], "age": [1, 2]})
        return {"people": people, "results": Rows([("Eve", 5)], ("name", "age")), "youngest": 18}

    def before(self, phrase: Phrase, module: Any) -> None:
        if phrase.example in ("commit", "roll back the transaction"):
            module.begin()

    def _sql(self, statement: str) -> str:
        return self.server.sql(statement, "shop")


@pytest.fixture(scope="module")
def service(mariadb_server: MariaDBServer) -> MySQLUnderTest:
    return MySQLUnderTest(mariadb_server)


class TestMySQL(Contract):
    """Each clause is a test."""
