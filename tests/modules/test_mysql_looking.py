"""What MySQLModule tells of a database, and what the engine makes of it: tables, values, sentences, advice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aibasic.modules import MySQLModule
from aibasic.modules.effects import Answer, Effect, Kind, hearing, listening
from aibasic.modules.mysql import categories
from aibasic.modules.results import Rows
from aibasic.modules.schema import Column, ForeignKey

from aibasic_kernel.compiler.sql import conditions as sql_conditions
from aibasic_kernel.compiler.sql import emptiness as sql_emptiness
from aibasic_kernel.session.services.missing_values import Look, missing
from aibasic_kernel.testing.sentences import run
from tests.servers.mariadb import MariaDBServer

TABLES = r"""
DROP DATABASE shop; CREATE DATABASE shop CHARACTER SET utf8mb4; USE shop;
CREATE TABLE customers (
    id int AUTO_INCREMENT PRIMARY KEY, name varchar(60) NOT NULL COMMENT 'as it''s written', age int,
    country varchar(60),
    state enum('new', 'it''s old') NOT NULL DEFAULT 'new', `Order Key` varchar(20), active boolean, extra json,
    UNIQUE (name, country), CHECK (age > 0), CONSTRAINT grown CHECK (country <> 'Norway' OR age >= 18)
) COMMENT 'who buys';
CREATE TABLE `Order Lines` (
    id int PRIMARY KEY, customer_id int NOT NULL, total decimal(10, 2), placed date,
    FOREIGN KEY (customer_id) REFERENCES customers (id)
);
CREATE TABLE users (name varchar(60), age int);
CREATE VIEW old AS SELECT * FROM customers WHERE age > 30;
CREATE PROCEDURE get_monthly_report() SELECT name, age FROM customers ORDER BY id;
INSERT INTO customers (name, age, country, `Order Key`) VALUES
    ('Ann', 41, 'Italy', 'a\\b'), ('Ben', 19, 'Norway', 'c'), ('Cem', 33, 'Italy', NULL), ('Dan', NULL, 'Nevada', 'c');
