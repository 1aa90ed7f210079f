"""A session that runs programs, and what they print."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from aibasic_kernel.session.session import Session
from tests.messages_server import MessagesServer
from tests.running.basic import Basic

Opener = Callable[..., Basic]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Opener]:
    """Opens sessions in an empty folder; with a server, that is their model. `ask` is who answers questions."""
    monkeypatch.chdir(tmp_path)
    sessions: list[Session] = []

    def open_session(
        server: MessagesServer | None = None, ask: Callable[[str], str | None] = lambda question: None, **environ: str
    ) -> Basic:
        environ = {"AIBASIC_SHOW": "nothing", "AIBASIC_PROVIDER": "none", **environ}
        if server is not None:
            environ |= {"AIBASIC_PROVIDER": "anthropic", "ANTHROPIC_BASE_URL": server.url}
        sessions.append(Session({}, environ, ask))
        return Basic(sessions[-1], capsys)

    yield open_session
    for session in sessions:
        session.close()


@pytest.fixture
def basic(opened: Opener) -> Basic:
    """A session without a model: what runs in it is grammar, phrases and Python."""
    return opened()
