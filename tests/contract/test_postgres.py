"""The contract over PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, ClassVar

import pytest
from aibasic.modules import PostgresModule
from aibasic.modules.effects import Kind
from aibasic.modules.phrases import Phrase
from aibasic.modules.results import Rows

from aibasic_kernel.testing import Bulk, Contract, Keys, Looking, Operation, Refusal, ServiceUnderTest, eventually
from aibasic_kernel.testing.configured import WRONG
from tests.servers.postgres import PostgresServer

ROWS = 3
"""Rows of one write: a part of them would be half a write."""
TABLES = ("writes", "customers", "orders", "users")
CONTENT = f"""
DROP SCHEMA public CASCADE; CREATE SCHEMA public;
CREATE TABLE writes (marker text, parts int);
CREATE TABLE customers (id serial PRIMARY KEY, name text, age int, country text);
CREATE TABLE orders (id serial PRIMARY KEY, customer_id int, total numeric);
CREATE TABLE users (id serial PRIMARY KEY, name text, age int);
INSERT INTO customers (name, age, country) VALUES ('Ann', 30, 'Italy'), ('Bob', 40, 'Norway');
INSERT INTO orders (customer_id, total) VALUES (1, 150), (2, 50);
INSERT INTO writes SELECT 'laid out', {ROWS} FROM generate_series(1, {ROWS});
"""
ADD = f"INSERT INTO writes VALUES (%s, {ROWS})"


def one_statement(pg: PostgresModule, marker: str) -> object:
    return pg.execute_query(f"INSERT INTO writes SELECT %s, {ROWS} FROM generate_series(1, {ROWS})", (marker,), False)


def many_rows(pg: PostgresModule, marker: str) -> object:
    return pg.execute_many(ADD, [(marker,)] * ROWS)


def copied_rows(pg: PostgresModule, marker: str) -> object:
    return pg.copy_from("writes", [(marker, ROWS)] * ROWS)


def own_transaction(pg: PostgresModule, marker: str) -> object:
    with pg.transaction():
        for _ in range(ROWS):
            pg.execute_query(ADD, (marker,), fetch=False)
    return None


def by_cursor(pg: PostgresModule, query: str, many: bool = False) -> object:
    connection = pg.get_connection()
    try:
        with connection.cursor() as cursor:
            if many:
                cursor.executemany(query, [("a",)])
            else:
                cursor.execute(query)
        connection.commit()
    finally:
        pg.release_connection(connection)
    return None


def finished(pg: PostgresModule, how: Callable[[PostgresModule], object]) -> object:
    """A transaction with a write in it, ended in some way, or by hand where that was refused."""
    try:
        pg.begin()
        one_statement(pg, "in transaction")
        return how(pg)
    finally:
        pg.end_transaction()


class PostgresUnderTest(ServiceUnderTest):
    """One PostgreSQL for all clauses."""

    module = PostgresModule
    plain: ClassVar = {"SSLMODE": "disable"}
    limit = ({"MAX_CONNECTIONS": 3}, 3)
    not_sent = frozenset(
        {"get_connection_info", "get_pool_status", "close_all_connections", "release_connection", "get_connection"}
    )

    def __init__(self, server: PostgresServer) -> None:
        self.server = server
        self.port, self.secret = server.port, server.password

    def start(self) -> None:
        self.server.start()

    def kill(self) -> None:
        self.server.kill()

    def prepare(self) -> None:
        self._sql(CONTENT)

    def counts(self) -> Mapping[str, float]:
        found = self._sql("SELECT marker, sum(1.0 / parts) FROM writes GROUP BY marker")
        return {marker: float(count) for marker, count in (line.rsplit("|", 1) for line in found.splitlines())}

    def content(self) -> object:
        return self._sql("".join(f"SELECT * FROM {table} ORDER BY 1, 2;" for table in TABLES))

    def connections(self) -> int:
        return int(self._sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'aibasic'"))

    def conf(self, **keys: object) -> str:
        return self.server.conf(**keys)

    def ways(self) -> Mapping[str, Keys]:
        folder = self.server.folder
        return {
            "password": {},
            "without TLS": {"SSLMODE": "disable"},
            "TLS, unverified": {"SSLMODE": "require"},
            "TLS, verified": {"SSLMODE": "verify-full", "SSL_CA_CERT": folder / "ca.crt"},
            "client certificate": {
                "SSLMODE": "verify-full",
                "SSL_CA_CERT": folder / "ca.crt",
                "SSL_CLIENT_CERT": folder / "client.crt",
                "SSL_CLIENT_KEY": folder / "client.key",
            },
        }

    def refused(self) -> Mapping[str, Refusal]:
        folder = self.server.folder
        return {
            "wrong password": Refusal({"PASSWORD": WRONG}, "password authentication failed(.|\n)*PASSWORD"),
            "wrong CA": Refusal(
                {"SSLMODE": "verify-full", "SSL_CA_CERT": folder / "other_ca.crt"}, "verify failed(.|\n)*SSL_CA_CERT"
            ),
            "wrong database": Refusal({"DATABASE": "nowhere"}, '"nowhere" does not exist(.|\n)*is DATABASE right'),
            "no password": Refusal({"PASSWORD": None}, "no password supplied(.|\n)*set PASSWORD"),
        }

    @contextmanager
    def expired(self) -> Iterator[Refusal]:
        folder = self.server.folder
        with self.server.certified("expired"):
            yield Refusal(
                {"SSLMODE": "verify-full", "SSL_CA_CERT": folder / "ca.crt"}, "verify failed(.|\n)*SSL_CA_CERT"
            )

    def read(self, module: Any) -> None:
        assert module.execute_query("SELECT 1 + %s", (1,)) == [(2,)]

    def writes(self) -> Mapping[str, Callable[[Any, str], object]]:
        return {call.__name__: call for call in (one_statement, many_rows, copied_rows, own_transaction)}

    def operations(self) -> Mapping[str, Operation]:
        reads = "SELECT name FROM customers"
        deletes = "DELETE FROM customers"
        calls: dict[str, Callable[[Any], object]] = {
            "execute_query": lambda pg: pg.execute_query(reads),
            "execute_query: DELETE": lambda pg: pg.execute_query(deletes, fetch=False),
            "execute_many": partial(many_rows, marker="x"),
            "copy_from": partial(copied_rows, marker="x"),
            "read_frame": lambda pg: pg.read_frame(reads),
            "stream": lambda pg: list(pg.stream(reads)),
            "begin": lambda pg: finished(pg, lambda pg: pg.rollback()),
            "rollback": lambda pg: finished(pg, lambda pg: pg.rollback()),
            "commit": lambda pg: finished(pg, lambda pg: pg.commit()),
            "transaction": partial(own_transaction, marker="x"),
            "get_connection: execute": lambda pg: by_cursor(pg, deletes),
            "get_connection: executemany": lambda pg: by_cursor(pg, ADD, many=True),
        }
        kinds = {"copy_from": Kind.WRITE}
        return {name: Operation(call, kinds.get(name, Kind.STATEMENT)) for name, call in calls.items()}

    def idle_past_limit(self) -> None:
        self._sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'aibasic'")
        assert eventually(lambda: self.connections() == 0)

    def long_call(self, module: Any) -> object:
        return module.execute_query("SELECT pg_sleep(60) /* long call */")

    def long_call_runs(self) -> bool:
        running = "query LIKE '%long call%' AND state = 'active' AND pid <> pg_backend_pid()"
        return self._sql(f"SELECT count(*) FROM pg_stat_activity WHERE {running}").strip() != "0"

    def bulk(self) -> Bulk:
        size = 30_000
        return Bulk(lambda pg, marker: pg.copy_from("writes", [(marker, 1)] * size), size)

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
        return self.server.sql(self.server.database, statement)


@pytest.fixture(scope="module")
def service(postgres_server: PostgresServer) -> PostgresUnderTest:
    return PostgresUnderTest(postgres_server)


class TestPostgres(Contract):
    """Each clause is a test."""
