"""What a line shows that found nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from aibasic_kernel.session.messages import Note
from aibasic_kernel.session.session import Session
from tests.servers.redis import RedisServer
from tests.session.driver import run


@pytest.fixture
def session(tmp_path: Path, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> Session:
    """Over an empty Redis."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AIBASIC_CONFIG_DIR", str(tmp_path))
    (tmp_path / "aibasic.conf").write_text(redis_server.conf())
    redis_server.ask(b"FLUSHALL")
    return Session({}, {"AIBASIC_DATA_DIR": str(tmp_path / "data")})


def notes(session: Session, text: str) -> list[str]:
    """The notes on what was found that a cell shows."""
    return [one.text for one in run(session, text) if isinstance(one, Note) and "is None" in one.text]


@pytest.mark.parametrize(
    "line", ["get value from redis key nokey", "(redis) get redis key nokey", "pop a value from redis list nolist"]
)
def test_a_name_that_is_missing_is_said(line: str, session: Session) -> None:
    assert notes(session, line) == ["result is None: nothing was found"]


def test_what_is_put_away_or_typed_is_not_commented(session: Session) -> None:
    assert notes(session, "get value from redis key nokey into kept") == []
    assert notes(session, "nothing = None") == []
    assert notes(session, "None") == []
    assert session.names["kept"] is None
