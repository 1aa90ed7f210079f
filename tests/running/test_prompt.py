"""The shell's prompt is one cell: a sentence runs as it is entered, control flow with a number waits for RUN."""

from __future__ import annotations

import pytest

from aibasic_kernel.session.line import LineError
from tests.running.basic import Basic


def test_a_sentence_runs_at_once_and_is_remembered(basic: Basic) -> None:
    assert basic.prompt('10 print "hello"') == ["hello"]
    assert basic.prompt("RUN") == ["hello"]


@pytest.mark.parametrize(
    "line",
    [
        "goto 10",
        "if 1 < 2 goto 10",
        "call 10",
        "return",
        "on error goto 10",
        "for i = 1 to 3",
        "next",
        "while x",
        "end",
    ],
)
def test_control_flow_waits(basic: Basic, line: str) -> None:
    assert basic.prompt('10 print "ten"') == ["ten"]
    assert basic.prompt(f"20 {line}") == []


def test_of_a_sentence_with_a_jump_the_sentence_runs_at_once(basic: Basic) -> None:
    basic.prompt('10 print "ten"')
    assert basic.prompt('20 print "twenty" and goto 10') == ["twenty"]
    basic.prompt("STOP AT 20")
    assert basic.prompt("RUN") == ["ten"]
    basic.prompt("STOP AT 20")
    basic.prompt('10 print "and goes on" and goto 30\n30 end')
    assert basic.prompt("RUN 20") == ["twenty", "and goes on"]


def test_a_target_may_come_later(basic: Basic) -> None:
    assert basic.prompt('10 print "ten" and goto 30') == ["ten"]
    assert basic.prompt("20 goto 30") == []
    assert "line 10 goes on at line 30" in str(basic.fail("RUN"))
    assert basic.prompt('30 print "thirty"') == ["thirty"]
    assert basic.prompt("RUN") == ["ten", "thirty"]


def test_a_line_that_is_entered_again_replaces_the_old_one(basic: Basic) -> None:
    basic.prompt('10 print "old"')
    basic.prompt('20 print "twenty"')
    assert basic.prompt('10 print "new"') == ["new"]
    assert basic.prompt("RUN") == ["new", "twenty"]


@pytest.mark.parametrize("entered", [(10, 20, 30, 40), (10, 40, 20, 30)])
def test_a_loop_entered_line_by_line(basic: Basic, entered: tuple[int, ...]) -> None:
    lines = {10: "for i = 1 to 3", 20: "set square to i * i", 30: "print square", 40: "next i"}
    for number in entered:
        assert basic.prompt(f"{number} {lines[number]}") == []
    assert basic.prompt("RUN") == ["1", "4", "9"]


def test_a_line_within_a_loop_waits_for_run_and_says_so(basic: Basic) -> None:
    basic.prompt("10 for i = 1 to 2")
    assert basic.prompt("20 print i") == []
    assert basic.notes == ["remembered, to run with RUN: 20 print i"]
    basic.prompt("30 next i")
    assert basic.prompt('40 print "behind"') == ["behind"]


def test_a_program_that_stopped_goes_on(basic: Basic) -> None:
    basic.prompt('10 print "ten"\n20 print "twenty"')
    basic.prompt("STOP AT 20")
    assert basic.prompt("RUN") == ["ten"]
    assert basic.prompt("print 1") == ["1"]
    assert basic.prompt("LIST") == []
    assert basic.prompt("CONT") == ["twenty"]


def test_a_program_that_was_added_to_does_not_go_on(basic: Basic) -> None:
    basic.prompt('10 print "ten"\n20 print "twenty"')
    basic.prompt("STOP AT 20")
    basic.prompt("RUN")
    basic.prompt('30 print "thirty"')
    with pytest.raises(LineError, match="nothing to go on with"):
        basic.prompt("CONT")


# Without a number ----------------------------------------------------------------------------------------------------


def test_a_jump_without_a_number_runs_the_program_from_there(basic: Basic) -> None:
    basic.prompt('10 print "ten"\n20 print "twenty"')
    assert basic.prompt("goto 20") == ["twenty"]
    assert basic.prompt("if 1 < 2 goto 20") == ["twenty"]
    assert basic.prompt('print "first" and goto 20') == ["first", "twenty"]


def test_a_call_without_a_number_comes_back(basic: Basic) -> None:
    basic.prompt('10 print "ten"')
    basic.prompt("20 return")
    assert basic.prompt('call 10\nprint "back"') == ["ten", "back"]


def test_a_loop_without_numbers_runs(basic: Basic) -> None:
    basic.prompt("i = 0")
    assert basic.prompt("for i = 1 to 3\nprint i\nnext") == ["1", "2", "3"]


def test_what_has_no_number_is_checked_at_once(basic: Basic) -> None:
    assert basic.refused("goto 20", "prompt").endswith("line 20, which is not there")
    assert basic.refused("for i = 1 to 3", "prompt").endswith("for i = 1 to 3 has no next")


# Stored, not run -----------------------------------------------------------------------------------------------------


def test_immediate_off_only_stores_what_has_a_number(basic: Basic) -> None:
    basic.run("IMMEDIATE OFF")
    assert basic.run('10 print "stored"\n20 goto 40\n40 print "too"\nprint "at once"', "1") == ["at once"]
    assert basic.run("RUN") == ["stored", "too"]


def test_immediate_off_stores_a_jump_whose_target_comes_later(basic: Basic) -> None:
    basic.run("IMMEDIATE OFF")
    assert basic.run("10 goto 100", "1") == basic.run('100 print "a hundred"', "2") == []
    assert basic.run("RUN") == ["a hundred"]


def test_immediate_on_runs_lines_again_as_they_come(basic: Basic) -> None:
    basic.run("IMMEDIATE OFF")
    basic.run("IMMEDIATE ON")
    assert basic.run('10 print "at once"', "1") == ["at once"]