INSERT INTO `Order Lines` VALUES (1, 1, 150, '2026-01-01'), (2, 2, 50, '2026-02-01');
"""


@pytest.fixture
def mysql(mariadb_server: MariaDBServer, tmp_path: Path) -> Iterator[MySQLModule]:
    """The module over fresh tables."""
    mariadb_server.sql(TABLES)
    file = tmp_path / "aibasic.conf"
    file.write_text(mariadb_server.conf())
    module = MySQLModule.from_config(str(file))
    yield module
    module.close()


@pytest.fixture
def announced() -> Iterator[list[Effect]]:
    """Every effect that is announced during the test."""
    effects: list[Effect] = []
    with listening(effects.append):
        yield effects


def test_tables_are_described_with_labels_conditions_keys_and_comments(mysql: MySQLModule) -> None:
    tables = mysql.describe()
    assert sorted(tables) == ["`Order Lines`", "customers", "old", "users"]
    customers = tables["customers"]
    assert (customers.kind, customers.comment, customers.primary_key) == ("table", "who buys", ("id",))
    assert customers.unique == (("name", "country"),)
    assert sorted(customers.checks) == ["age > 0", "country <> 'Norway' or age >= 18"]
    assert customers.column("name") == Column("name", "varchar(60)", "text", False, "as it's written")
    assert customers.column("state") == Column("state", "enum", "text", False, "", ("new", "it's old"))
    assert customers.column("active") == Column("active", "tinyint(1)", "boolean")
    assert customers.column("extra") == Column("extra", "json", "other")
    lines = tables["`Order Lines`"]
    assert lines.foreign_keys == (ForeignKey(("customer_id",), "customers", ("id",)),)
    assert [column.kind for column in lines.columns] == ["number", "number", "number", "time"]
    assert (tables["old"].kind, tables["old"].comment) == ("view", "")


def test_tables_are_read_anew_after_what_may_have_changed_them(mysql: MySQLModule, announced: list[Effect]) -> None:
    mysql.describe()
    mysql.execute_query("SELECT 1")
    assert mysql.describe() is mysql.known_tables()
    mysql.execute_query("CREATE TABLE notes (note text)", fetch=False)
    assert "notes" in mysql.describe()
    assert [effect.kind for effect in announced].count(Kind.READ) == 2


def test_a_probe_gives_rows_and_announces_that_it_reads(mysql: MySQLModule, announced: list[Effect]) -> None:
    assert mysql.probe("SELECT name FROM customers WHERE name LIKE 'B%' LIMIT 5", 1) == [("Ben",)]
    assert [effect.kind for effect in announced] == [Kind.READ]


@pytest.mark.parametrize("within", [False, True], ids=["alone", "in a transaction"])
@pytest.mark.parametrize(
    "query",
    [
        "SELECT sleep(60)",
        "SELECT nothing FROM nowhere",
        "DELETE FROM customers RETURNING 1",
        "DROP TABLE users",
        "SELECT 1; DROP TABLE users",
        "SELECT wipe()",
    ],
)
def test_a_probe_that_fails_gives_nothing_and_leaves_nothing(mysql: MySQLModule, query: str, within: bool) -> None:
    function = "CREATE FUNCTION wipe() RETURNS int BEGIN DELETE FROM users; SET @wiped = 1; RETURN sleep(60); END"
    mysql.execute_query(function, fetch=False)
    mysql.execute_query("INSERT INTO users VALUES ('Ann', 1)", fetch=False)
    if within:
        mysql.begin()
        mysql.execute_query("INSERT INTO users VALUES ('Ben', 2)", fetch=False)
    before = mysql.execute_query("SELECT @@max_statement_time, @@tx_read_only"), mysql.state()
    assert mysql.probe(query, 0.1) is None
    assert (mysql.execute_query("SELECT @@max_statement_time, @@tx_read_only"), mysql.state()) == before
    assert mysql.execute_query("SELECT count(*) FROM users") == [(2 if within else 1,)]
    if within:
        mysql.rollback()
        assert mysql.execute_query("SELECT count(*) FROM users") == [(1,)]


def test_a_probe_sees_what_the_session_sees_and_ends_none_of_it(mysql: MySQLModule) -> None:
    mysql.execute_query("CREATE TEMPORARY TABLE passing AS SELECT 1 AS a", fetch=False)
    assert mysql.probe("SELECT a FROM passing", 1) == [(1,)]
    mysql.begin()
    mysql.execute_query("INSERT INTO passing VALUES (2)", fetch=False)
    assert mysql.probe("SELECT count(*) FROM passing", 1) == [(2,)]
    mysql.rollback()
    mysql.execute_query("LOCK TABLES users WRITE", fetch=False)
    assert mysql.probe("SELECT 1", 1) is None
    mysql.execute_query("UNLOCK TABLES", fetch=False)
    assert mysql.probe("SELECT 1", 1) == [(1,)]


CATEGORIES = """
CREATE TABLE flights (carrier char(2), dest text, note text, tail text, `Empty col` text, n int);
INSERT INTO flights
SELECT CASE seq % 3 WHEN 0 THEN 'AA' WHEN 1 THEN 'UA' END, concat('D', seq % 50), repeat('x', 70), concat('t', seq),
    NULL, seq
