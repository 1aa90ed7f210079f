"""Large queries by ADBC: the frame is the one that comes without it, and nothing is read there that would differ."""

from __future__ import annotations

import os
import re
import signal
import threading
from collections.abc import Callable

import pandas as pd
import psycopg2
import pytest
from aibasic.modules.postgres import arrow
from aibasic.modules.postgres.module import PostgresModule

from tests.modules.conftest import Connect
from tests.servers.postgres import PostgresServer

VALUES = {
    "smallint": "7::smallint",
    "integer": "-2147483648",
    "bigint": "9007199254740993",
    "numeric": "12.50::numeric(10,2)",
    "whole numeric": "1e30::numeric",
    "numeric NaN": "'NaN'::numeric",
    "float8": "0.1::float8",
    "float8 infinity": "'-infinity'::float8",
    "float4": "1.1::float4",
    "boolean": "true",
    "text": "E'tab\\there, \"quotes\", Zoë\\n'",
    "empty text": "''",
    "char(4)": "'ab'::char(4)",
    "varchar": "'ab'::varchar(4)",
    "name": "'n'::name",
    "date": "date '2026-02-01'",
    "timestamp": "timestamp '2026-02-01 12:00:00.000001'",
    "timestamptz": "timestamptz '2026-07-01 12:00+02'",
    "time": "time '12:30'",
    "interval": "interval '1 day 2 seconds'",
    "bytea": "'\\x00ff'::bytea",
    "json": "'{\"a\": [1, null]}'::json",
    "jsonb": "'[1.5]'::jsonb",
    "uuid": "'12345678-1234-1234-1234-123456789012'::uuid",
    "array of integers": "'{{1,2},{3,NULL}}'::int[]",
    "array of numerics": "'{1.50,NULL}'::numeric[]",
    "array of texts": "'{a,\"b,c\"}'::text[]",
    "money": "5::money",
}
ELSEWHERE = {
    "point": "point(1,2)",
    "inet": "inet '10.0.0.1'",
    "infinite date": "date 'infinity'",
    "infinite timestamp": "timestamp '-infinity'",
}
"""What ADBC has no fit form for."""


@pytest.fixture
def by_arrow(monkeypatch: pytest.MonkeyPatch, postgres_server: PostgresServer) -> Callable[[], int]:
    """Has small results come by ADBC too; tells how many have."""
    monkeypatch.setattr(arrow, "WORTH_BYTES", 0)
    before = sent_in_binary(postgres_server)
    return lambda: sent_in_binary(postgres_server) - before


def sent_in_binary(server: PostgresServer) -> int:
    """How many queries the server has carried out for ADBC."""
    return len(re.findall(r"LOG:  execute <unnamed>: COPY (?:(?!LOG:).)*?\(FORMAT binary\)", server.log, re.DOTALL))


