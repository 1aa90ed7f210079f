"""SAVE and LOAD: what a person finds in the file, and what comes back from it after an editor had it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aibasic_kernel.session.line import LineError
from aibasic_kernel.session.program.memory import PROMPT
from tests.program.conftest import Face

MENU = """\
# The menu

10 set x to 1  # one
20   if x > 3 then 10 else 40
# what follows
# is the rest

30 print "a, # no comment"

40 (df) show
   the rows  # of all
# the end

"""


def test_a_program_is_saved_as_it_was_written_and_loads_as_the_same(opened: Callable[[], Face]) -> None:
    face = opened()
    face.enter(MENU, "one")
    assert face.run('SAVE "menu.aib"') == "saved: 4 lines in menu.aib"
    assert face.file("menu.aib") == MENU
    later = opened()
    assert later.run("load menu.aib") == "loaded: 4 lines, 10 to 40, from menu.aib. RUN runs them"
    assert later.session.program.text == MENU
    assert later.run("LIST").startswith("4 lines, saved in menu.aib\n\n# The menu\n")
    assert not (face.keyboard.questions or later.keyboard.questions)


def test_cells_whose_numbers_ascend_are_saved_with_them(face: Face) -> None:
    face.enter("10 goto 30", "one")
    face.enter("30 goto 10", "two")
    assert face.run('SAVE "both.aib"') == "saved: 2 lines in both.aib"
    assert face.file("both.aib") == "10 goto 30\n30 goto 10\n"


@pytest.mark.parametrize("second", ["10 print x and goto 20\n20 goto 40", "5 print x and goto 6\n6 goto 40"])
def test_cells_whose_numbers_are_no_sequence_are_numbered_anew_in_the_file_alone(face: Face, second: str) -> None:
    first = "# first\n20 goto 10  # to 10\n10 goto 40\n40 rem"
    face.enter(first, "one")
    face.enter(second, "two")
    said = face.run('SAVE "both.aib"')
    assert said.startswith("saved: 5 lines in both.aib\nthe numbers of its cells are no one sequence")
    text = "10 goto 30\n# first\n20 goto 10  # to 10\n30 rem\n40 print x and goto 50\n50 goto 30\n"
    assert face.file("both.aib") == text
    assert face.session.program.text.endswith(f"40 rem\n{second}\n")
    assert face.session.program.is_saved


def test_a_jump_that_may_mean_two_lines_is_named_and_nothing_is_written(face: Face) -> None:
    for cell in ("one", "two"):
        face.enter("10 rem", cell)
    face.enter("20 goto 10", "three")
    with pytest.raises(LineError, match="line 20 of three: it is not clear where it goes on: line 10 stands in"):
        face.run('SAVE "all.aib"')
    assert not (face.folder / "all.aib").exists()


def test_an_indented_line_is_not_read_as_part_of_the_line_above(opened: Callable[[], Face]) -> None:
    face = opened()
    face.enter("  20 for i = 1 to 3\n    30 print i\n  40 next", "one")
    face.run("DELETE 20")
    face.enter("10 print x", "zero")
    face.run("RENUM")
    face.run('SAVE "loop.aib"')
    later = opened()
    later.run('LOAD "loop.aib"')
    assert [line.number for line in later.session.program.lines()] == [10, 20, 30]


def test_a_block_of_python_keeps_its_form_at_the_margin(opened: Callable[[], Face]) -> None:
    face = opened()
    face.run("x = 1")
    face.enter("10 print x", "zero")
    face.enter("   20 if x == 1:\n       y = 2\n   else:\n       y = 3", "one")
    face.run('SAVE "block.aib"')
    later = opened()
    later.run("x = 1")
    later.run('LOAD "block.aib"')
    assert face.file("block.aib") == "10 print x\n20 if x == 1:\n    y = 2\nelse:\n    y = 3\n"
    assert len(list(later.session.program.lines())) == 2


def test_a_shuffled_file_is_sorted_and_reads_as_if_it_had_been_so(face: Face) -> None:
    face.put("mixed.aib", "# thirty\n30 x\n\n# ten\n10 x = 5\n20 goto 30\n# end")
    face.run('LOAD "mixed.aib"')
    assert face.lines == "# ten\n10 x = 5\n20 goto 30\n# thirty\n30 x\n# end"
    kinds = [type(line.instruction).__name__ for line in face.session.program.lines()]
    assert kinds == ["Python", "Goto", "Python"]
    assert face.run("LIST").startswith("3 lines, saved in mixed.aib")
    face.run('SAVE "mixed.aib"')
    assert not face.keyboard.questions
    assert face.file("mixed.aib").startswith("\n# ten\n10 x = 5\n")


@pytest.mark.parametrize(
    "data",
    [
        b'\xef\xbb\xbf10 print "\xc3\xa9"\r\n\r\n# two\r\n20 goto 10\r\n',
        '\ufeff10 print "é"\r\n\r\n# two\r\n20 goto 10'.encode("utf-16-le"),
        '\ufeff10 print "é"\n\n# two\n20 goto 10\n'.encode("utf-16-be"),
        '10 print "é"\r\r# two\r20 goto 10\r'.encode(),
    ],
)
def test_what_editors_write_is_read(face: Face, data: bytes) -> None:
    face.put("é.aib", data)
    face.run('LOAD "é.aib"')
    assert face.session.program.text == '10 print "é"\n\n# two\n20 goto 10\n'


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("10 print x\n\nprint y\n", "menu.aib, line 3: this line has no number\n    print y\n    \\^{7}\n"),
        ("10 print x\nLIST", "menu.aib, line 2: this line has no number"),
        ("10 print x\n20", "menu.aib, line 2: this line has no number"),
        ("10 print x\n20 (nosuch) y", r"menu.aib, line 2 \(number 20\): unknown task type \(nosuch\)"),
        ("10 print x\n10 print y", "menu.aib, line 2: number 10 stands on line 1 already"),
        ('10 print x\n20 print "y', r"menu.aib, line 2 \(number 20\): the quote that opens here is never closed"),
        (b"10 print x\r\n20 print \xe9", "menu.aib, line 2: this is no text in UTF-8\nsave the file as UTF-8"),
        ("# only a comment\n", "menu.aib has no lines of a program"),
        ("", "menu.aib has no lines of a program"),
    ],
)
def test_a_file_that_is_no_program_names_its_line_and_changes_nothing(face: Face, data: str | bytes, told: str) -> None:
    face.enter("10 rem kept", "one")
    face.put("menu.aib", data)
    with pytest.raises(LineError, match=told):
        face.run('LOAD "menu.aib"')
    assert face.lines == "10 rem kept"
    assert not face.keyboard.questions


def test_a_file_that_is_not_there_names_those_that_are(face: Face) -> None:
    face.put("menu.aib", "10 rem")
    (face.folder / "folder.aib").mkdir()
    with pytest.raises(LineError, match=r"there is no file .*menue\.aib\ndid you mean menu.aib"):
        face.run('LOAD "menue.aib"')
    with pytest.raises(LineError, match=r"there is no file .*xyz\.aib\n.*has folder\.aib, menu\.aib"):
        face.run('LOAD "xyz.aib"')
    for command in ("LOAD", "SAVE"):
        face.enter("10 rem", "one")
        with pytest.raises(LineError, match="is no ordinary file"):
            face.run(f'{command} "folder.aib"')


def test_load_asks_about_lines_in_no_file_once_the_file_is_known_to_be_a_program(face: Face) -> None:
    face.put("menu.aib", "10 rem menu")
    face.run("10 set x to 1", "one")
    for answer in ("no", None):
        face.keyboard.answer = answer
        with pytest.raises(LineError, match="nothing was done"):
            face.run('LOAD "menu.aib"')
    face.keyboard.answer = "y"
    face.run('LOAD "menu.aib"')
    assert face.lines == "10 rem menu"
    assert face.session.names["x"] == 1


def test_saved_edited_in_an_editor_and_loaded_again(face: Face) -> None:
    face.run("10 set x to 1", PROMPT)
    face.run('SAVE "menu.aib"')
    face.put("menu.aib", "# edited\n10 set x to 5\n20 print x\n")
    face.run('LOAD "menu.aib"')
    face.run("20 print x and x", PROMPT)
    assert face.lines == "# edited\n10 set x to 5\n20 print x and x"
    face.run('SAVE "menu.aib"')
    assert face.file("menu.aib") == "# edited\n10 set x to 5\n20 print x and x\n"
    assert not face.keyboard.questions


def test_save_asks_before_it_writes_over_something_else(face: Face) -> None:
    face.put("other.aib", "10 rem something else")
    face.run("10 set x to 1", "one")
    for answer in ("no", None):
        face.keyboard.answer = answer
        with pytest.raises(LineError, match="nothing was done"):
            face.run('SAVE "other.aib"')
    assert "holds something else" in face.keyboard.questions[0]
    assert face.file("other.aib") == "10 rem something else"
    face.keyboard.answer = "yes"
    face.run('SAVE "other.aib"')
    face.run("10 set x to 2", "one")
    face.put("other.aib", "10 rem edited meanwhile")
    face.run('SAVE "other.aib"')
    assert "was changed since this program was in it" in face.keyboard.questions[-1]
    face.put("copy.aib", face.file("other.aib"))
    face.run("10 set x to 3", "one")
    face.run('SAVE "copy.aib"')
    assert "copy.aib holds something else" in face.keyboard.questions[-1]
    assert len(face.keyboard.questions) == 5


def test_save_over_the_same_text_or_an_empty_file_asks_nothing(face: Face) -> None:
    face.put("same.aib", "10 rem\n")
    face.put("empty.aib", "")
    face.enter("10 rem", "one")
    face.run('SAVE "same.aib"')
    face.run('SAVE "empty.aib"')
    assert not face.keyboard.questions


def test_a_cell_run_again_as_it_was_leaves_the_program_saved(face: Face) -> None:
    face.run("10 set x to 1", "one")
    face.run('SAVE "menu.aib"')
    face.run("10 set x to 1", "one")
    face.run("NEW")
    assert not face.keyboard.questions


def test_a_file_is_written_as_a_whole_with_its_permissions_and_through_a_link(face: Face) -> None:
    face.put("real.aib", "")
    (face.folder / "real.aib").chmod(0o640)
    (face.folder / "link.aib").symlink_to("real.aib")
    face.enter("10 rem", "one")
    face.run('SAVE "link.aib"')
    assert (face.folder / "link.aib").is_symlink()
    assert face.file("real.aib") == "10 rem\n"
    assert (face.folder / "real.aib").stat().st_mode & 0o777 == 0o640
    assert sorted(file.name for file in face.folder.iterdir()) == ["link.aib", "real.aib"]


def test_a_file_that_cannot_be_written_is_told_of(face: Face) -> None:
    face.enter("10 rem", "one")
    with pytest.raises(LineError, match="cannot be written: No such file or directory\nSAVE under another name"):
        face.run('SAVE "nowhere/menu.aib"')
    assert not face.session.program.is_saved


def test_nothing_to_save_is_said(face: Face) -> None:
    with pytest.raises(LineError, match="there is no program"):
        face.run('SAVE "menu.aib"')


def test_a_password_is_saved_as_it_was_written_and_told_of(face: Face) -> None:
    face.enter('10 connect with password "Tr0ub4dor&3"', "one")
    said = face.run('SAVE "menu.aib"')
    assert "line 10 holds a password or key, and menu.aib has it as you wrote it" in said
    assert "Tr0ub4dor&3" in face.file("menu.aib")


LINES = [
    "set x to 1", "print x  # and more", "goto {}", "if x > 3 then {} else {}", 'print "a\n  b"',
    "(df) show\n   all # of it",
    "  print x", "print x and goto {}", "rem", "# text", "for i = 1 to 3", "next i", "create list [\n  1,\n  2 ]",
    "x = [\n  1 ]", "for row in rows:\n    print(row)", "on error goto {}",
]  # fmt: skip
REMARKS = ["", "# a comment", "   # further in", "rem of no number", "   "]


@st.composite
def cells(draw: st.DrawFn) -> list[str]:
    """Texts of cells whose lines jump among each other."""
    texts = []
    for _ in range(draw(st.integers(1, 3))):
        numbers = draw(st.lists(st.integers(1, 40), min_size=1, max_size=5, unique=True))
        lines = []
        for number in numbers:
            lines += draw(st.lists(st.sampled_from(REMARKS), max_size=2))
            form = draw(st.sampled_from(LINES))
            targets = [draw(st.sampled_from(numbers)) for _ in range(form.count("{}"))]
            lines.append(f"{draw(st.sampled_from(['', '', '  ']))}{number} {form.format(*targets)}")
        texts.append("\n".join([*lines, *draw(st.lists(st.sampled_from(REMARKS), max_size=2))]))
    return texts


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells())
def test_what_is_saved_is_loaded_again_with_comments_and_empty_lines(face: Face, texts: list[str]) -> None:
    face.session.program.clear()
    for at, text in enumerate(texts):
        face.enter(text, f"cell {at}")
    (face.folder / "any.aib").unlink(missing_ok=True)
    face.run("RENUM")
    before = [line.instruction for line in face.session.program.lines()]
    remarks = [line.strip() for line in face.session.program.text.splitlines() if line.strip().startswith(("#", "rem"))]
    face.run('SAVE "any.aib"')
    saved = face.file("any.aib")
    face.run('LOAD "any.aib"')
    after = [line.instruction for line in face.session.program.lines()]
    assert [one.number for one in after] == [one.number for one in before]
    assert [_without_blanks(one.source) for one in after] == [_without_blanks(one.source) for one in before]
    assert [line.strip() for line in saved.splitlines() if line.strip().startswith(("#", "rem"))] == remarks
    assert face.session.program.text == saved


def _without_blanks(text: str) -> list[str]:
    return text.split()
