"""RENUM and LIST: jumps that follow their lines, and a program that is shown as it was written."""

from __future__ import annotations

import sys
from types import FrameType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aibasic_kernel.language.structure import targets_of
from aibasic_kernel.session.line import LineError
from aibasic_kernel.session.program.memory import PROMPT, Program, ProgramLine
from tests.program.conftest import Face


def test_every_jump_follows_its_line_across_cells(face: Face) -> None:
    face.enter("5 goto 7  # own 7\n7 if x > 7 then 5 else 30\n9 print 7 and goto 30", "one")
    face.enter("7 on error goto 30\n30 gosub 7\n31 jump to line 9", "two")
    assert face.run("RENUM") == (
        "6 lines, numbered 10 to 60; jumps follow\n"
        "cells of the notebook show the old numbers: to run one again brings its old lines back"
    )
    assert face.session.program.text == (
        "10 goto 20  # own 7\n20 if x > 7 then 10 else 50\n30 print 7 and goto 50\n"
        "40 on error goto 50\n50 gosub 40\n60 jump to line 30\n"
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.integers(1, 30), min_size=1, max_size=6, unique=True), min_size=1, max_size=4), st.data())
def test_each_jump_goes_on_at_the_same_line_as_before(face: Face, cells: list[list[int]], data: st.DataObject) -> None:
    program = face.session.program
    program.clear()
    everywhere = [number for cell in cells for number in cell]
    for at, numbers in enumerate(cells):
        free = [number for number in everywhere if number in numbers or everywhere.count(number) == 1]
        targets = [data.draw(st.sampled_from(free)) for _ in numbers]
        text = "".join(f"{number} goto {target}\n" for number, target in zip(numbers, targets, strict=True))
        face.enter(text, f"cell {at}")
    goals = {line: _goals(program, line) for line in program.lines()}
    face.run("RENUM 7,3")
    assert {line: _goals(program, line) for line in program.lines()} == goals
    assert [line.number for line in goals] == list(range(7, 7 + 3 * len(goals), 3))


def _goals(program: Program, line: ProgramLine) -> list[ProgramLine | None]:
    """The lines where a line may go on."""
    return [program.find(target, line.cell) for target in targets_of(line.instruction)]


def test_start_and_step_are_as_one_says_and_the_prompt_has_no_cells(face: Face) -> None:
    face.enter("1 goto 3\n\n# end\n3 end\n# below", PROMPT)
    assert face.run("renum 1000, 5") == "2 lines, numbered 1000 to 1005; jumps follow"
    assert face.session.program.text == "1000 goto 1005\n\n# end\n1005 end\n# below\n"


def test_a_number_that_a_loose_jump_names_is_given_to_no_line(face: Face) -> None:
    face.enter("1 goto 20\n2 rem\n3 rem", PROMPT)
    assert face.run("RENUM").endswith("\nline 10 goes on at line 20, which is not there")
    assert [line.number for line in face.session.program.lines()] == [10, 30, 40]


def test_what_compares_with_an_old_number_is_told_of(face: Face) -> None:
    face.enter("1 on error goto 3\n2 end\n3 if _last_error_line is 2 then 2", PROMPT)
    assert face.run("RENUM").endswith("\nline 30 reads _last_error_line: see whether it means an old number")
    face.enter("5 rem", "one")
    assert "menu.aib: line 30 reads _last_error_line" in face.run('SAVE "menu.aib"')


def test_compiled_lines_are_found_under_their_new_numbers(face: Face) -> None:
    face.run("5 set x to 5", "one")
    face.run("7 set x to 7", "two")
    face.run("RENUM 100")
    assert face.run("CODE 100").startswith("100 set x to 5\n\nx = 5")
    assert face.run("CODE").startswith("110 set x to 7")
    with pytest.raises(LineError, match="no compiled line has the number 5"):
        face.run("CODE 5")


def test_a_compiled_condition_goes_along_with_its_line(face: Face) -> None:
    face.run("1 set x to 5\n2 if x is less than 3 then 1", "one")
    face.run("RENUM")
    assert face.run("CODE 20") == "20 if x is less than 3 then 10\n\nx < 3"
    assert face.run("LIST 20 CODE") == "1 line\n\n20 if x is less than 3 then 10\n  │ x < 3"
    assert face.run("FORGET 20").startswith("forgotten: 20 if x is less than 3 then 10 (1 in the lock)")


def test_a_run_stops_before_the_line_that_it_was_to_stop_before(face: Face) -> None:
    face.enter("1 set x to 1\n2 set x to 2\n3 set x to 3", PROMPT)
    face.run("STOP AT 2")
    face.run("RENUM")
    assert "stopped before line 20" in face.run("RUN")
    face.run("RENUM 100")
    face.run("CONT")
    assert face.session.names["x"] == 3


