"""PostgresModule as programs use it."""

from __future__ import annotations

import io
import json
import uuid
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pandas as pd
import psycopg2
import psycopg2.extras
import pytest
from aibasic.modules import PostgresModule
from aibasic.modules.effects import Effect, Kind, listening
from aibasic.modules.results import Rows, TooManyRows

from tests.modules.conftest import Connect
from tests.servers.postgres import PostgresServer


def count(pg: PostgresModule, table: str = "customers") -> int:
    rows = pg.execute_query(f"SELECT count(*) FROM {table}")
    assert isinstance(rows, Rows)
    number: int = rows[0][0]
    return number


def test_the_guides_query_with_parameters(pg: PostgresModule) -> None:
    assert pg.execute_query("SELECT * FROM customers") == [
        (1, "Ann", 41, "USA"),
        (2, "Ben", 19, "USA"),
        (3, "Cem", 33, "Italy"),
    ]
    query = "SELECT * FROM customers WHERE age > %s AND country = %s"
    assert pg.execute_query(query, (25, "USA")) == [(1, "Ann", 41, "USA")]


def test_the_guides_insert_says_how_many_rows(pg: PostgresModule) -> None:
    assert pg.execute_query("INSERT INTO customers (name, age) VALUES (%s, %s)", ("Alice", 30), fetch=False) == 1
    assert pg.execute_query("UPDATE customers SET age = age + 1") == 4
    assert pg.execute_query("CREATE TABLE t (a int)") == 0


def test_the_guides_batch(pg: PostgresModule) -> None:
    rows = [("Alice", 30), ("Bob", 25), ("Charlie", 35)]
    assert pg.execute_many("INSERT INTO customers (name, age) VALUES (%s, %s)", rows) == 3
    assert count(pg) == 6


def test_the_guides_transaction_keeps_its_row(pg: PostgresModule) -> None:
    conn = pg.get_connection()
    try:
        cursor = conn.cursor()
        cursor.execute("BEGIN")
        cursor.execute("INSERT INTO orders (customer_id) VALUES (1)")
        cursor.execute("UPDATE customers SET age = age + 1 WHERE id = 1")
        conn.commit()
    finally:
        pg.release_connection(conn)
    assert count(pg, "orders") == 1


def test_an_insert_fetched_as_a_query_is_kept(pg: PostgresModule, postgres_server: PostgresServer) -> None:
    assert pg.execute_query("INSERT INTO orders (customer_id) VALUES (7) RETURNING customer_id") == [(7,)]
    assert postgres_server.sql(postgres_server.database, "SELECT count(*) FROM orders").strip() == "1"


def test_rows_make_a_frame_with_the_right_names(pg: PostgresModule) -> None:
    rows = pg.execute_query("SELECT name, age FROM customers ORDER BY age")
    assert isinstance(rows, Rows)
    assert list(pd.DataFrame(rows).columns) == ["name", "age"]
    empty = pg.execute_query("SELECT name, age FROM customers WHERE false")
    assert isinstance(empty, Rows)
    assert list(pd.DataFrame(empty, columns=empty.columns).columns) == ["name", "age"]


def test_values_arrive_as_psycopg2_gives_them(pg: PostgresModule) -> None:
    rows = pg.execute_query(
        "SELECT 12.50::numeric(10,2), NULL::int, '2026-01-02 03:04:05+02'::timestamptz, ARRAY[1, 2], "
        """'{"a": [1]}'::jsonb, '\\x00ff'::bytea, true, 'é', '2026-01-02'::date, '2 hours'::interval"""
    )
    assert isinstance(rows, Rows)
    row = [bytes(value) if isinstance(value, memoryview) else value for value in rows[0]]
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2)))
    assert row == [
        Decimal("12.50"), None, moment, [1, 2], {"a": [1]}, b"\x00\xff", True, "é", date(2026, 1, 2),
        timedelta(hours=2),
    ]  # fmt: skip


def test_parameters_may_be_json_uuid_numpy_and_missing_values(pg: PostgresModule) -> None:
    pg.execute_query("CREATE TABLE p (a jsonb, b uuid, c int, d float8, e bool, f timestamptz)")
    identity = uuid.uuid4()
    frame = pd.DataFrame({"c": [1, 2], "d": [1.5, None], "f": [pd.Timestamp("2026-01-02", tz="UTC"), pd.NaT]})
    values: list[tuple[Any, ...]] = [
        ({"k": 1}, identity, frame["c"].max(), frame["d"].max(), frame["c"].gt(1).any(), frame["f"].min()),
        (None, None, pd.NA, None, None, frame["f"].iloc[1]),
    ]
    pg.execute_many("INSERT INTO p VALUES (%s, %s, %s, %s, %s, %s)", values)
    moment = datetime(2026, 1, 2, tzinfo=timezone.utc)
    assert pg.execute_query("SELECT * FROM p") == [({"k": 1}, str(identity), 2, 1.5, True, moment), (None,) * 6]


