"""MySQLModule's values both ways, and its results."""

from __future__ import annotations

import json
import math
import uuid
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest
from aibasic.modules import MySQLModule
from aibasic.modules.effects import Effect
from aibasic.modules.results import TooManyRows
from mysql.connector import errors

from tests.modules.mysql_module.shared import Connect, names, one
from tests.servers.mariadb import MariaDBServer

STORED = [
    ("varchar(60)", "emoji 🎉, 'quotes' and C:\\new %s", "emoji 🎉, 'quotes' and C:\\new %s"),
    ("varchar(60)", uuid.UUID(int=7), "00000000-0000-0000-0000-000000000007"),
    ("text", None, None),
    ("int", True, 1),
    ("bigint unsigned", 2**64 - 1, 2**64 - 1),
    ("double", 0.1 + 0.2, 0.1 + 0.2),
    ("double", math.nan, None),
    ("decimal(30, 10)", Decimal("12345678901234567890.0000000001"), Decimal("12345678901234567890.0000000001")),
    ("date", date(2026, 2, 28), date(2026, 2, 28)),
    ("datetime(6)", datetime(2026, 2, 28, 1, 2, 3, 4), datetime(2026, 2, 28, 1, 2, 3, 4)),
    ("datetime", datetime(2026, 2, 28), datetime(2026, 2, 28)),
    ("time(6)", timedelta(hours=-100, microseconds=5), timedelta(hours=-100, microseconds=5)),
    ("time", time(23, 59, 58), timedelta(hours=23, minutes=59, seconds=58)),
    ("blob", bytes(range(256)), bytes(range(256))),
    ("json", {"name": "Zoë", "tags": [1, None]}, '{"name": "Zoë", "tags": [1, null]}'),
    ("bit(8)", 5, 5),
    ("set('a', 'b')", "a,b", {"a", "b"}),
]


@pytest.mark.parametrize(("type_", "value", "expected"), STORED, ids=[row[0] + f" {n}" for n, row in enumerate(STORED)])
@pytest.mark.parametrize("way", ["statement", "rows"])
def test_a_value_goes_in_and_comes_out(
    mysql: MySQLModule, type_: str, value: object, expected: object, way: str
) -> None:
    mysql.execute_query(f"CREATE TABLE held (value {type_})", fetch=False)
    if way == "rows":
        mysql.insert_rows("held", [(value,)])
    else:
        mysql.execute_query("INSERT INTO held VALUES (%s)", (value,), fetch=False)
    assert one(mysql, "SELECT value FROM held") == expected
    assert type(one(mysql, "SELECT value FROM held")) is type(expected)


def test_values_of_numpy_and_pandas_are_those_of_python(mysql: MySQLModule) -> None:
    numpy, pandas = pytest.importorskip("numpy"), pytest.importorskip("pandas")
    values = (
        numpy.int64(3),
        numpy.float32(1.5),
        numpy.bool_(True),
        pandas.NaT,
        pandas.NA,
        pandas.Timestamp("2026-01-02"),
    )
    expected = [(3, Decimal("1.5"), 1, None, None, "2026-01-02 00:00:00")]
    assert mysql.execute_query("SELECT %s, %s, %s, %s, %s, %s", values) == expected


@pytest.mark.parametrize(
    ("query", "params", "expected"),
    [
        ("SELECT 'a%' LIKE 'a%'", None, 1),
        ("SELECT 7 %% 4 + %s", (0,), 3),
        ("SELECT 7 % 4 + %s", (0,), 3),
        ("SELECT 'x%%s' = %s", ("x%s",), 1),
        ("SELECT %(a)s + %(a)s * %(b)s %% 5", {"a": 2, "b": 3}, 3),
        ("SELECT 3 IN %s", ([1, 2, 3],), 1),
        ("SELECT 3 IN %s", ([],), None),
        ("SELECT %s = 'a\\\\b'", ("a\\b",), 1),
    ],
)
def test_parameters_take_their_places(mysql: MySQLModule, query: str, params: object, expected: object) -> None:
    assert one(mysql, query, params) == expected


def test_a_backslash_is_itself_where_the_session_says_so(mysql: MySQLModule) -> None:
    mysql.execute_query("SET sql_mode = 'NO_BACKSLASH_ESCAPES'", fetch=False)
    assert one(mysql, "SELECT %s", ("it's C:\\new",)) == "it's C:\\new"


@pytest.mark.parametrize(
    ("query", "params", "said"),
    [
        ("SELECT %s, %s", (1,), "1 parameters for 2 places"),
        ("SELECT %s", (1, 2), "2 parameters for 1 places"),
        ("SELECT %(a)s", {"b": 1}, r"no parameter for %\(a\)s"),
        ("SELECT %s", 5, r"not int: one is written \(value,\)"),
        ("SELECT %s", (object(),), "builtins.object"),
        ("SELECT %s", (datetime(2026, 1, 1, tzinfo=timezone.utc),), "no zone"),
        ("SELECT %s", (math.inf,), "infinite"),
    ],
)
def test_wrong_parameters_are_said_before_anything_is_sent(
    mysql: MySQLModule, announced: list[Effect], query: str, params: object, said: str
) -> None:
    with pytest.raises(errors.ProgrammingError, match=said):
        mysql.execute_query(query, params)
    assert announced == []


