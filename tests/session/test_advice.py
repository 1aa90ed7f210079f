"""What a compiled line says of values that occur nowhere, and of the condition that left no row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy
import pandas
import psycopg2
import pytest
from aibasic.modules.effects import Answer, Effect, Kind, hearing, listening
from aibasic.modules.results import Rows

from aibasic_kernel.session.advice import found_nothing
from aibasic_kernel.session.messages import Note
from aibasic_kernel.session.session import Session
from tests.messages_server import MessagesServer
from tests.servers.postgres import DATABASE, PostgresServer
from tests.session.driver import run

TABLES = """
DROP SCHEMA public CASCADE; CREATE SCHEMA public;
CREATE TABLE customers (name text, state char(2), cabin text, age int, "Home Town" text, month text);
INSERT INTO customers
SELECT 'n' || n, (ARRAY['CA', 'NV', 'AZ'])[1 + n % 3], (ARRAY['F', 'C'])[1 + n % 2], 20 + n % 60,
       'Town ' || n, n % 12 + 1
FROM generate_series(1, 120) n;
CREATE TABLE orders (customer text, total numeric);
INSERT INTO orders VALUES ('n1', 10), ('n2', 20);
CREATE TABLE empty (word text);
"""
NO_STATE = "no row of customers has state = 'California'; it has CA, AZ, NV"


@pytest.fixture
def server(postgres_server: PostgresServer) -> PostgresServer:
    postgres_server.sql(DATABASE, TABLES)
    return postgres_server


@pytest.fixture
def model() -> Iterator[MessagesServer]:
    with MessagesServer() as opened:
        yield opened


@pytest.fixture
def session(
    server: PostgresServer, model: MessagesServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Session]:
    """A session over the customers, with a model."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "aibasic.conf").write_text(server.conf())
    opened = Session({}, {"ANTHROPIC_BASE_URL": model.url, "AIBASIC_DATA_DIR": str(tmp_path / "data")})
    yield opened
    opened.close()


def advice(session: Session, text: str) -> list[str]:
    return [thing.text for thing in run(session, text) if isinstance(thing, Note)]


@pytest.fixture
def announced() -> Iterator[list[Effect]]:
    effects: list[Effect] = []
    with listening(effects.append):
        yield effects


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "10 (postgres) query all customers from postgres where state = 'California'",
            f"{NO_STATE}\n  nearest: 10 (postgres) query all customers from postgres where state = 'CA'",
        ),
        (
            "how many rows in customers where state = 'california' and age > 30",
            "no row of customers has state = 'california'; it has CA, AZ, NV\n"
            "  nearest: how many rows in customers where state = 'CA' and age > 30",
        ),
        (
            "update customers set age = 3 where cabin = 'First Class'",
            "no row of customers has cabin = 'First Class'; it has F, C\n"
            "  nearest: update customers set age = 3 where cabin = 'F'",
        ),
        (
            "SELECT name FROM customers WHERE month = 'March'",
            "no row of customers has month = 'March'; it has 3, 1, 10, 11, 12, 2, 4, 5, 6, 7, 8, 9\n"
            "  nearest: SELECT name FROM customers WHERE month = '3'",
        ),
        (
            "SELECT name FROM customers WHERE \"Home Town\" = 'town 12'",
            "no row of customers has \"Home Town\" = 'town 12'\n"
            "  nearest: SELECT name FROM customers WHERE \"Home Town\" = 'Town 12'",
        ),
        ("SELECT name FROM customers WHERE cabin = 'Qq' LIMIT 5", "no row of customers has cabin = 'Qq'; it has C, F"),
        ("query customers where state = 'CA' and age > 300", "no row has age > 300"),
        (
            "query customers where state = 'CA' and name = 'n1'",
            "no row meets both conditions: state = 'CA' has 40 rows, name = 'n1' has 1 row",
        ),
        (
            "query customers where state = 'CA' and cabin = 'F' and name = 'n1'",
            "no row meets all conditions: without name = 'n1' there would be 20 rows",
        ),
        ("query all empty from postgres", "empty has no rows"),
        (
            "SELECT * FROM customers c JOIN orders o ON o.customer = c.cabin",
            "no rows of c and o belong together: none has o.customer = c.cabin",
        ),
        (
            "SELECT state, count(*) FROM customers GROUP BY state HAVING count(*) > 99",
            "no group has COUNT(*) > 99: there are 3 groups",
        ),
        ("WITH old AS (SELECT * FROM customers WHERE age > 99) SELECT name FROM old", "no row has age > 99"),
    ],
)
def test_a_query_that_finds_nothing_says_why(session: Session, line: str, said: str) -> None:
    assert advice(session, line) == [said]


