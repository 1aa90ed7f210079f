"""What services are told by phrase: the SQL of a sentence, and which sentences it does not fit."""

from __future__ import annotations

from typing import Any

import pytest
from aibasic.modules.schema import Column, Table
from hypothesis import given, settings
from hypothesis import strategies as st

from aibasic_kernel.compiler.phrasing.match import match
from aibasic_kernel.compiler.task_types import task_types
from tests.compiler.phrased import NAMES, python
from tests.compiler.scopes import CUSTOMERS, FakePostgres, make_scope, table


@pytest.mark.parametrize(
    ("condition", "sql"),
    [
        ("age > 25", "age > 25"),
        ("age is greater than 25", "age > 25"),
        ("age is at least twenty", "age >= 20"),
        ("age is not less than 5", "age >= 5"),
        ("Age = 30", "age = 30"),
        ("country is 'Italy'", "country = 'Italy'"),
        ('country is "Italy"', "country = 'Italy'"),
        ('"country" = "Italy"', "country = 'Italy'"),
        ("country is not 'Italy'", "country <> 'Italy'"),
        ("name = 'O''Hara'", "name = 'O''Hara'"),
        ('name = "O\'Hara"', "name = 'O''Hara'"),
        ("name is null", "name IS NULL"),
        ("name is not missing", "name IS NOT NULL"),
        ("age between 1 and 5 and country = 'x'", "age BETWEEN 1 AND 5 AND country = 'x'"),
        ("age in (1, 2)", "age IN (1, 2)"),
        ("age is not one of (1, 2)", "NOT age IN (1, 2)"),
        ("name starts with 'A_'", r"name LIKE 'A\_%'"),
        ("name like 'A%'", "name LIKE 'A%'"),
        ("not (age > 5 or age < 2)", "NOT (age > 5 OR age < 2)"),
        ("(age + 1) * 2 > 5 and (name = 'a' or name = 'b')", "(age + 1) * 2 > 5 AND (name = 'a' OR name = 'b')"),
        ("lower(name) = 'ann'", "LOWER(name) = 'ann'"),
        ("age > 10 - -3", "age > 10 - -3"),
        ("placed = 2013-01-05", "placed >= '2013-01-05' AND placed < '2013-01-06'"),
        ("placed is not '2013-01-05'", "placed < '2013-01-05' OR placed >= '2013-01-06'"),
        ("age > 5 and placed is not 2013-12-31", "age > 5 AND (placed < '2013-12-31' OR placed >= '2014-01-01')"),
        ("placed after 2013-01-05", "placed >= '2013-01-06'"),
        ("placed <= 2013-01-05", "placed < '2013-01-06'"),
        ("placed is before 2013-01-05", "placed < '2013-01-05'"),
        ("placed at least 2013-01-05 10:30", "placed >= '2013-01-05 10:30:00'"),
        ("placed between 2013-01-01 and 2013-01-31", "placed >= '2013-01-01' AND placed < '2013-02-01'"),
        ("born = 2013-01-05", "born = '2013-01-05'"),
        ("born in (2013-01-05, 2013-01-06)", "born IN ('2013-01-05', '2013-01-06')"),
        ("born between 2013-01-01 and 2013-01-31", "born BETWEEN '2013-01-01' AND '2013-01-31'"),
        ("born < 2013-01-05 + 7", "born < DATE '2013-01-05' + 7"),
        ("name = 2013-01-05", "name = '2013-01-05'"),
        ("placed in the last 30 days", "placed >= CURRENT_DATE - 29 AND placed < CURRENT_DATE + 1"),
        ("born within the last week", "born >= CURRENT_DATE - 6 AND born < CURRENT_DATE + 1"),
        ("year of placed = 2013", "EXTRACT(YEAR FROM placed) = 2013"),
        ("placed = 'now'", "placed = 'now'"),
    ],
)
def test_conditions_become_sql(condition: str, sql: str) -> None:
    expected = f"SELECT * FROM customers WHERE {sql}"
    dated = type(CUSTOMERS)("customers", (*CUSTOMERS.columns, *table("", placed="timestamp", born="date").columns))
    made = python(f"query customers where {condition}", scope=make_scope(NAMES, (dated,)))
    assert made is not None
    namespace: dict[str, object] = {"pg": _Recorder()}
    exec(made, namespace)
    assert namespace["results"] == (expected, None)


