"""What is said beside the error of a line that may have meant a name like the one it has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from aibasic_kernel.session.line import LineError
from aibasic_kernel.session.messages import Note
from aibasic_kernel.session.session import Session
from tests.messages_server import MessagesServer
from tests.session.driver import run


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A session with a data frame and a file, whose model's code fails whatever it is asked."""
    monkeypatch.chdir(tmp_path)
    Path("sales.csv").write_text("city,amount\nRome,3\n")
    with MessagesServer() as server:
        server.compile("raise ValueError('no')", when="sort")
        opened = Session({}, {"ANTHROPIC_BASE_URL": server.url, "AIBASIC_REPAIR": "0"})
        opened.names["sales"] = pd.DataFrame({"city": ["Rome"], "amount": [9.5]})
        yield opened
        opened.close()


def notes(session: Session, text: str) -> list[str]:
    """What a cell that fails says in notes."""
    shown: list[Any] = []
    with pytest.raises(LineError):
        run(session, text, shown)
    return [thing.text for thing in shown if isinstance(thing, Note)]


def test_a_line_of_a_model_that_failed_names_what_is_nearest(session: Session) -> None:
    assert notes(session, "(df) sort slaes by amount") == ["there is no data frame slaes; nearest: sales"]


def test_nothing_is_said_where_no_name_is_near(session: Session) -> None:
    assert notes(session, "(df) sort weather by amount") == []
    assert notes(session, "(df) sort of calculate everything") == []


def test_a_file_that_is_missing_is_named_with_the_nearest(session: Session) -> None:
    assert notes(session, "(csv) read saels.csv") == ["there is no file saels.csv; nearest: sales.csv"]
    assert notes(session, "(csv) read weather.csv") == []
    assert notes(session, "(csv) read nowhere/sales.csv") == []


def test_python_of_the_users_own_is_not_commented(session: Session) -> None:
    assert notes(session, "open('saels.csv')") == []
    assert notes(session, "slaes.head()") == []


def test_a_name_alone_that_nobody_knows_is_a_name_error_and_no_request(tmp_path: Path) -> None:
    with MessagesServer() as server:
        session = Session({}, {"ANTHROPIC_BASE_URL": server.url})
        session.names["jam"] = 3
        shown: list[Any] = []
        with pytest.raises(LineError) as failed:
            run(session, "jan", shown)
        session.close()
        assert server.requests == []
    assert isinstance(failed.value.error, NameError)
    assert str(failed.value.error) == "name 'jan' is not defined"
    assert shown[-1] == Note("there is no variable jan; nearest: jam")
