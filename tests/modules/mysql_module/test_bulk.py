"""MySQLModule's rows in bulk: portions, duplicates, all shapes of rows."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from aibasic.modules import MySQLModule
from aibasic.modules.effects import Effect
from aibasic.modules.results import Rows
from mysql.connector import errors

from tests.modules.mysql_module.shared import Connect, names, one
from tests.servers.mariadb import MariaDBServer


def packet_of(server: MariaDBServer, size: int) -> None:
    server.sql(f"SET GLOBAL max_allowed_packet = {size}")


@pytest.fixture
def small_packets(mariadb_server: MariaDBServer) -> Iterator[int]:
    """The server takes statements of at most so many bytes."""
    packet_of(mariadb_server, 65536)
    yield 65536
    packet_of(mariadb_server, 16777216)


def test_statements_of_many_rows_stay_below_the_packet(
    small_packets: int, connect: Connect, mariadb_server: MariaDBServer
) -> None:
    mysql = connect()
    mysql.execute_query("CREATE TABLE wide (id int, text longtext)", fetch=False)
    rows = [(n, "🎉" * 2000) for n in range(40)]
    assert mysql.insert_rows("wide", rows) == 40
    assert mysql.execute_many("INSERT INTO wide VALUES (%s, %s)", rows) == 40
    assert mysql.execute_query("SELECT count(*), min(char_length(text)) FROM wide") == [(80, 2000)]


def test_a_row_larger_than_the_packet_is_said_and_nothing_is_kept(small_packets: int, connect: Connect) -> None:
    mysql = connect()
    with pytest.raises(ValueError, match=r"row 2 takes .* max_allowed_packet \(65,536\)"):
        mysql.insert_rows("customers", [{"name": "Dan"}, {"name": "x" * small_packets}])
    assert names(mysql) == ["Ann", "Ben", "Cem"]


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("ignore", [(1, "Ann", 41), (2, "Ben", 19), (3, "Cem", 33), (4, "Dan", 1)]),
        ("replace", [(1, "Zoë", None), (2, "Ben", 19), (3, "Cem", 33), (4, "Dan", 1)]),
        ("update", [(1, "Zoë", None), (2, "Ben", 19), (3, "Cem", 33), (4, "Dan", 1)]),
    ],
)
def test_what_a_row_does_whose_key_is_there(mysql: MySQLModule, how: str, expected: list[tuple[Any, ...]]) -> None:
    rows = [{"id": 1, "name": "Zoë"}, {"id": 4, "name": "Dan", "age": 1}]
    assert mysql.insert_rows("customers", rows, on_duplicate=how) == 2
    assert mysql.execute_query("SELECT id, name, age FROM customers ORDER BY id") == expected
    assert one(mysql, "SELECT country FROM customers WHERE id = 1") == (None if how == "replace" else "USA")


def test_a_duplicate_is_an_error_by_default_and_keeps_nothing(mysql: MySQLModule) -> None:
    with pytest.raises(errors.IntegrityError, match="Duplicate"):
        mysql.insert_rows("customers", [(4, "Dan", 1, "x"), (1, "Zoë", 1, "x")])
    assert names(mysql) == ["Ann", "Ben", "Cem"]


@pytest.mark.parametrize("wrong", [{"on_duplicate": "merge"}, {"on_duplicate": "update"}])
def test_a_wrong_wish_for_duplicates_is_said(mysql: MySQLModule, wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="on_duplicate"):
        mysql.insert_rows("customers", [(1, "Zoë", 1, "x")], **wrong)


@pytest.mark.parametrize(
    "query",
    [
        "REPLACE INTO customers (id, name) VALUES (%s, %s)",
        "INSERT INTO customers (id, name) VALUES (%s, %s) ON DUPLICATE KEY UPDATE name = VALUES(name)",
        "UPDATE customers SET id = %s WHERE name = %s",
    ],
    ids=["replace", "on duplicate", "row by row"],
)
def test_many_rows_are_in_as_few_statements_as_can_be(
    mariadb_server: MariaDBServer, mysql: MySQLModule, query: str
) -> None:
    rows = [(n, f"name {n}") for n in range(1, 2501)]
    before = questions(mysql)
    assert mysql.execute_many(query, rows) >= 0
    sent = questions(mysql) - before
    assert sent > 2500 if query.startswith("UPDATE") else sent < 20


def questions(mysql: MySQLModule) -> int:
    """How many statements this session has sent."""
    found = mysql.execute_query("SHOW SESSION STATUS LIKE 'Questions'")
    assert isinstance(found, Rows)
    return int(found[0][1])


@pytest.mark.parametrize("given", ["tuples", "dicts", "rows", "generator"])
def test_rows_of_any_shape_go_in(mysql: MySQLModule, given: str) -> None:
    data: dict[str, Any] = {
        "tuples": [(4, "Dan", 5, None)],
        "dicts": [{"name": "Dan", "age": 5}],
        "rows": Rows([("Dan", 5)], ("name", "age")),
        "generator": ((4, name, 5, None) for name in ["Dan"]),
    }
    assert mysql.insert_rows("customers", data[given]) == 1
    assert mysql.execute_query("SELECT name, age FROM customers WHERE id = 4") == [("Dan", 5)]


def test_no_rows_are_no_statement(mysql: MySQLModule, announced: list[Effect]) -> None:
    assert mysql.insert_rows("customers", []) == 0
    assert mysql.execute_many("INSERT INTO customers (name) VALUES (%s)", []) == 0
    assert announced == []


def test_a_data_frame_goes_in_and_comes_out(mysql: MySQLModule) -> None:
    pandas = pytest.importorskip("pandas")
    mysql.execute_query(
        "CREATE TABLE readings (`Order ID` int, at datetime(6), value double, note text, total decimal(8, 2))",
        fetch=False,
    )
    frame = pandas.DataFrame(
        {
            "Order ID": [1, 2],
            "at": [datetime(2026, 1, 1, 1, 2, 3, 4), pandas.NaT],
            "value": [1.5, math.nan],
            "note": ["🎉", None],
            "total": [Decimal("1.10"), None],
        }
    )
    assert mysql.insert_rows("readings", frame) == 2
    found = mysql.read_frame("SELECT * FROM readings ORDER BY 1")
    assert list(found["Order ID"]) == [1, 2]
    assert found["at"][0] == datetime(2026, 1, 1, 1, 2, 3, 4)
    assert found["total"][0] == Decimal("1.10")
    assert found.iloc[1][["at", "value", "note", "total"]].isna().all()
