"""Code that was written ahead of its line's turn: when it is right, and what is said where it is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from aibasic.modules.results import Rows
from aibasic.modules.schema import Column, Table

from aibasic_kernel.compiler.prompts.assumptions import Before, Foretold, files_named, read_assumption, shapes_in, unmet
from aibasic_kernel.compiler.prompts.reply import Answer
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.traces.newest import with_newest
from tests.compiler.scopes import FakeService

CUSTOMERS = Table("customers", (Column("name", "text", "text"), Column("age", "integer", "number")))
SERVICES = {"postgres": FakeService(known={"customers": CUSTOMERS})}
FRAME = pd.DataFrame({"age": [3], "name": ["x"]})
OTHER_FRAME = pd.DataFrame({"years": [3], "name": ["x"]})
WIDER = pd.DataFrame({"age": [3], "name": ["x"], "more": [1]})


def wrong(
    python: str,
    *assumed: str,
    now: dict[str, Any],
    then: dict[str, Any] | None = None,
    sentence: str = "do what is to be done",
    newest: str | None = None,
    states: tuple[str, str] = ("", ""),
) -> str | None:
    """What is said of code when its turn has come."""
    before = Before(shapes_in(then or {}), {"postgres": states[0]}, {})
    code = Foretold(python, sentence, dict(map(read_assumption, assumed)))
    return unmet(code, before, Scope(now, newest, SERVICES), {"postgres": states[1]})


@pytest.mark.parametrize(
    ("python", "assumed", "now"),
    [
        ("x = df['age']", ["df: frame with age number"], {"df": FRAME}),
        ("x = df['age']", ["df: frame with age number"], {"df": WIDER}),
        ("x = df['age']", ["df: frame with age other"], {"df": FRAME}),
        ("x = len(df)", ["df: frame"], {"df": OTHER_FRAME}),
        ("x = n + 1", ["n: number"], {"n": 2.5}),
        ("x = [row[0] for row in results]", ["results: rows with age number"], {"results": Rows([(1,)], ("age",))}),
        ("x = [row[0] for row in results]", ["results: rows with age number"], {"results": Rows([], ("age",))}),
        ("x = names[0]", ["names: list"], {"names": ["a"]}),
        ("x = names[0]['a']", ["names: list of dict with a number"], {"names": [{"a": 1}]}),
        ("import math\nx = math.pi", [], {}),
        ("x = pg.execute_query('SELECT name FROM customers')", [], {}),
        ("x = pg.execute_query('WITH t AS (SELECT 1) SELECT * FROM t')", [], {}),
        ("pg.execute_query('CREATE TABLE t AS SELECT * FROM customers', fetch=False)", [], {}),
    ],
)
def test_what_came_true(python: str, assumed: list[str], now: dict[str, Any]) -> None:
    assert wrong(python, *assumed, now=now) is None


@pytest.mark.parametrize(
    ("python", "assumed", "now", "reason"),
    [
        ("x = df['age']", ["df: frame with age number"], {}, "there is no df"),
        ("x = df['age']", ["df: frame with age number"], {"df": OTHER_FRAME}, "df has no column age now"),
        ("x = df['age']", ["df: frame with age text"], {"df": FRAME}, "df.age is number now, was text"),
        ("x = df['age']", ["df: rows with age number"], {"df": FRAME}, "df is frame now, was rows"),
        ("x = df['age']", [], {"df": FRAME}, "df was not foretold"),
        ("x = d['age']", [], {}, "there is no d"),
        ("x = n", ["n: number"], {"n": "three"}, "n is text now, was number"),
        ("x = pg.execute_query('SELECT * FROM bills')", [], {}, "there is no table bills"),
    ],
)
def test_what_did_not_come_true(python: str, assumed: list[str], now: dict[str, Any], reason: str) -> None:
    assert wrong(python, *assumed, now=now) == reason


def test_what_was_there_must_be_as_it_was() -> None:
    assert wrong("x = df['age']", now={"df": WIDER}, then={"df": FRAME}) is None
    assert wrong("x = df['age']", now={"df": OTHER_FRAME}, then={"df": FRAME}) == "df has no column age now"
    assert wrong("x = df.sum()", now={"df": WIDER}, then={"df": FRAME}) == "df has a new column more now"
    assert wrong("x = df.sum()", "df: frame", now={"df": WIDER}, then={"df": FRAME}) is None
    assert wrong("x = n", now={"n": "a"}, then={"n": 1}) == "n is text now, was number"


def test_a_word_that_became_a_variable_may_be_meant() -> None:
    said = "customers older than limit"
    query = "x = pg.execute_query('SELECT name FROM customers WHERE age > 40')"
    assert wrong(query, sentence=said, now={"limit": 4}, then={"limit": 4}) is None
    assert wrong(query, sentence=said, now={"limit": 4}) == "'limit' is a variable now"
    assert wrong("x = limit", "limit: number", sentence=said, now={"limit": 4}) is None
    assert wrong(query, sentence="customers by age", now={"age": 4}) is None  # it is the column


def test_it_must_stand_for_what_the_code_reads() -> None:
    frames = {"df": FRAME, "top": FRAME}
    said = "sort it"
    assert wrong("x = df.head()", "df: frame", sentence=said, now=frames, newest="df") is None
    assert wrong("x = df.head()", "df: frame", sentence=said, now=frames, newest="top") == '"it" stands for top'
    assert wrong("x = df.head()", "df: frame", sentence="sort it like df", now=frames, newest="top") is None


def test_what_ends_a_transaction_needs_the_same_one() -> None:
    open_one = "transaction open since 12:03"
    assert wrong("pg.rollback()", now={}, states=("", open_one)) == "the transaction of postgres is another now"
    assert wrong("pg.rollback()", now={}, states=(open_one, open_one)) is None
    assert wrong("x = pg.execute_query('SELECT name FROM customers')", now={}, states=("", open_one)) is None


def test_a_file_that_the_line_names_must_be_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = "load the 'sales of may.csv'"
    then = Before({}, {}, files_named(said, tmp_path))
    code = Foretold("import pandas as pd\ndf = pd.read_csv('sales of may.csv')", said, {})
    assert unmet(code, then, Scope({}), {}) is None
    (tmp_path / "sales of may.csv").write_text("a,b\n1,2\n")
    assert unmet(code, then, Scope({}), {}) == "sales of may.csv has changed"


@pytest.mark.parametrize(
    ("python", "known", "expected"),
    [
        ("print(last_output)\n", "answer", "print(answer)\n"),
        ("s = 'ü' + last_output; t = last_output.x\n", "größe", "s = 'ü' + größe; t = größe.x\n"),
        ("print(f'{last_output} of last_output')\n", "n", "print(f'{n} of last_output')\n"),
        ("last_output = 1\nprint(last_output)\n", "n", "last_output = 1\nprint(last_output)\n"),
        ("print(last_output)\n", None, "print(last_output)\n"),
    ],
)
def test_the_newest_result_gets_its_name(python: str, known: str | None, expected: str) -> None:
    assert with_newest(Answer(python, ""), known).python == expected


def test_what_is_assumed_of_the_newest_result_is_assumed_of_its_name() -> None:
    name, shape = read_assumption("last_output: text")
    assert with_newest(Answer("print(last_output)\n", "", {name: shape}), "line").assumed == {"line": shape}
