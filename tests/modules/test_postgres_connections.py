"""What PostgresModule does when servers restart, connections end, threads meet, processes fork and users press stop."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg2
import pytest
from aibasic.modules import PostgresModule

from aibasic_kernel.testing import eventually
from tests.modules.conftest import Connect
from tests.servers.postgres import PostgresServer


def sessions(server: PostgresServer) -> int:
    """How many sessions of modules the server has now."""
    return int(server.sql("postgres", "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'aibasic'"))


def test_the_server_may_be_killed_and_restarted_between_two_calls(
    pg: PostgresModule, postgres_server: PostgresServer
) -> None:
    assert pg.execute_query("SELECT 1") == [(1,)]
    postgres_server.kill()
    postgres_server.start()
    assert pg.execute_query("INSERT INTO orders (customer_id) VALUES (1)", fetch=False) == 1
    postgres_server.restart()
    conn = pg.get_connection()
    with conn.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM orders")
        assert cursor.fetchall() == [(1,)]
    pg.release_connection(conn)


def test_a_server_that_is_down_is_named_and_found_again(pg: PostgresModule, postgres_server: PostgresServer) -> None:
    postgres_server.stop()
    try:
        with pytest.raises(psycopg2.OperationalError, match=r"Connection refused(.|\n)*does it run"):
            pg.execute_query("SELECT 1")
    finally:
        postgres_server.start()
    assert pg.execute_query("SELECT 1") == [(1,)]


def end_sessions(server: PostgresServer) -> None:
    """End the modules' sessions as an administrator or a firewall would, and wait until they are gone."""
    server.sql("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'aibasic'")
    assert eventually(lambda: sessions(server) == 0)


@pytest.mark.parametrize(
    ("statement", "lost"),
    [
        ("BEGIN", "the open transaction"),
        ("CREATE TEMP TABLE passing (a int)", "temporary table passing"),
        ("CREATE TEMPORARY TABLE IF NOT EXISTS passing AS SELECT 1", "temporary table passing"),
        ("SET search_path TO public", "SET search_path"),
        ("SELECT pg_advisory_lock(1)", "an advisory lock"),
        ("PREPARE plan AS SELECT 1", "prepared statement plan"),
        ("LISTEN news", "LISTEN news"),
    ],
)
def test_state_that_went_with_a_connection_is_said_once(
    statement: str, lost: str, pg: PostgresModule, postgres_server: PostgresServer
) -> None:
    pg.execute_query(statement, fetch=False)
    end_sessions(postgres_server)
    with pytest.raises(psycopg2.OperationalError, match=f"was lost, and with it {lost}. Nothing was sent"):
        pg.execute_query("SELECT 1")
    assert (pg.execute_query("SELECT 1"), pg.state()) == ([(1,)], "")


LOOK_UPS: list[Callable[[PostgresModule], object]] = [
    lambda pg: pg.describe(refresh=True),
    lambda pg: pg.probe("SELECT 1", 1),
    lambda pg: pg.categories(pg.describe(refresh=True).values()),
]


@pytest.mark.parametrize("look_up", LOOK_UPS, ids=["describe", "probe", "categories"])
@pytest.mark.parametrize(
    "call",
    [
        lambda pg: pg.execute_query("INSERT INTO orders (customer_id) VALUES (2)", fetch=False),
        lambda pg: pg.execute_many("INSERT INTO orders (customer_id) VALUES (%s)", [(2,), (3,)]),
        lambda pg: pg.copy_from("orders", [(2, 2)]),
        lambda pg: list(pg.stream("SELECT 1")),
        lambda pg: pg.commit(),
        lambda pg: pg.rollback(),
        lambda pg: pg.begin(),
    ],
    ids=["run", "run many", "copy", "stream", "commit", "roll back", "begin"],
)
def test_a_look_up_keeps_a_lost_transaction_for_the_users_next_call(
    call: Callable[[PostgresModule], object],
    look_up: Callable[[PostgresModule], object],
    pg: PostgresModule,
    postgres_server: PostgresServer,
) -> None:
    pg.begin()
    pg.execute_query("INSERT INTO orders (customer_id) VALUES (1)", fetch=False)
    end_sessions(postgres_server)
    look_up(pg)
    look_up(pg)
    assert pg.state() == "the open transaction lost with the connection"
    with pytest.raises(psycopg2.OperationalError, match=r"and with it the open transaction\. Nothing was sent"):
        call(pg)
    assert (pg.execute_query("SELECT count(*) FROM orders"), pg.state()) == ([(0,)], "")


