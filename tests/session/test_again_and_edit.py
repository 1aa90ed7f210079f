"""A wrong answer that ran well is not for ever: AGAIN, EDIT and FORGET; and what COST says of it all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from aibasic_kernel.compiler.accounts.prices import PRICES
from aibasic_kernel.compiler.accounts.spending import worst_case
from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.session.line import LineError
from aibasic_kernel.session.messages import Failed, Header, Listing, NextInput, Note
from aibasic_kernel.session.session import Session
from tests.messages_server import MessagesServer
from tests.session.driver import run

Opener = Callable[..., Session]
LINE = "10 work out what is wanted"


@pytest.fixture
def model() -> Iterator[MessagesServer]:
    with MessagesServer() as server:
        yield server


@pytest.fixture
def opened(model: MessagesServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    """Opens sessions in an empty folder, with the model."""
    monkeypatch.chdir(tmp_path)
    sessions: list[Session] = []

    def open_session(**environ: str) -> Session:
        sessions.append(
            Session({}, {"AIBASIC_DATA_DIR": str(tmp_path / "data"), "ANTHROPIC_BASE_URL": model.url, **environ})
        )
        return sessions[-1]

    yield open_session
    for session in sessions:
        session.close()


@pytest.fixture
def session(opened: Opener) -> Session:
    return opened()


def kinds(shown: list[Any], kind: type[Any]) -> list[Any]:
    return [thing for thing in shown if type(thing) is kind]


def lock() -> str:
    return Path("aibasic.lock").read_text()


def failure(session: Session, text: str) -> BaseException:
    with pytest.raises(LineError) as caught:
        run(session, text)
    return caught.value.error


# AGAIN ----------------------------------------------------------------------------------------------------------------


def test_again_shows_what_changed_runs_it_and_takes_the_old_codes_place(
    session: Session, model: MessagesServer
) -> None:
    model.compile("import math\nx = 1", result="x")
    run(session, LINE)
    model.compile("import math\nx = 2", result="x")
    shown = run(session, 'AGAIN 10 "it must be  </before> even"')
    assert session.names["x"] == 2 and 2 in shown
    (difference,) = kinds(shown, Listing)
    assert difference.text.splitlines()[-2:] == ["-x = 1", "+x = 2"]
    asked = model.requests[1].user
    assert "<before>\n#@ python\nimport math\nx = 1\n#@ end\n</before>" in asked
    assert "in the user's words: it must be < /before> even" in asked
    assert model.requests[1].instruction == "work out what is wanted"
    assert "x = 2" in lock() and "x = 1" not in lock()
    assert kinds(run(session, LINE), Header)[0].served.from_lock and session.names["x"] == 2


def test_again_takes_it_for_what_the_line_took_it_for(session: Session, model: MessagesServer) -> None:
    model.compile("total = sum(numbers)", result="total")
    run(session, "numbers = [1, 2]\nadd them all up")
    model.compile("total = sum(numbers) * 2", result="total")
    run(session, "AGAIN")
    assert "last_output: numbers" in model.requests[1].user and session.names["total"] == 6


def test_again_that_gives_the_same_runs_nothing(session: Session, model: MessagesServer) -> None:
    model.compile("count = globals().get('count', 0) + 1", result="count")
    run(session, LINE)
    model.compile("count = globals().get('count', 0) + 1", result="count")
    (note,) = kinds(run(session, "AGAIN"), Note)
    assert "same code" in note.text and "$0.000030" in note.text
    assert session.names["count"] == 1


def test_again_whose_code_fails_is_repaired_and_replaces_the_old(session: Session, model: MessagesServer) -> None:
    model.compile("x = 1", result="x")
    run(session, LINE)
    model.compile("x = missing", result="x")
    model.compile("x = 3", result="x")
    shown = run(session, "AGAIN 10")
    assert len(kinds(shown, Failed)) == 1 and session.names["x"] == 3
    assert "x = 3" in lock() and "x = 1" not in lock()


def test_again_that_comes_to_nothing_leaves_the_old_code(session: Session, model: MessagesServer) -> None:
    model.compile("x = 1", result="x")
    run(session, LINE)
    for _ in range(3):
        model.compile("x = missing", result="x")
    assert isinstance(failure(session, "AGAIN 10"), NameError)
    assert "x = 1" in lock()


def test_a_phrases_line_goes_to_the_model_with_a_remark_only(session: Session, model: MessagesServer) -> None:
    run(session, "10 set x to 5")
    error = failure(session, "AGAIN 10")
    assert isinstance(error, AIBasicError) and "phrase" in error.message
    model.compile("x = 6", result="x")
    run(session, 'AGAIN 10 "one more than that"')
    assert session.names["x"] == 6
    header = kinds(run(session, "10 set x to 5"), Header)[0]
    assert header.served.from_lock and session.names["x"] == 6


@pytest.mark.parametrize("environ", [{"ANTHROPIC_BASE_URL": ""}, {"AIBASIC_FROZEN": "1"}])
def test_again_without_a_model_says_so(environ: dict[str, str], opened: Opener, model: MessagesServer) -> None:
    session = opened(**environ)
    run(session, "10 set x to 5")
    error = failure(session, 'AGAIN 10 "not that"')
    assert isinstance(error, AIBasicError) and "EDIT" in error.remedy and model.requests == []


# EDIT -----------------------------------------------------------------------------------------------------------------


def test_edit_gives_the_code_and_running_it_keeps_it_as_the_users_own(
    session: Session, model: MessagesServer, opened: Opener
) -> None:
    model.compile("x = 1", result="x")
    run(session, LINE)
    (given,) = kinds(run(session, "EDIT 10"), NextInput)
    assert re.fullmatch(r"#@ edit \w+: 10 work out what is wanted\nx = 1", given.text)
    shown = run(session, given.text.replace("x = 1", "x = 40\nx += 2"))
    assert session.names["x"] == 42 and 42 in shown
    assert kinds(shown, Header)[0].author == "by you"
    assert "x += 2" in lock() and "x = 1\n" not in lock()
    later = opened()
    header = kinds(run(later, LINE), Header)[0]
    assert header.served.from_lock and later.names["x"] == 42
    assert len(model.requests) == 1


def test_a_marked_cell_of_another_session_runs_as_python_and_is_not_kept(opened: Opener, model: MessagesServer) -> None:
    session = opened()
    run(session, "10 set x to 5")
    (given,) = kinds(run(session, "EDIT 10"), NextInput)
    before = lock()
    stranger = opened()
    shown = run(stranger, given.text.replace("x = 5", "x = 666"))
    assert stranger.names["x"] == 666 and lock() == before
    assert any("another session" in thing.text for thing in kinds(shown, Note))
    run(stranger, "10 set x to 5")
    assert stranger.names["x"] == 5


def test_edited_code_that_fails_keeps_what_was_and_asks_nobody(session: Session, model: MessagesServer) -> None:
    run(session, "10 set x to 5")
    (given,) = kinds(run(session, "EDIT"), NextInput)
    assert isinstance(failure(session, given.text.replace("x = 5", "x = missing")), NameError)
    assert isinstance(failure(session, given.text.replace("x = 5", "x = = 5")), SyntaxError)
    assert model.requests == [] and "missing" not in lock()
    run(session, given.text.replace("x = 5", "x = 7"))
    run(session, "10 set x to 5")
    assert session.names["x"] == 7


# FORGET ---------------------------------------------------------------------------------------------------------------


def test_a_wrong_answer_that_ran_well_is_gone_once_it_is_forgotten(
    session: Session, model: MessagesServer, opened: Opener
) -> None:
    model.compile("x = 1", result="x")
    run(session, LINE)
    model.compile("x = 2", result="x")
    run(session, f"FORGET 10\n{LINE}")
    assert session.names["x"] == 2 and "x = 1" not in lock()
    run(session, "FORGET 10")
    assert "work out" not in lock()
    model.compile("x = 3", result="x")
    later = opened()
    run(later, LINE)
    assert later.names["x"] == 3


# COST -----------------------------------------------------------------------------------------------------------------


def test_cost_tells_session_model_task_and_day_over_all_sessions(opened: Opener, model: MessagesServer) -> None:
    first = opened()
    model.compile("x = 1", result="x")
    run(first, "(math) work out what is wanted")
    session = opened(AIBASIC_BUDGET_USD="1", AIBASIC_BUDGET_USD_PER_DAY="2")
    model.compile("y = missing", result="y")
    model.compile("y = missing", result="y")
    model.compile("y = 2", result="y")
    model.say("#@ python\nz =", until=2, then="drop")
    run(session, "(stats) work out more")
    failure(session, "work out all the rest")
    (note,) = kinds(run(session, "COST"), Note)
    text = re.sub(r"\d{4}-\d\d-\d\d", "DAY", note.text)
    assert "this session: 4 requests (1 failed), 4100 tokens in (3600 cached)" in text
    assert re.search(r"by model\n +claude-sonnet-5-5 +1 request, .* \$0\.0\d+\n +claude-haiku-5-5 +3 requests", text)
    assert re.search(r"by task\n +stats +3 requests, .*\n +other +1 request \(1 failed\)", text)
    assert re.search(r"all sessions, by day\n +DAY +5 requests \(1 failed\), 5125 tokens in", text)
    assert re.search(r"BUDGET_USD = 1: \$0\.99\d* left\nBUDGET_USD_PER_DAY = 2: \$2\.00 left", text)
    assert "claude-haiku-5-5: $0.10 in, $0.50 out a million tokens" in text
    assert "is your own: where it runs the model, set PRICE_IN and PRICE_OUT to 0" in text


def test_cost_of_nothing(opened: Opener) -> None:
    (note,) = kinds(run(opened(AIBASIC_MODEL="qwen3"), "COST"), Note)
    assert "this session: no requests" in note.text and "qwen3: costs nothing here" in note.text


def test_a_request_that_fails_tells_what_it_cost(session: Session, model: MessagesServer) -> None:
    model.say("#@ python\nz =", until=2, then="drop")
    shown: list[Any] = []
    with pytest.raises(LineError):
        run(session, LINE, shown)
    assert any(thing.text.startswith("spent on what came to nothing: 1025 tokens in") for thing in kinds(shown, Note))
    assert not any("spent" in thing.text for thing in kinds(run(session, "10 set x to 5"), Note))


def test_lines_that_are_asked_for_at_once_keep_a_limit_together(opened: Opener, model: MessagesServer) -> None:
    measured = opened()
    request = measured.compiler.request(measured.parse("work out thing one")[0], measured.scope(("x" * 400,)))
    most = worst_case(request, PRICES["claude-haiku-5-5"])
    session = opened(AIBASIC_BUDGET_USD=str(1.5 * most), AIBASIC_PARALLEL="8")
    words = ("one", "two", "three", "four")
    for number, word in enumerate(words):
        model.compile(f"{word} = {number}", result=word, when=f"thing {word}")
    run(session, "\n".join(f"work out thing {word}" for word in words))
    assert [session.names[word] for word in words] == [0, 1, 2, 3]
    assert len(model.requests) == 4
    assert session.compiler.spending.held == 0 and session.compiler.spending.total.dollars < 1.5 * most


def test_code_that_no_model_saw_in_this_session_is_told_only_as_share_allows(
    opened: Opener, model: MessagesServer
) -> None:
    model.compile("x = 'column secret_salary'", result="x")
    run(opened(), LINE)
    careful = opened(AIBASIC_SHARE="names")
    run(careful, LINE)
    model.compile("x = 2", result="x")
    run(careful, 'AGAIN "not that"')
    assert "secret_salary" not in model.requests[-1].user and "not that" in model.requests[-1].user
    model.compile("x = 3", result="x")
    run(careful, "AGAIN")
    assert "x = 2" in model.requests[-1].user


def test_code_from_the_lock_goes_back_for_repair_only_as_share_allows(opened: Opener, model: MessagesServer) -> None:
    model.compile("x = {'secret_salary': 1}['secret_salary' if n else 'other']", result="x")
    run(opened(), f"n = 1\n{LINE}")
    model.compile("x = 2", result="x")
    careful = opened(AIBASIC_SHARE="names")
    run(careful, f"n = 0\n{LINE}")
    assert careful.names["x"] == 2
    told = model.requests[-1].user
    assert "<failed>" in told and "KeyError" in told and "secret_salary" not in told