FROM seq_1_to_6000;
"""


def test_columns_with_at_most_fifty_values_have_categories(mysql: MySQLModule, monkeypatch: pytest.MonkeyPatch) -> None:
    # A busy machine may need longer than a table is given.
    monkeypatch.setattr(categories, "SECONDS_A_TABLE", 10)
    mysql.execute_query(CATEGORIES, fetch=False)
    found = mysql.categories([mysql.describe()["flights"]], 10)
    assert found == {"flights": {"carrier": ("AA", "UA"), "dest": tuple(sorted(f"D{number}" for number in range(50)))}}
    assert mysql.categories([mysql.describe()["flights"]], 0) == {}
    assert mysql.categories([]) == {}


def test_a_large_table_is_not_read_for_its_categories(mysql: MySQLModule, announced: list[Effect]) -> None:
    mysql.execute_query("CREATE TABLE large AS SELECT 'a' AS letter FROM seq_1_to_150000", fetch=False)
    mysql.execute_query("ANALYZE TABLE large")
    tables = [mysql.describe()["large"]]
    del announced[:]
    assert mysql.categories(tables) == {}
    assert [effect for effect in announced if "FROM large" in effect.statement] == []


def test_what_a_statement_gave_is_told(mysql: MySQLModule) -> None:
    answers: list[Answer] = []
    with hearing(answers.append):
        mysql.execute_query("SELECT name FROM customers WHERE country = %s", ("nowhere",))
    assert answers == [Answer("mysql", "SELECT name FROM customers WHERE country = 'nowhere'", Rows())]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("country = 'NV'", "country = 'NV'; it has Nevada, Italy, Norway\n  nearest: Nevada"),
        ("`Order Key` = 'a\\\\B2'", "`Order Key` = 'a\\\\B2'; it has 'a\\b', c\n  nearest: a\\b"),
        ("country LIKE 'Ital%' AND state = 'old'", "state = 'old'; it has it's old, new\n  nearest: it's old"),
        ("country = 'ITALY'", ""),
    ],
    ids=["abbreviated", "with a backslash", "of an enum", "in another case"],
)
def test_a_value_that_occurs_nowhere_is_said_with_the_nearest(mysql: MySQLModule, sql: str, said: str) -> None:
    statement = sql_conditions.parsed(f"SELECT * FROM customers WHERE {sql}", "mysql")
    assert statement is not None
    compared = sql_conditions.comparisons(statement, mysql.describe(), "mysql")
    texts = [each.text(lambda old, new: new) for each in missing(compared, Look(mysql, 5))]
    assert texts == ([f"no row of customers has {said}"] if said else [])


def test_the_condition_that_left_no_row_is_said(mysql: MySQLModule) -> None:
    sql = "SELECT name FROM customers WHERE `Order Key` = 'c' AND age > 40"
    statement = sql_conditions.parsed(sql, "mysql")
    assert statement is not None
    assert sql_emptiness.why_empty(statement, "mysql", Look(mysql, 5).count) == [
        "no row meets both conditions: `Order Key` = 'c' has 2 rows, age > 40 has 1 row"
    ]


SENTENCES: list[tuple[str, Any]] = [
    ("query all customers from mysql where \"Order Key\" = 'a\\b'", "Ann"),
    ("query all customers from mysql where name is in wanted and age % 2 = 1 and age > least", "Cem"),
    ('query all "Order Lines" where total > 100', 1),
    ("show the top 1 customers by age", "Ann"),
    ("query name from customers order by age", "Ben"),
    ("list all tables", None),
    ('describe table "Order Lines"', "id"),
    ("list the distinct country values of customers", "Italy"),
]


@pytest.mark.parametrize(("sentence", "first"), SENTENCES, ids=[sentence for sentence, _ in SENTENCES])
def test_a_sentence_is_written_as_mysql_has_it(mysql: MySQLModule, sentence: str, first: object) -> None:
    found = run(sentence, mysql, {"wanted": ["Ben", "Cem"], "least": 20})
    assert isinstance(found, Rows)
    value = found[0][0] if sentence.startswith(("query name", "describe", "list", 'query all "')) else found[0][1]
    assert first is None or value == first


def test_the_guides_lines_run_word_for_word(mysql: MySQLModule) -> None:
    assert len(run("query all customers from mysql", mysql, {})) == 4
    run("insert into mysql table users values ('Alice', 30)", mysql, {})
    assert mysql.execute_query("SELECT * FROM users") == [("Alice", 30)]
    found = run("call mysql stored procedure get_monthly_report", mysql, {})
    assert found == [("Ann", 41), ("Ben", 19), ("Cem", 33), ("Dan", None)]


def test_rows_of_a_frame_go_into_a_table_by_a_sentence(mysql: MySQLModule) -> None:
    pandas = pytest.importorskip("pandas")
    run("load people into table users", mysql, {"people": pandas.DataFrame({"name": ["Zoë"], "age": [5]})})
    assert mysql.execute_query("SELECT * FROM users") == [("Zoë", 5)]
