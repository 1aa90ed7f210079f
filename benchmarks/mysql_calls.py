"""MySQLModule against mysql-connector-python used well: small statements, 10,000 rows in, and a long stream.

    python benchmarks/mysql_calls.py

A MariaDB is started for it, with TLS as by default. All ways of a comparison take turns.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import tracemalloc
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import mysql.connector
import pandas as pd
from aibasic.modules import MySQLModule

from benchmarks.report import in_turn, milliseconds, ratios, report, spread
from tests.servers.mariadb import MariaDBServer

STATEMENTS = 500
"""How many small statements make one turn."""
ROWS_IN = 10_000
ROWS_OUT = 1_000_000
COLUMNS = ("id", "name", "total", "moment")
TABLE = "CREATE TABLE loaded (id int PRIMARY KEY, name text, total double, moment datetime)"


def small_statements(module: MySQLModule, raw: Any) -> None:
    """Report on one row by its key, a statement after the other, over one connection each."""
    query = "SELECT id, name FROM loaded WHERE id = %s"

    def through_module() -> None:
        for number in range(STATEMENTS):
            module.execute_query(query, (number,))

    def on_raw() -> None:
        for number in range(STATEMENTS):
            cursor = raw.cursor(buffered=True)
            cursor.execute(query, (number,))
            cursor.fetchall()
            cursor.close()

    taken = in_turn({"ours": through_module, "raw": on_raw}, 21)
    report("MySQL: small statements a second", spread(ratios(taken["raw"], taken["ours"])), ">= 0.95",
           f"{STATEMENTS / sorted(taken['raw'])[10]:,.0f} a second by the driver")  # fmt: skip


def rows_in(module: MySQLModule, raw: Any) -> None:
    """Report on 10,000 rows of four columns into an empty table."""
    start = datetime(2026, 1, 1)
    rows = [(n, f"name {n}", n * 1.25, start + timedelta(minutes=n)) for n in range(ROWS_IN)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    values = f"INTO loaded ({', '.join(COLUMNS)}) VALUES (%s, %s, %s, %s)"

    def emptied(work: Callable[[], object]) -> Callable[[], None]:
        def after() -> None:
            module.execute_query("DELETE FROM loaded", fetch=False)
            work()

        return after

    def on_raw(verb: str) -> Callable[[], None]:
        def work() -> None:
            cursor = raw.cursor()
            cursor.executemany(f"{verb} {values}", rows)
            raw.commit()
            cursor.close()

        return work

    ours = {
        "execute_many": lambda: module.execute_many(f"INSERT {values}", rows),
        "insert_rows of tuples": lambda: module.insert_rows("loaded", rows),
        "insert_rows of a data frame": lambda: module.insert_rows("loaded", frame),
        "execute_many with REPLACE": lambda: module.execute_many(f"REPLACE {values}", rows),
    }
    raws = {"executemany": on_raw("INSERT"), "executemany with REPLACE": on_raw("REPLACE")}
    taken = in_turn({name: emptied(work) for name, work in {**ours, **raws}.items()}, 7)
    for name in ours:
        other = "executemany with REPLACE" if "REPLACE" in name else "executemany"
        report(f"MySQL: {ROWS_IN:,} rows by `{name}`",
               f"{milliseconds(taken[name])}, {spread(ratios(taken[name], taken[other]))} of {other}", "<= 1.00",
               f"{other} {milliseconds(taken[other])}")  # fmt: skip


def memory_of_stream(module: MySQLModule, rows: int) -> float:
    """The most memory that Python's objects took while the rows of a query passed by, in MiB."""
    gc.collect()
    tracemalloc.start()
    for _ in module.stream(f"SELECT seq, concat('name ', seq) FROM seq_1_to_{rows}", chunk=10_000):
        pass
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 2**20


def main() -> int:
    """Print all lines."""
    with MariaDBServer() as server, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "aibasic.conf"
        file.write_text(server.conf())
        module = MySQLModule.from_config(str(file))
        module.execute_query(TABLE, fetch=False)
        raw = mysql.connector.connect(
            host=server.host, port=server.port, user=server.user, password=server.password, database=server.database,
            autocommit=True,
        )  # fmt: skip
        module.insert_rows("loaded", [(n, f"name {n}", 1.5, None) for n in range(STATEMENTS)])
        small_statements(module, raw)
        rows_in(module, raw)
        few = memory_of_stream(module, ROWS_OUT // 20)
        report(f"MySQL: memory of a stream of {ROWS_OUT:,} rows", f"{memory_of_stream(module, ROWS_OUT) / few:.2f}",
               "flat: 1", f"a stream of {ROWS_OUT // 20:,} rows, {few:.1f} MiB")  # fmt: skip
        raw.close()
        module.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
