"""An aibasic.conf that came with a notebook: what a session makes of it, and how a person comes to trust it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from aibasic_kernel.errors import ProviderError
from aibasic_kernel.faces import command_line, terminal
from aibasic_kernel.session.line import LineError
from aibasic_kernel.session.messages import Header, Note
from aibasic_kernel.session.session import Session
from tests.messages_server import MessagesServer
from tests.session.driver import run


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A session in an empty folder, of a user whose environment holds a key."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "key-of-the-user-1")
    opened = Session({})
    yield opened
    opened.close()


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | None], None]:
    """Says what is typed at the terminal; None where there is none."""

    def type_(text: str | None) -> None:
        monkeypatch.setattr(terminal, "ask", lambda question: text)

    return type_


Answer = Callable[[str | None], None]


def test_no_key_leaves_for_a_host_that_the_file_names_until_it_is_trusted(session: Session, answer: Answer) -> None:
    with MessagesServer() as server:
        server.compile("x = 41 + 1", result="x")
        conf = Path("aibasic.conf")
        conf.write_text(f"[aibasic]\nBASE_URL = {server.url}\n")
        with pytest.raises(LineError) as caught:
            run(session, "set y to 1\nwork out the answer")
        error = caught.value.error
        assert isinstance(error, ProviderError)
        assert error.message == (
            f"{conf.absolute()} is not trusted, and its [aibasic] "
            f"sends requests, and your key with them, to {server.url} (BASE_URL)"
        )
        assert error.remedy == f"read it, then: aibasic trust {conf.absolute()}"
        assert session.names["y"] == 1 and server.requests == []
        answer("y")
        assert command_line.main(["trust", "aibasic.conf"]) == 0
        run(session, "work out the answer")
        assert session.names["x"] == 42


def test_a_service_with_a_password_of_the_users_environment(session: Session, answer: Answer) -> None:
    conf = Path("aibasic.conf")
    conf.write_text("[postgres]\nHOST = 127.0.0.1\nPORT = 1\nTIMEOUT = 1\nPASSWORD = ${HOME}\n")
    with pytest.raises(LineError, match=r"reads HOME from your environment \(PASSWORD\)"):
        run(session, "(postgres) SELECT 1")
    answer("yes")
    assert command_line.main(["trust", str(conf)]) == 0
    with pytest.raises(LineError, match="Failed to create PostgreSQL connection pool"):
        run(session, "(postgres) SELECT 1")


def test_a_weaker_setting_is_told_once(session: Session) -> None:
    Path("aibasic.conf").write_text("[aibasic]\nCONFIRM = never\nSHOW = line\n")
    notes = [thing.text for _ in range(2) for thing in run(session, "set x to 1") if isinstance(thing, Note)]
    file = Path("aibasic.conf").absolute()
    assert notes == [
        f"{file} is not trusted, so your own CONFIRM counts: [aibasic] says never, where yours is destructive; "
        f"to let it: aibasic trust {file}"
    ]
    assert (session.settings.confirm, session.settings.show) == ("destructive", "line")
    header = next(thing for thing in run(session, "set x to 1") if isinstance(thing, Header))
    assert not header.whole


@pytest.mark.parametrize(("typed", "code"), [(None, 1), ("", 1), ("no", 1), ("yess", 1), ("Y", 0)])
def test_only_a_typed_yes_trusts(
    session: Session, answer: Answer, capsys: pytest.CaptureFixture[str], typed: str | None, code: int
) -> None:
    Path("aibasic.conf").write_text(
        "[redis]\nHOST = db.example.com\nUSERNAME = 'x\x1b[2J'\nPASSWORD = ${HOME}\n"
        "[aibasic]\nAPI_KEY = sk-secret-1\nCONFIRM = never\nBASE_URL = http://me:pw-secret-1@evil\n"
        "[kafka]\nSASL_PASSWORD = pw-secret-2\n"
    )
    answer(typed)
    assert command_line.main(["trust", "aibasic.conf"]) == code
    told = capsys.readouterr()
    for words in (
        "[redis]\n  reads HOME from your environment (PASSWORD)\n  with HOST = db.example.com, USERNAME = x\\x1b[2J\n",
        "[aibasic]\n  uses an API key of its own (API_KEY)\n  says never, where yours is destructive (CONFIRM)\n"
        "  sends requests, and your key with them, to http://evil (BASE_URL)\n",
    ):
        assert words in told.out
    assert "secret" not in told.out and "kafka" not in told.out
    if typed is None:
        assert "nobody can be asked here" in told.err
    session.read_configuration()
    assert (session.settings.confirm == "never") is (code == 0)


def test_what_asks_for_nothing_needs_no_trust(
    tmp_path: Path, answer: Answer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    example = Path(__file__).parents[2] / "aibasic.conf.example"
    monkeypatch.chdir(tmp_path)
    Path("aibasic.conf").write_bytes(example.read_bytes())
    answer(None)
    assert command_line.main(["trust", "aibasic.conf"]) == 0
    monkeypatch.setenv("AIBASIC_CONFIG_DIR", str(tmp_path))
    Path("aibasic.conf").write_text("[aibasic]\nCONFIRM = never\n")
    assert command_line.main(["trust", "aibasic.conf"]) == 0
    assert capsys.readouterr().out == (
        "aibasic.conf: nothing new, it asks for nothing that is not trusted already\n"
        "aibasic.conf: your own file needs no trust\n"
    )


def test_no_command_gives_a_secret_to_an_untrusted_file(
    session: Session, answer: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("aibasic.conf").write_text("[postgres]\nHOST = 127.0.0.1\nPORT = 1\nTIMEOUT = 1\nPASSWORD = ${HOME}\n")
    answer(None)
    assert command_line.main(["demo"]) == 1
    assert "is not trusted, and its [postgres] reads HOME from your environment (PASSWORD)" in capsys.readouterr().err
