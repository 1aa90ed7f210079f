"""CONTEXT says what the next request carries, CONTEXT LAST what the last one did, to the byte, and no secret."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from aibasic_kernel.session.session import Session
from tests.messages_server import MessagesServer
from tests.session.driver import run

SECRET = "kH7-tango.blue/41"


@pytest.fixture
def server() -> Iterator[MessagesServer]:
    with MessagesServer() as server:
        yield server


@pytest.fixture
def session(server: MessagesServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "aibasic.conf").write_text(f"[postgres]\nHOST = 127.0.0.1\nPASSWORD = '{SECRET}'\n")
    session = Session({}, {"AIBASIC_BASE_URL": server.url, "AIBASIC_DATA_DIR": str(tmp_path / "data")})
    yield session
    session.close()


def test_nothing_was_sent_at_first(session: Session) -> None:
    (note,) = run(session, "CONTEXT LAST")
    assert note.text == "nothing has been sent to a model in this session"


def test_the_last_request_to_the_byte(session: Session, server: MessagesServer) -> None:
    server.compile("answer = 41 + 1", result="answer")
    run(session, f"work out the answer, but never say {SECRET}")
    texts, body = run(session, "CONTEXT LAST")
    (request,) = server.requests
    assert json.loads(body.text) == request.body
    assert request.body["messages"][0]["content"] in texts.text
    assert texts.text.endswith("work out the answer, but never say ***")
    assert f"{len(body.text.encode()):,} bytes of JSON" in texts.title
    assert SECRET not in body.text
