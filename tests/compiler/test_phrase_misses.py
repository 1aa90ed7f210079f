"""The word that keeps a sentence from being a phrase, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from aibasic.modules.results import Rows
from aibasic.modules.schema import Column, Table
from hypothesis import given, settings
from hypothesis import strategies as st

from aibasic_kernel.compiler.phrasing.match import alike, match
from aibasic_kernel.compiler.phrasing.misses import misses
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.task_types import task_types
from tests.compiler.scopes import CUSTOMERS, ORDERS, make_scope

SIZES = Table('"Größen"', (Column("Größe cm", "numeric", "number"),))
NAMES = {"counter": 3, "title": "A title", "sales": pd.DataFrame({"city": ["Rome"], "amount": [9.5]})}
SCOPE = make_scope(NAMES, (CUSTOMERS, ORDERS, SIZES))


def found(line: str, scope: Scope = SCOPE) -> list[tuple[str, str]]:
    """What is said of the wrong words of a line, and its mended sentences."""
    section, _, sentence = line.rpartition(") ") if line.startswith("(") else ("", "", line)
    return [(str(miss), miss.sentence) for miss in misses(sentence, section[1:], scope, task_types())]


NEAREST = [
    ("(postgres) query custmers", "there is no table custmers; nearest: customers", "query customers"),
    ("query all Custmer where age > 3", "there is no table Custmer; nearest: customers",
     "query all customers where age > 3"),
    ('(postgres) query all "Größe"', 'there is no table Größe; nearest: "Größen"', 'query all "Größen"'),
    ("(postgres) query customers joined with ordres on id", "there is no table ordres; nearest: orders",
     "query customers joined with orders on id"),
    ("(postgres) query customers where agee > 3", "there is no column agee in customers; nearest: age",
     "query customers where age > 3"),
    ("(postgres) query nam and age from customers", "there is no column nam in customers; nearest: name",
     "query name and age from customers"),
    ("(postgres) query customers order by agee descending", "there is no column agee in customers; nearest: age",
     "query customers order by age descending"),
    ("(postgres) average agee of customers", "there is no column agee in customers; nearest: age",
     "average age of customers"),
    ("(postgres) update customers set agee = 3 where id = 1", "there is no column agee in customers; nearest: age",
     "update customers set age = 3 where id = 1"),
    ('(postgres) query "Größen" where Grösse > 3', 'there is no column Grösse in "Größen"; nearest: Größe cm',
     'query "Größen" where "Größe cm" > 3'),
    ("(df) filter rows of slaes where amount > 3", "there is no data frame slaes; nearest: sales",
     "filter rows of sales where amount > 3"),
    ("(df) filter rows of sales where amuont > 3", "there is no column amuont in sales; nearest: amount",
     "filter rows of sales where amount > 3"),
    ("increase cuonter", "there is no number cuonter; nearest: counter", "increase counter"),
    ("print couter", "there is no variable couter; nearest: counter", "print counter"),
    ("(postgres) query customers where country = Italy", "there is no column or variable Italy: text stands in quotes",
     "query customers where country = 'Italy'"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "said", "mended"), NEAREST, ids=[line for line, *_ in NEAREST])
def test_the_nearest_name_is_said_and_mends_the_line(line: str, said: str, mended: str) -> None:
    assert found(line) == [(said, mended)]
    section = line[1:].partition(")")[0] if line.startswith("(") else ""
    assert match(mended, section, SCOPE, task_types()) is not None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("(postgres) query invoices", 'there is no table invoices; known: customers, orders, "Größen"'),
        ("(postgres) count customers by land",
         "there is no column land in customers; known: id, name, age, email, country"),
        ("(postgres) query customers where salary > 3",
         "there is no column salary in customers; known: id, name, age, "),
        ("(df) sort counter by amount", "counter is a number, not a data frame"),
        ("(df) sort it by amount", "there is no result yet that it could stand for"),
    ],
)  # fmt: skip
def test_where_none_is_near_it_says_what_there_is(line: str, said: str) -> None:
    ((text, sentence),) = found(line)
    assert text.startswith(said) and not sentence


@pytest.mark.parametrize("line", ["tell me a joke", "(postgres) please do it", "", "(postgres) query", "x y z"])
def test_of_a_sentence_far_from_every_phrase_nothing_is_said(line: str) -> None:
    assert found(line) == []


@pytest.mark.parametrize("condition", ["title > 1", "counter = 3 and 5 >= title", "title is between 1 and 5"])
def test_a_text_that_is_to_be_greater_than_a_number_is_told(condition: str) -> None:
    ((said, sentence, remedy),) = [
        (str(miss), miss.sentence, miss.remedy) for miss in misses(f"whether {condition}", "", SCOPE, task_types())
    ]
    assert (said, sentence) == ("title is text, not a number", "")
    assert remedy == 'to read it as a number, write: input "..." into title as a number'


ROWS = Rows([("Ann", 3), ("Bob", 4)], ["name", "age"])


@pytest.mark.parametrize(
    "line", ["print total of people", "print the sum of people", "total of people", "whether sum of people > 3"]
)
def test_rows_have_no_sum_without_a_column(line: str) -> None:
    scope = make_scope({"people": ROWS}, (CUSTOMERS,))
    assert match(line, "", scope, task_types()) is None
    ((said, remedy),) = [(str(miss), miss.remedy) for miss in misses(line, "", scope, task_types())]
    assert said == "people holds rows: which column is meant?"
    assert "convert people to dataframe into table" in remedy


def test_the_remedy_for_rows_is_one() -> None:
    scope = make_scope({"people": ROWS}, ())
    found = match("convert people to dataframe into table", "", scope, task_types())
    assert found is not None and found.result == "table"
    scope = make_scope({"table": pd.DataFrame({"age": [3]})}, ())
    for word in ("total", "sum", "average", "mean", "minimum", "maximum", "highest", "lowest"):
        assert match(f"{word} age of table", "", scope, task_types()) is not None


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("set x to rnd", "a random number is: random number from 1 to 6"),
        ("set x to rnd()", "a random number is: random number from 1 to 6"),
        ("print int(rnd*6)+1", "a random number is: random number from 1 to 6"),
        ("print today", "write: set day to today, and then use day"),
    ],
)
def test_a_word_that_many_take_for_a_value_is_no_text(line: str, remedy: str) -> None:
    assert [(miss.sentence, miss.remedy) for miss in misses(line, "", SCOPE, task_types())] == [("", remedy)]


def test_quotes_are_proposed_for_plain_words_alone() -> None:
    assert found("print hello") == [("there is no variable hello: text stands in quotes", "print 'hello'")]
    assert found("print int(hello*6)+1") == found("print hello * 6") == found("print int(hello)") == []


def test_a_phrase_whose_words_are_hardly_said_does_not_come_near() -> None:
    line = "show the 5 carriers with most flights"
    assert "show the last 5 orders" not in [phrase.example for phrase in alike(line, "", SCOPE)]
    assert alike("flip a coin", "", SCOPE) == []
    assert "sort numbers" in [phrase.example for phrase in alike("sort it somehow", "", SCOPE)]


@pytest.mark.parametrize("line", ["print title + 1", "set z to counter + title", "print counter, counter + title"])
def test_a_text_that_is_added_to_a_number_is_told(line: str) -> None:
    ((said, remedy),) = [(str(miss), miss.remedy) for miss in misses(line, "", SCOPE, task_types())]
    assert said == "title is text, not a number"
    assert remedy.startswith("to join it, write & for +; to read it as a number, write: input")


def test_a_file_with_another_ending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("customers.csv").touch()
    said = "customers.cvs is no file that ends in .csv; nearest: customers.csv"
    assert found("(csv) read customers.cvs") == [(said, "read customers.csv")]


def test_a_variable_with_the_name_of_a_module_is_told() -> None:
    scope = make_scope({"json": {"a": 1}, "results": pd.DataFrame({"id": [1]})}, (CUSTOMERS,))
    said = "json is a variable of yours, and this line needs the module json: give yours another name"
    assert found("save results to w.json", scope) == [(said, "")]
    assert found("save results to w.jsn", scope) != [(said, "")]


def test_the_columns_that_a_table_has_not_are_named() -> None:
    people = pd.DataFrame({"id": [1], "nam": ["Ann"], "weight": [3]})
    said = "table customers has no columns nam (it has name), weight, which people has"
    assert found("load people into table customers", make_scope({"people": people}, (CUSTOMERS,))) == [
        (f"{said}; known: id, name, age, email, country", "")
    ]


def test_what_a_handler_reads_is_named_to_nobody_else() -> None:
    scope = make_scope({"_last_error": "", "_last_error_line": 0, "n": 3, "title": "x"}, ())
    ((said, _),) = found("increase zzz by 1", scope)
    assert said.endswith("; known: n")
    ((said, _),) = found("increase _last_error_lin by 1", scope)
    assert said.endswith("; nearest: _last_error_line")


def test_a_long_list_is_cut() -> None:
    scope = make_scope({}, [Table(f"table_{at}", (Column("id", "integer", "number"),)) for at in range(300)])
    ((text, _),) = found("(postgres) query zebras", scope)
    assert text == "there is no table zebras; known: table_0, table_1, table_2, table_3, table_4, table_5 and 294 more"


WORDS = "query all custmers where agee > 3 and order by ( ) , 'x' it the"


@given(st.lists(st.sampled_from(WORDS.split()), max_size=25))
@settings(max_examples=100, deadline=None)
def test_no_sentence_makes_it_fail(words: list[str]) -> None:
    assert all(str(miss) for miss in misses(" ".join(words), "postgres", SCOPE, task_types()))
