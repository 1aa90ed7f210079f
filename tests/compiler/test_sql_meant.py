"""Which sentences are SQL, sent to the database as they are written, and which only look like it."""

from __future__ import annotations

import pytest
from aibasic.modules.schema import Column, Table

from aibasic_kernel.compiler.phrasing.match import match
from aibasic_kernel.compiler.sql.text import python_text
from aibasic_kernel.compiler.task_types import task_types
from tests.compiler.scopes import CUSTOMERS, make_scope

EVENTS = Table(
    "ev",
    (Column("id", "integer", "number", False), Column("at", "timestamp", "time"), Column("ok", "boolean", "boolean")),
)
NAMES = {"limit_age": 40, "n": 3, "name": "Bob", "age": 30, "who": "Ann"}


def python(sentence: str) -> str | None:
    found = match(sentence, "postgres", make_scope(NAMES, (CUSTOMERS, EVENTS)), task_types())
    return found.python if found is not None else None


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT id FROM ev WHERE at > '2013-12-31'",
        "select * from ev where at between '2013-01-01' and '2013-01-31'",
        "SELECT name, age FROM customers ORDER BY age DESC LIMIT 2",
        "SELECT name FROM customers WHERE email = NULL",
        "SELECT DISTINCT country FROM customers",
        "SELECT country FROM customers WHERE Country <> 'Italy'",
        "SELECT ok AND at IS NULL AS open FROM ev",
        "select *\nfrom customers c where c.age is not null and not c.age > 5",
        "SELECT name FROM customers WHERE country IN ('Italy', 'Spain') AND age IS NOT DISTINCT FROM 5",
    ],
)
def test_a_query_over_known_columns_is_sent_as_it_is_written(sql: str) -> None:
    assert python(sql) == f"results = pg.execute_query({python_text(sql)})"


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM ev WHERE at <= '2013-01-02'",
        "UPDATE customers SET age = age + 1, name = 'Bob' WHERE email = NULL",
        "INSERT INTO customers VALUES (DEFAULT, 'Ann', 30)",
        "INSERT INTO customers (name, age) SELECT name, age FROM customers",
    ],
)
def test_a_change_over_known_columns_is_sent_as_it_is_written(sql: str) -> None:
    assert python(sql) == f"pg.execute_query({python_text(sql)}, fetch=False)"


@pytest.mark.parametrize(
    ("sentence", "arguments"),
    [
        (
            "select name from customers where age > limit_age",
            '"SELECT name FROM customers WHERE age > %s", (limit_age,)',
        ),
        ("select name from customers limit n", '"SELECT name FROM customers LIMIT %s", (n,)'),
        ("select name and age from customers", '"SELECT name, age FROM customers"'),
        ("select name from customers order by age and name", '"SELECT name FROM customers ORDER BY age, name"'),
        ("select name from customers where age is 30", '"SELECT name FROM customers WHERE age = 30"'),
        ("select name from customers where age == 30", '"SELECT name FROM customers WHERE age = 30"'),
        ("select id from ev where at <= 2013-01-02", "\"SELECT id FROM ev WHERE at < '2013-01-03'\""),
    ],
)
def test_a_query_that_only_looks_like_sql_keeps_its_english_form(sentence: str, arguments: str) -> None:
    assert python(sentence) == f"results = pg.execute_query({arguments})"


@pytest.mark.parametrize(
    ("sentence", "arguments"),
    [
        ("delete from customers where name = name", '"DELETE FROM customers WHERE name = %s", (name,)'),
        ("delete from customers where name = who", '"DELETE FROM customers WHERE name = %s", (who,)'),
        (
            "insert into customers (name, age) values (name, 5)",
            '"INSERT INTO customers (name, age) VALUES (%s, 5)", (name,)',
        ),
        (
            "update customers set age = 5 and country = 'Italy' where id = n",
            "\"UPDATE customers SET age = 5, country = 'Italy' WHERE id = %s\", (n,)",
        ),
        (
            "update customers set age = 5 and country = 'Italy' where id = 3",
            "\"UPDATE customers SET age = 5, country = 'Italy' WHERE id = 3\"",
        ),
    ],
)
def test_a_change_that_only_looks_like_sql_keeps_its_english_form(sentence: str, arguments: str) -> None:
    assert python(sentence) == f"pg.execute_query({arguments}, fetch=False)"


def test_an_english_sentence_takes_dates_as_days_and_sorts_null_last() -> None:
    assert python("query ev where at > '2013-12-31'") == (
        "results = pg.execute_query(\"SELECT * FROM ev WHERE at >= '2014-01-01'\")"
    )
    assert python("show name of customers order by age desc") == (
        'results = pg.execute_query("SELECT name FROM customers ORDER BY age DESC NULLS LAST")'
    )
