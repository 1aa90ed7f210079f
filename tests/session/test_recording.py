"""The log: a line for each compilation and each run, of every outcome, without values and secrets."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from aibasic_kernel.session.line import LineError
from aibasic_kernel.session.messages import Note
from aibasic_kernel.session.session import Session
from tests.messages_server import MessagesServer
from tests.servers.postgres import PostgresServer
from tests.session.driver import run

Opener = Callable[..., Session]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    """Opens sessions that log, with what their user answers; they are closed at the end."""
    monkeypatch.chdir(tmp_path)
    sessions: list[Session] = []

    def open_session(*answers: str, **environ: str) -> Session:
        waiting = list(answers)
        environ = {"AIBASIC_LOG": "runs.log", "JPY_SESSION_NAME": f"{tmp_path}/book.ipynb", **environ}
        sessions.append(Session({}, environ, lambda question: waiting.pop(0) if waiting else None))
        return sessions[-1]

    yield open_session
    for session in sessions:
        session.close()


def logged(name: str = "runs.log") -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(name).read_text().splitlines()]


def brief(lines: list[dict[str, Any]], *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(line.get(key) for key in keys) for line in lines]


def test_what_a_phrase_gave_and_the_lock_keeps(opened: Opener, tmp_path: Path) -> None:
    session = opened()
    for _ in range(2):
        run(session, "10 set x to 5")
    first = logged()[0]
    assert brief(logged(), "event", "by", "outcome", "gate") == [
        ("compilation", "phrase", "ok", None), ("run", "phrase", "ok", "not asked"), ("run", "lock", "ok", "not asked")
    ]  # fmt: skip
    assert (first["sentence"], first["notebook"], first["model"]) == ("set x to 5", f"{tmp_path}/book.ipynb", "")
    assert first["user"] and first["time"].endswith("+00:00")
    assert {line["code"] for line in logged()} == {sha256(session.lines[10].python.encode()).hexdigest()}
    assert Path("runs.log").stat().st_mode & 0o777 == 0o600


def test_what_a_model_gave_and_how_it_failed(opened: Opener) -> None:
    with MessagesServer() as server:
        server.compile("answer = 6 * 7", when="ultimate")
        server.compile("1 / 0", when="divide")
        server.say(when="nobody", status=401)
        session = opened(ANTHROPIC_BASE_URL=server.url, AIBASIC_REPAIR="0", AIBASIC_PARALLEL="1")
        run(session, "work out the ultimate answer")
        for text in ("divide by nothing at all", "nobody has an answer to this"):
            with pytest.raises(LineError):
                run(session, text)
    assert brief(logged(), "event", "by", "model", "outcome") == [
        ("compilation", "model", "claude-haiku-5-5", "ok"),
        ("run", "model", "claude-haiku-5-5", "ok"),
        ("compilation", "model", "claude-haiku-5-5", "ok"),
        ("run", "model", "claude-haiku-5-5", "ZeroDivisionError"),
        ("compilation", None, None, "ProviderError"),
    ]
    request = logged()[0]["request"]
    assert len(request) == 64 and request != logged()[2]["request"]
    assert logged()[0]["seconds"] > 0 and 0 < logged()[0]["dollars"] < 0.001


def test_effects_and_the_gates_answer(opened: Opener, postgres_server: PostgresServer) -> None:
    postgres_server.sql("postgres", "DROP TABLE IF EXISTS logged; CREATE TABLE logged (secret text)")
    Path("aibasic.conf").write_text(postgres_server.conf(DATABASE="postgres"))
    session = opened("yes")
    run(session, "(postgres) INSERT INTO logged VALUES ('a value')")
    for _ in range(2):
        try:
            run(session, "(postgres) DELETE FROM logged")
        except LineError:
            continue
    runs = [line for line in logged() if line["event"] == "run"]
    assert brief(runs, "gate", "outcome") == [("not asked", "ok"), ("yes", "ok"), ("refused", "refused")]
    effects = [[(each["service"], each["kind"], each["times"]) for each in line["effects"]] for line in runs]
    assert effects[0] == [("postgres", "write", 1)] and effects[1][-1] == ("postgres", "destructive", 1)
    assert runs[0]["effects"][0]["at"].endswith(f":{postgres_server.port}/postgres")


def test_no_secret_and_no_password_that_was_typed(opened: Opener) -> None:
    Path("aibasic.conf").write_text("[postgres]\nHOST = 127.0.0.1\nPASSWORD = kT9-zzz41q\n")
    session = opened()
    run(session, "set x to 'kT9-zzz41q'\nset y to 'password: \"pw-9999-9999\"'")
    text = Path("runs.log").read_text()
    assert "kT9" not in text and "pw-9999" not in text
    assert {line["sentence"] for line in logged()} == {"set x to '***'", "***"}


def test_a_log_that_cannot_be_written_is_told_once_and_stops_nothing(opened: Opener, tmp_path: Path) -> None:
    session = opened(AIBASIC_LOG="/proc/nowhere/runs.log")
    notes = [thing.text for n in (1, 2) for thing in run(session, f"set x to {n}") if isinstance(thing, Note)]
    assert session.names["x"] == 2
    assert notes == [
        "LOG: /proc/nowhere/runs.log cannot be written (No such file or directory); what runs meanwhile is not logged"
    ]


def test_it_may_be_a_folder_and_begins_when_it_is_set(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    session = opened(AIBASIC_LOG="")
    run(session, "set x to 1\nSET LOG = logs\nset y to 2")
    assert {line["sentence"] for line in logged("logs/aibasic.log")} == {"set y to 2"}


WRITER = """
import sys
from pathlib import Path
from aibasic_kernel.compiler.configuration.journal import Journal
journal = Journal(Path(sys.argv[1]))
for number in range(200):
    journal.write({"who": sys.argv[2], "number": number, "filling": "x" * 3000})
"""


def test_several_processes_write_whole_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, "runs.log", str(who)]) for who in range(3)]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    written = sorted((int(line["who"]), line["number"]) for line in logged())
    assert written == [(who, number) for who in range(3) for number in range(200)]