@pytest.mark.parametrize("command", ["NEW", 'LOAD "other.aib"'])
def test_a_program_that_is_gone_neither_goes_on_nor_stops(face: Face, command: str) -> None:
    face.put("other.aib", "1 set y to 1\n2 set y to 2\n")
    face.enter("1 set x to 1\n2 set x to 2", PROMPT)
    face.run("STOP AT 2\nRUN")
    face.run(command)
    with pytest.raises(LineError, match="there is nothing to go on with"):
        face.run("CONT")
    face.run('LOAD "other.aib"\nRUN')
    assert face.session.names["y"] == 2


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("RENUM 0", "numbers begin at 1"),
        ("RENUM 10,0", "a step is at least 1"),
        ("RENUM 999990,10", "3 lines from 999990 in steps of 10 would end at 1,000,010, numbers at 999,999"),
    ],
)
def test_numbers_that_there_are_not_change_nothing(face: Face, asked: str, told: str) -> None:
    face.enter("1 rem\n2 rem\n3 goto 1", PROMPT)
    with pytest.raises(LineError, match=told):
        face.run(asked)
    assert face.session.program.text == "1 rem\n2 rem\n3 goto 1\n"


def test_a_jump_that_may_mean_two_lines_stops_renum(face: Face) -> None:
    for cell in ("one", "two"):
        face.enter("10 rem", cell)
    face.enter("20 goto 10", "three")
    with pytest.raises(LineError, match="line 20 of three: it is not clear where it goes on"):
        face.run("RENUM")
    assert face.session.program.text == "10 rem\n10 rem\n20 goto 10\n"


def test_a_cell_of_the_notebook_that_is_run_again_brings_its_numbers_back(face: Face) -> None:
    face.run("5 set x to 5", "one")
    face.run("RENUM")
    face.run("5 set x to 5", "one")
    assert face.lines == "5 set x to 5"


def test_list_shows_cells_under_label_and_first_words(face: Face) -> None:
    face.enter("\n# The shop\n10 set x to 1 # one", "[1]")
    face.enter("10 print x and y and all the other things that stand in this line", "[2]")
    assert face.run("LIST") == (
        "2 lines in 2 cells\n\n"
        "# [1]: The shop\n# The shop\n10 set x to 1 # one\n\n"
        "# [2]: print x and y and all the other things that …\n"
        "10 print x and y and all the other things that stand in this line"
    )


def test_list_takes_a_range_and_says_where_the_program_is_saved(face: Face) -> None:
    face.enter("10 rem a\n20 rem b\n30 rem c\n# end", PROMPT)
    assert face.run("LIST 20") == "1 line\n\n20 rem b"
    assert face.run("list 15 - 30") == "2 lines\n\n20 rem b\n30 rem c"
    face.run('SAVE "shop.aib"')
    assert face.run("LIST 10").startswith("1 line, saved in shop.aib")
    face.run("DELETE 10")
    assert face.run("LIST").startswith("2 lines, changed since shop.aib\n\n20 rem b\n30 rem c\n# end")


def test_list_shows_the_code_below_each_line_on_wish(face: Face) -> None:
    face.run("10 set x to 1\n20 x + 1", "one")
    face.enter("30 set y to 2", "two")
    assert face.run("LIST 1-20 code") == "2 lines\n\n# one: set x to 1\n10 set x to 1\n  │ x = 1\n20 x + 1"
    assert face.run("LIST CODE").endswith("30 set y to 2\n  │ not compiled yet")
    face.enter("10 set x to 2", "one")
    assert "10 set x to 2\n  │ not compiled yet" in face.run("LIST 10 CODE")


def test_cells_that_share_their_numbers_have_each_its_code(face: Face) -> None:
    face.run("10 set x to 1", "one")
    face.run("10 set y to 2", "two")
    assert face.run("LIST CODE").endswith("10 set x to 1\n  │ x = 1\n\n# two: set y to 2\n10 set y to 2\n  │ y = 2")
    face.run("RENUM")
    assert face.run("CODE 10") == "10 set x to 1\n\nx = 1"


def test_a_listed_program_is_one_that_can_be_loaded(face: Face) -> None:
    face.enter("# one\n10 rem a", "[1]")
    face.enter("20 rem b\n# end", "[2]")
    face.put("listed.aib", face.lines)
    face.run('LOAD "listed.aib"')
    assert [line.number for line in face.session.program.lines()] == [10, 20]


@pytest.mark.parametrize("command", ["LIST", "RENUM 5,5", 'SAVE "copy.aib"', 'LOAD "long.aib"', "DELETE 20-100000"])
def test_the_work_grows_as_the_program_does(face: Face, command: str) -> None:
    once, twice = (_calls(face, command, lines) for lines in (250, 500))
    assert twice < 2.2 * once


def _calls(face: Face, command: str, lines: int) -> int:
    """How many calls a command takes on a program of so many lines, which jump among each other."""
    text = "".join(f"# {at}\n{at * 10} if x > {at} then {10 * (lines - at) or 10}\n" for at in range(1, lines + 1))
    face.put("long.aib", text)
    face.run('LOAD "long.aib"')
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        face.run(command)
    finally:
        sys.setprofile(None)
    return calls
