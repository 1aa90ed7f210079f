"""`on error`: what a handler gets, when its work is done, and what no handler ever gets."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.messages_server import MessagesServer
from tests.running.basic import Basic
from tests.running.conftest import Opener

FAILING = '10 on error goto 100\n20 {line}\n30 print "never"\n40 end\n100 print _last_error_line and _last_error'


@pytest.mark.parametrize("words", ["on error goto 100", "on error jump to 100", "on error jump to line 100"])
def test_an_error_goes_to_the_handler_with_its_text_and_line(basic: Basic, words: str) -> None:
    program = f'10 {words}\n20 1 / 0\n30 print "never"\n40 end\n100 print _last_error_line and _last_error'
    assert basic.run(program) == ["20 division by zero"]


def test_control_flow_fails_like_any_line(basic: Basic) -> None:
    assert basic.run(FAILING.format(line="if countr > 3 goto 30")) == ["20 name 'countr' is not defined"]
    (said, *_) = basic.run(FAILING.format(line="return"))
    assert said.startswith("20 return without a call")


def test_failures_of_compiling_go_there_too(opened: Opener) -> None:
    with MessagesServer() as server:
        server.say("I would rather talk about something else.", when="gnomes")
        basic = opened(server, AIBASIC_REPAIR="0")
        (said, *_) = basic.run(FAILING.format(line="let the gnomes work"))
    assert said.startswith("20 The model answered with prose")


def test_and_refusals_of_the_gate(opened: Opener) -> None:
    basic = opened(ask=lambda question: "no")
    Path("kept.txt").write_text("kept")
    (said, *_) = basic.run(FAILING.format(line="(fs) delete the file kept.txt"))
    assert said.startswith("20 ")
    assert Path("kept.txt").read_text() == "kept"


def test_an_interrupt_never_does(basic: Basic) -> None:
    failure = basic.fail(FAILING.format(line="raise KeyboardInterrupt"))
    assert isinstance(failure.error, KeyboardInterrupt) and basic.printed() == []


def test_on_error_stop_takes_the_handler_back(basic: Basic) -> None:
    program = '10 on error goto 100\n20 on error stop\n30 1 / 0\n40 end\n100 print "never"'
    assert isinstance(basic.fail(program).error, ZeroDivisionError)
    assert basic.printed() == []


def test_without_a_handler_the_names_are_set_all_the_same(basic: Basic) -> None:
    basic.fail("10 x = 1\n20 1 / 0")
    assert basic.run("print _last_error and _last_error_line") == ["division by zero 20"]


def test_what_is_no_line_of_the_program_leaves_them_alone(basic: Basic) -> None:
    basic.fail("10 x = 1\n20 1 / 0")
    basic.fail("CONT")
    basic.fail("[][1]")
    assert basic.names["_last_error"] == "division by zero" and basic.names["_last_error_line"] == 20


def test_a_handler_belongs_to_its_run(basic: Basic) -> None:
    basic.run("10 on error goto 20\n20 end", "1")
    basic.fail("10 1 / 0", "2")


def test_the_newest_handler_counts(basic: Basic) -> None:
    program = '10 on error goto 100\n20 on error goto 200\n30 1 / 0\n40 end\n100 print "old"\n110 end\n200 print "new"'
    assert basic.run(program) == ["new"]


def test_a_handler_in_another_cell_goes_on_there(basic: Basic) -> None:
    """The cell runs on its own first, when nothing has failed yet."""
    assert basic.run('100 print "handled" and _last_error_line', "1") == ["handled 0"]
    assert basic.run('10 on error goto 100\n20 1 / 0\n30 print "never"', "2") == ["handled 20"]


def test_or_comes_back(basic: Basic) -> None:
    basic.refused('100 print "handled" and _last_error_line\n110 goto 30', "1")
    assert basic.run('10 on error goto 100\n20 1 / 0\n30 print "back"', "2") == ["handled 20", "back"]


# Conditions on what happened -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "condition",
    [
        '_last_error contains "division"',
        "_last_error_line equals 20",
        "_last_error_line == 20",
        "_last_error is not empty",
    ],
)
def test_the_names_may_stand_in_conditions(basic: Basic, condition: str) -> None:
    program = f'10 on error goto 100\n20 1 / 0\n30 end\n100 if {condition} goto 120\n110 end\n120 print "known"'
    assert basic.run(program) == ["known"]


# When the work of a handler is done ----------------------------------------------------------------------------------


def test_an_error_within_a_handler_stops_with_both(basic: Basic) -> None:
    failure = basic.fail('10 on error goto 100\n20 1 / 0\n30 end\n100 print "handling"\n110 [][1]')
    assert isinstance(failure.error, IndexError) and failure.line.place == "line 110"
    assert basic.printed() == ["handling"]
    assert basic.notes == ["this came while an error was handled, that of line 20: ZeroDivisionError: division by zero"]


def test_a_retry_goes_back_to_where_the_run_was_and_may_fail_again(basic: Basic) -> None:
    program = (
        "10 tries = 0\n20 on error goto 100\n30 tries = tries + 1\n40 if tries < 3 goto 90\n"
        '50 print "worked after" and tries\n60 end\n90 1 / 0\n100 print "again"\n110 goto 30'
    )
    assert basic.run(program) == ["again", "again", "worked after 3"]


def test_a_handler_within_a_loop_is_free_again_in_each_round(basic: Basic) -> None:
    program = (
        "10 on error goto 100\n20 for i = 0 to 2\n30 print 6 / i\n40 next\n50 end\n"
        '100 print "line" and _last_error_line\n110 goto 40'
    )
    assert basic.run(program) == ["line 30", "6.0", "3.0"]


def test_on_error_within_a_handler_names_the_next_one(basic: Basic) -> None:
    program = '10 on error goto 100\n20 1 / 0\n30 end\n100 on error goto 200\n110 [][1]\n120 end\n200 print "second"'
    assert basic.run(program) == ["second"]


def test_an_error_in_a_subroutine_names_its_line_and_keeps_the_calls(basic: Basic) -> None:
    program = (
        '10 on error goto 200\n20 call 100\n30 print "back"\n40 end\n'
        "100 1 / 0\n110 return\n200 print _last_error_line\n210 return"
    )
    assert basic.run(program) == ["100", "back"]


def test_loops_are_kept_where_the_handler_goes_back_into_them(basic: Basic) -> None:
    program = (
        "10 on error goto 100\n20 for i = 1 to 3\n30 if i == 2 goto 60\n40 print i\n50 next\n55 end\n60 1 / 0\n"
        '100 print "handled"\n110 goto 50'
    )
    assert basic.run(program) == ["1", "handled", "3"]


# What it says --------------------------------------------------------------------------------------------------------


def test_a_secret_in_an_error_is_hidden(opened: Opener) -> None:
    Path("aibasic.conf").write_text("[postgres]\nHOST = 127.0.0.1\nPASSWORD = kT9-zzz41q\n")
    basic = opened()
    basic.run("def connect():\n    raise ValueError('no login with kT9-' + 'zzz41q')")
    assert basic.run(FAILING.format(line="connect()")) == ["20 no login with ***"]
    assert basic.names["_last_error"] == "no login with ***"
