"""The guide's lines in the kernel, against a real PostgreSQL that is also killed, slow and forgetful."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kernel.notebook import Notebook, open_notebook
from tests.messages_server import MessagesServer
from tests.servers.postgres import DATABASE, PASSWORD, PostgresServer

TABLES = """
DROP TABLE IF EXISTS orders, customers, users;
CREATE TABLE customers (id serial PRIMARY KEY, name text, age int, country text);
INSERT INTO customers (name, age, country) VALUES ('Alice', 30, 'USA'), ('Bob', 20, 'USA'), ('Zoë', 41, 'France');
CREATE TABLE orders (id serial PRIMARY KEY, customer_id int, total numeric(10,2));
INSERT INTO orders (customer_id, total) VALUES (1, 99.50), (3, 250.00);
CREATE TABLE users (name text, age int);
"""


@pytest.fixture
def shop(postgres_server: PostgresServer, tmp_path: Path) -> Iterator[Notebook]:
    """A kernel in a folder that is configured for the shop's database."""
    postgres_server.sql(DATABASE, TABLES)
    (tmp_path / "aibasic.conf").write_text(postgres_server.conf())
    with open_notebook(tmp_path) as opened:
        yield opened


def test_the_guides_three_lines(shop: Notebook, tmp_path: Path) -> None:
    cell = shop.run(
        "10 (postgres) query all customers from postgres where age > 25\n"
        "20 (df) convert results to dataframe\n"
        "30 (csv) save dataframe to customers.csv"
    )
    assert cell.ok, cell.text
    assert "<table" in cell.shown[-1]["text/html"]
    assert shop.run("len(results), list(df.columns)").texts == ["(2, ['id', 'name', 'age', 'country'])"]
    with (tmp_path / "customers.csv").open(encoding="utf-8", newline="") as file:
        assert [row["name"] for row in csv.DictReader(file)] == ["Alice", "Zoë"]


def test_the_guides_other_lines(shop: Notebook, postgres_server: PostgresServer) -> None:
    cell = shop.run(
        "10 (postgres) query all customers from postgres\n"
        "20 (postgres) insert into postgres table users values ('Alice', 30)\n"
        "30 (postgres) execute postgres query SELECT * FROM orders WHERE total > 100"
    )
    assert cell.ok, cell.text
    assert shop.run("results").texts[0].count("250.00") == 1
    assert postgres_server.sql(DATABASE, "SELECT name, age FROM users").strip() == "Alice|30"


def test_code_that_makes_the_module_itself_and_code_that_just_uses_it(shop: Notebook) -> None:
    made = shop.run(
        "from aibasic.modules import PostgresModule\n"
        "pg = PostgresModule.from_config('aibasic.conf')\n"
        "pg.execute_query('SELECT 1')[0][0]"
    )
    assert made.texts == ["1"]
    shop.run("first = pg")
    shop.run("10 (postgres) query all customers from postgres")
    assert shop.run("pg is first").texts == ["True"]


def test_a_variable_of_the_users_is_never_overwritten(shop: Notebook) -> None:
    shop.run("pg = 'parental guidance'")
    cell = shop.run("10 (postgres) query all customers from postgres")
    assert cell.ok, cell.text
    assert "pg_aibasic" in cell.text
    assert shop.run("pg").texts == ["'parental guidance'"]


def test_the_server_killed_between_two_cells(shop: Notebook, postgres_server: PostgresServer) -> None:
    assert shop.run("10 (postgres) query all customers from postgres").ok
    postgres_server.kill()
    postgres_server.start()
    assert shop.run("10 (postgres) query all customers from postgres").ok


