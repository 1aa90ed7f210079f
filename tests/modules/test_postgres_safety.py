"""What one statement, thread or interrupt must not do to the next."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg2
import pytest
from aibasic.modules import PostgresModule
from aibasic.modules.effects import Effect
from aibasic.modules.postgres.driver import Connection
from aibasic.modules.results import TooManyRows

from aibasic_kernel.testing import eventually
from aibasic_kernel.testing.fault_proxy import FaultProxy
from tests.modules.conftest import Connect
from tests.servers.postgres import PostgresServer

COUNTING = """
CREATE SEQUENCE calls;
CREATE FUNCTION fails(how text) RETURNS int LANGUAGE plpgsql AS $$ BEGIN
  PERFORM nextval('calls');
  IF how = 'raise' THEN RAISE SQLSTATE '42601' USING MESSAGE = 'syntax error, says a function'; END IF;
  IF how = 'execute' THEN EXECUTE 'SELEC 1'; END IF;
  IF how = 'parse' THEN RETURN length(to_tsquery('a b')::text); END IF;
  RETURN 1;
END $$;
"""


def interrupted_when(condition: Callable[[], bool], work: Callable[[], object]) -> None:
    """Do `work`, and interrupt it as soon as `condition` holds."""

    def stop() -> None:
        assert eventually(condition)
        os.kill(os.getpid(), signal.SIGINT)

    stopping = threading.Thread(target=stop)
    stopping.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            work()
    finally:
        stopping.join()


def runs(server: PostgresServer, marker: str) -> Callable[[], bool]:
    """Whether a statement with that marker runs."""
    query = (
        "SELECT count(*) FROM pg_stat_activity "
        f"WHERE state = 'active' AND query LIKE '%{marker}%' AND pid <> pg_backend_pid()"
    )
    return lambda: server.sql(server.database, query).strip() == "1"


@pytest.mark.parametrize(
    "query",
    ["SELECT fails('raise')", "SELECT fails('execute')", "SELECT nextval('calls'), to_tsquery(name) FROM customers"],
)
def test_a_query_whose_function_raises_a_syntax_error_is_sent_once(query: str, pg: PostgresModule) -> None:
    pg.execute_query(COUNTING, fetch=False)
    pg.execute_query("UPDATE customers SET name = 'a b'", fetch=False)
    with pytest.raises(psycopg2.errors.SyntaxError):
        pg.execute_query(query)
    assert pg.execute_query("SELECT last_value FROM calls") == [(1,)]


def test_an_error_of_the_parser_speaks_of_the_query_alone(pg: PostgresModule) -> None:
    for query, place in (
        ("SELECT * FROM customers WHERE", "at end of input"),
        ("SELECT name,\n FROM customers", "LINE 2:"),
    ):
        with pytest.raises(psycopg2.errors.SyntaxError, match=place) as failure:
            pg.execute_query(query)
        assert "LIMIT" not in str(failure.value) and "result" not in str(failure.value)


@pytest.mark.parametrize("behind", ["; -- all", " /* all; */ ;", "  -- 50%%"])
def test_max_rows_bounds_queries_with_comments_behind(behind: str, connect: Connect) -> None:
    pg = connect("\n[aibasic]\nMAX_ROWS = 2\n")
    pg.execute_query("DROP SEQUENCE IF EXISTS seen; CREATE SEQUENCE seen", fetch=False)
    for value in (1, "x" * 200_000):
        with pytest.raises(TooManyRows):
            pg.execute_query(
                f"SELECT nextval('seen') FROM generate_series(1, 1000) WHERE %s IS NOT NULL{behind}", (value,)
            )
    assert pg.execute_query("SELECT last_value FROM seen") == [(6,)]


def test_large_values_are_no_words_of_a_statement(pg: PostgresModule, announced: list[Effect]) -> None:
    value = "'; SET work_mem = '8MB'; CREATE TEMP TABLE left_behind AS SELECT 1; --" * 3000
    assert pg.execute_query("SELECT length(%s) FROM customers LIMIT 1", (value,)) == [(len(value),)]
    assert pg.get_pool_status()["session"] == ""
    assert value.replace("'", "''") in announced[-1].statement


def test_a_named_cursor_gives_all_rows_in_turn(pg: PostgresModule) -> None:
    conn = pg.get_connection()
    with conn.cursor("named") as cursor:
        cursor.itersize = 2
        cursor.execute("SELECT name FROM customers ORDER BY name")
        assert [name for (name,) in cursor] == ["Ann", "Ben", "Cem"]
    pg.release_connection(conn)


def test_after_an_interrupt_while_connecting_the_next_call_connects(
    postgres_server: PostgresServer, connect: Connect
) -> None:
    with FaultProxy(postgres_server.port) as proxy:
        pg = connect(HOST="127.0.0.1", PORT=proxy.port, TIMEOUT="20")
        pg.close_all_connections()
        proxy.deaf = True
        before = proxy.accepted
        interrupted_when(lambda: proxy.accepted > before, lambda: pg.execute_query("SELECT 1"))
        proxy.deaf = False
        assert pg.execute_query("SELECT 2") == [(2,)]
        # One is the session's; the other still hangs, and nobody has waited for it.
        assert pg.get_pool_status()["in_use"] == 2
        assert pg.execute_query("SELECT 3") == [(3,)]


@pytest.mark.parametrize(
    ("name", "work"),
    [
        (None, lambda cursor: cursor.execute("SELECT pg_sleep(60) /* of a cursor */")),
        (None, lambda cursor: cursor.executemany("SELECT pg_sleep(%s) /* of a cursor */", [(60,)])),
        ("named", lambda cursor: (cursor.execute("SELECT pg_sleep(60) /* of a cursor */"), cursor.fetchall())),
        ("named", lambda cursor: (cursor.execute("SELECT pg_sleep(60) /* of a cursor */"), list(cursor))),
    ],
)
def test_cursors_of_connections_are_announced_and_end_with_an_interrupt(
    name: str | None, work: Any, pg: PostgresModule, postgres_server: PostgresServer, announced: list[Effect]
) -> None:
    conn = pg.get_connection()
    marker = "of a cursor" if name is None else "FETCH"
    with conn.cursor(name) as cursor:
        interrupted_when(runs(postgres_server, marker), lambda: work(cursor))
    conn.rollback()
    with conn.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchall() == [(1,)]
    pg.release_connection(conn)
    assert any("pg_sleep" in effect.statement for effect in announced)
    assert not runs(postgres_server, marker)()


@pytest.mark.parametrize(
    "statement",
    [
        "SET work_mem = '9MB'",
        "CREATE TEMP TABLE left_behind AS SELECT 1",
        "DO $$ BEGIN EXECUTE 'SET work_mem = ''9MB'''; CREATE TEMP TABLE left_behind (a int); END $$",
        "CALL leave()",
        "CREATE TABLE pg_temp.left_behind (a int)",
    ],
)
def test_threads_leave_nothing_on_a_connection_to_each_other(statement: str, connect: Connect) -> None:
    pg = connect(MAX_CONNECTIONS=2)
    pg.execute_query(
        "CREATE OR REPLACE PROCEDURE leave() LANGUAGE sql AS $$ SELECT set_config('work_mem', '9MB', false) $$",
        fetch=False,
    )
    found = "SELECT pg_backend_pid(), current_setting('work_mem'), to_regclass('pg_temp.left_behind')"

    def one_after_another(query: str) -> Any:
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(pg.execute_query, query).result()

    ((pid, before, _),) = one_after_another(found)
    one_after_another(statement)
    assert one_after_another(found) == [(pid, before, None)]


def test_a_connection_given_back_twice_at_once_is_lent_once(
    pg: PostgresModule, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = [True]
    renew = Connection.renew

    def meanwhile(connection: Connection) -> bool:
        if again.pop():
            again.append(False)
            pg.release_connection(connection)
        return renew(connection)

    monkeypatch.setattr(Connection, "renew", meanwhile)
    pg.release_connection(pg.get_connection())
    first, second = pg.get_connection(), pg.get_connection()
    assert first is not second
    monkeypatch.undo()
    for taken in (first, second):
        pg.release_connection(taken)


def test_who_waits_for_a_connection_is_told_that_all_is_closed(connect: Connect) -> None:
    pg = connect(MAX_CONNECTIONS=1, TIMEOUT="30")
    conn = pg.get_connection()
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(pg.get_connection)
        assert eventually(lambda: bool(pg.get_pool_status()["waiting"]))
        pg.close()
        with pytest.raises(RuntimeError, match="closed for good"):
            waiting.result()
    assert conn.closed
    assert pg.get_pool_status()["open"] == 0


def test_what_is_said_in_and_after_a_block_that_failed(pg: PostgresModule) -> None:
    with pytest.raises(psycopg2.errors.UndefinedTable, match="rolled back where its block ends"), pg.transaction():
        pg.execute_query("SELECT * FROM nothing")
    with pytest.raises(RuntimeError, match="was rolled back when its block failed"):
        pg.rollback()
    pg.execute_query("SELECT 1")
    with pytest.raises(RuntimeError, match="each statement was committed as it ran"):
        pg.rollback()
    pg.begin()
    with pytest.raises(psycopg2.errors.UndefinedTable, match="Roll back ends it"):
        pg.execute_query("SELECT * FROM nothing")
    pg.rollback()


def test_a_block_inside_a_transaction_leaves_that_alone(pg: PostgresModule) -> None:
    with pg.transaction():
        pg.execute_query("DELETE FROM customers", fetch=False)
        with pytest.raises(RuntimeError, match="transaction open since"), pg.transaction():
            pass
        with pytest.raises(psycopg2.errors.UndefinedTable, match="rolled back where its block ends"):
            pg.execute_query("SELECT * FROM nothing")
        pg.rollback()
    assert pg.execute_query("SELECT count(*) FROM customers") == [(3,)]


def test_an_interrupt_behind_begin_leaves_no_transaction_open(
    pg: PostgresModule, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = pg._session.run

    def stopped_behind(query: Any, *others: Any) -> Any:
        done = run(query, *others)
        if query == "BEGIN":
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(pg._session, "run", stopped_behind)
    with pytest.raises(KeyboardInterrupt), pg.transaction():
        pass
    assert pg.state() == ""


def test_a_transaction_that_an_interrupt_aborted_says_so(pg: PostgresModule, postgres_server: PostgresServer) -> None:
    marker = "interrupted in a transaction"
    pg.begin()
    interrupted_when(runs(postgres_server, marker), lambda: pg.execute_query(f"SELECT pg_sleep(60) /* {marker} */"))
    with pytest.raises(psycopg2.errors.InFailedSqlTransaction):
        pg.execute_query("SELECT 1")
    assert pg.state().endswith(", aborted by an interrupt")
    with pytest.raises(RuntimeError, match="aborted by an interrupt in it: nothing of it was kept"):
        pg.commit()


@pytest.mark.parametrize(
    ("hit", "rows"), [("ROLLBACK", [(1, "x"), ("no number", "y")]), ("COMMIT", [(1, "x")]), ("RELEASE", [(1, "x")])]
)
@pytest.mark.parametrize("times", [1, 1000])
def test_a_cancellation_that_comes_late_leaves_no_transaction_behind(
    hit: str, times: int, rows: list[tuple[Any, str]], pg: PostgresModule, monkeypatch: pytest.MonkeyPatch
) -> None:
    send, begun = Connection.send, hit == "RELEASE"
    left = iter(range(times))

    undoing = (hit, "ROLLBACK") if times > 1 else (hit,)

    def cancelled(connection: Connection, statement: str) -> None:
        if statement.startswith(undoing) and next(left, None) is not None:
            raise psycopg2.errors.QueryCanceled("canceling statement due to user request")
        send(connection, statement)

    monkeypatch.setattr(Connection, "send", cancelled)
    if begun:
        pg.begin()
    with pytest.raises(psycopg2.Error):
        pg.copy_from("customers", rows, columns=["id", "name"])
    assert bool(pg.state()) is (begun and times == 1)
    assert pg.execute_query("SELECT count(*) FROM customers") == [(3,)]