def test_a_transaction_that_ends_within_a_look_up_is_told_later(pg: PostgresModule) -> None:
    pg.begin()
    assert pg.probe("SELECT pg_terminate_backend(pg_backend_pid())", 1) is None
    with pytest.raises(psycopg2.OperationalError, match="and with it the open transaction"):
        pg.execute_query("INSERT INTO orders (customer_id) VALUES (2)", fetch=False)
    assert pg.execute_query("SELECT count(*) FROM orders") == [(0,)]


def test_an_interrupt_tells_of_what_a_look_up_found_lost(pg: PostgresModule, postgres_server: PostgresServer) -> None:
    pg.begin()
    end_sessions(postgres_server)
    pg.describe(refresh=True)
    assert "was lost, and with it the open transaction" in pg.end_transaction()
    assert pg.end_transaction() == ""


@pytest.mark.parametrize(
    "statements",
    [
        ["BEGIN", "COMMIT"],
        ["SET work_mem = '8MB'", "RESET work_mem"],
        ["CREATE TEMP TABLE a (b int)", "DROP TABLE a"],
        ["CREATE TEMP TABLE a (b int)", "SET work_mem = '8MB'", "DISCARD ALL"],
        ["UPDATE customers SET name = 'SET work_mem'"],
        ["BEGIN; SET LOCAL work_mem = '8MB'; COMMIT"],
    ],
)
def test_without_state_a_lost_connection_goes_unnoticed(
    statements: list[str], pg: PostgresModule, postgres_server: PostgresServer
) -> None:
    for statement in statements:
        pg.execute_query(statement, fetch=False)
    end_sessions(postgres_server)
    assert pg.execute_query("SELECT 1") == [(1,)]


def test_a_statement_lost_in_flight_is_not_sent_again(pg: PostgresModule, postgres_server: PostgresServer) -> None:
    sent = postgres_server.log.count("INSERT INTO orders (customer_id) SELECT 77")
    with pytest.raises(psycopg2.OperationalError, match="may or may not have been carried out: look before you run"):
        pg.execute_query("INSERT INTO orders (customer_id) SELECT 77 FROM pg_terminate_backend(pg_backend_pid())")
    assert postgres_server.log.count("statement: INSERT INTO orders (customer_id) SELECT 77") == sent + 1
    assert pg.execute_query("SELECT count(*) FROM orders") == [(0,)]


def test_settings_and_temporary_tables_live_from_call_to_call(pg: PostgresModule) -> None:
    pg.execute_query("CREATE TEMP TABLE passing AS SELECT 5 AS a")
    pg.execute_query("SET work_mem = '7MB'")
    assert pg.execute_query("SELECT a, current_setting('work_mem') FROM passing") == [(5, "7MB")]


def test_a_released_connection_leaves_nothing_to_the_next(connect: Connect) -> None:
    pg = connect(MAX_CONNECTIONS=1)
    conn = pg.get_connection()
    cursor = conn.cursor()
    cursor.execute("CREATE TEMP TABLE passing (a int); SET work_mem = '7MB'; SELECT pg_advisory_lock(9)")
    conn.commit()
    cursor.execute("CREATE TABLE never_committed (a int)")
    pg.release_connection(conn)
    again = pg.get_connection()
    assert (again is conn, again.autocommit) == (True, False)
    cursor = again.cursor()
    cursor.execute(
        "SELECT current_setting('work_mem'), to_regclass('passing'), to_regclass('never_committed'), "
        "(SELECT count(*) FROM pg_locks WHERE locktype = 'advisory')"
    )
    assert cursor.fetchall() == [("4MB", None, None, 0)]
    pg.release_connection(again)
    assert pg.execute_query("SELECT 1") == [(1,)]


