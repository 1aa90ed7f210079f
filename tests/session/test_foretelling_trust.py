"""What a lock of somebody else says is in no request before its user has agreed to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.locks.format import encode, render
from aibasic_kernel.compiler.traces.trace import Trace
from aibasic_kernel.session.session import Session
from tests.messages_server import MessagesServer
from tests.session.driver import run

CELL = "make the first\nmake the second\nmake the third"
Opener = Callable[[str], Session]


@pytest.fixture
def server() -> Iterator[MessagesServer]:
    with MessagesServer() as server:
        for word in ("first", "third"):
            server.compile(f"{word} = 1", when=f"make the {word}")
        yield server


@pytest.fixture
def opened(server: MessagesServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    """Opens a session whose user gives that answer, beside a lock with a line that nobody has agreed to."""
    monkeypatch.chdir(tmp_path)
    entry = Compilation("make the second", "", "second = 'theirs'", "second", ("model", "m"), Trace())
    (tmp_path / "aibasic.lock").write_text(render([encode(entry)]))
    sessions: list[Session] = []

    def open_session(answer: str) -> Session:
        sessions.append(Session({}, {"ANTHROPIC_BASE_URL": server.url}, ask=lambda question: answer))
        return sessions[-1]

    yield open_session
    for session in sessions:
        session.close()


def test_code_that_is_not_trusted_is_told_to_no_model(server: MessagesServer, opened: Opener) -> None:
    session = opened("no")
    with pytest.raises(Exception, match="you have not agreed"):
        run(session, CELL)
    assert [request.instruction for request in server.requests] == ["make the first"]
    assert all("theirs" not in request.user for request in server.requests)


def test_once_it_is_trusted_the_lines_behind_it_go_on(server: MessagesServer, opened: Opener) -> None:
    session = opened("yes")
    run(session, CELL)
    assert (session.names["second"], session.names["third"]) == ("theirs", 1)
    assert {request.instruction for request in server.requests} == {"make the first", "make the third"}
