"""Tab and Shift-Tab as a front end asks for them: complete_request and inspect_request to a running kernel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kernel.notebook import PATIENCE, Notebook, open_notebook, without_colours
from tests.servers.postgres import DATABASE, PASSWORD, PostgresServer

TABLES = """
DROP TABLE IF EXISTS orders, customers;
CREATE TABLE customers (id serial PRIMARY KEY, name text NOT NULL, age int);
COMMENT ON COLUMN customers.age IS 'in full years';
CREATE TABLE orders (id serial PRIMARY KEY, customer_id int REFERENCES customers, total numeric(10,2));
INSERT INTO customers (name, age) VALUES ('Alice', 30);
"""


@pytest.fixture(scope="module")
def shop(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Notebook]:
    """A kernel that has queried a table, and holds a few names."""
    postgres_server.sql(DATABASE, TABLES)
    folder = tmp_path_factory.mktemp("shop")
    (folder / "aibasic.conf").write_text(postgres_server.conf())
    with open_notebook(folder) as opened:
        cell = opened.run(
            "10 (postgres) query all customers\ncounter = 3\ndef double(x):\n    'Twice x.'\n    return 2 * x"
        )
        assert cell.ok, cell.text
        yield opened


def completed(notebook: Notebook, text: str) -> dict[str, Any]:
    """The content of the reply where `|` stands in the text; its `replaced` is what the matches stand for."""
    code, cursor = text.replace("|", ""), text.index("|")
    content: dict[str, Any] = notebook.client.complete(code, cursor, reply=True, timeout=PATIENCE)["content"]
    assert content["status"] == "ok"
    return {**content, "replaced": code[content["cursor_start"] : content["cursor_end"]]}


def inspected(notebook: Notebook, text: str, detail: int = 0) -> str:
    """What is shown of the thing where `|` stands in the text, "" where nothing was found."""
    code, cursor = text.replace("|", ""), text.index("|")
    content = notebook.client.inspect(code, cursor, detail, reply=True, timeout=PATIENCE)["content"]
    assert content["status"] == "ok" and content["found"] is bool(content["data"])
    return without_colours(content["data"].get("text/plain", ""))


COMPLETED = [
    ("(postgres) query all cus|", "cus", ["customers"]),
    ("(postgres) query all customers where a|", "a", ["age"]),
    ("(postg|", "postg", ["postgres)", "postgresql)"]),
    ("print '😀'\n(postgres) query all cus| where age > 3\nx = (", "cus", ["customers"]),
    ("print counter\n20 increase cou|", "cou", ["counter"]),
    ("x = cou|", "cou", ["counter"]),
    ("pg.execute_q|", "execute_q", ["execute_query"]),
    ("counter.bit_l|", "bit_l", ["bit_length"]),
    ("CODE |", "", ["10"]),
]


@pytest.mark.parametrize(("text", "replaced", "matches"), COMPLETED, ids=[text for text, *_ in COMPLETED])
def test_tab_offers_what_exists(text: str, replaced: str, matches: list[str], shop: Notebook) -> None:
    reply = completed(shop, text)
    assert (reply["replaced"], reply["matches"]) == (replaced, matches)


@pytest.mark.parametrize(
    ("text", "kind", "description"),
    [
        ("(postgres) query all cus|", "table", "table"),
        ("(postgres) query all customers where a|", "column", "integer"),
        ("CODE |", "line", "(postgres) query all customers"),
        ("TRAC|", "command", "show each line as it runs"),
        ("(postgre|", "task", "PostgreSQL"),
        ("20 increase cou|", "name", "number"),
    ],
)
def test_matches_say_what_they_are(text: str, kind: str, description: str, shop: Notebook) -> None:
    first = completed(shop, text)["metadata"]["_jupyter_types_experimental"][0]
    assert first["type"] == kind and description in first["description"]


def test_shift_tab_tells_what_exists(shop: Notebook) -> None:
    table = inspected(shop, "(postgres) query all cus|tomers")
    assert table.startswith("customers: table of [postgres], 3 columns") and "in full years" in table
    assert "refers to customers.id" in inspected(shop, "(postgres) query orders where customer_i|d = 1")
    assert "SELECT * FROM customers" in inspected(shop, "x = 1\n10 (postgres) que|ry all customers\ny = 2")
    module = inspected(shop, "p|g")
    assert "execute_query(" in module and f"database  {DATABASE}" in module and PASSWORD not in module


def test_python_is_inspected_as_by_ipython(shop: Notebook) -> None:
    assert "Twice x." in inspected(shop, "dou|ble(3)")
    assert "Twice x." in inspected(shop, "20 y = double(|3)")
    assert "return 2 * x" not in inspected(shop, "dou|ble(3)") and "return 2 * x" in inspected(shop, "dou|ble(3)", 1)
    assert "int" in inspected(shop, "x = coun|ter")
    assert inspected(shop, "x = nothing_of_that_na|me") == ""


@pytest.mark.parametrize(
    "broken",
    ["1 / 0", "(postgres) query all custmers", "print (", "(postgres) execute query SELECT nope FROM customers"],
)
def test_both_are_right_after_a_cell_that_failed(broken: str, shop: Notebook) -> None:
    assert not shop.run(broken).ok
    assert completed(shop, "(postgres) query all cus|")["matches"] == ["customers"]
    assert inspected(shop, "print coun|ter").startswith("counter: number")


def test_both_follow_what_a_cell_has_changed(shop: Notebook) -> None:
    assert shop.run("pg.execute_query('CREATE TABLE parcels (weight int)', fetch=False)\nnewest = 7").ok
    # The tables are read again by whatever asks for one next.
    assert shop.run("(postgres) count the parcels").ok
    assert completed(shop, "(postgres) query all par|")["matches"] == ["parcels"]
    assert "weight" in inspected(shop, "(postgres) query all par|cels")
    assert completed(shop, "print newe|")["matches"] == ["newest"]


def test_both_answer_before_anything_ran_and_with_a_broken_configuration(tmp_path: Path) -> None:
    (tmp_path / "aibasic.conf").write_text("[postgres\n")
    with open_notebook(tmp_path) as opened:
        assert completed(opened, "x = isinst|")["matches"] == ["isinstance"]
        assert "task type, data frames" in inspected(opened, "(d|f) show it")
        assert "CONTEXT" in completed(opened, "CONT|")["matches"]