def test_an_empty_pool_waits_then_says_what_to_do(connect: Connect) -> None:
    pg = connect(MAX_CONNECTIONS=2, TIMEOUT="0.3")
    held = [pg.get_connection(), pg.get_connection()]
    with pytest.raises(TimeoutError, match=r"all 2 connections are in use .* within 0.3 s: .*release_connection"):
        pg.get_connection()
    threading.Timer(0.05, pg.release_connection, held[:1]).start()
    assert pg.execute_query("SELECT 1") == [(1,)]
    pg.release_connection(held[1])


def test_a_forgotten_connection_frees_its_place(connect: Connect) -> None:
    pg = connect(MAX_CONNECTIONS=1, TIMEOUT="5")
    pg.get_connection()
    conn = pg.get_connection()
    pg.release_connection(conn)
    pg.release_connection(conn)
    assert pg.get_pool_status()["in_use"] == 0


def test_only_its_own_connections_come_back(
    pg: PostgresModule, connect: Connect, postgres_server: PostgresServer
) -> None:
    server = postgres_server
    foreign = psycopg2.connect(
        host=server.host, port=server.port, user=server.user, password=server.password, dbname=server.database
    )
    with pytest.raises(ValueError, match=r"not from get_connection\(\)"):
        pg.release_connection(foreign)  # type: ignore[arg-type]
    foreign.close()


def test_many_threads_get_right_answers_within_the_limit(connect: Connect, postgres_server: PostgresServer) -> None:
    pg = connect(MAX_CONNECTIONS=3)
    most = 0

    def ask(number: int) -> bool:
        nonlocal most
        most = max(most, pg.get_pool_status()["open"])
        return pg.execute_query("SELECT %s, pg_sleep(0.0005)", (number,)) == [(number, "")]

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(400)))
    assert 1 < most <= 3
    assert sessions(postgres_server) <= 3


def test_a_thread_has_transactions_in_a_block_only(pg: PostgresModule) -> None:
    def in_block() -> None:
        with pg.transaction():
            pg.execute_query("INSERT INTO orders (customer_id) VALUES (1)")
            pg.execute_query("INSERT INTO orders (customer_id) VALUES (2)")

    def undone() -> None:
        with pytest.raises(ZeroDivisionError), pg.transaction():
            pg.execute_query("DELETE FROM orders")
            raise ZeroDivisionError

    def outside() -> None:
        with pytest.raises(RuntimeError, match=r"needs `with pg.transaction\(\):`"):
            pg.begin()
        with pytest.raises(RuntimeError, match=r"needs `with pg.transaction\(\):`"):
            pg.execute_query("BEGIN")

    with ThreadPoolExecutor(1) as thread:
        for work in (in_block, undone, outside):
            thread.submit(work).result()
    assert pg.execute_query("SELECT count(*) FROM orders") == [(2,)]
    assert pg.get_pool_status()["in_use"] == 1


def test_closing_ends_all_sessions_and_from_config_begins_anew(
    connect: Connect, postgres_server: PostgresServer
) -> None:
    pg = connect(MIN_CONNECTIONS=3)
    assert sessions(postgres_server) == 3
    pg.close()
    pg.close()
    assert eventually(lambda: sessions(postgres_server) == 0)
    with pytest.raises(RuntimeError, match=r"\[postgres\] is closed"):
        pg.execute_query("SELECT 1")
    assert connect(MIN_CONNECTIONS=3) is not pg


def test_close_all_connections_leaves_it_usable(pg: PostgresModule, postgres_server: PostgresServer) -> None:
    pg.close_all_connections()
    assert eventually(lambda: sessions(postgres_server) == 0)
    assert pg.execute_query("SELECT 1") == [(1,)]


def test_an_edited_section_makes_a_new_instance_and_an_edited_neighbour_none(connect: Connect) -> None:
    first = connect()
    assert connect("[redis]\nHOST = x\n") is first
    second = connect(MAX_CONNECTIONS=2)
    assert second is not first
    assert (first.closed, second.get_pool_status()["max_connections"]) == (True, 2)


