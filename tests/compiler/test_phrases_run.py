"""Each phrase's example fits its phrase and runs: those of postgres on a real server, the others in an empty folder."""

from __future__ import annotations

import builtins
import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from aibasic.modules.base import Module
from aibasic.modules.phrases import Phrase
from aibasic.modules.postgres.module import PostgresModule
from aibasic.modules.postgres.phrases import PHRASES as POSTGRES
from aibasic.modules.results import Rows
from aibasic.modules.schema import Table
from IPython.lib.pretty import pretty

from aibasic_kernel.compiler.phrasing.match import match
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.task_types import task_types
from tests.compiler.running import run
from tests.compiler.scopes import make_scope
from tests.servers.postgres import PostgresServer

LOCAL = [(task.name, phrase) for task in task_types().values() if task.module is None for phrase in task.phrases]
GUIDE = [
    ("query all customers from postgres", 3),
    ("insert into postgres table users values ('Alice', 30)", None),
    ("execute postgres query SELECT * FROM orders WHERE total > 100", 1),
    ("query all customers from postgres where age > 25", 2),
]


@dataclass
class LiveService:
    """The configured section `postgres`, over a live module."""

    instance: PostgresModule
    section: str = "postgres"
    variable: str = "pg"
    module_class: type[Module] = PostgresModule

    def module(self) -> Module:
        return self.instance

    def tables(self) -> Mapping[str, Table]:
        return self.instance.describe()


@pytest.fixture(scope="module")
def pg(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresModule]:
    folder = tmp_path_factory.mktemp("phrases")
    postgres_server.sql("postgres", "CREATE DATABASE phrases")
    (folder / "aibasic.conf").write_text(postgres_server.conf(DATABASE="phrases"))
    module = PostgresModule.from_config(str(folder / "aibasic.conf"))
    for statement in (
        "CREATE TABLE customers (id serial PRIMARY KEY, name text, age int, country text)",
        "CREATE TABLE orders (id serial PRIMARY KEY, customer_id int, total numeric)",
        "CREATE TABLE users (id serial PRIMARY KEY, name text, age int)",
        'CREATE TABLE "Odd Names" ("Order" int, "a b" text)',
        "INSERT INTO customers (name, age, country) VALUES ('Ann', 30, 'Italy'), ('Bob', 40, 'Norway')",
        "INSERT INTO orders (customer_id, total) VALUES (1, 150), (2, 50)",
    ):
        module.execute_query(statement, fetch=False)
    yield module
    module.close()


def on_server(pg: PostgresModule, **names: object) -> Scope:
    return Scope(names, services={"postgres": LiveService(pg)})


@pytest.mark.parametrize("phrase", POSTGRES, ids=lambda phrase: phrase.example)
def test_each_postgres_example_fits_its_phrase_and_runs(phrase: Phrase, pg: PostgresModule) -> None:
    pandas = pytest.importorskip("pandas")
    people = pandas.DataFrame({"name": ["Dee", None], "age": [1, 2]})
    scope = on_server(pg, people=people, results=Rows([("Eve", 5)], ("name", "age")))
    found = match(phrase.example, "postgres", scope, task_types())
    assert found is not None
    assert found.phrase == phrase
    if phrase.example in ("commit", "roll back the transaction"):
        pg.begin()
    try:
        run(phrase.example, "postgres", scope, pg=pg)
    finally:
        if pg.state():
            pg.rollback()