def test_a_percent_sign_without_parameters_is_itself(pg: PostgresModule) -> None:
    assert pg.execute_query("SELECT name FROM customers WHERE name LIKE 'A%'") == [("Ann",)]
    assert pg.execute_query("SELECT name FROM customers WHERE name LIKE %s", ("%m",)) == [("Cem",)]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT 1;", "SELECT 1 -- why", "SELECT 1; -- why", "/* ; */ SELECT 1", "SELECT ';'", "VALUES (1), (2)",
        "TABLE customers",
        "(SELECT 1) UNION ALL (SELECT 2)", "WITH a AS (SELECT 1) SELECT * FROM a", "SELECT 1 AS x, 2 AS x",
        "SELECT * FROM customers FOR UPDATE", "SELECT 'a', NULL", "SELECT", "SHOW timezone", "EXPLAIN SELECT 1",
        "WITH a AS (INSERT INTO orders (customer_id) VALUES (1) RETURNING id) SELECT * FROM a",
        "SELECT name FROM customers ORDER BY age DESC", "SELECT 1; SELECT 2", "SELECT $$ ; insert $$", "SELECT E'\\';'",
        "INSERT INTO orders (customer_id) SELECT 1 RETURNING 5", "SELECT version() AS result",
    ],
)  # fmt: skip
def test_a_query_gives_the_columns_and_rows_that_the_bare_driver_gives(
    query: str, pg: PostgresModule, postgres_server: PostgresServer
) -> None:
    bare = psycopg2.connect(
        host=postgres_server.host, port=postgres_server.port, dbname=postgres_server.database,
        user=postgres_server.user, password=postgres_server.password,
    )  # fmt: skip
    cursor = bare.cursor()
    cursor.execute(query)
    expected = cursor.fetchall(), tuple(column.name for column in cursor.description or ())
    bare.rollback()
    bare.close()
    pg.execute_query("ALTER SEQUENCE orders_id_seq RESTART; TRUNCATE orders", fetch=False)
    rows = pg.execute_query(query)
    assert isinstance(rows, Rows)
    if "RETURNING id" not in query:
        assert list(rows) == expected[0]
    assert rows.columns == expected[1]


def test_a_result_beyond_max_rows_is_an_error_with_the_ways_out(connect: Connect) -> None:
    pg = connect("[aibasic]\nMAX_ROWS = 1000\n")
    assert len(pg.execute_query("SELECT generate_series(1, 1000)")) == 1000  # type: ignore[arg-type]
    with pytest.raises(
        TooManyRows, match=r"more than 1,000 rows \(MAX_ROWS\): add a LIMIT or a condition, .* raise MAX_ROWS"
    ):
        pg.execute_query("SELECT generate_series(1, 1000000000000)")
    assert pg.execute_query("SELECT 1") == [(1,)]


def test_max_rows_raised_in_the_file_holds_at_the_next_from_config(connect: Connect) -> None:
    pg = connect("[aibasic]\nMAX_ROWS = 10\n")
    assert connect("[aibasic]\nMAX_ROWS = 20\n") is pg
    assert len(pg.execute_query("SELECT generate_series(1, 20)")) == 20  # type: ignore[arg-type]


def test_an_error_keeps_the_drivers_class_message_and_caret(pg: PostgresModule) -> None:
    with pytest.raises(psycopg2.errors.UndefinedColumn) as caught:
        pg.execute_query("SELECT name,\n  agge\nFROM customers")
    assert str(caught.value) == (
        'column "agge" does not exist\nLINE 2:   agge\n          ^\n'
        'HINT:  Perhaps you meant to reference the column "customers.age".'
    )
    with pytest.raises(psycopg2.errors.SyntaxError, match="syntax error at end of input\nLINE 1: SELECT \\* FROM"):
        pg.execute_query("SELECT * FROM")
    assert pg.execute_query("SELECT 1") == [(1,)]


