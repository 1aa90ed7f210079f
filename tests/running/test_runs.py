"""RUN, STEP, CONT, STOP AT and TRACE: the program from its start, in parts, and looked at."""

from __future__ import annotations

import pytest

from tests.running.basic import Basic


@pytest.fixture
def counting(basic: Basic) -> Basic:
    """Has three lines in two cells, of which the first two have run as they were entered."""
    basic.run('10 print "one"\n20 print "two"', "1")
    basic.run('10 print "three"', "2")
    return basic


# RUN -----------------------------------------------------------------------------------------------------------------


def test_run_goes_through_all_cells_in_the_order_in_which_they_were_first_run(counting: Basic) -> None:
    assert counting.run("RUN") == ["one", "two", "three"]
    counting.run('10 print "one again"', "1")
    assert counting.run("RUN") == ["one again", "three"]


def test_names_are_kept(basic: Basic) -> None:
    basic.run("x = 5")
    basic.run("10 print x\n20 x = x + 1", "1")
    assert basic.run("RUN") == ["6"]


def test_run_from_a_line_on(counting: Basic) -> None:
    assert counting.run("RUN 20") == ["two", "three"]


def test_run_from_a_line_that_is_not_there_or_twice(counting: Basic) -> None:
    assert "there is no line 99" in str(counting.fail("RUN 99"))
    counting.run("10 end", "3", "[3]")
    assert "line 10 stands in the cells 1 and 2 and [3]\nRENUM gives" in str(counting.fail("RUN 10"))


def test_end_ends_all_of_it(counting: Basic) -> None:
    counting.run('20 print "two" and goto 30\n30 end\n40 print "never"', "1")
    assert counting.run("RUN") == ["two"]


def test_a_cell_of_its_own_ends_behind_its_last_line(counting: Basic) -> None:
    assert counting.run('10 print "alone"', "1") == ["alone"]


def test_without_a_program(basic: Basic) -> None:
    assert "there is no program" in str(basic.fail("RUN"))


def test_a_line_of_the_program_cannot_run_the_program(counting: Basic) -> None:
    assert counting.run('print "before"\nRUN') == ["before", "one", "two", "three"]


@pytest.mark.parametrize("stop", ["end", "stop"])
def test_end_leaves_the_variables(basic: Basic, stop: str) -> None:
    basic.run(f"10 x = 1\n20 {stop}\n30 x = 2")
    assert basic.names["x"] == 1


# STOP AT and CONT ----------------------------------------------------------------------------------------------------


def test_the_run_stops_before_the_line_and_goes_on_there(counting: Basic) -> None:
    counting.run("STOP AT 20")
    assert counting.run("RUN") == ["one"]
    assert counting.notes == ['stopped before line 20: print "two"']
    assert counting.run("CONT") == ["two", "three"]


def test_it_stops_before_the_first_line_too(counting: Basic) -> None:
    counting.run("STOP AT 10")
    assert counting.run("RUN") == []
    assert counting.run("CONT") == ["one", "two"]
    assert counting.notes == ['stopped before line 10: print "three"']
    assert counting.run("CONT") == ["three"]


def test_it_stops_in_each_round_of_a_loop(basic: Basic) -> None:
    basic.run("STOP AT 20")
    assert basic.run("10 for i = 1 to 3\n20 print i\n30 next", "1") == []
    assert [basic.run("CONT") for _ in range(3)] == [["1"], ["2"], ["3"]]
    assert "there is nothing to go on with" in str(basic.fail("CONT"))


def test_the_same_command_takes_it_back(counting: Basic) -> None:
    counting.run("STOP AT 20")
    assert counting.notes == ["the program stops before line 20: CONT goes on, STOP AT 20 takes it back"]
    counting.run("STOP AT 20")
    assert counting.notes == ["the program does not stop at line 20 any more"]
    assert counting.run("RUN") == ["one", "two", "three"]


def test_the_stops_are_shown_and_cleared_all_at_once(counting: Basic) -> None:
    counting.run("STOP AT 20\nSTOP AT 10\nSTOP AT")
    assert counting.notes[-1] == "the program stops before: 10, 20. STOP AT N takes one back, STOP AT OFF all"
    counting.run("STOP AT OFF\nSTOP AT")
    assert counting.notes == [
        "the program stops at no line any more",
        "the program stops at no line: STOP AT N stops it before line N",
    ]
    assert counting.run("RUN") == ["one", "two", "three"]