@pytest.mark.parametrize(("sentence", "rows"), GUIDE, ids=[sentence for sentence, _ in GUIDE])
def test_the_guides_lines_run_word_for_word(sentence: str, rows: int | None, pg: PostgresModule) -> None:
    pg.execute_query("DELETE FROM customers WHERE id > 2", fetch=False)
    pg.execute_query("INSERT INTO customers VALUES (3, 'Cy', 9, 'Italy')", fetch=False)
    pg.execute_query("DELETE FROM orders WHERE id > 2", fetch=False)
    names = run(sentence, "postgres", on_server(pg), pg=pg)
    if rows is None:
        assert pg.execute_query("SELECT name, age FROM users WHERE name = 'Alice' LIMIT 1") == [("Alice", 30)]
    else:
        assert len(names["results"]) == rows


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("query customers where age >= least", {"least": 30}),
        ("query customers where country is home and age < 99", {"home": "Italy"}),
        ("query customers where age in ages", {"ages": [30, 31]}),
        ("query customers where name is \"O'Hara\" or name contains '%' or age is 30", {}),
        ("query customers where name = who or name like 'A%'", {"who": "100% \\ '; DROP TABLE customers --"}),
    ],
)
def test_values_reach_the_server_as_they_are(sentence: str, names: dict[str, object], pg: PostgresModule) -> None:
    pg.execute_query("UPDATE customers SET age = 30 WHERE id = 1", fetch=False)
    found = run(sentence, "postgres", on_server(pg, **names), pg=pg)["results"]
    assert "Ann" in [row[1] for row in found]


def test_a_frame_is_loaded_into_a_table_of_its_columns(pg: PostgresModule) -> None:
    pandas = pytest.importorskip("pandas")
    pg.execute_query("CREATE TABLE IF NOT EXISTS loaded (name text, born timestamp, age int)", fetch=False)
    born = datetime.datetime(2013, 7, 4, 12)
    people = pandas.DataFrame({"age": [31, None], "name": ["Ann", None], "born": [born, None]})
    run("load people into table loaded", "postgres", on_server(pg, people=people), pg=pg)
    assert pg.execute_query("SELECT name, born, age FROM loaded") == [("Ann", born, 31), (None, None, None)]
    other = people.rename(columns={"age": "years"})
    assert match("load people into table loaded", "postgres", on_server(pg, people=other), task_types()) is None


def test_odd_names_are_quoted(pg: PostgresModule) -> None:
    names = run('query "Odd Names" where "a b" = \'x\' order by Order', "postgres", on_server(pg), pg=pg)
    assert names["results"].columns == ("Order", "a b")


def test_a_number_of_numpy_reaches_the_server(pg: PostgresModule) -> None:
    numpy = pytest.importorskip("numpy")
    names = run("query customers where age > least", "postgres", on_server(pg, least=numpy.int64(8)), pg=pg)
    assert names["results"]