def test_a_missing_value_is_said_of_rows_too_when_a_line_is_new(session: Session, announced: list[Effect]) -> None:
    line = "SELECT name FROM customers WHERE state IN ('NV', 'California')"
    assert advice(session, line) == [f"{NO_STATE}\n  nearest: {line.replace('California', 'CA')}"]
    del announced[:]
    assert advice(session, line) == []
    assert [effect.kind for effect in announced] == [Kind.STATEMENT]


def test_what_is_there_is_not_looked_up(session: Session, announced: list[Effect]) -> None:
    run(session, "query all customers from postgres")
    del announced[:]
    assert advice(session, "query all customers from postgres where state = 'CA'") == []
    assert [effect.kind for effect in announced] == [Kind.STATEMENT]


def test_a_models_line_and_the_same_from_the_lock_say_it_and_the_model_is_not_told(
    session: Session, model: MessagesServer
) -> None:
    code = 'place = "California"\ndf = pg.read_frame("SELECT name FROM customers WHERE state = %s", (place,))'
    model.compile(code, result="df", when="who lives")
    model.compile("n = 1", result="n", when="something else")
    sentence = "(postgres) who lives in California?"
    told = [f"{NO_STATE}\n  nearest: (postgres) who lives in CA?"]
    assert advice(session, sentence) == told
    assert advice(session, sentence) == told
    run(session, "(postgres) something else entirely")
    assert len(model.requests) == 2
    assert not any("NV" in request.user + request.system for request in model.requests)


def test_an_open_transaction_goes_on_as_it_was(session: Session, server: PostgresServer) -> None:
    shown = advice(
        session,
        "begin transaction\ndelete from customers where state = 'NV'\nquery customers where state = 'Nevada'\ncommit",
    )
    assert shown == ["no row of customers has state = 'Nevada'; it has AZ, CA"]
    assert server.sql(DATABASE, "SELECT count(*) FROM customers").strip() == "80"


def test_a_function_that_might_do_something_is_not_called_again(session: Session, server: PostgresServer) -> None:
    server.sql(DATABASE, "CREATE SEQUENCE calls")
    assert advice(session, "SELECT customer FROM orders WHERE nextval('calls') > 99") == []
    assert server.sql(DATABASE, "SELECT last_value FROM calls").strip() == "2"


def test_a_look_up_that_takes_long_says_nothing(session: Session, server: PostgresServer) -> None:
    other = psycopg2.connect(
        host=server.host, port=server.port, user=server.user, password=server.password, dbname=server.database
    )

    def lock(answer: Answer) -> None:
        other.cursor().execute("LOCK TABLE customers IN ACCESS EXCLUSIVE MODE")

    try:
        with hearing(lock):
            assert advice(session, "query all customers from postgres where state = 'California'") == []
    finally:
        other.close()
    assert advice(session, "query all customers from postgres where state = 'California'") != []


def test_python_that_was_typed_is_left_alone(session: Session) -> None:
    run(session, "query all orders from postgres")
    assert advice(session, "pg.execute_query(\"SELECT * FROM customers WHERE state = 'California'\")") == []


@pytest.mark.parametrize(
    ("result", "empty"),
    [
        (0, True),
        (3, False),
        (Rows([], ["a"]), True),
        (Rows([(0, None)], ["a", "b"]), True),
        (Rows([("",)], ["a"]), False),
        (Rows([(0,), (0,)], ["a"]), False),
        (pandas.DataFrame({"a": []}), True),
        (pandas.DataFrame({"a": [0], "b": [None]}), True),
        (pandas.DataFrame({"a": pandas.array([None], "Int64"), "b": [pandas.NaT], "c": [float("nan")]}), True),
        (pandas.DataFrame({"a": [1]}), False),
        (pandas.DataFrame({"a": [[1, 2]], "b": [numpy.array([0, 1])]}), False),
        (None, False),
    ],
)
def test_zeros_and_nulls_are_nothing(result: object, empty: bool) -> None:
    assert found_nothing(result) is empty
