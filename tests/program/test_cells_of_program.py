"""Where lines live: by cell, in the order of first runs, at the prompt, and how each of them goes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.language import ParseError
from aibasic_kernel.session.line import LineError
from aibasic_kernel.session.program.memory import PROMPT
from tests.program.conftest import Face


def test_cells_stand_in_the_order_of_their_first_run_and_keep_it(face: Face) -> None:
    face.run("30 set z to 3", "three")
    face.run("10 set x to 1", "one")
    face.run("30 set z to 33", "three")
    assert face.lines == "# three: set z to 33\n30 set z to 33\n\n# one: set x to 1\n10 set x to 1"


def test_a_cell_run_again_has_only_its_new_lines(face: Face) -> None:
    face.run("10 set x to 1\n20 set y to 2\n30 set z to 3", "one")
    face.run("10 set x to 5\n25 set y to 2", "one")
    assert face.lines == "10 set x to 5\n25 set y to 2"


def test_a_cell_that_had_no_lines_for_a_while_keeps_its_place(face: Face) -> None:
    for text in ("x = 1", "10 set x to 1", "x = 2", "10 set x to 2"):
        face.run(text, "one")
        face.run("20 set y to 1", "two")
    assert face.lines.startswith("# one: set x to 2")


def test_a_cell_that_cannot_be_read_keeps_the_lines_that_it_had(face: Face) -> None:
    face.run("10 set x to 1", "one")
    with pytest.raises(ParseError, match="number 10 stands on line 1 already"):
        face.run("10 set x to 5\n10 set x to 6", "one")
    assert face.lines == "10 set x to 1"


def test_a_deleted_cell_takes_its_lines_along(face: Face) -> None:
    face.run("10 set x to 1", "one")
    face.run("10 set x to 2", "two")
    face.session.program.forget_cell("one")
    face.session.program.forget_cell("never run")
    assert face.lines == "10 set x to 2"


def test_without_ids_each_run_is_a_cell_of_its_own(face: Face) -> None:
    face.run("10 set x to 1", label="[1]")
    face.run("10 set x to 1", label="[2]")
    assert face.lines == "# [1]: set x to 1\n10 set x to 1\n\n# [2]: set x to 1\n10 set x to 1"


def test_a_number_means_the_own_line_then_the_one_of_another_cell(face: Face) -> None:
    program = face.session.program
    face.enter("10 rem own\n20 rem shared", "one")
    face.enter("10 rem other\n30 rem alone", "two")
    face.enter("40 goto 10", "three")
    one, two, three = program.cells
    assert program.find(10, one) is one.line(10) and program.find(10, two) is two.line(10)
    assert program.find(30, one) is two.line(30)
    assert program.find(99, one) is None
    with pytest.raises(AIBasicError, match="line 10 stands in the cells one and two"):
        program.find(10, three)


def test_at_the_prompt_a_number_replaces_its_line_and_keeps_the_comment_above_it(face: Face) -> None:
    face.run("# the beginning\n10 set x to 1", PROMPT)
    face.run("30 set z to 3", PROMPT)
    face.run("20 set y to 2", PROMPT)
    face.run("10 set x to 5", PROMPT)
    assert face.lines == "# the beginning\n10 set x to 5\n20 set y to 2\n30 set z to 3"


def test_what_a_notebook_numbers_stays_beside_what_the_prompt_does(face: Face) -> None:
    face.run("10 set x to 1", PROMPT)
    face.run("10 set x to 2", "one")
    assert face.lines == "# prompt: set x to 1\n10 set x to 1\n\n# one: set x to 2\n10 set x to 2"


@pytest.mark.parametrize("cell", [PROMPT, "one", ""])
def test_a_number_alone_deletes_its_line_else_is_its_value(face: Face, cell: str) -> None:
    face.run("10 set x to 1\n20 set y to 2", "other" if cell == "one" else cell)
    assert "10" in face.run("10", cell)
    assert face.lines == "20 set y to 2"
    assert face.run("10", cell) == "10"
    assert face.lines == "20 set y to 2"


def test_a_number_alone_that_two_cells_have_deletes_nothing(face: Face) -> None:
    face.run("10 set x to 1", "one")
    face.run("10 set x to 2", "two")
    with pytest.raises(LineError, match="line 10 stands in the cells one and two"):
        face.run("10", "three")
    assert len(list(face.session.program.lines())) == 2


def test_another_session_knows_nothing_of_the_program(opened: Callable[[], Face]) -> None:
    opened().run("10 set x to 1", "one")
    assert opened().run("LIST").startswith("there is no program")


def test_a_line_without_number_is_run_and_not_remembered(face: Face) -> None:
    face.run("10 set x to 1\nset y to 2\n20 set z to 3", "one")
    assert face.session.names["y"] == 2
    assert face.lines == "10 set x to 1\n20 set z to 3"


def test_lines_in_no_order_are_remembered_in_theirs_each_with_its_comment(face: Face) -> None:
    face.enter("# twenty\n20 rem b\n\n# ten\n10 rem a\n# last", "one")
    assert face.lines == "# ten\n10 rem a\n# twenty\n20 rem b\n# last"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("DELETE 20", "# first\n\n10 rem\n# third\n30 rem\n# end"),
        ("DELETE 20-30", "# first\n\n10 rem\n# end"),
        ("DELETE 10", "# first\n\n# second\n20 rem\n# third\n30 rem\n# end"),
        ("DELETE 10-20", "# first\n\n# third\n30 rem\n# end"),
    ],
)
def test_delete_takes_the_comment_above_a_line_and_leaves_what_stands_apart(
    face: Face, asked: str, expected: str
) -> None:
    face.enter("# first\n\n10 rem\n# second\n20 rem\n# third\n30 rem\n# end", "one")
    assert face.run(asked).startswith("deleted: ")
    assert face.lines == expected


def test_delete_says_which_jumps_have_lost_their_line(face: Face) -> None:
    face.enter("10 goto 30\n20 if x > 3 then 30 else 40\n30 rem\n40 rem", "one")
    assert face.run("DELETE 30-40") == (
        "deleted: 2 lines\n"
        "line 10 goes on at line 30, which is not there any more\n"
        "line 20 goes on at line 30, which is not there any more"
    )


@pytest.mark.parametrize("asked", ["DELETE 10", "DELETE 1-100"])
def test_delete_is_refused_where_two_cells_have_the_number(face: Face, asked: str) -> None:
    face.enter("10 rem", "one")
    face.enter("10 rem", "two")
    with pytest.raises(LineError, match="line 10 stands in the cells one and two: nothing was deleted"):
        face.run(asked)


@pytest.mark.parametrize("asked", ["DELETE 25", "DELETE 21-29", "LIST 21-29", "DELETE 40-30"])
def test_lines_that_are_not_there_are_an_error_that_says_which_are(face: Face, asked: str) -> None:
    face.enter("10 rem\n20 rem\n30 rem", "one")
    with pytest.raises(LineError, match=f"no lines? {asked.split()[1]}\n.*3 lines: 10 to 30"):
        face.run(asked)


def test_new_asks_about_lines_in_no_file_and_keeps_variables(face: Face) -> None:
    face.run("10 set x to 1", "one")
    face.keyboard.answer = "no"
    with pytest.raises(LineError, match="you did not say yes: nothing was done"):
        face.run("NEW")
    face.keyboard.answer = None
    with pytest.raises(LineError, match="nobody can be asked"):
        face.run("NEW")
    assert face.lines == "10 set x to 1"
    face.keyboard.answer = "yes"
    assert face.run("NEW") == "the program is empty: 1 line forgotten. Variables stay"
    assert face.session.names["x"] == 1
    assert len(face.keyboard.questions) == 3
    face.run("NEW")
    assert len(face.keyboard.questions) == 3
    with pytest.raises(LineError, match="no compiled line has the number 10"):
        face.run("CODE 10")


def test_immediate_off_only_remembers(face: Face) -> None:
    assert face.run("immediate off").endswith("are only remembered: RUN runs them")
    face.run("10 set x to 1\n20 set y to 2", "one")
    assert "x" not in face.session.names
    assert face.lines == "10 set x to 1\n20 set y to 2"
    face.run("IMMEDIATE ON")
    face.run("30 set z to 3", "two")
    assert face.session.names["z"] == 3
