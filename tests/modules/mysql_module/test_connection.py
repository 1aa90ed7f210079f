"""What lives on MySQLModule's connection: transactions, read-only sessions, interrupts, what is lost."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from typing import Any

import pytest
from aibasic.modules import MySQLModule
from mysql import connector
from mysql.connector import errors

from aibasic_kernel.testing import eventually
from tests.modules.mysql_module.shared import Connect, kill_connections, names
from tests.servers.mariadb import MariaDBServer


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
