"""What Tab offers, at every place of a cell."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aibasic_kernel.session.completion.completion import Completions, complete
from aibasic_kernel.session.completion.reply import TYPES, complete_reply
from aibasic_kernel.session.session import Session
from tests.session.driver import run
from tests.session.shop import CUSTOMERS, shop


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.chdir(tmp_path)
    return shop(tmp_path)


def at(session: Session, text: str) -> Completions:
    """The completions where `|` stands in the text."""
    before, after = text.split("|")
    return complete(session, before + after, len(before))


def offered(session: Session, text: str) -> list[str]:
    return [offer.text for offer in at(session, text).offers]


WHOLE = [
    # task types
    ("(po|", ["postgres)", "postgres:warehouse)", "postgresql)"]),
    ("(po|)", ["postgres", "postgres:warehouse", "postgresql"]),
    ("10 (postgres:|", ["postgres:warehouse)"]),
    ("(PG:|", ["PG:warehouse)"]),
    ("(exc|", ["excel)"]),
    # commands and their arguments
    ("CONTE|", ["CONTEXT"]),
    ("PHRASES p|", ["postgres", "print", "plot"]),
    ("phrases po|", ["postgres"]),
    ("HELP FO|", ["FORGET", "for"]),
    ("SET SH|", ["SHARE", "SHOW"]),
    ("TRACE |", ["ON", "OFF"]),
    # tables, by what may follow
    ("(postgres) query all cus|", ["customers"]),
    ("10 (postgres) query all the cus|", ["customers"]),
    ("query all c|", ["customers"]),
    ("(postgres) query all Gr|", ['"Größen"']),
    ('(postgres) query all "Gr|', ['"Größen"']),
    ("(postgres) query customers joined with or|", ["orders"]),
    ("(postgres) query customers joined with orders on i|", ["id"]),
    # columns of the table that the sentence names, and what compares them
    ("(postgres) query all customers where |", ["id", "name", "age", "country", "title", "counter"]),
    ("(postgres) query all customers where age > |", ["id", "age", "counter"]),
    ("(postgres) query all customers where age is at |", ["least", "most"]),
    ("(postgres) query all customers where age > 3 o|", ["or", "order", "ordered"]),
    ("(postgres) query all customers where name c|", ["contains"]),
    ("(postgres) query all customers where age con|", []),
    ("(postgres) query name and a| from customers", ["age"]),
    ("(postgres) query all customers order by age d|", ["descending"]),
    ("(postgres) update customers set |", ["id", "name", "age", "country"]),
    ("(postgres) update customers set age |", ["="]),
    ("(postgres) update customers set age = |", ["id", "age", "counter"]),
    ('(postgres) query all "Größen" where Gr|', ['"Größe cm"']),
    ('(postgres) query all "Größen" where "Größe cm" > 3 an|', ["and"]),
    # statements of SQL
    ("(postgres) execute query SELECT * FROM cu|", ["customers"]),
    ("(postgres) execute query SELECT cou| FROM customers", ["country", "COUNT"]),
    ('pg.execute_query("SELECT na| FROM customers")', ["name"]),
    # files and variables that fit
    ("(csv) read cus|", ["customers.csv"]),
    ("(csv) read old|", ['"old sales.csv"']),
    ('(csv) read "old|', ['"old sales.csv"']),
    ("(csv) read reports/|", ["reports/march.csv"]),
    ("(csv) save sales to |", ["customers.csv", '"old sales.csv"', "reports/", "title", "csv", "the", "a", "file"]),
    ("increase |", ["counter", "the"]),
    ("(df) filter rows of sales where am|", ["amount"]),
    ("(df) select columns city and am| from sales", ["amount"]),
    ("(df) sort s|", ["sales"]),
    ("print counter and ti|", ["title"]),
    # sentences that no phrase knows
    ("(postgres) please tell me the ag|", ["age"]),
    ("please tell me about cus|", ["customers", "customer_id"]),
    # several lines, quotes and comments
    ("10 (postgres) query all customers\n   where a|", ["age"]),
    ("(postgres)\n   query all cus|", ["customers"]),
    ("set x to 5\n(postgres) query all cus|\nprint x", ["customers"]),
    ("(postgres) query all customers where # who?\n   ag|", ["age"]),
    ("Größe = 1\n(postgres) query all cus|", ["customers"]),
    ("# query all cus|", []),
    ("10 print counter # cou|", []),
    ("%%bash\nquery all cus|", []),
    ('print "cou|', []),
    # modules that nobody has made yet
    ("pg_warehouse.execute|", ["execute_query", "execute_many"]),
    ("pg_warehouse.execute_many(pa|", ["params_list="]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), WHOLE, ids=[text for text, _ in WHOLE])
def test_only_what_may_follow_is_offered(text: str, expected: list[str], session: Session) -> None:
    assert offered(session, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LIST |", ["110", "120", "CODE"]),
        ("list c|", ["CODE"]),
        ("DELETE 12|", ["120"]),
        ("RUN |", ["110", "120"]),
        ("STOP AT 1|", ["110", "120"]),
        ("CODE |", []),
    ],
)
def test_the_lines_of_the_program_follow_its_commands(text: str, expected: list[str], session: Session) -> None:
    session.program.enter("a cell", "[1]", session.parse("110 set n to 1\n120 goto 110"))
    assert offered(session, text) == expected


def test_a_line_begins_with_whole_phrases_about_what_exists(session: Session) -> None:
    begun = offered(session, "(postgres) |")
    assert begun[0] == "query customers" and "count customers by country" in begun
    assert "convert results to dataframe" in offered(session, "(df) con|")
    assert not any("people" in text for text in offered(session, "(df) con|"))


@pytest.mark.parametrize("task", ["postgres", "df", "csv", "fs", "text", "date", "math", "plot", "other"])
def test_every_whole_phrase_that_is_offered_fits(task: str, session: Session) -> None:
    from aibasic_kernel.compiler.phrasing.match import match
    from aibasic_kernel.compiler.task_types import task_types
    from aibasic_kernel.session.services.known_services import known_scope

    phrases = [offer.text for offer in at(session, f"({task}) |").offers if offer.kind == "phrase"]
    assert phrases
    for text in phrases:
        assert match(text, task, known_scope(session), task_types()) is not None, text


def test_a_plain_line_offers_few_phrases_beside_python(session: Session) -> None:
    found = at(session, "sh|")
    assert sum(offer.kind == "phrase" for offer in found.offers) <= 5
    assert found.python == ("sh", 0)


@pytest.mark.parametrize("text", ["sales.he|", "x = cou|", "10 sales.he|", "10 x = cou|", "import os\nos.pa|", "%pw|"])
def test_python_is_left_to_python(text: str, session: Session) -> None:
    found = at(session, text)
    assert found.offers == () and found.python is not None
    code, offset = found.python
    assert text.replace("|", "")[offset:] == code


@pytest.mark.parametrize("text", ["(postgres) query all cus|", "show cus|", "pg.exe|", "(exc|"])
def test_english_is_not_mixed_with_python(text: str, session: Session) -> None:
    assert at(session, text).python is None


def test_offsets_count_characters(session: Session) -> None:
    text = "print '😀 ä'\n(postgres) query all cus| where age > 3"
    found = at(session, text)
    assert text[found.start : found.end] == "cus"


def test_lines_that_were_compiled_are_offered_by_number(session: Session) -> None:
    run(session, "10 set x to 5\n20 set y to 6")
    assert offered(session, "CODE |") == ["10", "20"]
    assert offered(session, "FORGET 2|") == ["20"]


def test_each_match_says_what_it_is(session: Session) -> None:
    kinds = {
        "(exc|": "task",
        "CONTE|": "command",
        "(postgres) query all cus|": "table",
        "(postgres) query all customers where ag|": "column",
        "(csv) read cus|": "file",
        "increase co|": "name",
    }
    found = {text: complete_reply(at(session, text))["metadata"][TYPES][0]["type"] for text in kinds}
    assert found == kinds
    method = complete_reply(at(session, "pg.execute_q|"))["metadata"][TYPES][0]
    assert method["type"] == "function" and method["signature"].startswith("(query")


def test_a_service_that_was_not_used_is_not_connected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    session = shop(tmp_path, tables=None)
    # Nothing listens there: a connection would fail, and say so.
    assert "where" in offered(session, "(postgres) query all customers |")
    assert offered(session, "(postgres) query all cus|") == []
    assert "pg" not in session.names


def test_a_users_variable_in_place_of_the_module_is_the_users(session: Session) -> None:
    session.names["pg"] = "parental guidance"
    assert at(session, "pg.upp|").python is not None
    assert offered(session, "pg_aibasic.execute_q|") == ["execute_query"]


def test_attributes_of_python_lose_their_dot(session: Session) -> None:
    reply = complete_reply(
        at(session, "sales.he|"),
        {"matches": [".head"], "cursor_start": 5, "cursor_end": 8, "metadata": {}},
    )
    assert (reply["matches"], reply["cursor_start"], reply["cursor_end"]) == (["head"], 6, 8)


WORDS = st.sampled_from(
    ["10", "(postgres)", "(po", "query", "all", "customers", "where", "age", ">", "is", "at", "least", "and", "or",
     "\n",
     "   ", '"', "'", "#", "(", ")", "pg.", "pg.execute_query(", ".", "%", "SELECT", "FROM", "Größe", "😀", "\0", "\\"]
)  # fmt: skip


@given(text=st.lists(WORDS | st.text(max_size=8), max_size=14), cursor=st.integers(-1, 100))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_makes_it_fail(text: list[str], cursor: int, session: Session) -> None:
    code = " ".join(text)
    found = complete(session, code, cursor)
    assert 0 <= found.start <= found.end <= len(code)
    assert all(offer.text != code[found.start : found.end] for offer in found.offers)


def test_a_large_text_is_bounded_work(session: Session) -> None:
    long = "(postgres) query " + "customers and " * 3000
    complete(session, long, len(long))
    assert CUSTOMERS.name in offered(session, "(postgres) " + "please " * 200 + "cus|")