class _Recorder:
    """Gives back what `execute_query` was called with."""

    def execute_query(self, query: str, params: object = None, fetch: bool = True) -> tuple[str, object]:
        return query, params


def test_variables_become_parameters_and_percent_signs_are_doubled_only_then() -> None:
    assert python("query customers where age > least and name <> '5%'") == (
        "results = pg.execute_query(\"SELECT * FROM customers WHERE age > %s AND name <> '5%%'\", (least,))"
    )
    assert python("query customers where name <> '5%'") == (
        "results = pg.execute_query(\"SELECT * FROM customers WHERE name <> '5%'\")"
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "query customers where country is Italy",
        "query customers where country is not Italy",
        "query customers where salary > 5",
        "query customers where age is 25 or 30",
        "query customers where age > 2013-01-05",
        "query customers where age = 2013-01",
        "query customers where age = 1/5/2013",
        "query customers where age = age",
        "query customers in the last 30 days",
        "query customers; drop table customers;",
        "show the last 5 customers",
        "save customers to customers.txt",
        "query customers where age",
        "query customers where age > 25 please",
        "query customers where age > ",
        "query customers where name = nothing_at_all",
        "query customers where age > names",
        "query customers where age > (select 5)",
        "query customers where pg_sleep(5) > 1",
        "query customers where age > 25; drop table customers",
        "query customers where name = 'x' -- and more",
        "query customers where name contains who",
        "query customers twice",
        "query suppliers",
        "query name and salary from customers",
        "query customers order by salary",
        "insert into postgres table users values ('Ann')",
        "insert into postgres table users values ('Ann', 30, 5)",
        "insert into users values (Ann, 30)",
        "insert into users values ('Ann', 30); drop table users",
        "update postgres table customers set age = 5",
        "update customers set salary = 5",
        "delete from customers where country is Italy",
        "execute postgres query SELECT * FROM orders WHERE total > 100 and then mail it",
        "execute postgres query SELECT 1; DROP TABLE customers",
        "execute postgres query SELECT 'abc",
        "execute postgres query",
        "select the best customers",
        "select salaries",
        "show me something nice",
    ],
)
def test_what_is_not_closed_does_not_fit(sentence: str) -> None:
    assert python(sentence) is None


def test_a_sentences_own_sql_runs_as_it_is_written() -> None:
    query = 'SELECT  name, 5 % 2 FROM customers -- "all"'
    made = python(f"execute postgres query {query}")
    assert made is not None
    namespace: dict[str, object] = {"pg": _Recorder()}
    exec(made, namespace)
    assert namespace["results"] == (query, None)


def test_a_row_leaves_a_primary_key_to_itself() -> None:
    keyed = table("people", id="integer", name="text", age="integer")
    keyed = type(keyed)(keyed.name, keyed.columns, primary_key=("id",))
    scope = make_scope(NAMES, (keyed,))
    assert python("insert into table people values ('Ann', 30)", scope=scope) == (
        "pg.execute_query(\"INSERT INTO people (name, age) VALUES ('Ann', 30)\", fetch=False)"
    )
    assert python("insert into table people values (1, 'Ann', 30)", scope=scope) == (
        "pg.execute_query(\"INSERT INTO people VALUES (1, 'Ann', 30)\", fetch=False)"
    )


def test_a_column_compared_with_its_own_name_means_the_variable() -> None:
    scope = make_scope({"name": "Ann", "age": 3})
    assert python("query customers where name = name and age > age", scope=scope) == (
        'results = pg.execute_query("SELECT * FROM customers WHERE name = %s AND age > %s", (name, age))'
    )
    assert python("update customers set name = name where age = 5", scope=scope) == (
        'pg.execute_query("UPDATE customers SET name = %s WHERE age = 5", (name,), fetch=False)'
    )


@pytest.mark.parametrize(
    ("sentence", "dialect", "order"),
    [
        ("query customers order by age descending, name", "postgres", "age DESC NULLS LAST, name"),
        ("query customers order by age descending, name", "mysql", "age DESC, name IS NULL, name"),
        ("query keyed order by id descending", "postgres", "id DESC"),
        ("query keyed order by id", "mysql", "id"),
    ],
)
def test_null_comes_last_in_every_order(
    sentence: str, dialect: str, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakePostgres, "dialect", dialect)
    keyed = Table("keyed", (Column("id", "integer", "number", nullable=False),))
    made = python(sentence, scope=make_scope(NAMES, (CUSTOMERS, keyed)))
    assert made is not None
    assert f'ORDER BY {order}")' in made


