"""MySQLModule's streams of rows: flat, stopped half way, beside other statements."""

from __future__ import annotations

import pytest
from aibasic.modules import MySQLModule
from mysql.connector import errors

from tests.modules.mysql_module.shared import names, one
from tests.servers.mariadb import MariaDBServer


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
