"""A session hides the secrets of every file that it finds, and says which it cannot hide everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from aibasic_kernel.language.instruction import Sentence
from aibasic_kernel.session.session import Session
from tests.session.driver import run

Opener = Callable[[str], Session]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    """Opens a session beside an aibasic.conf."""
    monkeypatch.chdir(tmp_path)
    sessions: list[Session] = []

    def open_session(conf: str) -> Session:
        (tmp_path / "aibasic.conf").write_text(conf)
        sessions.append(Session({}))
        return sessions[-1]

    yield open_session
    for session in sessions:
        session.close()


def said(session: Session, text: str = "1") -> list[str]:
    return [thing.text for thing in run(session, text) if hasattr(thing, "text")]


@pytest.mark.parametrize(
    ("secret", "why"),
    [
        ("guest", "short, or a plain word"),
        ("Rabbits", "short, or"),
        ("shop_2024_x", "the value of another setting too"),
    ],
)
def test_an_ordinary_secret_is_told_once(opened: Opener, secret: str, why: str) -> None:
    session = opened(f"[rabbitmq]\nPASSWORD = {secret}\nVHOST = shop_2024_x\n")
    (note,) = said(session)
    assert note.startswith(f"[rabbitmq] PASSWORD is {why}") and secret not in note
    assert said(session) == []
    assert session.redact(f"{secret}, password={secret}") == f"{secret}, password=***"


def test_other_secrets_are_hidden_without_a_word(opened: Opener) -> None:
    session = opened("[rabbitmq]\nPASSWORD = kH7-tango-41\n")
    assert said(session) == []
    assert session.redact("kH7-tango-41") == "***"


def test_the_secrets_of_a_file_that_cannot_be_read(opened: Opener) -> None:
    session = opened("[postgres]\nPASSWORD = 'kH7-tango-41'  # mine\nwhat is this\n")
    run(session, "1")
    assert session.redact("kH7-tango-41") == "***"


def test_the_secrets_of_a_file_that_another_one_covers(
    opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "aibasic.conf").write_text("[postgres]\nPASSWORD = covered-by-that-41\n")
    monkeypatch.setenv("AIBASIC_CONFIG_DIR", str(own))
    session = opened("[postgres]\nPASSWORD = kH7-tango-41\n")
    run(session, "1")
    assert session.redact("covered-by-that-41 kH7-tango-41") == "*** ***"


def test_a_secret_that_was_changed_stays_hidden(opened: Opener, tmp_path: Path) -> None:
    session = opened("[postgres]\nPASSWORD = before-it-was-41\n")
    run(session, "1")
    (tmp_path / "aibasic.conf").write_text("[postgres]\nPASSWORD = after-that-it-is-42\n")
    run(session, "1")
    assert session.redact("before-it-was-41 after-that-it-is-42") == "*** ***"


def test_the_name_of_a_keyring_entry_is_no_secret(opened: Opener) -> None:
    session = opened("[postgres]\nPASSWORD = keyring:production\n")
    assert said(session) == []
    assert session.redact("keyring:production") == "keyring:production"


def test_a_password_that_a_driver_finds_by_itself_is_hidden(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "found-by-itself-41")
    monkeypatch.setenv("PGSERVICE", "production-41")
    session = opened("[postgres]\nHOST = 127.0.0.1\n")
    assert said(session) == []
    assert session.redact("found-by-itself-41 production-41") == "*** production-41"


def test_the_words_of_a_secret_in_a_sentence_stand_in_no_trace(opened: Opener) -> None:
    """A trace goes out with the outputs, and its words are no longer the secret that could be hidden there."""
    secret = "jRHkRGonRoDxXSP'CVAaHIZSb8Cefwclb'0oUpP5"
    session = opened(f'[aibasic]\nAPI_KEY = "{secret}"\n')
    run(session, "1")
    (sentence,) = session.parse(f"log in as someone with {secret} now")
    assert isinstance(sentence, Sentence)
    made = session.compiler.compilation(sentence, "done = True", "", ("model", "some"), session.scope())
    assert "someone" in made.trace.absent and "CVAaHIZSb8Cefwclb" not in made.trace.absent
