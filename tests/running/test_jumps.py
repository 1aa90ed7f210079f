"""Where a jump goes: its own cell first, then the one other cell that has the number."""

from __future__ import annotations

import pytest

from aibasic_kernel.errors import AIBasicError
from tests.running.basic import Basic


@pytest.mark.parametrize("words", ["goto 40", "go to 40", "jump to 40", "jump to line 40", "GOTO 40"])
def test_a_jump_forward_leaves_out_what_stands_between(basic: Basic, words: str) -> None:
    assert basic.run(f'10 print "a"\n20 {words}\n30 print "b"\n40 print "c"') == ["a", "c"]


def test_a_jump_back_repeats(basic: Basic) -> None:
    assert basic.run("10 set x to 1\n20 print x\n30 set x to x + 1\n40 if x <= 3 goto 20") == ["1", "2", "3"]


def test_a_sentence_first_and_then_the_jump(basic: Basic) -> None:
    assert basic.run('10 print "a" and goto 30\n20 print "b"\n30 print "c"') == ["a", "c"]


def test_a_jump_to_a_remark_goes_on_behind_it(basic: Basic) -> None:
    assert basic.run('10 goto 30\n20 print "b"\n30 rem here it goes on\n40 print "c"') == ["c"]


def test_a_line_without_a_number_belongs_to_the_numbered_line_above_it(basic: Basic) -> None:
    text = 'print "first"\n10 goto 30\nprint "never"\n30 print "thirty"\nprint "below thirty"\n20 print "never"'
    assert basic.run(text) == ["first", "thirty", "below thirty"]


def test_lines_run_in_the_order_of_their_numbers(basic: Basic) -> None:
    assert basic.run('30 print "c"\n10 print "a"\n20 print "b"') == ["a", "b", "c"]


# Other cells ---------------------------------------------------------------------------------------------------------


def test_a_jump_looks_in_its_own_cell_first(basic: Basic) -> None:
    basic.run('10 goto 20\n20 print "one"', "1")
    assert basic.run('10 goto 20\n20 print "two"', "2") == ["two"]
    assert basic.run('10 goto 20\n20 print "one"', "1") == ["one"]


def test_a_jump_into_another_cell_goes_on_there_until_its_last_line(basic: Basic) -> None:
    basic.run('100 print "a hundred"\n110 print "a hundred and ten"', "1")
    assert basic.run('10 goto 100\n20 print "never"', "2") == ["a hundred", "a hundred and ten"]


def test_and_comes_back_by_a_jump(basic: Basic) -> None:
    basic.run("20 end", "1")
    basic.run('100 print "there"\n110 goto 20', "2")
    assert basic.run('10 goto 100\n20 print "back"', "1") == ["there", "back"]


def test_lines_without_a_number_run_only_where_their_cell_does(basic: Basic) -> None:
    basic.run('100 print "numbered"\nprint "not"', "1")
    assert basic.run("10 goto 100", "2") == ["numbered"]


def test_a_number_that_two_other_cells_own_is_an_error_naming_both(basic: Basic) -> None:
    basic.run('100 print "one"', "1", "[1]")
    basic.run('100 print "two"', "2", "[2]")
    assert basic.refused("10 goto 100", "3", "[3]") == "line 100 stands in the cells [1] and [2]"


def test_running_a_cell_first_forgets_its_earlier_lines(basic: Basic) -> None:
    basic.run('10 print "old"\n20 print "older"', "1")
    basic.run('10 print "new"', "1")
    assert basic.refused("10 goto 20", "2") == "line 10 goes on at line 20, which is not there"


# Targets are looked for before anything runs -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "jump",
    [
        "goto 99",
        "call 99",
        "if 1 > 2 goto 99",
        "if 1 < 2 then 10 else goto 99",
        "on error goto 99",
        "print 1 and goto 99",
    ],
)
def test_a_missing_target_is_told_before_anything_ran(basic: Basic, jump: str) -> None:
    assert basic.refused(f'10 print "a"\n20 {jump}') == "line 20 goes on at line 99, which is not there"


def test_the_lines_are_remembered_then_so_that_the_other_cell_may_come_later(basic: Basic) -> None:
    basic.refused('10 print "ten"\n20 goto 100', "1")
    assert basic.run('100 print "a hundred"', "2") == ["a hundred"]
    assert basic.run("RUN") == ["ten", "a hundred"]


def test_run_needs_every_target(basic: Basic) -> None:
    basic.refused("10 goto 100", "1")
    assert "line 10 goes on at line 100, which is not there" in str(basic.fail("RUN"))


def test_of_several_cells_the_one_without_a_target_is_named(basic: Basic) -> None:
    basic.run("10 end", "1", "[1]")
    basic.refused("20 goto 100", "2", "[8]")
    failure = basic.fail("RUN", "3", "[9]").error
    assert isinstance(failure, AIBasicError)
    assert failure.message == "line 20 of [8] goes on at line 100, which is not there"
    assert "DELETE 20 forgets it, NEW the whole program" in failure.remedy
    basic.refused("30 for i = 1 to 2", "2", "[8]")
    assert "[8]: line 30: for i = 1 to 2 has no next" in str(basic.fail("RUN"))


def test_of_several_cells_the_one_whose_line_fails_is_named(basic: Basic) -> None:
    basic.run("10 x = 1", "1", "[1]")
    basic.fail("20 x / 0", "2", "[8]")
    assert str(basic.fail("RUN")) == "line 20 of [8]: division by zero"
    assert str(basic.fail("20 x / 0", "2", "[8]")) == "line 20: division by zero"
    assert str(basic.fail("STEP\nSTEP")) == "line 20 of [8]: division by zero"


def test_a_target_that_was_deleted_since(basic: Basic) -> None:
    basic.run('100 print "a hundred"\n110 end', "1")
    basic.run("DELETE 100")
    assert basic.refused("10 goto 100", "2") == "line 10 goes on at line 100, which is not there"
