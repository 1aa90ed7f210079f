"""SET: what a cell may change at once, what it asks about, and what it never gets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aibasic.modules import config

from aibasic_kernel.compiler.configuration import policy
from aibasic_kernel.compiler.configuration.setting_values import READERS, SECTION_READERS
from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.session.line import LineError
from aibasic_kernel.session.messages import Header, Note
from aibasic_kernel.session.session import Session
from tests.messages_server import MessagesServer
from tests.session.driver import run

Opener = Callable[..., Session]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    """Opens sessions with a trusted configuration, and what their user answers; they are closed at the end."""
    monkeypatch.chdir(tmp_path)
    sessions: list[Session] = []

    def open_session(*answers: str, conf: str = "", **environ: str) -> Session:
        Path("aibasic.conf").write_text(conf)
        waiting = list(answers)
        sessions.append(Session({}, environ, lambda question: waiting.pop(0) if waiting else None))
        sessions[-1].rules.trust(config.load_as_written().layers[-1])
        return sessions[-1]

    yield open_session
    for session in sessions:
        session.close()


def refused(session: Session, text: str) -> AIBasicError:
    with pytest.raises(LineError) as caught:
        run(session, text)
    assert isinstance(caught.value.error, AIBasicError)
    return caught.value.error


def said(session: Session, text: str) -> list[str]:
    return [thing.text for thing in run(session, text) if isinstance(thing, Note)]


def test_it_counts_at_once_and_until_the_session_ends(opened: Opener) -> None:
    session = opened(conf="[aibasic]\nMODEL = theirs\n", AIBASIC_MODEL="mine")
    assert said(session, "SET MODEL = other  # for now") == ["MODEL = other until this session ends"]
    assert session.settings.model == "other"
    Path("aibasic.conf").write_text("[aibasic]\nMODEL = edited\nMAX_TOKENS = 9\n")
    run(session, "x = 1")
    assert (session.settings.model, session.settings.max_tokens) == ("other", 9)
    assert opened(AIBASIC_MODEL="mine").settings.model == "mine"


def test_what_the_session_keeps_in_memory_outlives_a_change(opened: Opener) -> None:
    session = opened()
    sentence = "set x to 'password: \"pw-9999-9999\"'"
    shown = run(session, f"{sentence}\nSET SHOW = line\n{sentence}")
    assert [thing.served.from_lock for thing in shown if isinstance(thing, Header)] == [False, True]
    assert not Path("aibasic.lock").exists()


def test_the_next_line_asks_the_other_model(opened: Opener) -> None:
    with MessagesServer() as server:
        server.compile("x = 1", when="first")
        server.compile("x = 2", when="second")
        session = opened(ANTHROPIC_BASE_URL=server.url)
        run(session, "make the first thing\nSET MODEL = other\nmake the second thing")
        assert [request.body["model"] for request in server.requests] == ["claude-haiku-5-5", "other"]


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        ("set_max_tokens = 1\nSET MAX_TOKENS = 2_000", 2000),
        ("SET TIMEOUT = 1.5", 1.5),
        ("SET PHRASES = off", "off"),
        ("SET SHOW = nothing", "nothing"),
        ("SET PARALLEL = 1", 1),
        ("SET REPAIR = 0", 0),
        ("SET SHARE = names", "names"),
        ("SET CONFIRM = always", "always"),
        ("SET FROZEN = true", True),
        ("SET BUDGET_USD = 0.5", 0.5),
    ],
)
def test_what_protects_no_less_is_free(opened: Opener, line: str, counts: object) -> None:
    session = opened()
    run(session, line)
    key = line.rpartition("SET ")[2].partition(" ")[0]
    assert getattr(session.settings, key.lower()) == counts


@pytest.mark.parametrize(
    ("conf", "line"),
    [
        ("", "SHARE = categories"),
        ("", "CONFIRM = never"),
        ("FROZEN = true", "FROZEN = false"),
        ("PHRASES = only", "PHRASES = first"),
        ("BUDGET_USD = 1", "BUDGET_USD = 2"),
        ("BUDGET_USD = 1", "PRICE_IN = 0"),
        ("LOG = runs.log", "LOG = others.log"),
        ("", "BASE_URL = http://127.0.0.1:9"),
        ("", "PROVIDER = other"),
    ],
)
def test_what_protects_less_takes_a_typed_yes(opened: Opener, conf: str, line: str) -> None:
    key = line.partition(" ")[0]
    session = opened(conf=f"[aibasic]\n{conf}\n")
    before = getattr(session.settings, key.lower())
    error = refused(session, f"SET {line}")
    assert "nobody can be asked here: nothing was changed" in error.message and "your own aibasic.conf" in error.remedy
    session = opened("no", conf=f"[aibasic]\n{conf}\n")
    assert refused(session, f"SET {line}").message.startswith(f"you did not say yes: {key} stays ")
    assert getattr(session.settings, key.lower()) == before
    session = opened("yes", conf=f"[aibasic]\n{conf}\n")
    run(session, f"SET {line}")
    assert getattr(session.settings, key.lower()) != before


def test_of_one_service(opened: Opener) -> None:
    conf = "[postgres]\nHOST = 127.0.0.1\n[postgres:warehouse]\nHOST = 127.0.0.1\n"
    session = opened(conf=conf)
    run(session, "SET postgres:warehouse.CONFIRM = always\nSET postgres.READONLY = true\nSET postgres.SHARE = names")
    settings = session.settings
    assert (settings.confirm_for("postgres:warehouse"), settings.confirm_for("postgres")) == ("always", "destructive")
    assert settings.is_read_only("postgres") and settings.share_for("postgres") == "names"
    assert config.load().section("postgres") == {"HOST": "127.0.0.1", "READONLY": "true", "SHARE": "names"}
    assert "nobody can be asked" in refused(session, "SET postgres.READONLY = false").message


@pytest.mark.parametrize(
    ("line", "message", "remedy"),
    [
        ("API_KEY = sk-123", "API_KEY is not taken from a cell", "ANTHROPIC_API_KEY"),
        ("BASE_URL = http://me:pw-12345678@host", "BASE_URL with a login is not taken from a cell", "own aibasic.conf"),
        ("MODLE = x", "[aibasic] has no key MODLE", "did you mean MODEL?"),
        ("CONFIRM = perhaps", "CONFIRM is 'perhaps'.", "always, writes, destructive, never"),
        ("redis.CONFIRM = always", "no service is configured in a section [redis]", "there are: postgres"),
        ("postgres.HOST = evil", "[postgres] has no key HOST", "SHARE, CONFIRM, READONLY, PRODUCTION"),
        ("MODEL = ''", "SET MODEL has no value", "SET KEY = value"),
    ],
)
def test_what_there_is_not_and_what_a_cell_never_sets(opened: Opener, line: str, message: str, remedy: str) -> None:
    error = refused(opened("yes", conf="[postgres]\nHOST = 127.0.0.1\n"), f"SET {line}")
    assert error.message.startswith(message)
    assert remedy in error.remedy


def test_the_policy_is_not_passed(opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "FILE", tmp_path / "policy.conf")
    policy.FILE.write_text("[policy]\nSHARE = types\nREADONLY = true\nMODELS = mine\n")
    session = opened("yes", conf="[postgres]\nHOST = 127.0.0.1\n", AIBASIC_MODEL="mine")
    assert config.load().section("postgres") == {"HOST": "127.0.0.1"}
    run(session, "SET SHARE = names")
    assert config.load().section("postgres")["READONLY"] == "true"
    for line in ("SHARE = schema", "postgres.READONLY = false"):
        assert refused(session, f"SET {line}").message.startswith("the policy of this machine does not allow")
    assert refused(session, "SET MODEL = other").message == f"{policy.FILE} does not allow the model other"
    assert (session.settings.share, session.settings.model) == ("names", "mine")


def test_rows_that_a_module_reads(opened: Opener) -> None:
    session = opened()
    run(session, "SET MAX_ROWS = 7")
    assert config.load().value("aibasic", "MAX_ROWS") == "7"
    assert "unset it" in refused(opened(AIBASIC_MAX_ROWS="9"), "SET MAX_ROWS = 7").remedy


def test_a_cell_cannot_loosen_by_way_of_the_environment(
    opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "aibasic.conf").write_text("[aibasic]\nCONFIRM = always\n")
    monkeypatch.setenv("AIBASIC_CONFIG_DIR", str(tmp_path / "own"))
    environment = {"AIBASIC_FROZEN": "true"}
    monkeypatch.chdir(tmp_path)
    Path("aibasic.conf").write_text("[aibasic]\nCONFIRM = never\n")
    session = Session({"environment": environment}, environment)
    notes = said(session, "x = 1")
    environment.update(AIBASIC_FROZEN="false", AIBASIC_CONFIRM="never", AIBASIC_MODEL="mine")
    environment.update(ANTHROPIC_BASE_URL="http://evil", ANTHROPIC_API_KEY="key-of-mine-1")
    notes += said(session, "x = 2")
    assert (session.settings.base_url, session.settings.has_provider) == ("", True)
    assert (session.settings.frozen, session.settings.confirm, session.settings.model) == (True, "always", "mine")
    assert [note.partition(" was changed after")[0] for note in notes if " was changed after" in note] == [
        "ANTHROPIC_BASE_URL", "AIBASIC_CONFIRM", "AIBASIC_FROZEN"
    ]  # fmt: skip
    monkeypatch.setenv("AIBASIC_CONFIG_DIR", str(tmp_path))
    run(session, "x = 3")
    assert session.settings.confirm != "never"
    session.close()


def test_help_has_a_line_for_each_key(opened: Opener) -> None:
    session = opened()
    (helped,) = said(session, "HELP SET")
    assert {line.split()[0] for line in helped.splitlines()[1:]} == {*READERS, *SECTION_READERS}
    assert said(session, "HELP CONFIRM") == said(session, "HELP confirm")
    assert "always, writes, destructive, never" in said(session, "HELP CONFIRM")[0]
    assert "HELP SET" in refused(session, "HELP CONFIRMS").remedy


@pytest.mark.parametrize(
    ("topic", "told"),
    [
        *((word, f"  {word}") for word in ("goto", "while", "call", "on error", "end", "rem", "if")),
        ("FOR", "keeps its last value"), ("next", "for each X"), ("gosub", "return"), ("return", "call N"),
        ("then", "line numbers alone"), ("ON  ERROR", "_last_error_line"), ("go to", "goto N"), ("input", "ask"),
        ("STOP", "  end"), ("STOP AT", "STOP AT"), ("step", "STEP"), ("step", "for I"),
    ],
)  # fmt: skip
def test_help_tells_of_control_flow(opened: Opener, topic: str, told: str) -> None:
    session = opened()
    assert told in said(session, f"HELP {topic}")[0]
    assert "goto N" in said(session, "HELP")[0]


def test_alone_it_shows_what_is_in_force_without_secrets(opened: Opener) -> None:
    conf = "[aibasic]\nAPI_KEY = sk-secret-12345\nBASE_URL = http://me:pw-12345678@localhost\n"
    session = opened(conf=f"{conf}[postgres]\nHOST = 127.0.0.1\nREADONLY = true\n")
    (shown,) = said(session, "SET CONFIRM = always\nSET")[1:]
    lines = shown.splitlines()
    assert {"CONFIRM = always", "API_KEY is set", "postgres.READONLY = true", "PARALLEL = 8"} <= set(lines)
    assert "sk-secret" not in shown and "pw-12345678" not in shown
