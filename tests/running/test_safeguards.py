"""What guards a line guards it in a loop too: the gate, the lock's trust, READONLY, FROZEN and the budget."""

from __future__ import annotations

from pathlib import Path

import pytest

from aibasic_kernel.compiler.locks.format import encode, parse, render
from aibasic_kernel.errors import BudgetError, Refused
from tests.messages_server import MessagesServer
from tests.running.conftest import Opener

DELETING = '10 for i = 1 to 3\n20 Path("old.txt").touch()\n30 delete the file old.txt\n40 next'


@pytest.mark.parametrize(("answer", "questions"), [("yes", 3), ("from now on", 1)])
def test_the_gate_asks_in_each_round_or_once(opened: Opener, answer: str, questions: int) -> None:
    asked: list[str] = []

    def ask(question: str) -> str:
        asked.append(question)
        return answer

    basic = opened(ask=ask)
    basic.run(f"from pathlib import Path\n{DELETING}")
    assert len(asked) == questions and not Path("old.txt").exists()


def test_what_is_refused_ends_the_loop(opened: Opener) -> None:
    answers = iter(["yes", "no"])
    basic = opened(ask=lambda question: next(answers))
    failure = basic.fail(f"from pathlib import Path\n{DELETING}")
    assert isinstance(failure.error, Refused) and failure.line.place == "line 30"
    assert basic.names["i"] == 2 and Path("old.txt").exists()


def test_code_cannot_swallow_a_refusal_in_a_later_round(opened: Opener) -> None:
    Path("old.txt").touch()
    with MessagesServer() as server:
        server.compile("try:\n    tidy(i)\nexcept BaseException:\n    pass", when="gnomes")
        basic = opened(server, ask=lambda question: "no")
        tidy = "import os\ndef tidy(n):\n    n < 3 or os.remove('old.txt')"
        failure = basic.fail(f"{tidy}\n10 for i = 1 to 5\n20 let the gnomes tidy up\n30 next")
    assert isinstance(failure.error, Refused) and basic.names["i"] == 3 and Path("old.txt").exists()


def test_a_handler_may_go_on_behind_what_was_refused(opened: Opener) -> None:
    answers = iter(["no", "yes", "no"])
    basic = opened(ask=lambda question: next(answers))
    program = f'5 on error goto 100\n{DELETING}\n50 end\n100 print "refused in round" and i\n110 goto 40'
    assert basic.run(f"from pathlib import Path\n{program}") == ["refused in round 1", "refused in round 3"]


def test_code_of_a_lock_that_nobody_has_agreed_to_runs_in_no_loop(opened: Opener, tmp_path: Path) -> None:
    program = "thing = 1\n10 for i = 1 to 2\n20 let the gnomes treat thing\n30 next"
    with MessagesServer() as server:
        server.compile("treated = thing", result="treated", when="gnomes")
        basic = opened(server)
        basic.run(program)
        lock = tmp_path / "aibasic.lock"
        (entry,) = (each for each in parse(lock.read_text()).entries.values() if "gnomes" in each.compilation.sentence)
        edited = entry.compilation.__class__(**{**vars(entry.compilation), "python": "treated = 'worse'"})
        lock.write_text(render([encode(edited)]))
        failure = opened(server).fail(program)
    assert failure.line.place == "line 20" and "trust" in str(failure).lower()
    assert len(server.requests) == 1


def test_frozen_asks_nobody_and_says_at_which_line(opened: Opener) -> None:
    with MessagesServer() as server:
        basic = opened(server, AIBASIC_FROZEN="true")
        failure = basic.fail("10 for i = 1 to 2\n20 let the gnomes work\n30 next")
        assert failure.line.place == "line 20" and server.requests == []


def test_a_budget_that_is_used_up_in_a_loop(opened: Opener) -> None:
    with MessagesServer() as server:
        server.compile("treated = thing * 2", result="treated", when="gnomes")
        basic = opened(server, AIBASIC_BUDGET_USD="0.0003")
        basic.run("things = [1, 'a', 2.5, [1], (1, 2), {1}, None]")
        failure = basic.fail("10 for each thing in things\n20 let the gnomes treat thing\n30 next")
    assert isinstance(failure.error, BudgetError) and failure.line.place == "line 20"


def test_lines_ahead_are_asked_for_together_up_to_the_next_control_flow(opened: Opener) -> None:
    with MessagesServer() as server:
        for name in ("first", "second", "third"):
            server.compile(f"{name} = 1", result=name, when=f"the {name} gnome")
        basic = opened(server)
        basic.run(
            "10 wake the first gnome\n20 wake the second gnome\n30 for i = 1 to 2\n40 wake the third gnome\n50 next"
        )
        assert [basic.names[name] for name in ("first", "second", "third")] == [1, 1, 1]
        assert len(server.requests) == 3


def test_a_jump_over_lines_asks_for_none_of_them(opened: Opener) -> None:
    with MessagesServer() as server:
        server.compile("first = 1", result="first", when="the first gnome")
        basic = opened(server)
        basic.run("10 wake the first gnome and goto 30\n20 wake the second gnome\n30 x = 1")
        assert [request.instruction for request in server.requests] == ["wake the first gnome"]
