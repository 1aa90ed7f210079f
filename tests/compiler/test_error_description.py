"""An error leaves the machine as class, codes and message; the data in it does not."""

from __future__ import annotations

import datetime
import decimal
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from aibasic.modules import MySQLModule, PostgresModule

from aibasic_kernel.compiler.configuration.settings import Settings
from aibasic_kernel.compiler.privacy.error_description import describe_error
from tests.compiler.scopes import make_scope
from tests.servers.mariadb import MariaDBServer
from tests.servers.postgres import PostgresServer

FRAME = pd.DataFrame({"name": ["Alice", "Bob"], "age": [1, 2]})

EMPTY: dict[object, int] = {}
needs_one: Callable[..., object] = int.from_bytes


def raised_by(fails: Callable[[], object]) -> Exception:
    try:
        fails()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def described(fails: Callable[[], object], *texts: str, share: str = "schema") -> str:
    return describe_error(raised_by(fails), make_scope({"df": FRAME}), Settings(share=share), texts)


@pytest.mark.parametrize(
    ("fails", "text"),
    [
        (lambda: FRAME["nam"], "KeyError: 'nam'"),
        (lambda: FRAME[["nam", "Alice"]], "KeyError: None of [Index(['nam', <value>]"),
        (lambda: FRAME.set_index("name").loc["Alice B"], "KeyError: <value>"),
        (lambda: FRAME.nam, "AttributeError: 'DataFrame' object has no attribute 'nam'"),
        (lambda: EMPTY[4711], "KeyError: <value>"),
        (lambda: EMPTY["O'Brien"], "KeyError: <value>"),
        (lambda: int("Alice"), "ValueError: invalid literal for int() with base 10: <value>"),
        (lambda: [1, 2].index(-5), None),
        (lambda: json.loads('{"Alice": }'), "JSONDecodeError: Expecting value: line 1 column 11"),
        (lambda: datetime.datetime.strptime("4/7", "%d."), "time data <value> does not match format <value>"),
        (lambda: Path("/srv/Alice/x").read_text(), "FileNotFoundError, errno 2: No such file or directory: <value>"),
        (lambda: [1, 2][7], "IndexError: list index out of range"),
        (lambda: needs_one(), "from_bytes() missing required argument"),
        (lambda: decimal.Decimal("1,50"), "decimal.InvalidOperation"),
        (lambda: eval("a b"), "SyntaxError, line 1, column 3: invalid syntax"),
    ],
)  # fmt: skip
def test_what_python_and_pandas_say(fails: Callable[[], object], text: str | None) -> None:
    found = described(fails, "show df['nam']")
    assert text is None or text in found
    assert not any(data in found for data in ("Alice", "Brien", "4711", "-5", "4/7", "1,50"))


def test_a_message_without_quotes_is_judged_word_by_word() -> None:
    found = described(lambda: pd.to_datetime("Alice"))
    assert found.endswith("DateParseError: Unknown datetime string format, unable to parse: <value>")


def test_of_an_error_that_the_user_s_code_raises_only_its_own_words_are_told() -> None:
    def check(customer: str) -> None:
        raise ValueError(f"not allowed for {customer}")

    assert described(lambda: check("the open order")) == "ValueError: not allowed for <value>"


def test_names_of_columns_are_told_only_where_share_says_schema() -> None:
    def fails() -> object:
        return int("age")

    assert described(fails).endswith("'age'")
    assert described(fails, share="types").endswith("<value>")


class Strange(Exception):
    def __str__(self) -> str:
        raise RuntimeError("Alice")


def test_an_error_without_a_text_has_its_class() -> None:
    assert "Alice" not in describe_error(Strange(), make_scope(), Settings())


@pytest.fixture
def postgres(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PostgresModule]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "aibasic.conf").write_text(postgres_server.conf())
    module = PostgresModule.from_config()
    module.execute_query("CREATE TEMP TABLE people (id integer PRIMARY KEY, age integer CHECK (age > 0))", fetch=False)
    yield module
    module.close()


@pytest.mark.parametrize(
    ("statement", "parameters", "text"),
    [
        ("INSERT INTO people VALUES (%s, -4711)", (8153,), 'SQLSTATE 23514: new row for relation "people" violates'),
        ("SELECT %s::integer", ("Alice B",), "invalid input syntax for type integer: <value>"),
        ("SELECT nam FROM people WHERE id = %s", (8153,), 'SQLSTATE 42703, at nam: column "nam" does not exist'),
        ("SELECT '%s' FRUM x", (8153,), "syntax error at or near"),
    ],
)
def test_what_postgres_says(
    postgres: PostgresModule, statement: str, parameters: tuple[object, ...], text: str
) -> None:
    found = described(lambda: postgres.execute_query(statement, parameters), statement.replace("-4711", ""))
    assert text in found
    assert not any(data in found for data in ("4711", "8153", "Alice", "DETAIL", "LINE"))


def test_what_mysql_says(mariadb_server: MariaDBServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "aibasic.conf").write_text(mariadb_server.conf())
    module = MySQLModule.from_config()
    try:
        module.execute_query("CREATE TEMPORARY TABLE people (name varchar(20) UNIQUE)", fetch=False)
        insert = "INSERT INTO people VALUES (%s)"
        module.execute_query(insert, ("Alice B",), fetch=False)
        found = described(lambda: module.execute_query(insert, ("Alice B",), fetch=False), insert)
    finally:
        module.close()
    assert "SQLSTATE 23000, errno 1062: Duplicate entry <value> for key" in found