def test_variables_may_be_changed_while_it_stands(basic: Basic) -> None:
    basic.run("STOP AT 20")
    basic.run("10 x = 1\n20 print x", "1")
    basic.run("x = 5")
    assert basic.run("CONT") == ["5"]


def test_a_program_that_was_changed_is_not_gone_on_with(basic: Basic) -> None:
    basic.run("STOP AT 20")
    basic.run("10 x = 1\n20 print x", "1")
    basic.run("DELETE 20")
    assert "the program was changed since it stopped" in str(basic.fail("CONT"))


def test_nor_one_behind_which_another_cell_has_run(basic: Basic) -> None:
    basic.run("STOP AT 20")
    basic.run("10 x = 1\n20 print x", "1")
    basic.run("100 end", "2")
    assert "there is nothing to go on with" in str(basic.fail("CONT"))


def test_calls_and_loops_are_gone_on_with(basic: Basic) -> None:
    basic.run("STOP AT 110")
    basic.run('10 for i = 1 to 2\n20 call 100\n30 next\n40 end\n100 print "in"\n110 print i\n120 return', "1")
    assert basic.run("CONT") == ["1", "in"]
    assert basic.run("CONT") == ["2"]


# stop and CONT -------------------------------------------------------------------------------------------------------


def test_behind_a_stop_the_program_goes_on(basic: Basic) -> None:
    assert basic.run('10 print "one"\n20 stop\n30 print "two"\n40 stop', "1") == ["one"]
    assert basic.notes == ["stopped behind line 20"]
    assert basic.run("CONT") == ["two"]
    assert basic.notes == ["stopped at line 40"]
    assert "there is nothing to go on with" in str(basic.fail("CONT"))


def test_behind_an_end_it_does_not(basic: Basic) -> None:
    basic.run("10 end\n20 print 1", "1")
    assert basic.notes == []
    assert "there is nothing to go on with" in str(basic.fail("CONT"))


def test_a_stop_in_a_loop_within_a_call_keeps_both(basic: Basic) -> None:
    called = "100 for i = 1 to 3\n110 stop\n120 print i\n130 next i\n140 return"
    basic.run(f'10 call 100\n20 print "back"\n30 end\n{called}', "1")
    assert [basic.run("CONT") for _ in range(3)] == [["1"], ["2"], ["3", "back"]]


def test_step_stops_at_a_stop(basic: Basic) -> None:
    basic.run("IMMEDIATE OFF\n10 stop\n20 print 2", "1")
    assert basic.run("STEP") == []
    assert basic.notes == ["stopped behind line 10"]
    assert basic.run("STEP") == ["2"]


# STEP ----------------------------------------------------------------------------------------------------------------


def test_a_step_is_one_line(counting: Basic) -> None:
    assert counting.run("STEP") == ["one"]
    assert counting.notes == ['stopped before line 20: print "two"']
    assert counting.run("STEP") == ["two"]
    assert counting.run("STEP") == ["three"]
    assert counting.notes == ["the program is at its end"]
    assert counting.run("STEP") == ["one"]


def test_cont_runs_the_rest(counting: Basic) -> None:
    counting.run("STEP")
    assert counting.run("CONT") == ["two", "three"]


def test_steps_through_a_loop(basic: Basic) -> None:
    basic.run("IMMEDIATE OFF")
    basic.run("10 for i = 1 to 2\n20 print i\n30 next", "1")
    assert [basic.run("STEP") for _ in range(5)] == [[], ["1"], [], ["2"], []]


# TRACE ---------------------------------------------------------------------------------------------------------------


def test_each_line_is_told_as_it_runs_with_its_time(basic: Basic) -> None:
    basic.run("TRACE ON")
    basic.run("10 for i = 1 to 2\n20 print i\n30 next\nrem not told\n40 x = 1", "1")
    told = [note.partition("  ·  ") for note in basic.notes]
    lines = ["line 10: for i = 1 to 2", *["line 20: print i", "line 30: next"] * 2, "line 40: x = 1"]
    assert [line for line, _, _ in told] == lines
    assert all(time.endswith(" ms") and float(time.removesuffix(" ms")) >= 0 for _, _, time in told)
    basic.run("TRACE OFF")
    basic.run("RUN")
    assert basic.notes == []