def both_ways(pg: PostgresModule, query: str, monkeypatch: pytest.MonkeyPatch) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The frame by ADBC, and the one that comes where it is not installed."""
    with_it = pg.read_frame(query)
    monkeypatch.setattr(pg._arrow, "_usable", False)
    return with_it, pg.read_frame(query)


def assert_same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(one, other)
    for column in one.columns:
        assert list(map(type, one[column])) == list(map(type, other[column])), column


def table_of(values: dict[str, str]) -> str:
    columns = ", ".join(f'{value} AS "{name}"' for name, value in values.items())
    missing = ", ".join(f'CASE WHEN n = 1 THEN "{name}" END AS "{name}"' for name in values)
    return f"SELECT {missing} FROM (SELECT {columns}) AS one, generate_series(1, 2) AS n ORDER BY n"


@pytest.mark.parametrize("nulls", [True, False], ids=["NULLs", "no NULL"])
def test_every_value_and_type_is_the_same(
    nulls: bool, pg: PostgresModule, by_arrow: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    query = table_of(VALUES) if nulls else f"SELECT * FROM ({table_of(VALUES)}) AS rows LIMIT 1"
    with_it, without = both_ways(pg, query, monkeypatch)
    assert by_arrow() == 1
    assert_same(with_it, without)
    assert list(with_it.columns) == list(VALUES)


def test_times_are_told_in_the_sessions_zone(
    pg: PostgresModule, by_arrow: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    pg.execute_query("ALTER ROLE CURRENT_USER SET timezone = 'Europe/Rome'", fetch=False)
    try:
        pg.close_all_connections()
        with_it, without = both_ways(pg, table_of(VALUES), monkeypatch)
    finally:
        pg.execute_query("ALTER ROLE CURRENT_USER RESET timezone", fetch=False)
    assert by_arrow() == 1
    assert str(with_it["timestamptz"].dtype) == "datetime64[us, Europe/Rome]"
    assert_same(with_it, without)


@pytest.mark.parametrize("kind", ELSEWHERE)
def test_what_adbc_does_not_hold_comes_the_other_way(
    kind: str, pg: PostgresModule, by_arrow: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_same(*both_ways(pg, f"SELECT 1 AS one, {ELSEWHERE[kind]} AS other, generate_series(1, 2)", monkeypatch))


def test_no_rows_have_their_columns(
    pg: PostgresModule, by_arrow: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with_it, without = both_ways(pg, f"SELECT * FROM ({table_of(VALUES)}) AS rows LIMIT 0", monkeypatch)
    assert (by_arrow(), len(with_it), list(with_it.columns)) == (1, 0, list(without.columns))


@pytest.mark.parametrize(
    "state",
    [
        "BEGIN; INSERT INTO customers (name) VALUES ('Dee')",
        "CREATE TEMP TABLE customers AS SELECT 'Dee' AS name FROM generate_series(1, 4)",
        "SELECT set_config('search_path', 'elsewhere', false)",
        "DO $$ BEGIN EXECUTE 'SET search_path TO elsewhere'; END $$",
    ],
)
def test_a_connection_with_something_on_it_reads_by_itself(
    state: str, pg: PostgresModule, by_arrow: Callable[[], int]
) -> None:
    pg.execute_query("CREATE SCHEMA IF NOT EXISTS elsewhere", fetch=False)
    pg.execute_query("DROP TABLE IF EXISTS elsewhere.customers", fetch=False)
    pg.execute_query("CREATE TABLE elsewhere.customers AS SELECT 'Dee' AS name FROM generate_series(1, 4)", fetch=False)
    pg.execute_query(state, fetch=False)
    assert (len(pg.read_frame("SELECT name FROM customers")), by_arrow()) == (4, 0)
    pg.execute_query("ROLLBACK", fetch=False)


def test_small_results_are_not_worth_another_connection(pg: PostgresModule, postgres_server: PostgresServer) -> None:
    before = sent_in_binary(postgres_server)
    assert len(pg.read_frame("SELECT * FROM customers")) == 3
    assert sent_in_binary(postgres_server) == before


def test_a_query_that_writes_does_so_once(pg: PostgresModule, by_arrow: Callable[[], int]) -> None:
    pg.execute_query(
        "CREATE FUNCTION added() RETURNS int LANGUAGE sql AS "
        "$$ INSERT INTO orders (customer_id) VALUES (7) RETURNING customer_id $$",
        fetch=False,
    )
    assert pg.read_frame("SELECT added() AS made FROM (SELECT 1) AS once")["made"].tolist() == [7]
    assert (pg.execute_query("SELECT count(*) FROM orders"), by_arrow()) == ([(1,)], 1)


def test_an_error_is_as_the_server_words_it(pg: PostgresModule, by_arrow: Callable[[], int]) -> None:
    with pytest.raises(psycopg2.errors.DivisionByZero, match="division by zero"):
        pg.read_frame("SELECT 1 / (n - 3) AS x FROM generate_series(1, 5) AS n")
    assert (pg.execute_query("SELECT 1"), by_arrow()) == ([(1,)], 1)


def test_too_many_rows_are_refused(
    pg: PostgresModule, by_arrow: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pg, "max_rows", 10)
    with pytest.raises(RuntimeError, match="10"):
        pg.read_frame("SELECT n FROM generate_series(1, 11) AS n")
    assert by_arrow() == 1


def test_the_limits_of_the_section_hold(connect: Connect, by_arrow: Callable[[], int]) -> None:
    alone = connect(MAX_CONNECTIONS=1)
    assert (len(alone.read_frame("SELECT n FROM generate_series(1, 3) AS n")), by_arrow()) == (3, 0)
    slow = connect(STATEMENT_TIMEOUT=0.2)
    with pytest.raises(psycopg2.errors.QueryCanceled):
        slow.read_frame("SELECT pg_sleep(60)::text AS slept FROM (SELECT 1) AS once")
    assert by_arrow() == 1


def test_the_other_connection_has_the_same_tls(
    connect: Connect, by_arrow: Callable[[], int], postgres_server: PostgresServer
) -> None:
    pg = connect(HOST="localhost", SSLMODE="verify-full", SSL_CA_CERT=postgres_server.ca)
    query = (
        "SELECT ssl, application_name FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE pid = pg_backend_pid()"
    )
    assert pg.read_frame(query).to_numpy().tolist() == [[True, "aibasic"]]
    assert by_arrow() == 1


def test_where_it_cannot_connect_the_query_comes_the_other_way(
    connect: Connect, by_arrow: Callable[[], int], postgres_server: PostgresServer
) -> None:
    postgres_server.sql(
        "shop", "DROP ROLE IF EXISTS single; CREATE ROLE single LOGIN PASSWORD 'sEcret!1' CONNECTION LIMIT 1"
    )
    pg = connect(USER="single", PASSWORD="sEcret!1")
    refused = postgres_server.log.count("too many connections for role")
    for _ in range(2):
        assert len(pg.read_frame("SELECT n FROM generate_series(1, 3) AS n")) == 3
    assert postgres_server.log.count("too many connections for role") == refused + 1
    assert by_arrow() == 0
    assert "sEcret!1" not in f"{pg._arrow!r} {vars(pg._arrow)}"


def test_an_interrupt_ends_the_query_on_the_server(
    pg: PostgresModule, by_arrow: Callable[[], int], postgres_server: PostgresServer
) -> None:
    running = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'COPY%(FORMAT binary)'"

    def stop() -> None:
        while postgres_server.sql("shop", running).strip() == "0":
            pass
        os.kill(os.getpid(), signal.SIGINT)

    stopping = threading.Thread(target=stop)
    stopping.start()
    with pytest.raises(KeyboardInterrupt, match=r"stopped after [0-9,]+ B had been read"):
        pg.read_frame("SELECT n, pg_sleep(0.001)::text FROM generate_series(1, 1000000) AS n")
    stopping.join()
    assert pg.execute_query("SELECT 1") == [(1,)]
    while postgres_server.sql("shop", running).strip() != "0":
        pass
    assert pg.get_pool_status()["open"] == 1
    assert by_arrow() == 1