def test_a_forked_child_has_connections_of_its_own_and_leaves_the_parents_alone(
    pg: PostgresModule, postgres_server: PostgresServer
) -> None:
    mine = pg.execute_query("SELECT pg_backend_pid()")
    held = pg.get_connection()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            theirs = pg.execute_query("SELECT pg_backend_pid()")
            held.close()
            pg.close()
            os.write(writing, b"own" if theirs != mine else b"same")
        finally:
            os._exit(0)
    os.close(writing)
    assert os.read(reading, 10) == b"own"
    os.close(reading)
    os.waitpid(child, 0)
    assert pg.execute_query("SELECT pg_backend_pid()") == mine
    held.cursor().execute("SELECT 1")
    pg.release_connection(held)


INTERRUPTED = """
import os, signal, sys, threading, time
from aibasic.modules import PostgresModule
from aibasic_kernel.testing import eventually
pg = PostgresModule.from_config(sys.argv[1])
pg.execute_query("CREATE TEMP TABLE kept AS SELECT 1 AS a", fetch=False)
moments = []
running = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE query LIKE '%marker%' AND state = 'active' AND pid <> pg_backend_pid()"
)
def stop():
    assert eventually(lambda: pg.execute_query(running)[0][0])
    moments.append(time.monotonic())
    os.kill(os.getpid(), signal.SIGINT)
for work in (
    lambda: pg.execute_query("SELECT pg_sleep(60) /* marker */"),
    lambda: pg.execute_many("UPDATE kept SET a = %s WHERE pg_sleep(60) IS NULL /* marker */", [(1,)] * 3),
    lambda: pg.execute_query("SELECT count(*) FROM generate_series(1, 1000000000) /* marker */"),
):
    threading.Thread(target=stop).start()
    try:
        work()
    except KeyboardInterrupt:
        took = time.monotonic() - moments[-1]
        print("interrupted", "in time" if took < 3 else took, list(pg.execute_query("SELECT a FROM kept")), pg.state())
print(list(pg.execute_query(running)))
"""


def test_an_interrupt_cancels_on_the_server_and_the_conversation_goes_on(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    (tmp_path / "aibasic.conf").write_text(postgres_server.conf())
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, str(tmp_path / "aibasic.conf")], capture_output=True, text=True, timeout=60
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["interrupted in time [(1,)] "] * 3 + ["[(0,)]"]


FROZEN = """
import os, signal, sys, threading
from aibasic.modules import PostgresModule
pg = PostgresModule.from_config(sys.argv[1])
backend = pg.execute_query("SELECT pg_backend_pid()")[0][0]
os.kill(backend, signal.SIGSTOP)
threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    pg.execute_query("SELECT 1")
except KeyboardInterrupt:
    print("interrupted", list(pg.execute_query("SELECT 1")))
os.kill(backend, signal.SIGCONT)
"""


@pytest.mark.skipif(os.getuid() != 0, reason="only root may stop the server's processes")
def test_a_server_that_does_not_answer_is_left_behind_on_an_interrupt(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    (tmp_path / "aibasic.conf").write_text(postgres_server.conf())
    done = subprocess.run(
        [sys.executable, "-c", FROZEN, str(tmp_path / "aibasic.conf")], capture_output=True, text=True, timeout=60
    )
    assert (done.stderr, done.stdout) == ("", "interrupted [(1,)]\n")


def test_a_process_that_ends_closes_its_sessions(postgres_server: PostgresServer, tmp_path: Path) -> None:
    (tmp_path / "aibasic.conf").write_text(postgres_server.conf())
    code = "import sys; from aibasic.modules import PostgresModule; PostgresModule.from_config(sys.argv[1]).begin()"
    logged = len(postgres_server.log)
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "aibasic.conf")], check=True, timeout=60)
    assert eventually(lambda: sessions(postgres_server) == 0)
    assert "unexpected EOF" not in postgres_server.log[logged:]
