"""EXPLAIN: what a line's code does and why it failed, in words that need no model; WITH MODEL, in a model's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.session.completion.completion import complete
from aibasic_kernel.session.line import LineError
from aibasic_kernel.session.messages import Listing
from aibasic_kernel.session.session import Session
from tests.messages_server import MessagesServer
from tests.servers.postgres import PostgresServer
from tests.session.driver import run

Opener = Callable[..., Session]


@pytest.fixture
def model() -> Iterator[MessagesServer]:
    with MessagesServer() as server:
        yield server


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    """Opens sessions in a folder with one file."""
    monkeypatch.chdir(tmp_path)
    Path("people.csv").write_text("name,age\nann,3\nbob,5\n")
    sessions: list[Session] = []

    def open_session(**environ: str) -> Session:
        sessions.append(Session({}, {"AIBASIC_DATA_DIR": str(tmp_path / "data"), **environ}))
        return sessions[-1]

    yield open_session
    for session in sessions:
        session.close()


@pytest.fixture
def session(opened: Opener) -> Session:
    return opened()


def explained(session: Session, command: str = "EXPLAIN") -> Listing:
    (listing,) = run(session, command)
    assert isinstance(listing, Listing)
    assert all(len(line) <= 80 for line in listing.text.splitlines())
    return listing


def fails(session: Session, text: str, **place: str) -> BaseException:
    with pytest.raises((LineError, AIBasicError)) as caught:
        run(session, text, **place)
    return caught.value.error if isinstance(caught.value, LineError) else caught.value


# Lines that ran -------------------------------------------------------------------------------------------------------


def test_a_phrases_line_is_told_by_its_form_its_steps_and_what_it_made(session: Session) -> None:
    run(session, "10 (csv) read people.csv\n20 (csv) save df to copy.csv")
    first, second = explained(session, "EXPLAIN 10"), explained(session)
    assert first.title == "10 (csv) read people.csv" and second.title == "20 (csv) save df to copy.csv"
    assert "a phrase of (csv), which needs no language model: reads a CSV file" in first.text
    assert "it is in the lock" in first.text
    assert "makes\n  df: DataFrame, 2 rows x 2 columns: name text, age number" in first.text
    assert "as far as its code tells\n  nothing that the gate would ask about" in first.text
    assert "reads\n  df: DataFrame, 2 rows x 2 columns" in second.text
    assert "copy.csv" in second.text
    assert first._repr_mimebundle_()["text/plain"].startswith("10 (csv) read people.csv\n")
    assert "<details open>" in first._repr_mimebundle_()["text/html"]


def test_typed_python_is_told_statement_by_statement(session: Session) -> None:
    run(session, "names = ['a', 'b']\nfor name in names:\n    print(name)\ntotal = len(names)\ntotal += 1")
    text = explained(session).text
    assert text.startswith("Python, as you typed it")
    assert "  for each name of names:\n    print(name)  ·  Prints the values to a stream" in text
    assert "  makes total: len(names)  ·  Return the number of items in a container" in text
    assert "  changes total: total += 1" in text
    assert "makes\n  name: text\n  names: list of text, 2 elements\n  total: number" in text


def test_calls_that_go_on_from_each_other_are_told_by_the_first(session: Session) -> None:
    run(session, "10 (csv) read people.csv\n20 (df) show the top 1 rows of df by age")
    text = " ".join(explained(session).text.split())
    assert "head(1) · sort_values: Sort by the values along either axis" in text
    assert "a phrase of (df), which needs no language model: finds the rows with the largest values" in text


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (20, "where x > 3 holds, goes on at line 40 (for i = 1 to 2)\n  where it does not, goes on at the next line"),
        (40, "runs the lines down to its next with i from 1 to 2"),
        (50, "the end of a loop"),
        (60, "from here on a line that fails goes on at line 90 (end)"),
        (70, "runs the lines from line 80 (return) on"),
        (90, "ends the program; variables stay"),
    ],
)
def test_control_flow_is_told_with_the_lines_that_it_leads_to(number: int, told: str, session: Session) -> None:
    run(
        session,
        "IMMEDIATE OFF\n10 set x to 5\n20 if x > 3 then 40\n30 print x\n40 for i = 1 to 2\n50 next i\n"
        "60 on error goto 90\n70 call 80\n80 return\n90 end",
    )
    assert told in explained(session, f"EXPLAIN {number}").text


def test_an_english_condition_is_told_with_its_python_once_it_is_compiled(session: Session) -> None:
    run(session, "10 set x to 5\n20 if x is greater than 3 then 40\n30 set x to 1\n40 set y to 2")
    assert "x is greater than 3  ·  x > 3" in explained(session, "EXPLAIN 20").text
    assert explained(session, "EXPLAIN 30").text.startswith("it has not run yet\n")


def test_a_line_that_has_not_run_is_told_by_what_would_serve_it(session: Session, model: MessagesServer) -> None:
    run(session, "IMMEDIATE OFF\n10 (csv) read people.csv into people\n20 (csv) save peeple to copy.csv")
    text = explained(session, "EXPLAIN 10").text
    assert "it has not run yet" in text and "makes people: pd.read_csv('people.csv'" in text
    assert "people: not there now" in text and "the lock" not in text
    text = explained(session, "EXPLAIN 20").text
    assert "neither the lock nor a phrase serves it" in text and "save dataframe to customers.csv" in text
    assert "people" not in session.names and model.requests == []


def test_of_two_cells_with_one_number_the_line_that_ran_last_is_meant(session: Session) -> None:
    run(session, "10 set x to 1", cell="a")
    run(session, "10 set y to 2", cell="b")
    run(session, "10 set x to 1", cell="a")
    assert explained(session, "EXPLAIN 10").title == "10 set x to 1"


def test_every_line_of_the_program_completes(session: Session) -> None:
    run(session, "10 set x to 5\n20 goto 40\n30 y = 1\n40 end")
    offered = [offer.text for offer in complete(session, "EXPLAIN ", 8).offers]
    assert offered == ["10", "20", "30", "40", "WITH MODEL"]


def test_there_is_nothing_to_explain(session: Session) -> None:
    error = fails(session, "EXPLAIN")
    assert isinstance(error, AIBasicError) and "no line has run yet" in error.message
    run(session, "10 set x to 1")
    error = fails(session, "EXPLAIN 20")
    assert isinstance(error, AIBasicError) and error.remedy == "lines of the program: 10"
    (help_text,) = run(session, "HELP EXPLAIN")
    assert "why it failed" in help_text.text


def test_a_service_is_told_with_its_server_its_tables_and_what_was_sent(
    opened: Opener, postgres_server: PostgresServer
) -> None:
    Path("aibasic.conf").write_text(postgres_server.conf(PRODUCTION="true", CONFIRM="never"))
    session = opened()
    run(session, "IMMEDIATE OFF\n10 pg.execute_query('SELECT 1')")
    told = f"[postgres] as pg: not connected: the next line that uses it connects to HOST = {postgres_server.host}"
    assert told in " ".join(explained(session, "EXPLAIN 10").text.split()) and "pg" not in session.names
    run(session, "IMMEDIATE ON")
    run(session, 'pg.execute_query("CREATE TEMP TABLE people (name text, age int)", fetch=False)')
    run(session, "20 (postgres) query all people from postgres where age > 25")
    text = explained(session).text
    server = f"{postgres_server.user}@{postgres_server.host}:{postgres_server.port}/{postgres_server.database}"
    assert f"[postgres] as pg: {server}, connected" in " ".join(text.split()) and "PRODUCTION" in text
    assert "tables\n  people of [postgres]: age" in text
    assert "what its last run did\n  [postgres]: SELECT" in text
    run(session, "IMMEDIATE OFF\n30 (postgres) delete all rows of people where age > 1")
    text = explained(session, "EXPLAIN 30").text
    assert "a phrase of (postgres)" in text and "deletes rows of people on [postgres] (it asks before)" in text


# Failures -------------------------------------------------------------------------------------------------------------


def test_a_failure_is_told_with_the_python_that_raised_it_and_the_nearest_file(session: Session) -> None:
    fails(session, "10 (csv) read peopel.csv")
    text = explained(session).text
    assert text.startswith("why it failed\n  FileNotFoundError: [Errno 2] No such file or directory: 'peopel.csv'")
    assert 'in its Python: with open("peopel.csv"' in text
    assert "what may mend it\n  there is no file peopel.csv; nearest: people.csv" in text
    run(session, "set x to 1")
    assert "why it failed" not in explained(session).text
    assert "nearest: people.csv" in explained(session, "EXPLAIN 10").text
    run(session, "10 (csv) read people.csv")
    assert "why it failed" not in explained(session, "EXPLAIN 10").text


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("total = 1\nprint(totl)", "there is no variable totl; nearest: total"),
        ("'a'.uper()", "str has no uper; nearest: upper"),
    ],
)
def test_a_misspelt_name_of_typed_python_is_told_the_nearest(text: str, cure: str, session: Session) -> None:
    fails(session, text)
    assert f"what may mend it\n  {cure}" in explained(session).text


def test_a_failure_that_a_handler_took_is_told_of_its_line(session: Session) -> None:
    run(session, "10 on error goto 40\n20 x = 1 / 0\n30 end\n40 set y to 1")
    assert "ZeroDivisionError: division by zero" in explained(session, "EXPLAIN 20").text
    assert "why it failed" not in explained(session).text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x = (1,\n10 print 5", "line 1: the bracket that opens here is never closed\n      x = (1,\n          ^"),
        ("10 goto 77", "line 10 goes on at line 77, which is not there\n\nwhat may mend it\n"),
    ],
)
def test_a_cell_that_could_not_run_is_told_of(text: str, told: str, session: Session) -> None:
    run(session, "set x to 1")
    fails(session, text)
    text = explained(session).text
    assert text.startswith("why nothing of the cell was run\n") and told in text


def test_a_line_that_nothing_serves_is_told_with_its_remedy(session: Session) -> None:
    fails(session, "10 think about the moon")
    text = explained(session).text
    assert "there is no language model to ask" in text and "set ANTHROPIC_API_KEY" in text


def test_a_secret_is_not_told(opened: Opener) -> None:
    Path("aibasic.conf").write_text("[mysql]\nHOST = h\nUSER = u\nDATABASE = d\nPASSWORD = sesame-78Kq\n")
    session = opened()
    run(session, "x = 'sesame-78Kq'")
    listing = explained(session)
    assert "sesame" not in f"{listing.title}{listing.text}" and "makes x" in listing.text


# With a model ---------------------------------------------------------------------------------------------------------


def test_a_model_explains_in_prose_that_is_never_run(opened: Opener, model: MessagesServer) -> None:
    session = opened(ANTHROPIC_BASE_URL=model.url)
    model.compile("n = sum([1, 2])", result="n")
    run(session, "10 (math) work out what is wanted")
    model.say("It adds two numbers.\x1b[2J\n#@ python\nn = 666\n#@ end")
    listing = explained(session, "EXPLAIN 10 WITH MODEL")
    assert listing.title.startswith("10 (math) work out what is wanted  ·  explained by claude-haiku-5-5  ·  ")
    assert "$0.0" in listing.title and listing.text.startswith("It adds two numbers.\\x1b[2J\n")
    assert session.names["n"] == 3
    asked = model.requests[1]
    assert asked.user.endswith("Explain this line:\n(math) work out what is wanted")
    assert "<code>\n#@ python\nn = sum([1, 2])\n#@ end\n</code>" in asked.user and "never" not in asked.system
    assert session.compiler.spending.total.requests == 2


def test_a_model_is_told_the_error_as_share_allows(opened: Opener, model: MessagesServer) -> None:
    session = opened(ANTHROPIC_BASE_URL=model.url, AIBASIC_REPAIR="0")
    model.compile("n = int('hidden value')", result="n")
    fails(session, "10 work out what is wanted")
    model.say("The text is no number.")
    assert explained(session, "EXPLAIN WITH MODEL").text == "The text is no number."
    assert "<error>\nValueError: invalid literal for int() with base 10:" in model.requests[1].user


@pytest.mark.parametrize(
    ("text", "environ", "why"),
    [
        ("x = 1", {}, "Python of yours"),
        ("set x to 1", {"AIBASIC_SHARE": "names"}, "SHARE keeps it"),
        ("set x to 1", {"AIBASIC_FROZEN": "1"}, "FROZEN"),
        ("set x to 1", {"ANTHROPIC_BASE_URL": ""}, "there is none to ask"),
        ("set x to 1", {"AIBASIC_BUDGET_USD": "0.0000001"}, "BUDGET_USD"),
    ],
)
def test_no_model_is_asked_where_none_may_be(
    text: str, environ: dict[str, str], why: str, opened: Opener, model: MessagesServer
) -> None:
    session = opened(**{"ANTHROPIC_BASE_URL": model.url, **environ})
    run(session, text)
    error: Any = fails(session, "EXPLAIN WITH MODEL")
    assert why in f"{error}" and model.requests == []
