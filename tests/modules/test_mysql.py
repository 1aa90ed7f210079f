"""MySQLModule over the real MariaDB: values both ways, results, rows in bulk, streams, transactions, interrupts."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from aibasic.modules import MySQLModule
from aibasic.modules.effects import Effect, listening
from aibasic.modules.results import Rows, TooManyRows
from mysql import connector
from mysql.connector import errors

from aibasic_kernel.testing import eventually
from tests.servers.mariadb import MariaDBServer

Connect = Callable[..., MySQLModule]

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


def names(mysql: MySQLModule) -> list[str]:
    found = mysql.execute_query("SELECT name FROM customers ORDER BY id")
    assert isinstance(found, Rows)
    return [name for (name,) in found]


def one(mysql: MySQLModule, query: str, params: object = None) -> Any:
    found = mysql.execute_query(query, params)
    assert isinstance(found, Rows)
    return found[0][0]


# Values.


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


# Results.


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


# Rows in bulk.


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


# Streams.


def test_a_stream_larger_than_memory_is_read_flat(mysql: MySQLModule) -> None:
    import tracemalloc

    tracemalloc.start()
    peaks = []
    for count in (20_000, 200_000):
        tracemalloc.reset_peak()
        rows = mysql.stream(f"SELECT seq, repeat('x', 100) FROM seq_1_to_{count}", chunk=1000)
        assert sum(len(portion) for portion in rows) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5


@pytest.mark.parametrize("within", [False, True], ids=["alone", "in a transaction"])
def test_a_stream_that_is_stopped_half_way_ends_on_the_server(
    mariadb_server: MariaDBServer, mysql: MySQLModule, within: bool
) -> None:
    if within:
        mysql.begin()
        mysql.execute_query("INSERT INTO customers (name) VALUES ('Dan')", fetch=False)
    rows = mysql.stream("SELECT seq /* endless */ FROM seq_1_to_100000000000", chunk=10)
    assert next(rows)[0] == (1,)
    rows.close()
    running = "SELECT count(*) FROM information_schema.processlist WHERE info LIKE '%endless%' AND user = 'svc'"
    assert mariadb_server.sql(running).strip() == "0"
    assert len(names(mysql)) == (4 if within else 3)
    if within:
        mysql.rollback()
        assert len(names(mysql)) == 3


def test_while_a_stream_reads_in_a_transaction_nothing_else_is_asked_and_nothing_is_lost(mysql: MySQLModule) -> None:
    mysql.begin()
    mysql.execute_query("INSERT INTO customers (name) VALUES ('Dan')", fetch=False)
    rows = mysql.stream("SELECT seq FROM seq_1_to_1000000", chunk=10)
    next(rows)
    with pytest.raises(RuntimeError, match="still being read"):
        mysql.execute_query("SELECT 1")
    assert mysql.probe("SELECT 1", 1) is None
    assert "customers" in mysql.describe(refresh=True)
    assert next(rows)[0] == (11,)
    rows.close()
    mysql.commit()
    assert names(mysql)[3:] == ["Dan"]


def test_the_end_of_a_transaction_ends_its_stream(mysql: MySQLModule) -> None:
    mysql.begin()
    rows = mysql.stream("SELECT seq FROM seq_1_to_1000000", chunk=10)
    next(rows)
    assert "rolled back" in mysql.end_transaction()
    with pytest.raises(errors.OperationalError):
        next(rows)
    assert mysql.execute_query("SELECT 1") == [(1,)]


def test_beside_a_stream_other_statements_run(mysql: MySQLModule) -> None:
    for rows in mysql.stream("SELECT id FROM customers ORDER BY id", chunk=1):
        mysql.execute_query("UPDATE customers SET age = 0 WHERE id = %s", rows[0], fetch=False)
    assert one(mysql, "SELECT sum(age) FROM customers") == 0


@pytest.mark.parametrize("chunk", [0, -1])
def test_a_portion_has_rows(mysql: MySQLModule, chunk: int) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        next(mysql.stream("SELECT 1", chunk=chunk))


# What lives on the connection.


def test_temporary_tables_and_settings_live_from_line_to_line(mysql: MySQLModule) -> None:
    mysql.execute_query("CREATE TEMPORARY TABLE passing AS SELECT 1 AS a", fetch=False)
    mysql.execute_query("SET @mine = 7, SESSION group_concat_max_len = 2048", fetch=False)
    mysql.insert_rows("passing", [(2,)])
    assert mysql.execute_query("SELECT group_concat(a), @mine, @@group_concat_max_len FROM passing") == [
        ("1,2", 7, 2048)
    ]


def test_what_was_lost_with_a_connection_is_said_once(mariadb_server: MariaDBServer, mysql: MySQLModule) -> None:
    mysql.execute_query("CREATE TEMPORARY TABLE passing (a int)", fetch=False)
    mysql.execute_query("SET @mine = 1", fetch=False)
    kill_connections(mariadb_server)
    with pytest.raises(errors.OperationalError, match=r"SET mine, temporary table passing\. Nothing was sent"):
        mysql.execute_query("DELETE FROM customers")
    assert len(names(mysql)) == 3


def test_a_look_up_keeps_what_was_lost_for_the_users_next_call(
    mariadb_server: MariaDBServer, mysql: MySQLModule
) -> None:
    mysql.begin()
    mysql.execute_query("INSERT INTO customers (name) VALUES ('Dan')", fetch=False)
    kill_connections(mariadb_server)
    assert "customers" in mysql.describe(refresh=True)
    with pytest.raises(errors.OperationalError, match=r"the open transaction\. Nothing was sent"):
        mysql.execute_query("INSERT INTO customers (name) VALUES ('Eve')", fetch=False)
    assert len(names(mysql)) == 3


def kill_connections(server: MariaDBServer) -> None:
    of_ours = "FROM information_schema.processlist WHERE user = 'svc'"
    for connection in server.sql(f"SELECT id {of_ours}").split():
        server.sql(f"KILL {connection}")
    assert eventually(lambda: server.sql(f"SELECT count(*) {of_ours}").strip() == "0")


def test_what_defines_commits_the_transaction_and_says_so(mysql: MySQLModule) -> None:
    mysql.begin()
    mysql.execute_query("INSERT INTO customers (name) VALUES ('Dan')", fetch=False)
    with pytest.warns(UserWarning, match="CREATE TABLE has committed"):
        mysql.execute_query("CREATE TABLE notes (note text)", fetch=False)
    assert mysql.state() == ""
    with pytest.raises(RuntimeError, match="no transaction is open"):
        mysql.rollback()
    assert names(mysql)[3:] == ["Dan"]


def test_a_transaction_in_sql_and_one_by_method_are_the_same(mysql: MySQLModule) -> None:
    mysql.execute_query("START TRANSACTION", fetch=False)
    with pytest.raises(RuntimeError, match="transaction open since"):
        mysql.begin()
    mysql.execute_query("DELETE FROM customers", fetch=False)
    mysql.execute_query("ROLLBACK", fetch=False)
    assert mysql.state() == ""
    with mysql.transaction():
        mysql.execute_query("DELETE FROM customers WHERE id = 1", fetch=False)
    with pytest.raises(ZeroDivisionError), mysql.transaction():
        mysql.execute_query("DELETE FROM customers", fetch=False)
        raise ZeroDivisionError
    assert names(mysql) == ["Ben", "Cem"]


def test_a_deadlock_says_that_the_transaction_is_over(mysql: MySQLModule) -> None:
    other = mysql.get_connection()
    cursor = other.cursor()
    mysql.begin()
    mysql.execute_query("UPDATE customers SET age = 1 WHERE id = 1", fetch=False)
    cursor.execute("UPDATE customers SET age = age + 1 WHERE id IN (2, 3)")
    waiting = threading.Thread(target=lambda: cursor.execute("UPDATE customers SET age = 2 WHERE id = 1"))
    waiting.start()
    locked = "SELECT count(*) FROM information_schema.processlist WHERE state = 'Updating' AND info LIKE '%age = 2%'"
    third = mysql.get_connection()
    asking = third.cursor()
    assert eventually(lambda: asking.execute(locked) or asking.fetchone() == (1,))
    with pytest.raises(errors.Error, match="rolled back the whole transaction"):
        mysql.execute_query("UPDATE customers SET age = 3 WHERE id = 2", fetch=False)
    waiting.join()
    assert mysql.state() == ""


def test_a_connection_that_was_given_back_is_as_a_new_one(connect: Connect) -> None:
    mysql = connect(MAX_CONNECTIONS=1, STATEMENT_TIMEOUT=30)
    connection = mysql.get_connection()
    cursor = connection.cursor()
    cursor.execute("SET @mine = 1, SESSION max_statement_time = 0")
    cursor.execute("CREATE TEMPORARY TABLE passing (a int)")
    cursor.execute("DELETE FROM customers")
    mysql.release_connection(connection)
    assert mysql.execute_query("SELECT @mine, @@max_statement_time, count(*) FROM customers") == [(None, 30.0, 3)]
    with pytest.raises(errors.ProgrammingError, match="passing"):
        mysql.execute_query("SELECT * FROM passing")


def test_a_connection_is_given_back_once(mysql: MySQLModule) -> None:
    connection = mysql.get_connection()
    mysql.release_connection(connection)
    mysql.release_connection(connection)
    first, second = mysql.get_connection(), mysql.get_connection()
    assert first is not second


def test_a_connection_of_another_is_not_taken(mariadb_server: MariaDBServer, mysql: MySQLModule) -> None:
    foreign = connector.connect(unix_socket=str(mariadb_server.socket), user="svc", password=mariadb_server.password)
    with pytest.raises(ValueError, match="not from get_connection"):
        mysql.release_connection(foreign)
    foreign.close()


@pytest.mark.parametrize(
    "statement",
    [
        "SET SESSION sort_buffer_size = @@global.sort_buffer_size",
        "SELECT 'flush; kill 1', 'into outfile' AS `set global`",
        "SELECT max(name) INTO @global FROM customers",
    ],
)
def test_under_readonly_what_reads_goes_on(connect: Connect, statement: str) -> None:
    connect(READONLY="true").execute_query(statement, fetch=statement.startswith("SELECT '"))


@pytest.mark.parametrize("again", [False, True], ids=["new", "given back"])
def test_read_only_is_refused_by_the_server(connect: Connect, again: bool) -> None:
    mysql = connect(READONLY="true", MAX_CONNECTIONS=1)
    if again:
        mysql.release_connection(mysql.get_connection())
    for statement in ("DELETE FROM customers", "CREATE TABLE notes (note text)"):
        with pytest.raises(errors.Error, match="READ ONLY"):
            mysql.execute_query(statement, fetch=False)
    assert len(names(mysql)) == 3


@pytest.mark.parametrize(
    "statement",
    [
        "SET SESSION TRANSACTION READ WRITE",
        "SET @@session.tx_read_only = 0",
        "SET /*!50000 SESSION TRANSACTION READ */ WRITE",
        "SET STATEMENT tx_read_only=0 FOR DELETE FROM customers",
        "EXECUTE IMMEDIATE CONCAT('SET tx_read', '_only=0')",
        "SELECT name FROM customers INTO OUTFILE '/tmp/customers'",
        "SET @@session.sort_buffer_size = 1, GLOBAL max_connections = 9",
        "set @@global.read_only = 0",
        "SELECT 1; FLUSH TABLES",
        "PURGE BINARY LOGS BEFORE now()",
        "KILL 1",
    ],
)
def test_read_only_is_not_lifted_by_a_statement(connect: Connect, statement: str) -> None:
    mysql = connect(READONLY="true")
    with pytest.raises(PermissionError, match="READONLY"):
        mysql.execute_query(statement, fetch=False)
    connection = mysql.get_connection()
    with pytest.raises(PermissionError, match="READONLY"):
        connection.cursor().execute(statement)
    with pytest.raises(PermissionError, match="READONLY"):
        connection.start_transaction(readonly=False)
    connection.cmd_reset_connection()
    with pytest.raises(errors.Error, match="READ ONLY"):
        connection.cursor().execute("DELETE FROM customers")
    mysql.release_connection(connection)


def test_a_statement_ends_after_its_time(connect: Connect) -> None:
    mysql = connect(STATEMENT_TIMEOUT="0.1")
    with pytest.raises(errors.Error, match="max_statement_time"):
        mysql.execute_query("SELECT sleep(60)")
    assert mysql.execute_query("SELECT 1") == [(1,)]


@pytest.mark.parametrize("how", ["statement", "rows", "stream"])
def test_an_interrupt_ends_the_work_on_the_server(mariadb_server: MariaDBServer, mysql: MySQLModule, how: str) -> None:
    calls: dict[str, Callable[[], object]] = {
        "statement": lambda: mysql.execute_query("SELECT sleep(60) /* endless */"),
        "rows": lambda: mysql.execute_many("UPDATE customers SET age = sleep(30) + %s /* endless */", [(1,)] * 9),
        "stream": lambda: list(mysql.stream("SELECT sleep(60) /* endless */")),
    }
    running = "SELECT count(*) FROM information_schema.processlist WHERE info LIKE '%endless%' AND user = 'svc'"

    def interrupt() -> None:
        if eventually(lambda: mariadb_server.sql(running).strip() == "1"):
            os.kill(os.getpid(), signal.SIGINT)

    interrupting = threading.Thread(target=interrupt)
    interrupting.start()
    with pytest.raises(KeyboardInterrupt):
        calls[how]()
    interrupting.join()
    assert eventually(lambda: mariadb_server.sql(running).strip() == "0")
    assert mysql.execute_query("SELECT min(age) FROM customers") == [(19,)]


# Configuration.


def test_the_socket_of_this_machine_serves(mariadb_server: MariaDBServer, connect: Connect) -> None:
    mysql = connect(HOST=None, PORT=None, SOCKET=mariadb_server.socket)
    assert mysql.execute_query("SELECT 1") == [(1,)]
    assert mysql.get_connection_info()["host"] == str(mariadb_server.socket)
    kill_connections(mariadb_server)
    assert mysql.execute_query("SELECT 2") == [(2,)]


def test_user_and_password_may_stand_in_the_option_file(
    mariadb_server: MariaDBServer, connect: Connect, clean_environment: Path
) -> None:
    (clean_environment / ".my.cnf").write_text(f"[client]\nuser = svc\npassword = '{mariadb_server.password}'\n")
    assert one(connect(USER=None, PASSWORD=None), "SELECT current_user()") == "svc@%"


def test_without_its_part_in_c_the_driver_does_the_same_and_says_so(
    mariadb_server: MariaDBServer, connect: Connect, tmp_path: Path
) -> None:
    connect()
    program = """
