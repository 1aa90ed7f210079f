"""Rows: a plain list that knows its columns and shows itself as a table."""

from __future__ import annotations

import copy
import pickle
from datetime import datetime, timezone
from decimal import Decimal

import pandas as pd
from aibasic.modules.results import Rows, cell_text, html_table, text_table

PEOPLE = Rows([("Ann", 41), ("Ben", None)], ("name", "age"))


def test_rows_are_a_list_of_tuples() -> None:
    assert PEOPLE == [("Ann", 41), ("Ben", None)]
    assert repr(PEOPLE) == "[('Ann', 41), ('Ben', None)]"
    assert [name for name, _ in PEOPLE] == ["Ann", "Ben"]


def test_columns_stay_with_slices_copies_and_order() -> None:
    turned = PEOPLE.copy()
    turned.reverse()
    ordered = PEOPLE[:]
    ordered.sort(key=lambda row: row[1] or 0)
    for rows in (PEOPLE, PEOPLE[1:], turned, ordered, pickle.loads(pickle.dumps(PEOPLE)), copy.deepcopy(PEOPLE)):
        assert rows.columns == ("name", "age")
        assert list(pd.DataFrame(rows).columns) == ["name", "age"]
    assert PEOPLE[5:].columns == ("name", "age")


def test_the_text_table() -> None:
    rows = Rows([("Ann", 41, Decimal("1.50")), ("名前", None, Decimal("10"))], ("name", "age", "owes"))
    assert text_table(rows.columns, rows).splitlines() == [
        "name   age  owes",
        "----  ----  ----",
        "Ann     41  1.50",
        "名前  NULL    10",
        "2 rows",
    ]


def test_large_results_show_the_first_rows_and_the_full_count() -> None:
    rows = Rows([(n,) for n in range(336_776)], ("n",))
    text = text_table(rows.columns, rows).splitlines()
    assert (len(text), text[-1]) == (23, "336,776 rows, the first 20 shown")
    assert rows._repr_html_().count("<tr>") == 21
    assert "336,776 rows" in rows._repr_html_()


def test_html_is_escaped_and_numbers_stand_right() -> None:
    shown = html_table(["<b>", "n"], [("<script>&", 1), (None, 2)])
    assert "&lt;script&gt;&amp;" in shown
    assert "&lt;b&gt;" in shown
    assert "<script>" not in shown
    assert '<td style="text-align: right">1</td>' in shown
    assert "<i>NULL</i>" in shown


def test_cells() -> None:
    assert cell_text(datetime(2026, 1, 2, 3, tzinfo=timezone.utc)) == "2026-01-02 03:00:00+00:00"
    assert cell_text(Decimal("1E+3")) == "1000"
    assert cell_text(memoryview(bytes(100))) == "0" * 32 + "… (100 bytes)"
    assert cell_text(True) == "true"
    assert cell_text([1, None]) == "[1, None]"
    assert cell_text("two\nlines\x1b[31m") == "two\\nlines\\x1b[31m"
    assert len(text_table(["a"], [("x" * 10_000_000,)])) < 300


def test_no_rows_still_show_their_columns() -> None:
    assert text_table(("name", "age"), Rows((), ("name", "age"))) == "name  age\n----  ---\n0 rows"
