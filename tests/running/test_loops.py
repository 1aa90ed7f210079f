"""Loops: `for`, `for each` and `while`, within each other, left by a jump and entered again."""

from __future__ import annotations

import pytest

from tests.running.basic import Basic

# Counting ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bounds", "rounds"),
    [
        ("1 to 3", [1, 2, 3]),
        ("3 to 1 step -1", [3, 2, 1]),
        ("1 to 8 step 3", [1, 4, 7]),
        ("0 to 1 step 0.25", [0, 0.25, 0.5, 0.75, 1.0]),
        ("n to n + 2", [5, 6, 7]),
        ("1 to 1", [1]),
        ("5 to 1", []),
        ("1 to 5 step -1", []),
    ],
)
def test_from_a_bound_to_the_other_with_both(basic: Basic, bounds: str, rounds: list[float]) -> None:
    basic.run("n = 5\nseen = []")
    assert basic.run(f'10 for i = {bounds}\n20 seen.append(i)\n30 next\n40 print "behind"') == ["behind"]
    assert basic.names["seen"] == rounds


def test_without_a_round_the_variable_keeps_what_it_held(basic: Basic) -> None:
    assert basic.run('i = "kept"\n10 for i = 5 to 1\n20 print "never"\n30 next i\n40 print i') == ["kept"]


def test_behind_the_loop_the_variable_holds_the_last_round(basic: Basic) -> None:
    assert basic.run("10 for i = 1 to 3\n20 next\n30 print i") == ["3"]


def test_bounds_are_looked_at_once_and_the_variable_is_the_programs(basic: Basic) -> None:
    assert basic.run("n = 9\n10 for i = 1 to n\n20 n = 2\n30 i = i + 3\n40 print i\n50 next") == ["4", "8", "12"]


def test_step_0_is_an_error(basic: Basic) -> None:
    failure = basic.fail("10 for i = 1 to 3 step 0\n20 next")
    assert str(failure).startswith("line 10: a loop with step 0 would never end")


def test_a_variable_that_is_gone_is_told_at_next(basic: Basic) -> None:
    failure = basic.fail("10 for i = 1 to 3\n20 del i\n30 next")
    assert str(failure).startswith("line 30: the loop of line 10 counts in i, which is not there any more")


def test_within_each_other_and_next_with_and_without_its_variable(basic: Basic) -> None:
    program = "10 for i = 1 to 2\n20 for j = i to 2\n30 print i and j\n40 next j\n50 next"
    assert basic.run(program) == ["1 1", "1 2", "2 2"]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["for i = 1 to 2", "next j"], "line 20: next j stands where next i has to end the loop of line 10"),
        (
            ["for i = 1 to 2", "for j = 1 to 2", "next i", "next j"],
            "line 30: next i stands where next j has to end the loop of line 20",
        ),
        (["for i = 1 to 2", "wend"], "line 20: wend stands where next has to end the loop of line 10"),
        (["while x", "next"], "line 20: next stands where wend has to end the loop of line 10"),
        (["next"], "line 10: next stands without a for above it"),
        (["wend"], "line 10: wend stands without a while above it"),
        (["for i = 1 to 2"], "line 10: for i = 1 to 2 has no next"),
        (["while x"], "line 10: while x has no wend"),
    ],
)
def test_loops_that_do_not_fit_are_told_before_anything_ran(basic: Basic, lines: list[str], message: str) -> None:
    program = "\n".join(f"{number}0 {line}" for number, line in enumerate(lines, 1))
    assert basic.refused(f'5 print "before"\n{program}') == message


def test_a_loop_may_not_reach_into_another_cell(basic: Basic) -> None:
    assert basic.refused("10 for i = 1 to 2", "1") == "line 10: for i = 1 to 2 has no next"
    assert basic.refused("20 next", "2") == "line 20: next stands without a for above it"


# Along a collection --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("collection", "printed"),
    [
        ("[1, 2, 3]", ["1", "2", "3"]),
        ("(1, 2)", ["1", "2"]),
        ('{"a": 1, "b": 2}', ["a", "b"]),
        ('"abc"', ["a", "b", "c"]),
        ("range(2)", ["0", "1"]),
        ("[]", []),
        ('[{"n": 1}, {"n": 2}]', ["{'n': 1}", "{'n': 2}"]),
        ("(n * n for n in (1, 2, 3))", ["1", "4", "9"]),
    ],
)
def test_for_each_item(basic: Basic, collection: str, printed: list[str]) -> None:
    basic.run(f"things = {collection}")
    assert basic.run("10 for each thing in things\n20 print thing\n30 next thing") == printed


