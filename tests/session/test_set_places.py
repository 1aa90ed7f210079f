"""Where a cell may have a log or a lock written without being asked: never where a program would read it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.traces.trace import Trace
from aibasic_kernel.session.messages import Note
from aibasic_kernel.session.session import Session
from tests.session.driver import run

SENTENCE = "set x to '$(touch pwned)'"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inner").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    "place", ["LOG = ~/.bashrc", "LOG = .bashrc", "LOG = ../a.log", "LOCK = ~/.profile", "LOCK = x"]
)
def test_elsewhere_takes_a_typed_yes(folder: Path, place: str) -> None:
    before = set(folder.iterdir())
    with pytest.raises(Exception, match="protects you less than now, and nobody can be asked here"):
        run(Session({}, {}), f"SET {place}\n{SENTENCE}")
    assert set(folder.iterdir()) == before
    session = Session({}, {}, ask=lambda question: "yes")
    run(session, f"SET {place}")
    assert getattr(session.settings, place.partition(" ")[0].lower()) == place.partition("= ")[2]


@pytest.mark.parametrize(
    "place", ["LOG = a.log", "LOG = inner", "LOCK = own.lock", "LOCK = off", "LOCK = inner, b.lock"]
)
def test_in_the_folder_it_needs_none(folder: Path, place: str) -> None:
    run(Session({}, {}), f"SET {place}\n{SENTENCE}")


def test_a_log_beside_the_notebook_follows_no_link_and_waits_for_no_pipe(folder: Path) -> None:
    (folder / "profile").write_text("# mine\n")
    (folder / "a.log").symlink_to("profile")
    os.mkfifo(folder / "b.log")
    for name in ("a.log", "b.log"):
        notes = [each.text for each in run(Session({}, {"AIBASIC_LOG": name}), SENTENCE) if isinstance(each, Note)]
        assert any(f"{name} cannot be written" in note for note in notes)
    assert (folder / "profile").read_text() == "# mine\n"


def test_a_log_that_the_user_names_in_full_may_be_a_link(folder: Path) -> None:
    (folder / "a.log").symlink_to("real.log")
    run(Session({}, {"AIBASIC_LOG": str(folder / "a.log")}), SENTENCE)
    assert [json.loads(line)["outcome"] for line in (folder / "real.log").read_text().splitlines()] == ["ok", "ok"]


def test_what_a_line_did_stands_in_the_log_without_its_secrets(folder: Path) -> None:
    (folder / "aibasic.conf").write_text("[redis]\nPASSWORD = kT9-zzz41q\n")
    entry = Compilation("back it up", "", PROGRAMS, "", ("user", "by hand"), Trace())
    session = Session({}, {"AIBASIC_LOG": "a.log"}, ask=lambda question: "yes")
    session.read_configuration()
    session.compiler.lock.add(entry)
    run(session, "back it up")
    text = (folder / "a.log").read_text()
    assert "runs the program env X=*** true" in text
    assert "kT9" not in text and "pw-8888" not in text


PROGRAMS = """
import subprocess
subprocess.run(["env", "X=kT9-zzz41q", "true"])
subprocess.run(["env", "password='pw-8888-8888'", "true"])
"""
