"""Which tables and columns a statement relies on."""

from __future__ import annotations

import pytest

from aibasic_kernel.compiler.sql.tables import tables_used
from tests.compiler.scopes import CUSTOMERS, ORDERS, table

KNOWN = {"customers": CUSTOMERS, "orders": ORDERS, "archive.orders": table("archive.orders", id="integer", old="text")}


@pytest.mark.parametrize(
    ("sql", "used"),
    [
        ("SELECT * FROM customers", {"customers": []}),
        ("SELECT * FROM Customers WHERE AGE > %s AND country = %(c)s", {"customers": ["age", "country"]}),
        ("SELECT \"name\" FROM customers WHERE name LIKE '%%x%%'", {"customers": ["name"]}),
        ("SELECT country, avg(age) a FROM public.customers GROUP BY country", {"customers": ["age", "country"]}),
        ("SELECT count(*) AS age FROM orders", {"orders": []}),
        ("SELECT old FROM archive.orders", {"archive.orders": ["old"]}),
        (
            "SELECT c.name, o.total FROM customers c JOIN orders o ON o.customer_id = c.id",
            {"customers": ["id", "name"], "orders": ["customer_id", "total"]},
        ),
        (
            "SELECT name FROM customers c WHERE EXISTS (SELECT 1 FROM orders WHERE customer_id = c.id AND age > 3)",
            {"customers": ["age", "id", "name"], "orders": ["customer_id"]},
        ),
        (
            "WITH big AS (SELECT customer_id, total FROM orders) SELECT total FROM big",
            {"orders": ["customer_id", "total"]},
        ),
        ("SELECT id FROM customers UNION SELECT id FROM orders", {"customers": ["id"], "orders": ["id"]}),
        ("INSERT INTO customers (name, AGE) VALUES (%s, %s) RETURNING id", {"customers": ["age", "id", "name"]}),
        ("UPDATE customers SET age = age + 1 WHERE id = 1", {"customers": ["age", "id"]}),
        ("DELETE FROM customers WHERE age IS NULL", {"customers": ["age"]}),
        ("CREATE TABLE customers AS SELECT id FROM orders", {"orders": ["id"]}),
        ("DROP TABLE customers", {}),
        ("SELECT 1; SELECT total FROM orders", {"orders": ["total"]}),
        ("SELECT x FROM elsewhere", {}),
        ("this is no (( SQL", {}),
        ("", {}),
    ],
)
def test_the_columns_that_a_statement_names(sql: str, used: dict[str, list[str]]) -> None:
    found = tables_used(sql, "postgres", KNOWN)
    assert {table: sorted(columns) for table, columns in found.items()} == used


def test_columns_come_with_their_kinds() -> None:
    assert tables_used("SELECT placed, status FROM orders", "postgres", KNOWN) == {
        "orders": {"placed": "time", "status": "text"}
    }
