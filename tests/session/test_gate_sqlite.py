"""SQLite at call time: statements that no text of the code tells are asked about too, and nothing is run twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from aibasic_kernel.session.session import Session
from tests.messages_server import MessagesServer
from tests.session.driver import run

BEGIN = """\
import sqlite3
from contextlib import closing
from pathlib import Path
with closing(sqlite3.connect('shop.db')) as shop, shop:
    """
Opener = Callable[..., Session]


@pytest.fixture
def model() -> Iterator[MessagesServer]:
    with MessagesServer() as opened:
        yield opened


@pytest.fixture
def asked() -> list[str]:
    """The questions."""
    return []


@pytest.fixture
def opened(
    model: MessagesServer, asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Opener]:
    """Opens a session beside a file with three orders, whose user gives the same answer to everything."""
    monkeypatch.chdir(tmp_path)
    with closing(sqlite3.connect("shop.db")) as shop, shop:
        shop.executescript("CREATE TABLE orders (id int); INSERT INTO orders VALUES (1), (2), (3)")
    (tmp_path / "clean.sql").write_text("DROP TABLE IF EXISTS orders;")
    sessions: list[Session] = []

    def open_session(answer: str | None = None) -> Session:
        def ask(question: str) -> str | None:
            asked.append(question)
            return answer

        sessions.append(Session({"all_of": "DELETE FROM"}, {"ANTHROPIC_BASE_URL": model.url}, ask))
        return sessions[-1]

    connect = sqlite3.connect
    yield open_session
    for session in sessions:
        session.close()
    assert sqlite3.connect is connect


def orders() -> int:
    with closing(sqlite3.connect("shop.db")) as shop:
        return int(shop.execute("SELECT count(*) FROM orders").fetchone()[0])


HARMFUL = [
    "shop.executescript(Path('clean.sql').read_text())",
    "shop.execute(' '.join([all_of, 'orders']))",
    "shop.cursor().execute(' '.join([all_of, 'orders']))",
    "for drop in Path('clean.sql').read_text().splitlines():\n        shop.cursor(sqlite3.Cursor).execute(drop)",
]


@pytest.mark.parametrize("code", HARMFUL)
def test_what_only_running_tells_is_stopped_where_nobody_answers(
    opened: Opener, model: MessagesServer, code: str
) -> None:
    model.compile(BEGIN + code, when="clean up")
    with pytest.raises(Exception, match=r"orders: nobody can be asked here, so this was not done"):
        run(opened(), "clean up")
    assert orders() == 3


@pytest.mark.parametrize("code", HARMFUL[1:3])
def test_a_yes_does_it(opened: Opener, model: MessagesServer, asked: list[str], code: str) -> None:
    model.compile(BEGIN + code, when="clean up")
    run(opened("yes"), "clean up")
    assert orders() == 0
    assert [question.count("deletes all rows of orders") for question in asked] == [1]


def test_what_was_told_of_before_is_not_asked_about_again(
    opened: Opener, model: MessagesServer, asked: list[str]
) -> None:
    model.compile(BEGIN + "sales.to_sql('orders', shop, if_exists='replace', index=False)", when="replace")
    session = opened("yes")
    run(session, "import pandas as pd\nsales = pd.DataFrame({'id': [1, 2]})\nreplace them")
    assert orders() == 2
    assert len(asked) == 1


EVERYDAY = [
    "shop.execute('PRAGMA foreign_keys = ON')",
    "shop.execute(\"SELECT datetime('now'), total(id), julianday('now') FROM orders\").fetchall()",
    "shop.execute('DELETE FROM orders WHERE id = ?', (9,))",
    "shop.executemany('INSERT INTO orders VALUES (?)', [])",
    "shop.execute('CREATE TABLE IF NOT EXISTS notes (note text)')",
]


@pytest.mark.parametrize("code", EVERYDAY)
def test_everyday_work_is_not_asked_about(opened: Opener, model: MessagesServer, asked: list[str], code: str) -> None:
    model.compile(BEGIN + code, when="do it")
    run(opened(), "do it")
    assert asked == []


def test_in_memory_nothing_is_lost(opened: Opener, model: MessagesServer, asked: list[str]) -> None:
    model.compile(
        "import sqlite3\nm = sqlite3.connect(':memory:')\nm.execute('CREATE TABLE t (i)')\n"
        "m.execute(' '.join([all_of, 't']))\nm.close()",
        when="do it",
    )
    run(opened(), "do it")
    assert asked == []


def test_python_that_the_user_types_runs_as_said(opened: Opener, model: MessagesServer, asked: list[str]) -> None:
    model.compile("x = 1", when="begin it")
    session = opened()
    run(
        session,
        "begin it\nimport sqlite3\nshop = sqlite3.connect('shop.db')\nshop.execute(f'{all_of} orders')\nshop.commit()",
    )
    assert orders() == 0
    assert asked == []
    model.compile("shop.execute(' '.join([all_of, 'orders']))", when="clean up")
    with pytest.raises(Exception, match="nobody can be asked here"):
        run(session, "clean up")
    session.names["shop"].close()


def test_a_line_that_wrote_and_failed_is_not_run_again(opened: Opener, model: MessagesServer) -> None:
    model.compile(
        BEGIN + "shop.execute('INSERT INTO orders VALUES (4)')\n    shop.commit()\n    gone.oops", when="add one"
    )
    with pytest.raises(Exception, match="gone"):
        run(opened(), "add one")
    assert orders() == 4
    assert len(model.requests) == 1