def test_a_dead_server_is_named_and_the_lock_keeps_its_lines(
    shop: Notebook, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    assert shop.run("10 (postgres) query all customers from postgres").ok
    before = (tmp_path / "aibasic.lock").read_text()
    postgres_server.kill()
    try:
        cell = shop.run("10 (postgres) query all customers from postgres")
    finally:
        postgres_server.start()
    assert not cell.ok
    assert str(postgres_server.port) in cell.error
    assert PASSWORD not in cell.text
    assert (tmp_path / "aibasic.lock").read_text() == before


def test_an_interrupt_cancels_the_query_on_the_server(shop: Notebook, postgres_server: PostgresServer) -> None:
    shop.run("10 (postgres) query all customers from postgres")
    request = shop.start("print('asking', flush=True)\npg.execute_query('SELECT pg_sleep(600)')")
    shop.wait(request, until=lambda cell: "asking" in cell.stdout)
    running = (
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(6%' "
        "AND pid <> pg_backend_pid()"
    )
    while postgres_server.sql(DATABASE, running).strip() != "1":
        pass
    shop.manager.interrupt_kernel()
    cell = shop.wait(request)
    assert cell.reply["ename"] == "KeyboardInterrupt"
    assert postgres_server.sql(DATABASE, running).strip() == "0"
    assert shop.run("pg.execute_query('SELECT 7')[0][0]").texts == ["7"]


def test_a_transaction_lives_from_line_to_line_and_ends_with_an_interrupt(
    shop: Notebook, postgres_server: PostgresServer
) -> None:
    cell = shop.run("10 (postgres) begin transaction\n20 (postgres) insert into postgres table users values ('Eve', 1)")
    assert cell.ok, cell.text
    assert "transaction open since" in shop.run("MODULES").text
    assert postgres_server.sql(DATABASE, "SELECT count(*) FROM users").strip() == "0"
    request = shop.start("print('asleep', flush=True)\nimport time; time.sleep(600)")
    shop.wait(request, until=lambda cell: "asleep" in cell.stdout)
    shop.manager.interrupt_kernel()
    assert "rolled back" in shop.wait(request).text
    assert postgres_server.sql(DATABASE, "SELECT count(*) FROM users").strip() == "0"
    assert shop.run("(postgres) insert into postgres table users values ('Ann', 2)").ok
    assert postgres_server.sql(DATABASE, "SELECT count(*) FROM users").strip() == "1"


def test_a_value_that_occurs_nowhere_is_said_with_the_line_that_would_find_it(shop: Notebook) -> None:
    cell = shop.run("10 (postgres) query all customers from postgres where country = 'usa'")
    assert cell.ok, cell.text
    assert "no row of customers has country = 'usa'; it has USA, France" in cell.text
    nearest = next(line for line in cell.text.splitlines() if "nearest: " in line).partition("nearest: ")[2]
    assert nearest == "10 (postgres) query all customers from postgres where country = 'USA'"
    assert "Alice" in shop.run(nearest).text
    assert "no row meets both conditions" in shop.run("query customers where country = 'USA' and name = 'Zoë'").text


def test_an_error_of_the_server_has_position_and_hint_and_no_frame_of_ours(shop: Notebook) -> None:
    cell = shop.run("10 (postgres) execute postgres query SELECT nam FROM customers")
    assert cell.reply["ename"] == "UndefinedColumn"
    assert "LINE 1: SELECT nam FROM customers" in cell.error and "HINT" in cell.error
    assert "line 10" in cell.error and "postgres_module" not in cell.error


@pytest.mark.parametrize(
    ("conf", "words"),
    [
        ("", ["Missing [postgres] section in aibasic.conf"]),
        ("[postgres]\nPORT = 5432\n", ["HOST", "[postgres]"]),
        ("[postgres]\nHOST = 127.0.0.1\nPORT = abc\n", ["PORT", "abc"]),
    ],
    ids=["no section", "no host", "wrong type"],
)
def test_a_configuration_that_lacks_something_says_what(conf: str, words: list[str], tmp_path: Path) -> None:
    (tmp_path / "aibasic.conf").write_text(conf)
    with open_notebook(tmp_path) as opened:
        cell = opened.run("10 (postgres) query all customers from postgres")
        assert not cell.ok
        assert all(word in cell.error for word in words), cell.error
        assert opened.run("1 + 1").texts == ["2"]


def test_a_wrong_password_is_the_servers_reason_without_the_password(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    (tmp_path / "aibasic.conf").write_text(postgres_server.conf(PASSWORD="wrong and secret"))
    with open_notebook(tmp_path) as opened:
        cell = opened.run("10 (postgres) query all customers from postgres")
    assert "Failed to create PostgreSQL connection pool" in cell.error
    assert "password authentication failed" in cell.error
    assert "wrong and secret" not in cell.text


def test_a_request_says_tables_and_columns_but_no_row_and_no_secret(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    postgres_server.sql(DATABASE, TABLES)
    (tmp_path / "aibasic.conf").write_text(postgres_server.conf())
    with MessagesServer() as server:
        query = 'results = pg.execute_query("SELECT name FROM customers ORDER BY age DESC LIMIT 1")'
        server.compile(query, result="results", when="oldest")
        with open_notebook(tmp_path, {"ANTHROPIC_BASE_URL": server.url}) as opened:
            opened.run("10 (postgres) query all customers from postgres")
            cell = opened.run("20 (postgres) who is our oldest client?")
            assert cell.ok, cell.text
            assert opened.run("results[0][0]").texts == ["'Zoë'"]
        sent = server.requests[0].system + server.requests[0].user
    assert "customers" in sent and "country" in sent and "who is our oldest client?" in sent
    assert "Alice" not in sent and "France" not in sent
    assert PASSWORD not in sent


def test_a_line_without_task_type_says_that_the_service_does_not_answer(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    (tmp_path / "aibasic.conf").write_text(postgres_server.conf(PASSWORD="wrong and secret"))
    with open_notebook(tmp_path) as opened:
        cell = opened.run("show invoices")
    assert "[postgres] cannot be used" in cell.error and "wrong and secret" not in cell.text