def test_a_transaction_lives_from_call_to_call(pg: PostgresModule) -> None:
    pg.begin()
    assert pg.state().startswith("transaction open since ")
    pg.execute_query("DELETE FROM customers", fetch=False)
    assert count(pg) == 0
    pg.rollback()
    assert (pg.state(), count(pg)) == ("", 3)
    pg.execute_query("BEGIN")
    assert pg.state()
    pg.execute_query("DELETE FROM customers WHERE id = 1", fetch=False)
    pg.commit()
    assert (pg.state(), count(pg)) == ("", 2)


def test_a_failed_statement_aborts_the_transaction_and_says_so(pg: PostgresModule) -> None:
    pg.begin()
    pg.execute_query("DELETE FROM customers", fetch=False)
    with pytest.raises(psycopg2.errors.UndefinedTable, match="The transaction is aborted"):
        pg.execute_query("SELECT * FROM nowhere")
    assert "aborted by an error" in pg.state()
    with pytest.raises(psycopg2.errors.InFailedSqlTransaction, match="Roll back ends it"):
        pg.execute_query("SELECT 1")
    with pytest.raises(RuntimeError, match="nothing of it was kept"):
        pg.commit()
    assert (pg.state(), count(pg)) == ("", 3)


def test_the_transaction_block_keeps_all_or_nothing(pg: PostgresModule) -> None:
    with pg.transaction():
        pg.execute_query("DELETE FROM customers WHERE id = 1", fetch=False)
    with pytest.raises(ZeroDivisionError), pg.transaction():
        pg.execute_query("DELETE FROM customers", fetch=False)
        raise ZeroDivisionError
    assert (pg.state(), count(pg)) == ("", 2)


def test_an_open_transaction_can_be_ended_with_a_message(pg: PostgresModule) -> None:
    assert pg.end_transaction() == ""
    pg.begin()
    pg.execute_query("DELETE FROM customers", fetch=False)
    assert pg.end_transaction().startswith("postgres: transaction open since ")
    assert (pg.state(), count(pg)) == ("", 3)


def test_wrong_order_in_transactions_is_said(pg: PostgresModule) -> None:
    for end in (pg.commit, pg.rollback):
        with pytest.raises(RuntimeError, match="no transaction is open: each statement was committed as it ran"):
            end()
    pg.begin()
    with pytest.raises(RuntimeError, match="commit it or roll it back first"):
        pg.begin()


@pytest.mark.parametrize("open_transaction", [False, True])
@pytest.mark.parametrize(
    "query",
    [
        "INSERT INTO customers (id, name) VALUES (%s, %s)",
        "UPDATE customers SET id = %s WHERE name = %s AND 1/(3 - length(name)) = 0",
    ],
)
def test_execute_many_is_all_or_nothing(query: str, open_transaction: bool, pg: PostgresModule) -> None:
    pg.execute_query("CREATE UNIQUE INDEX ON customers (id)")
    if open_transaction:
        pg.begin()
    with pytest.raises(psycopg2.Error):
        pg.execute_many(query, [(10, "Anna"), (11, "Bertil"), (10, "Ann")])
    assert pg.execute_query("SELECT id FROM customers ORDER BY id") == [(1,), (2,), (3,)]
    assert bool(pg.state()) is open_transaction


@pytest.mark.parametrize(
    ("query", "rows", "affected"),
    [
        ("INSERT INTO customers (name, age) VALUES (%(name)s, %(age)s)", [{"name": "x", "age": 1}] * 2500, 2500),
        ("INSERT INTO customers VALUES (%s, upper(%s)) RETURNING id", [(9, "a"), (10, "b")], 2),
        ("INSERT INTO customers (name) SELECT %s", [("a",), ("b",)], 2),
        ("INSERT INTO customers (name, country) VALUES (%s, ')')", [("a",), ("b",)], 2),
        ("UPDATE customers SET age = %s WHERE country = %s", [(1, "USA"), (2, "Italy"), (3, "Chile")], 3),
        ("DELETE FROM customers WHERE id = %s", [(1,), (2,), (99,)], 2),
        ("INSERT INTO customers (name) VALUES (%s)", [], 0),
    ],
)
def test_execute_many_counts_the_rows_affected(query: str, rows: list[Any], affected: int, pg: PostgresModule) -> None:
    assert pg.execute_many(query, rows) == affected


def test_execute_many_upserts_as_row_after_row_would(pg: PostgresModule) -> None:
    pg.execute_query("CREATE TABLE stock (item text PRIMARY KEY, n int)")
    query = "INSERT INTO stock VALUES (%s, %s) ON CONFLICT (item) DO UPDATE SET n = stock.n + excluded.n"
    assert pg.execute_many(query, [("a", 1), ("b", 1), ("a", 5)]) == 3
    assert pg.execute_query("SELECT * FROM stock ORDER BY item") == [("a", 6), ("b", 1)]