@pytest.fixture
def local_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Variables and files that the examples speak of."""
    import matplotlib as mpl

    mpl.use("agg")
    import matplotlib.pyplot as plt
    import pandas as pd

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DISPLAY", raising=False)  # a figure that cannot be shown is no warning where nobody looks
    monkeypatch.setattr(builtins, "input", lambda prompt="": "7")
    (tmp_path / "notes.txt").write_text("a note")
    (tmp_path / "reports").mkdir()
    (tmp_path / "settings.json").write_text('{"a": 1}')
    sales = pd.DataFrame({"city": ["Rome", "Oslo"], "amount": [120.0, 30.5], "month": [1, 2], "note": ["a", None]})
    sales.to_csv("customers.csv", index=False)
    sales.to_excel("customers.xlsx", index=False)
    figure = plt.figure()
    plt.close(figure)
    return {
        "x": 7, "y": 2, "answer": "42", "counts": {"a": 1, "b": 2},
        "price": 3.456, "names": ["Ann"], "words": ["a", "b"], "title": "My cat", "numbers": [1, 2, 6],
        "sales": sales, "cities": pd.DataFrame({"city": ["Rome"], "land": ["Italy"]}), "df": sales, "figure": figure,
        "towns": pd.DataFrame({"town": ["Rome"]}),
        "people": [{"name": "Ann"}], "records": [{"name": "Ann"}], "settings": {"a": 1},
        "arrival": datetime.date(2013, 1, 1), "departure": datetime.date(2013, 2, 1),
        "results": Rows([(1, "Ann"), (2, None)], ("id", "name")),
    }  # fmt: skip


@pytest.mark.parametrize(("task", "phrase"), LOCAL, ids=[f"{task}: {phrase.example}" for task, phrase in LOCAL])
def test_each_local_example_fits_its_phrase_and_runs(task: str, phrase: Phrase, local_names: dict[str, object]) -> None:
    scope = make_scope(local_names, tables=None, last_output="df")
    with_task = match(phrase.example, task, scope, task_types())
    without = match(phrase.example, "", scope, task_types())
    assert with_task is not None
    assert with_task.phrase == phrase
    assert without is not None
    assert without.python == with_task.python
    run(phrase.example, task, scope)
    import matplotlib.pyplot as plt

    plt.close("all")


def test_the_guides_three_lines_end_in_a_csv_file(
    pg: PostgresModule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    scope = on_server(pg)
    names = run("query all customers from postgres where age > 25", "postgres", scope, pg=pg)
    scope = Scope({"results": names["results"]}, "results", scope.services)
    names = run("convert results to dataframe", "df", scope)
    run("save dataframe to customers.csv", "csv", Scope({"df": names["df"]}, "df", scope.services))
    assert Path("customers.csv").read_text().splitlines()[0] == "id,name,age,country"


def test_rows_without_rows_keep_their_columns(pg: PostgresModule) -> None:
    results = pg.execute_query("SELECT id, name FROM customers WHERE false")
    names = run("convert results to dataframe", "df", Scope({"results": results}, "results"))
    assert list(names["df"].columns) == ["id", "name"]


def test_what_changes_rows_says_how_many(pg: PostgresModule) -> None:
    run(
        "CREATE TABLE IF NOT EXISTS marks (id serial PRIMARY KEY, day date, seen timestamptz)", "", on_server(pg), pg=pg
    )
    for sentence, shown in (
        ("insert into marks (day, seen) values (2013-01-05, 2013-01-05 23:30)", "1 row"),
        ("INSERT INTO marks (day) VALUES ('2013-01-06'), ('2013-01-07');", "2 rows"),
        ("delete from marks where day after 2013-01-06", "1 row"),
        ("delete from marks where day after 2013-01-06", "0 rows"),
    ):
        found = match(sentence, "postgres", on_server(pg), task_types())
        assert found is not None
        assert pretty(eval(found.python, {"pg": pg})) == shown
    for condition, count in (("seen = 2013-01-05", 1), ("seen > 2013-01-05", 0), ("seen in the last 3 days", 0)):
        assert len(run(f"query marks where {condition}", "postgres", on_server(pg), pg=pg)["results"]) == count


def test_the_last_rows_are_those_of_the_highest_key(pg: PostgresModule) -> None:
    found = run("show the last 1 customers", "postgres", on_server(pg), pg=pg)["results"]
    assert found[0][0] == pg.execute_query("SELECT max(id) FROM customers")[0][0]


def test_a_table_is_saved_as_it_is(pg: PostgresModule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run("save users to users.csv", "postgres", on_server(pg), pg=pg)
    assert Path("users.csv").read_text().splitlines()[0] == "id,name,age"


def test_null_is_nothing_in_a_csv_file(local_names: dict[str, object]) -> None:
    run("save results to out.csv", "csv", make_scope(local_names, tables=None))
    assert Path("out.csv").read_bytes() == b"id,name\r\n1,Ann\r\n2,\r\n"


def test_the_picture_of_a_chart_is_saved(local_names: dict[str, object]) -> None:
    run("plot a bar chart of amount by city from sales as chart.png", "plot", make_scope(local_names, tables=None))
    assert Path("chart.png").read_bytes()[:4] == b"\x89PNG"


def test_check_that_says_the_sentence_and_the_values(local_names: dict[str, object]) -> None:
    with pytest.raises(AssertionError, match="check that x is greater than 10: x = 7"):
        run("check that x is greater than 10", "", make_scope(local_names, tables=None))
