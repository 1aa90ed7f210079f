"""Rows in and out of PostgreSQL, and small statements: PostgresModule against the driver's own ways.

A server is started for it, with TLS as by default; its log is off. All ways of a comparison take turns.
"""

from __future__ import annotations

import functools
import io
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import adbc_driver_postgresql.dbapi as adbc
import pandas as pd
import psycopg2
import psycopg2.pool
from aibasic.modules import PostgresModule
from psycopg2.extras import execute_values

from benchmarks.report import in_turn, milliseconds, ratios, report, spread
from tests.servers.postgres import PostgresServer

COLUMNS = ("id", "name", "total", "moment")
ROWS_IN = 10_000
ROWS_OUT = 300_000
STATEMENTS = 500
"""How many small statements make one turn."""
TABLES = f"""
CREATE TABLE loaded (id int, name text, total float8, moment timestamp);
CREATE TABLE large AS
    SELECT n AS id, 'name ' || n % 1000 AS name, (n * 1.25)::numeric(12, 2) AS total, n * 0.5::float8 AS ratio,
        n % 2 = 0 AS ok, date '2020-01-01' + n % 1000 AS day,
        timestamptz '2020-01-01 00:00Z' + n * interval '1 minute' AS moment, nullif(n % 3, 0) AS rest
    FROM generate_series(1, {ROWS_OUT}) AS n;
ANALYZE large;
"""
READ = "SELECT * FROM large"

Connection = psycopg2.extensions.connection


def rows_in(pg: PostgresModule, raw: Connection) -> None:
    """Report on 10,000 rows of four columns into a table."""
    start = datetime(2026, 1, 1)
    rows = [(n, f"name {n}", n * 1.25, start + timedelta(minutes=n)) for n in range(ROWS_IN)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    into = f"INSERT INTO loaded ({', '.join(COLUMNS)}) VALUES "
    insert = f"{into}(%s, %s, %s, %s)"

    def on_raw(work: Callable[[Any], object]) -> None:
        with raw.cursor() as cursor:
            work(cursor)
        raw.commit()

    def by_copy(cursor: Any) -> None:
        text = "".join("\t".join(map(str, row)) + "\n" for row in rows)
        cursor.copy_expert("COPY loaded FROM STDIN", io.StringIO(text))

    quick = {
        "execute_many": lambda: pg.execute_many(insert, rows),
        "copy_from, rows": lambda: pg.copy_from("loaded", rows),
        "copy_from, frame": lambda: pg.copy_from("loaded", frame),
        "execute_values": lambda: on_raw(lambda cursor: execute_values(cursor, f"{into}%s", rows, page_size=1000)),
        "COPY": lambda: on_raw(by_copy),
    }
    taken = in_turn(quick, 11)
    taken |= in_turn({"executemany": lambda: on_raw(lambda cursor: cursor.executemany(insert, rows))}, 2)
    pg.execute_query("TRUNCATE loaded", fetch=False)
    floors = {name: f"{name} {milliseconds(taken[name])}" for name in taken}
    what = f"{ROWS_IN:,} rows in by"
    many, values = taken["execute_many"], taken["execute_values"]
    report(f"{what} `execute_many`", f"{milliseconds(many)}, {spread(ratios(many, values))} of execute_values",
           "at most 1.00", f"{floors['execute_values']}, {floors['executemany']}")  # fmt: skip
    copy = taken["COPY"]
    for name, of in (("copy_from, rows", "a list of tuples"), ("copy_from, frame", "data frame")):
        report(f"{what} {of}", f"{milliseconds(taken[name])}, {spread(ratios(taken[name], copy))} of COPY", "",
               f"{floors['COPY']}, its text by str()")  # fmt: skip


def rows_out(pg: PostgresModule, raw: Connection, dsn: str) -> None:
    """Report on 300,000 rows of eight columns into a data frame."""

    def by_fetchall() -> pd.DataFrame:
        with raw.cursor() as cursor:
            cursor.execute(READ)
            columns = [column.name for column in cursor.description or ()]
            frame: pd.DataFrame = pd.DataFrame(cursor.fetchall(), columns=columns)
            return frame

    def by_adbc() -> pd.DataFrame:
        with adbc.connect(dsn) as connection, connection.cursor() as cursor:
            cursor.execute(READ)
            frame: pd.DataFrame = cursor.fetch_arrow_table().to_pandas()
            return frame

    calls: dict[str, Callable[[], object]] = {
        "ours": functools.partial(pg.read_frame, READ),
        "fetchall": by_fetchall,
        "ADBC": by_adbc,
    }
    taken = in_turn(calls, 7)
    raw.rollback()
    ours = taken["ours"]
    name = f"{ROWS_OUT:,} rows out into a data frame by `read_frame`"
    report(name, f"{milliseconds(ours)}, {spread(ratios(ours, taken['fetchall']))} of fetchall", "",
           f"fetchall {milliseconds(taken['fetchall'])}")  # fmt: skip
    report(f"{name}, decimals and zones right", f"{spread(ratios(ours, taken['ADBC']))} of ADBC", "",
           f"ADBC {milliseconds(taken['ADBC'])}, decimals as text")  # fmt: skip


def small_statements(pg: PostgresModule, raw: Connection, dsn: str) -> None:
    """Report on `SELECT 1`, a statement after the other."""
    pool = psycopg2.pool.ThreadedConnectionPool(1, 10, dsn)
    bare = psycopg2.connect(dsn)
    bare.autocommit = True

    def through_pool() -> None:
        for _ in range(STATEMENTS):
            connection = pool.getconn()
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
                cursor.fetchall()
            pool.putconn(connection)

    def on_bare() -> None:
        for _ in range(STATEMENTS):
            with bare.cursor() as cursor:
                cursor.execute("SELECT 1")
                cursor.fetchall()

    def through_module() -> None:
        for _ in range(STATEMENTS):
            pg.execute_query("SELECT 1")

    taken = in_turn({"ours": through_module, "pool": through_pool, "bare": on_bare}, 21)
    bare.close()
    pool.closeall()
    for of, name, goal in (("the raw pool", "pool", "at least 1.00"), ("bare autocommit", "bare", "at least 0.40")):
        rates = ratios(taken[name], taken["ours"])  # less time is more of them
        report(f"`SELECT 1` through the module, as many as by {of}", spread(rates), goal,
               f"{STATEMENTS / sorted(taken[name])[len(taken[name]) // 2]:,.0f} a second")  # fmt: skip


def main() -> int:
    """Print all lines."""
    with tempfile.TemporaryDirectory() as folder, PostgresServer() as server:
        for statement in ("ALTER SYSTEM SET log_statement = 'none'", "SELECT pg_reload_conf()"):
            server.sql(server.database, statement)
        conf = Path(folder) / "aibasic.conf"
        conf.write_text(server.conf())
        pg = PostgresModule.from_config(str(conf))
        pg.execute_query(TABLES, fetch=False)
        dsn = psycopg2.extensions.make_dsn(
            host=server.host, port=server.port, user=server.user, password=server.password, dbname=server.database
        )
        raw = psycopg2.connect(dsn)
        rows_in(pg, raw)
        rows_out(pg, raw, dsn)
        small_statements(pg, raw, dsn)
        raw.close()
        pg.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
