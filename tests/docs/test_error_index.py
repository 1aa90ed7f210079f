"""The place in the documentation that tells of an error, found from the error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from aibasic.modules import PostgresModule

from aibasic_kernel.compiler.configuration.setting_values import READERS
from aibasic_kernel.error_index.lookup import anchor_of, entry_of, reference
from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.language.parser import parse
from aibasic_kernel.session.line import LineError
from aibasic_kernel.session.session import Session
from tests.session.driver import run

TASKS = {"postgres"}


def parsed(text: str) -> Callable[[], object]:
    return lambda: parse(text, set(), lambda name: False, TASKS)


@pytest.mark.parametrize(
    ("fails", "anchor"),
    [
        (parsed("(posgres) query all orders"), "unknown-task-type"),
        (parsed("10 LIST"), "is-a-direct-command"),
        (parsed("10 if a > 1 then goto 7000000"), "there-is-no-line"),
        (lambda: READERS["BASE_URL"]("BASE_URL", "nowhere"), "is-no-web-address"),
        (lambda: PostgresModule.from_config("nowhere.conf"), "missing-section-in-no-such-file-in-or-above"),
        (lambda: run(Session({}), "RUN"), "there-is-no-program"),
        (lambda: run(Session({}), "HELP qwertz"), "there-is-no-help-on"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_error_names_its_place(
    fails: Callable[[], object], anchor: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Exception) as failed:
        fails()
    error = getattr(failed.value, "error", failed.value)
    assert anchor_of(error) == anchor


def test_an_error_that_was_never_raised_is_found_by_its_text() -> None:
    assert anchor_of(AIBasicError("there is no program", "")) == "there-is-no-program"


def test_the_remedy_stands_with_it() -> None:
    entry = entry_of(AIBasicError("return without a call", ""))
    assert entry is not None
    assert entry.remedy.startswith("only lines that `call N` or `gosub N` went to can return")


@pytest.mark.parametrize("error", [ZeroDivisionError("division by zero"), ValueError("mine"), KeyError("customers")])
def test_an_error_of_the_user_has_no_place(error: Exception) -> None:
    assert (anchor_of(error), reference(error)) == ("", "")


def test_the_place_stands_behind_where_the_documentation_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIBASIC_DOCS", "https://docs.example/aibasic/")
    error = AIBasicError("there is no program", "")
    assert reference(error) == "https://docs.example/aibasic/errors.html#there-is-no-program"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("10 return", "errors.html#return-without-a-call"),
        ("(posgres) query all orders", "errors.html#unknown-task-type"),
    ],
)
def test_explain_says_where_to_read_on(text: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    session = Session({})
    with pytest.raises((LineError, AIBasicError)):
        run(session, text)
    told = run(session, "EXPLAIN")[-1].text
    assert told.partition("in the documentation\n")[2].split("\n")[0].strip().endswith(place)


def test_explain_of_an_error_of_the_user_says_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    session = Session({})
    with pytest.raises(LineError):
        run(session, "int('seven')")
    assert "in the documentation" not in run(session, "EXPLAIN")[-1].text