def statements(effects: list[Effect]) -> list[str]:
    return [effect.statement for effect in effects if effect.kind is Kind.STATEMENT]


def test_everything_is_announced_as_the_server_logs_it(
    pg: PostgresModule, postgres_server: PostgresServer, announced: list[Effect]
) -> None:
    conn = pg.get_connection()
    logged = len(postgres_server.log)
    pg.execute_query("DELETE FROM customers WHERE name = %s", ("O'Brien",), fetch=False)
    cursor = conn.cursor()
    cursor.execute("SELECT %s", (1,))
    cursor.executemany("INSERT INTO orders (customer_id) VALUES (%s)", [(1,), (2,)])
    rows = conn.cursor(cursor_factory=psycopg2.extras.RealDictCursor)
    rows.execute("SELECT 'dict' AS a")
    assert rows.fetchall() == [{"a": "dict"}]
    psycopg2.extras.execute_values(cursor, "INSERT INTO orders (customer_id) VALUES %s", [(3,), (4,)])
    cursor.callproc("upper", ("a",))
    sent = [
        line.partition("statement: ")[2]
        for line in postgres_server.log[logged:].splitlines()
        if "statement: " in line and not line.endswith("BEGIN")
    ]
    pg.release_connection(conn)
    assert sent == statements(announced)[: len(sent)]
    assert len(sent) == 7
    assert {effect.service for effect in announced} == {"postgres"}
    assert {effect.instance for effect in announced} == {f"svc@127.0.0.1:{postgres_server.port}/shop"}


class Refused(BaseException):
    """What an engine raises to stop an effect."""


def test_a_refused_effect_does_not_happen(pg: PostgresModule) -> None:
    def refuse(effect: Effect) -> None:
        raise Refused

    conn = pg.get_connection()
    with listening(refuse):
        for attempt in (
            lambda: pg.execute_query("DELETE FROM customers", fetch=False),
            lambda: pg.execute_many("DELETE FROM customers WHERE id = %s", [(1,)]),
            lambda: conn.cursor().execute("DELETE FROM customers"),
            lambda: conn.cursor().copy_expert("COPY customers FROM STDIN", None),
        ):
            with pytest.raises(Refused):
                attempt()
    pg.release_connection(conn)
    assert count(pg) == 3


def test_describe_tells_tables_columns_keys_and_comments(pg: PostgresModule) -> None:
    pg.execute_query(
        """
        CREATE SCHEMA IF NOT EXISTS hidden; DROP TABLE IF EXISTS hidden.item;
        CREATE TABLE hidden.item ("Key" int PRIMARY KEY);
        CREATE TYPE mood AS ENUM ('ok', 'bad');
        CREATE TABLE "Sales" (id int PRIMARY KEY, item int REFERENCES hidden.item, price numeric(10,2) NOT NULL,
            at timestamptz, feels mood, flag boolean, tags text[], UNIQUE (item, at));
        COMMENT ON TABLE "Sales" IS 'what was sold'; COMMENT ON COLUMN "Sales".price IS 'in euro';
        CREATE VIEW dear AS SELECT * FROM "Sales";
        """,
        fetch=False,
    )
    tables = pg.describe()
    assert set(tables) == {"customers", "orders", '"Sales"', "dear", "hidden.item"}
    sales = tables['"Sales"']
    assert (sales.kind, sales.comment, sales.primary_key, sales.unique) == (
        "table", "what was sold", ("id",), (("item", "at"),),
    )  # fmt: skip
    assert [(key.columns, key.target, key.target_columns) for key in sales.foreign_keys] == [
        (("item",), "hidden.item", ("Key",))
    ]
    assert [(c.name, c.type, c.kind, c.nullable) for c in sales.columns] == [
        ("id", "integer", "number", False), ("item", "integer", "number", True),
        ("price", "numeric(10,2)", "number", False),
        ("at", "timestamp with time zone", "time", True), ("feels", "mood", "text", True),
        ("flag", "boolean", "boolean", True), ("tags", "text[]", "other", True),
    ]  # fmt: skip
    assert sales.columns[2].comment == "in euro"
    assert tables["dear"].kind == "view"
    pg.execute_query("DROP SCHEMA hidden CASCADE")


