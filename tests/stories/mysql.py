"""MySQL's lines and story."""

from __future__ import annotations

from collections.abc import Mapping

from tests.servers.mariadb import DATABASE, MariaDBServer
from tests.stories.service import Line, Service

TABLES = "CREATE TABLE customers (name varchar(50)); CREATE TABLE users (name varchar(50), age int)"
PROCEDURE = "CREATE PROCEDURE get_monthly_report() SELECT '2026-01' AS month, 3 AS orders"


class MySQLService(Service):
    name, fixture = "mysql", "mariadb_server"
    server: MariaDBServer
    lines = (
        Line(
            "10 (mysql) query all customers from mysql",
            'results = mysql.execute_query("SELECT * FROM customers")',
            "results",
            "[tuple(row) for row in results]",
            [("Zoë 🙂",)],
        ),
        Line(
            "20 (mysql) insert into mysql table users values ('Alice', 30)",
            "mysql.execute_query(\"INSERT INTO users VALUES (%s, %s)\", ('Alice', 30), fetch=False)",
        ),
        Line(
            "30 (mysql) call mysql stored procedure get_monthly_report",
            'results = mysql.call_procedure("get_monthly_report")',
            "results",
            "[tuple(row) for row in results]",
            [("2026-01", 3)],
        ),
    )
    guide_leaves = ("customers", "users", "Alice\t30", "get_monthly_report")
    story_leaves = ("customers", "orders", "users", "Alice\t30", "get_monthly_report")
    story_names: Mapping[str, object] = {
        "best": "2026-02",
        "df.columns.tolist()": ["month", "orders", "sold"],
        "large": 3,
        "results[0][1:]": ("Bob", 20, "USA"),
        "[float(row[2]) for row in over]": [250, 120.5, 310, 99.6],
    }

    def clear(self) -> None:
        self.server.sql(f"DROP DATABASE {DATABASE}; CREATE DATABASE {DATABASE} CHARACTER SET utf8mb4")

    def prepare(self) -> None:
        self.server.sql(f"SET NAMES utf8mb4; {TABLES}; INSERT INTO customers VALUES ('Zoë 🙂')", DATABASE)
        self.server.sql(PROCEDURE, DATABASE)

    def found(self) -> object:
        tables = self._lines("SHOW TABLES WHERE Tables_in_shop IN ('customers', 'orders', 'users')")
        users = self._lines("SELECT name, age FROM users") if "users" in tables else []
        procedures = "SELECT routine_name FROM information_schema.routines WHERE routine_name = 'get_monthly_report'"
        return (*tables, *users, *self._lines(procedures))

    def _lines(self, statement: str) -> list[str]:
        return self.server.sql(statement, DATABASE).splitlines()