import sys, warnings
sys.modules["_mysql_connector"] = None
from aibasic.modules import MySQLModule
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    mysql = MySQLModule.from_config(sys.argv[1])
print(caught[0].message)
mysql.begin()
mysql.execute_query("INSERT INTO customers (name) VALUES (%s)", ("\\U0001f389",), fetch=False)
print(mysql.state()[:16])
mysql.rollback()
mysql.insert_rows("customers", [{"name": "Zo\\u00eb\\\\'s"}])
print([len(rows) for rows in mysql.stream("SELECT name FROM customers", chunk=3)])
print(ascii(mysql.execute_query("SELECT name, 1.50, now() > 0 FROM customers WHERE id > 4")))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "aibasic.conf")], capture_output=True, text=True, check=True
    )
    warned, state, portions, rows = done.stdout.splitlines()
    assert "without its part in C" in warned
    assert "pip install" in warned
    assert (state, portions) == ("transaction open", "[3, 1]")
    assert rows == ascii([("Zoë\\'s", Decimal("1.50"), 1)])
    assert done.stderr == ""


def test_a_session_loads_the_part_in_c_before_a_program_can_be_in_its_way(connect: Connect, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    connect()
    program = """
import sys
if sys.argv[1] == "session":
    from aibasic_kernel.session.session import Session
    Session({}, {}).read_configuration()
import pyarrow, pandas, warnings
from aibasic.modules import MySQLModule
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    mysql = MySQLModule.from_config()
print(*(one.message for one in caught), mysql.execute_query("SELECT 1"))
"""

    def said(first: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", program, first], capture_output=True, text=True, check=True, cwd=tmp_path
        )
        return done.stdout

    assert said("session").split() == ["1", "-", "1", "1", "row"]
    late = said("nothing")
    assert "without its part in C" not in late or "import mysql.connector before pandas and pyarrow" in late


# Cursors that are handed out.


@pytest.mark.parametrize("how", [{}, {"dictionary": True}, {"prepared": True}, {"buffered": False}])
def test_cursors_of_every_kind_announce_and_work(
    mysql: MySQLModule, announced: list[Effect], how: dict[str, bool]
) -> None:
    connection = mysql.get_connection()
    cursor = connection.cursor(**how)
    cursor.execute("SELECT name FROM customers WHERE age > %s ORDER BY id", (30,))
    expected: list[Any] = [("Ann",), ("Cem",)]
    assert cursor.fetchall() == ([{"name": name} for (name,) in expected] if "dictionary" in how else expected)
    mysql.release_connection(connection)
    assert len(announced) == 1
    assert announced[0].statement.startswith("SELECT name FROM customers WHERE age > ")


def test_a_procedure_by_cursor_is_announced_once_as_a_call(mysql: MySQLModule, announced: list[Effect]) -> None:
    mysql.execute_query("CREATE PROCEDURE add_up(IN a int, OUT b int) SET b = a + 1", fetch=False)
    connection = mysql.get_connection()
    del announced[:]
    assert tuple(connection.cursor().callproc("add_up", (1, 0))) == (1, 2)
    mysql.release_connection(connection)
    assert [effect.statement for effect in announced] == ["CALL add_up(1, 0)"]


def test_json_comes_out_as_text_that_is_json(mysql: MySQLModule) -> None:
    mysql.execute_query("CREATE TABLE documents (document json)", fetch=False)
    mysql.execute_query("INSERT INTO documents VALUES (%s)", ({"a": [1, "it's \\ 🎉"]},), fetch=False)
    assert json.loads(one(mysql, "SELECT document FROM documents")) == {"a": [1, "it's \\ 🎉"]}
    assert one(mysql, "SELECT json_value(document, '$.a[1]') FROM documents") == "it's \\ 🎉"


def test_an_interrupt_behind_begin_leaves_no_transaction_open(
    mysql: MySQLModule, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = mysql._session.run

    def stopped_behind(query: Any, *others: Any, **more: Any) -> Any:
        done = run(query, *others, **more)
        if query == "START TRANSACTION":
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(mysql._session, "run", stopped_behind)
    with pytest.raises(KeyboardInterrupt), mysql.transaction():
        pass
    assert mysql.state() == ""


@pytest.mark.parametrize(
    ("hit", "rows"), [("ROLLBACK", [(1, "x"), ("no number", "y")]), ("COMMIT", [(1, "x")]), ("RELEASE", [(1, "x")])]
)
@pytest.mark.parametrize("times", [1, 1000])
def test_a_cancellation_that_comes_late_leaves_no_transaction_behind(
    hit: str, times: int, rows: list[tuple[Any, str]], mysql: MySQLModule, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, begun = names(mysql), hit == "RELEASE"
    kind: Any = type(mysql._session.ready())
    send, left = kind.send, iter(range(times))
    undoing = (hit, "ROLLBACK") if times > 1 else (hit,)

    def cancelled(connection: Any, statement: str) -> None:
        if statement.startswith(undoing) and next(left, None) is not None:
            raise errors.DatabaseError("Query execution was interrupted", errno=1317)
        send(connection, statement)

    monkeypatch.setattr(kind, "send", cancelled)
    if begun:
        mysql.begin()
    with pytest.raises(errors.Error):
        mysql.insert_rows("customers", rows, columns=["age", "name"])
    monkeypatch.undo()
    assert ("transaction open" in mysql.state()) is (begun and times == 1)
    assert names(mysql) == before


def test_a_block_inside_a_transaction_leaves_that_alone(mysql: MySQLModule) -> None:
    with mysql.transaction():
        mysql.execute_query("DELETE FROM customers", fetch=False)
        with pytest.raises(RuntimeError, match="transaction open since"), mysql.transaction():
            pass
        mysql.rollback()
    assert len(names(mysql)) == 3


def test_what_an_interrupted_statement_left_is_known_once_it_ended(
    mariadb_server: MariaDBServer, mysql: MySQLModule
) -> None:
    running = "SELECT count(*) FROM information_schema.processlist WHERE info LIKE '%sleep(60)%' AND user = 'svc'"

    def interrupt() -> None:
        if eventually(lambda: mariadb_server.sql(running).strip() == "1"):
            os.kill(os.getpid(), signal.SIGINT)

    interrupting = threading.Thread(target=interrupt)
    interrupting.start()
    with pytest.raises(KeyboardInterrupt):
        mysql.execute_query("START TRANSACTION; DELETE FROM customers; SELECT sleep(60)")
    interrupting.join()
    mysql.execute_query("SELECT 1")
    assert mysql.state().startswith("transaction open since")
    mysql.rollback()
    assert len(names(mysql)) == 3