def test_for_each_row_of_a_data_frame(basic: Basic) -> None:
    basic.run('import pandas as pd\nfruit = pd.DataFrame({"name": ["fig", "plum"], "price": [3, 4]})')
    program = '10 for each row in fruit\n20 print row["name"] and row["price"]\n30 next row'
    assert basic.run(program) == ["fig 3", "plum 4"]


def test_a_collection_may_be_written_out(basic: Basic) -> None:
    assert basic.run('10 for each name in ["ann", "bob"]\n20 print name\n30 next') == ["ann", "bob"]


def test_a_generator_is_read_one_by_one(basic: Basic) -> None:
    basic.run("def endless():\n    n = 0\n    while True:\n        n += 1\n        yield n\nnumbers = endless()")
    program = "10 for each n in numbers\n20 print n\n30 if n == 2 goto 50\n40 next\n50 end"
    assert basic.run(program) == ["1", "2"]
    assert next(basic.names["numbers"]) == 3


def test_what_is_no_collection_is_an_error_of_its_line(basic: Basic) -> None:
    failure = basic.fail("n = 5\n10 for each digit in n + 1\n20 next")
    assert isinstance(failure.error, TypeError) and failure.line.place == "line 10"


# As long as something holds ------------------------------------------------------------------------------------------


def test_while_looks_before_each_round(basic: Basic) -> None:
    program = '10 while n > 0\n20 print n\n30 set n to n - 1\n40 wend\n50 print "end"'
    basic.run("n = 2")
    assert basic.run(program) == ["2", "1", "end"]
    assert basic.run(program) == ["end"]


def test_loops_of_both_kinds_within_each_other(basic: Basic) -> None:
    program = "10 n = 2\n20 while n > 0\n30 for i = 1 to n\n40 print n and i\n50 next\n60 n = n - 1\n70 wend"
    assert basic.run(program) == ["2 1", "2 2", "1 1"]


# Jumps out of loops and into them ------------------------------------------------------------------------------------


def test_a_loop_that_was_left_by_a_jump_begins_anew_when_it_is_entered_again(basic: Basic) -> None:
    program = (
        "10 set times to 0\n20 for i = 1 to 3\n30 print i\n40 if i equals 2 goto 60\n50 next\n"
        "60 set times to times + 1\n70 if times < 2 goto 20"
    )
    assert basic.run(program) == ["1", "2", "1", "2"]


def test_a_jump_within_a_loop_may_leave_it_and_come_back(basic: Basic) -> None:
    assert basic.run("10 for i = 1 to 2\n20 goto 50\n30 next\n40 end\n50 print i\n60 goto 30") == ["1", "2"]


def test_a_jump_into_a_for_that_never_began_is_told_at_its_next(basic: Basic) -> None:
    failure = basic.fail("10 goto 30\n20 for i = 1 to 2\n30 print 1\n40 next")
    assert str(failure).startswith("line 40: the loop of line 20 is not under way")


def test_a_jump_into_a_while_is_as_good_as_its_first_line(basic: Basic) -> None:
    basic.run("n = 2")
    assert basic.run("10 goto 30\n20 while n > 0\n30 print n\n40 n = n - 1\n50 wend") == ["2", "1"]


def test_a_round_that_ends_early_jumps_to_next(basic: Basic) -> None:
    assert basic.run("10 for i = 1 to 4\n20 if i % 2 == 0 goto 40\n30 print i\n40 next") == ["1", "3"]


# What a round leaves -------------------------------------------------------------------------------------------------


def test_it_means_the_newest_result_wherever_the_run_came_from(basic: Basic) -> None:
    program = "10 for i = 1 to 3\n20 set doubled to i * 2\n30 print it\n40 next"
    assert basic.run(program) == ["2", "4", "6"]


def test_results_are_shown_in_each_round(basic: Basic) -> None:
    basic.run("10 for i = 1 to 3\n20 i * i\n30 next")
    assert basic.shown == [1, 4, 9]


def test_tables_are_shown_in_each_round(basic: Basic) -> None:
    basic.run('import pandas as pd\nfruit = pd.DataFrame({"price": [1, 2, 3]})')
    basic.run("10 for i = 1 to 3\n20 sort fruit by price descending\n30 next")
    assert [len(each) for each in basic.shown] == [3, 3, 3]