@pytest.mark.parametrize("charset", ["latin1", "utf8mb4"])
def test_texts_are_right_in_the_charset_of_the_connection_also_after_it_was_reset(
    connect: Connect, charset: str
) -> None:
    mysql = connect(CHARSET=charset)
    text = "Zoë's" if charset == "latin1" else "Zoë's 🎉"
    mysql.release_connection(mysql.get_connection())
    connection = mysql.get_connection()
    cursor = connection.cursor()
    cursor.execute("INSERT INTO customers (name) VALUES (%s)", (text,))
    cursor.execute(f"INSERT INTO customers (name) VALUES ('{text.replace(chr(39), chr(39) * 2)}')")
    connection.commit()
    mysql.release_connection(connection)
    assert names(mysql)[3:] == [text, text]
    assert one(mysql, "SELECT max(char_length(name)) FROM customers") == len(text)


def test_a_collation_is_the_connections(connect: Connect) -> None:
    assert one(connect(), "SELECT 'a' = 'A'") == 1
    assert one(connect(COLLATION="utf8mb4_bin"), "SELECT 'a' = 'A'") == 0


@pytest.mark.parametrize("wrong", [{"COLLATION": "utf8mb4_none"}, {"CHARSET": "none"}])
def test_an_unknown_charset_or_collation_is_said(connect: Connect, wrong: dict[str, str]) -> None:
    with pytest.raises(RuntimeError, match="are CHARSET and COLLATION right"):
        connect(**wrong)


def test_json_comes_out_as_text_that_is_json(mysql: MySQLModule) -> None:
    mysql.execute_query("CREATE TABLE documents (document json)", fetch=False)
    mysql.execute_query("INSERT INTO documents VALUES (%s)", ({"a": [1, "it's \\ 🎉"]},), fetch=False)
    assert json.loads(one(mysql, "SELECT document FROM documents")) == {"a": [1, "it's \\ 🎉"]}
    assert one(mysql, "SELECT json_value(document, '$.a[1]') FROM documents") == "it's \\ 🎉"


def test_the_last_result_of_several_statements_counts(mysql: MySQLModule) -> None:
    assert mysql.execute_query("SELECT 1; SELECT 2, 3; DELETE FROM customers WHERE age < 20") == [(2, 3)]
    assert names(mysql) == ["Ann", "Cem"]


def test_an_error_in_a_later_statement_is_said_and_the_next_call_is_right(mysql: MySQLModule) -> None:
    with pytest.raises(errors.ProgrammingError, match="nowhere"):
        mysql.execute_query("DELETE FROM customers WHERE name = 'Ann'; SELECT * FROM nowhere; SELECT 1")
    assert names(mysql) == ["Ben", "Cem"]


def test_a_statement_without_a_result_gives_how_many_rows_it_affected(mysql: MySQLModule) -> None:
    assert mysql.execute_query("UPDATE customers SET age = 1 WHERE country = 'USA'") == 2
    assert mysql.execute_query("SELECT 1", fetch=False) == 1


def test_rows_come_as_dicts(mysql: MySQLModule) -> None:
    assert mysql.execute_query_dict("SELECT name, age FROM customers WHERE id = %s", (1,)) == [
        {"name": "Ann", "age": 41}
    ]


PROCEDURES = """
CREATE PROCEDURE report(IN least int, OUT people int, INOUT label varchar(60))
BEGIN
    SELECT name FROM customers WHERE age >= least ORDER BY id;
    SELECT country, count(*) FROM customers GROUP BY country ORDER BY country;
    SELECT count(*) INTO people FROM customers WHERE age >= least;
    SET label = concat(label, ' 🎉');
END;
"""


def test_a_procedure_gives_all_its_results_and_its_arguments(mysql: MySQLModule) -> None:
    mysql.execute_query(PROCEDURES, fetch=False)
    found = mysql.call_procedure("report", (30, None, "it's"))
    assert found == [("Ann",), ("Cem",)]
    assert found.columns == ("name",)
    assert found.results == [[("Ann",), ("Cem",)], [("Italy", 1), ("USA", 2)]]
    assert found.args == (30, 2, "it's 🎉")
    assert mysql.execute_query("SELECT 1") == [(1,)]


def test_a_procedure_without_a_result_gives_no_rows(mysql: MySQLModule) -> None:
    mysql.execute_query("CREATE PROCEDURE clear_out() DELETE FROM customers", fetch=False)
    assert mysql.call_procedure("clear_out") == []
    assert names(mysql) == []


def test_too_many_rows_end_the_query_on_the_server(mariadb_server: MariaDBServer, connect: Connect) -> None:
    mysql = connect("[aibasic]\nMAX_ROWS = 1000\n")
    with pytest.raises(TooManyRows):
        mysql.execute_query("SELECT seq /* endless */ FROM seq_1_to_100000000000")
    running = "SELECT count(*) FROM information_schema.processlist WHERE info LIKE '%endless%' AND user = 'svc'"
    assert mariadb_server.sql(running).strip() == "0"
    assert mysql.execute_query("SELECT 1") == [(1,)]