def test_the_last_days_are_written_in_the_databases_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakePostgres, "dialect", "mysql")
    assert python("query orders in the last 2 days", scope=make_scope(NAMES)) == (
        'results = pg.execute_query("SELECT * FROM orders WHERE placed >= CURRENT_DATE - INTERVAL 1 DAY '
        'AND placed < CURRENT_DATE + INTERVAL 1 DAY")'
    )
    assert python("query orders where placed < 2013-01-05 + 7", scope=make_scope(NAMES)) is None


def test_a_look_at_the_tables_takes_no_name() -> None:
    for sentence in ("list tables", "describe table customers"):
        found = match(sentence, "postgres", make_scope(NAMES), task_types())
        assert found is not None
        assert found.python.startswith("pg.execute_query(")
        assert found.result == ""
        found = match(f"{sentence} into seen", "postgres", make_scope(NAMES), task_types())
        assert found is not None
        assert found.python.startswith("seen = pg.execute_query(")
        assert found.result == "seen"


@pytest.mark.parametrize(
    ("sentence", "without"),
    [
        ("query customers where age > 25;", "query customers where age > 25"),
        ("SELECT name FROM customers;", "SELECT name FROM customers"),
        ("execute query SELECT name FROM customers ;", "execute query SELECT name FROM customers"),
        ("delete from customers where age = 3;", "delete from customers where age = 3"),
    ],
)
def test_a_semicolon_may_end_what_a_service_is_told(sentence: str, without: str) -> None:
    assert python(sentence) == python(without) is not None
    assert python("show x;", "") is None


@pytest.mark.parametrize(
    ("sentence", "shows"),
    [
        ("execute statement CREATE TABLE t (id int)", False),
        ("DROP TABLE customers", False),
        ("TRUNCATE customers", False),
        ("execute statement DELETE FROM customers", True),
        ("WITH old AS (SELECT id FROM customers) DELETE FROM customers WHERE id IN (SELECT id FROM old)", True),
    ],
)
def test_only_what_changes_rows_shows_how_many(sentence: str, shows: bool) -> None:
    made = python(sentence)
    assert made is not None
    assert made.endswith("fetch=False)" if shows else "fetch=False);")


@pytest.mark.parametrize(
    ("sentence", "sql"),
    [
        ("what is the average age of customers", "SELECT AVG(age) FROM customers"),
        (
            "how many customers per country",
            "SELECT country, COUNT(*) AS count FROM customers GROUP BY country ORDER BY count DESC, country",
        ),
        ("top 5 customers by age", "SELECT * FROM customers ORDER BY age DESC NULLS LAST LIMIT 5"),
        ("show the last 5 orders by total", "SELECT * FROM orders ORDER BY total DESC NULLS LAST LIMIT 5"),
        (
            "query orders joined with customers on customers.id = orders.customer_id",
            "SELECT * FROM orders JOIN customers ON orders.customer_id = customers.id",
        ),
        (
            "query customers join orders on id = customer_id limit 3",
            "SELECT * FROM customers JOIN orders ON customers.id = orders.customer_id LIMIT 3",
        ),
        (
            "show orders in the last 30 days",
            "SELECT * FROM orders WHERE placed >= CURRENT_DATE - 29 AND placed < CURRENT_DATE + 1",
        ),
        (
            "count orders placed within the last 2 weeks",
            "SELECT COUNT(*) FROM orders WHERE placed >= CURRENT_DATE - 13 AND placed < CURRENT_DATE + 1",
        ),
    ],
)
def test_sentences_as_people_say_them(sentence: str, sql: str) -> None:
    for section in ("postgres", ""):
        made = python(sentence, section, make_scope(NAMES))
        assert made is not None, section
        assert f'"{sql}"' in made


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab'\"\\;-%$ \n{}()", max_size=20))
def test_text_in_quotes_stays_one_value_whatever_it_holds(text: str) -> None:
    sqlglot = pytest.importorskip("sqlglot")
    made = python('query customers where name = "' + text.replace('"', '""') + '"')
    assert made is not None
    namespace: dict[str, Any] = {"pg": _Recorder()}
    exec(made, namespace)
    (statement,) = sqlglot.parse(namespace["results"][0], read="postgres")
    assert statement.args["where"].this.expression.this == text