def test_describe_is_kept_until_a_statement_may_have_changed_the_tables(pg: PostgresModule) -> None:
    before = pg.describe()
    pg.execute_query("INSERT INTO orders (customer_id) VALUES (1)")
    pg.execute_query("UPDATE customers SET name = 'create table'")
    assert pg.describe() is before
    pg.execute_query("CREATE TABLE extra (a int)")
    assert "extra" in pg.describe()
    pg.begin()
    pg.execute_query("CREATE TEMP TABLE passing (a int)")
    assert "passing" in pg.describe()
    pg.rollback()
    assert "passing" not in pg.describe()
    conn = pg.get_connection()
    conn.cursor().execute("ALTER TABLE extra ADD b int")
    assert len(pg.describe()["extra"].columns) == 1
    conn.commit()
    assert len(pg.describe()["extra"].columns) == 2
    pg.release_connection(conn)


def test_readonly_is_enforced_by_the_server(connect: Connect) -> None:
    pg = connect(READONLY="true")
    with pytest.raises(psycopg2.errors.ReadOnlySqlTransaction):
        pg.execute_query("CREATE TABLE t (a int)")
    assert json.dumps(pg.execute_query("SELECT 1")) == "[[1]]"


@pytest.mark.parametrize(
    "statement",
    [
        "SET default_transaction_read_only = off",
        'SET SESSION "transaction_read_only" TO off',
        "BEGIN READ WRITE",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ /* */ WRITE",
        "DO $$ BEGIN EXECUTE 'SET default_transaction' || '_read_only = off'; COMMIT; CREATE TABLE t (a int); END $$",
        "SELECT set_config('default_transaction' || '_read_only', 'off', false); COMMIT; CREATE TABLE t (a int)",
        "COPY (SELECT 1) TO PROGRAM 'cat > /dev/null'",
        "copy customers to E'/dev/null'",
        "ALTER SYSTEM SET work_mem = '5MB'",
        "SELECT 1; NOTIFY anybody",
        "SELECT pg_catalog.lo_from_bytea(0, 'x')",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity",
        "SELECT * FROM dblink('', 'DELETE FROM t') AS d(a int)",
    ],
)
def test_readonly_is_not_lifted_by_a_statement(connect: Connect, statement: str) -> None:
    pg = connect(READONLY="true")
    with pytest.raises(PermissionError, match="READONLY"):
        pg.execute_query(statement, fetch=False)
    connection = pg.get_connection()
    with pytest.raises(PermissionError, match="READONLY"):
        connection.cursor().execute(statement)
    with pytest.raises(PermissionError, match="READONLY"):
        connection.set_session(readonly=False)
    with pytest.raises(PermissionError, match="READONLY"):
        connection.readonly = False
    with pytest.raises(PermissionError, match="READONLY"):
        connection.lobject(0, "w")
    with pytest.raises(psycopg2.errors.ReadOnlySqlTransaction):
        connection.cursor().execute("CREATE TABLE t (a int)")
    pg.release_connection(connection)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT set_config('work_mem', '5MB', false)",
        "COPY (SELECT 1) TO STDOUT",
        "SELECT 'copy t to program', 'pg_notify(1)' AS \"lo_put(\"",
        "SELECT pg_sleep(0), lo_get(0) FROM pg_class WHERE false",
    ],
)
def test_under_readonly_what_reads_goes_on(connect: Connect, statement: str) -> None:
    pg = connect(READONLY="true")
    connection = pg.get_connection()
    cursor = connection.cursor()
    cursor.copy_expert(statement, io.StringIO()) if "STDOUT" in statement else cursor.execute(statement)
    pg.release_connection(connection)


def test_a_session_that_came_to_write_is_closed(connect: Connect) -> None:
    pg = connect(READONLY="true")
    pg.execute_query(r'SET U&"default_transaction\005fread_only" = off', fetch=False)
    with pytest.raises(PermissionError, match="could write"):
        pg.execute_query("CREATE TABLE t (a int)", fetch=False)
    with pytest.raises(psycopg2.OperationalError, match="lost"):
        pg.execute_query("SELECT 1")
    with pytest.raises(psycopg2.errors.ReadOnlySqlTransaction):
        pg.execute_query("CREATE TABLE t (a int)", fetch=False)


def test_a_statement_timeout_ends_a_statement(connect: Connect) -> None:
    pg = connect(STATEMENT_TIMEOUT="0.05")
    with pytest.raises(psycopg2.errors.QueryCanceled, match="statement timeout"):
        pg.execute_query("SELECT pg_sleep(30)")
