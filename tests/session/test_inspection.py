"""What Shift-Tab tells, at every place of a cell."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aibasic_kernel.compiler.phrasing.match import match
from aibasic_kernel.compiler.task_types import known_words, task_types
from aibasic_kernel.language.commands import COMMANDS, read_command
from aibasic_kernel.session.inspection.commands import command_card
from aibasic_kernel.session.inspection.inspection import inspect
from aibasic_kernel.session.services.known_services import known_scope
from aibasic_kernel.session.session import Session
from tests.session.driver import run
from tests.session.shop import CUSTOMERS, ORDERS, shop


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AIBASIC_DATA_DIR", str(tmp_path / "data"))
    return shop(tmp_path)


def told(session: Session, text: str, *, source: bool = False) -> str:
    """What is told where `|` stands in the text, "" for nothing."""
    before, after = text.split("|")
    return inspect(session, before + after, len(before), source=source) or ""


FIRST_LINES = [
    # task types
    ("(post|gres) query all customers", "(postgres): task type, PostgreSQL"),
    ("(postgres)| query all customers", "(postgres): task type, PostgreSQL"),
    ("10 (PG:ware|house) query all customers", "(postgres): task type, PostgreSQL"),
    ("(df|", "(df): task type, data frames"),
    ("PHRASES exc|el", "(excel): task type, Excel files"),
    # commands
    ("CONT|EXT", "CONTEXT [LAST]: command"),
    ("phrases|", "PHRASES [task]: command"),
    ("HELP FOR|GET", "FORGET [N]: command"),
    # modules and methods
    ("p|g", "pg: PostgresModule, PostgreSQL as [postgres] configures it"),
    ("x = p|g.execute_query('SELECT 1')", "pg: PostgresModule, PostgreSQL as [postgres] configures it"),
    ("pg_ware|house.close()", "pg_warehouse: PostgresModule, PostgreSQL as [postgres:warehouse] configures it"),
    ("pg.execute_ma|ny(x, y)", "pg.execute_many(query: str, params_list: Iterable[Any]) -> int"),
    ("10 pg.execute_many(|", "pg.execute_many(query: str, params_list: Iterable[Any]) -> int"),
    ("pg.execute_query('SEL|ECT 1')", "pg.execute_query(query: Any, params: Any = None, fetch: bool = True)"),
    # tables and columns, in sentences and in statements
    ("(postgres) query all cust|omers", "customers: table of [postgres], 4 columns"),
    ("query all customers|", "customers: table of [postgres], 4 columns"),
    ("please tell me of Cust|omers", "customers: table of [postgres], 4 columns"),
    ('(postgres) query all "Grö|ßen"', '"Größen": view of [postgres], 2 columns'),
    ("pg.execute_query('SELECT * FROM ord|ers')", "orders: table of [postgres], 4 columns"),
    ("(postgres) query all customers where a|ge > 3", "age: integer, column of table customers of [postgres]"),
    ("(postgres) query orders where i|d > 3", "id: integer, column of table orders of [postgres]"),
    ('(postgres) query all "Größen" where "Größe| cm" > 3', 'Größe cm: numeric, column of view "Größen" of'),
    ("pg.execute_query('SELECT na|me FROM customers')", "name: text, column of table customers of [postgres]"),
    ("what is the to|tal of it", "total: numeric(10,2), column of table orders of [postgres]"),
    # variables, and the words that stand for them
    ("show sa|les", "sales: DataFrame, 1 row x 3 columns"),
    ("(df) sort i|t by name", "it: stands here for results, rows, 1 x 2"),
    ("(df) filter rows of the data|frame where amount > 3", "dataframe: stands here for sales, DataFrame, 1 row"),
    ("print coun|ter", "counter: number"),
    ("(csv) read cust|omers.csv", "customers.csv: file, 0 bytes, changed"),
    # sentences
    ("(postgres) que|ry all customers", "(postgres) query all customers"),
    ("1|0 print counter", "print counter"),
    ("x = 1\n(postgres) query all customers\n   whe|re age > 3\ny = 2", "(postgres) query all customers where age > 3"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FIRST_LINES, ids=[text for text, _ in FIRST_LINES])
def test_the_thing_at_the_cursor_is_named(text: str, expected: str, session: Session) -> None:
    assert told(session, text).splitlines()[0].startswith(expected)


@pytest.mark.parametrize(
    "text",
    ["sales.he|ad()", "x = coun|ter", "10 x = coun|ter", "import os\nos.pa|th", "%pw|d", "# pg|",
     "print(len|(numbers))", "len|",
     "pg.execute_query(coun|ter)", "apply help|er to it", "%%bash\nquery cust|omers", "", "|"],
)  # fmt: skip
def test_python_is_left_to_python(text: str, session: Session) -> None:
    session.names["helper"] = lambda value: value
    assert told(session, text if "|" in text else f"{text}|") == ""


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_examples_that_are_that_command(name: str) -> None:
    examples = str(command_card(name)).partition("for example\n")[2].splitlines()
    read = [read_command(line.strip(), {}, known_words()) for line in examples]
    assert examples and all(command is not None and command.name == name for command in read)


def test_a_table_says_its_columns_keys_and_comments(session: Session) -> None:
    text = told(session, "(postgres) query all ord|ers")
    assert re.search(r"^  id +integer +primary key$", text, re.MULTILINE)
    assert re.search(r"^  customer_id +integer +refers to customers.id$", text, re.MULTILINE)
    text = told(session, "(postgres) query all cust|omers")
    assert "Everybody who ever bought something" in text and "in years" in text
    assert "referred to by\n  orders (customer_id)" in text


def test_a_column_says_what_its_type_allows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    age, *_ = (column for column in CUSTOMERS.columns if column.name == "age")
    mood = replace(age, name="mood", type="mood", kind="text", values=("sad", "happy"), checks=("VALUE <> 'mad'",))
    session = shop(tmp_path, [replace(CUSTOMERS, columns=(mood,), primary_key=(), unique=(("mood",),))])
    text = told(session, "(postgres) query mo|od of customers")
    assert "unique" in text and "one of\n  sad\n  happy" in text and "every value meets\n  VALUE <> 'mad'" in text


def test_a_column_of_several_tables_is_told_of_each(session: Session) -> None:
    text = told(session, "(postgres) please find the i|d")
    assert "column of table customers" in text and "column of table orders" in text


@pytest.mark.parametrize(
    "text", ["(postgres) query all cust|omers", "(postgres) query orders where to|tal > 3", "show sa|les", "(df|)"]
)
def test_every_example_would_run_as_it_stands(text: str, session: Session) -> None:
    examples = re.findall(r"^  \((\w+)\) (.*)$", told(session, text).partition("for example")[2], re.MULTILINE)
    assert examples
    for task, sentence in examples:
        assert match(sentence, task, known_scope(session), task_types()) is not None, sentence


def test_a_sentence_says_its_phrase_and_its_python(session: Session) -> None:
    text = told(session, "(postgres) que|ry all customers where age > 3")
    assert "reads the rows of a table: a phrase of (postgres)" in text
    assert 'results = pg.execute_query("SELECT * FROM customers WHERE age > 3")' in text
    assert "{table:table}" in text


def test_a_sentence_that_was_compiled_says_so(session: Session) -> None:
    run(session, "10 set x to 5")
    assert "x = 5" in told(session, "10 s|et x to 5")
    assert "x = 5" in told(session, "CODE 1|0")


def test_a_sentence_of_no_phrase_says_who_would_be_asked(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    text = told(session, "(postgres) please do some|thing")
    assert "there is no language model to ask" in text and "query all customers" in text
    assert "there is no table custmers; nearest: customers" in told(session, "que|ry all custmers")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "not-a-key-at-all")
    Path("aibasic.conf").write_text("[aibasic]\nMODEL = some-model\n")
    session.read_configuration()
    assert "some-model is asked" in told(session, "please do some|thing")


def test_a_method_shows_its_source_where_that_is_asked_for(session: Session) -> None:
    assert "source\n" not in told(session, "pg.execute_qu|ery()")
    assert "def execute_query(" in told(session, "pg.execute_qu|ery()", source=True)


def test_a_service_that_was_not_used_is_not_connected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    session = shop(tmp_path, tables=None)
    # Nothing listens there: a connection would fail, and say so.
    assert "not used yet" in told(session, "p|g")
    assert "the tables of [postgres] are not known before it is used" in told(session, "(postgres) query cus|tomers")
    assert "pg" not in session.names


def test_a_broken_configuration_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("aibasic.conf").write_text("[aibasic\n")
    session = Session({})
    session.names["counter"] = 3
    assert told(session, "print coun|ter").startswith("counter: number")
    assert "aibasic.conf" in told(session, "pr|int counter")


def test_a_large_value_is_cut_and_an_object_is_not_asked(session: Session) -> None:
    class Loud:
        def __repr__(self) -> str:
            raise AssertionError("asked")

    session.names.update(many=list(range(10**6)), text="x" * 10**6, loud=Loud())
    for name in ("many", "text", "loud"):
        assert 0 < len(told(session, f"print {name}|")) < 1500


def test_no_secret_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("aibasic.conf").write_text("[postgres]\nHOST = 127.0.0.1\nPASSWORD = hush-hush-42\n")
    session = Session({})
    session.read_configuration()
    session.names["word"] = "hush-hush-42"
    assert "value" in told(session, "print wo|rd") and "hush" not in told(session, "print wo|rd")
    assert "hush" not in told(session, "p|g") + told(session, "(postg|res) x")


def test_wide_tables_are_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    id_, *_ = ORDERS.columns
    wide = replace(ORDERS, columns=tuple(replace(id_, name=f"c{at}") for at in range(400)), foreign_keys=())
    text = told(shop(tmp_path, [wide]), "(postgres) query all ord|ers")
    assert "400 columns" in text and "... and 360 more" in text


WORDS = st.sampled_from(
    ["10", "(postgres)", "(po", "query", "customers", "where", "age", "it", "sales", "\n", "   ", '"', "'", "#", "(",
     ")", "pg.", "pg.execute_query(", ".", "%", "CODE", "..", "/", "~", "Größe", "😀", "\0", "\\"]
)  # fmt: skip


@given(text=st.lists(WORDS | st.text(max_size=8), max_size=14), cursor=st.integers(-1, 100))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_makes_it_fail(text: list[str], cursor: int, session: Session) -> None:
    inspect(session, " ".join(text), cursor)
