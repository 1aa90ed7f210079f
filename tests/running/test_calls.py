"""Subroutines: each call has its own place to return to, and its own loops."""

from __future__ import annotations

from tests.running.basic import Basic


def test_a_call_comes_back_behind_itself(basic: Basic) -> None:
    program = '10 call 100\n20 print "back"\n30 gosub 100\n40 end\n100 print "sub"\n110 return'
    assert basic.run(program) == ["sub", "back", "sub"]


def test_calls_within_calls(basic: Basic) -> None:
    program = (
        '10 call 100\n20 print "one"\n30 end\n100 call 200\n110 print "two"\n120 return\n200 print "three"\n210 return'
    )
    assert basic.run(program) == ["three", "two", "one"]


def test_recursion(basic: Basic) -> None:
    program = (
        "10 n = 5\n20 f = 1\n30 call 100\n40 print f\n50 end\n100 f = f * n\n110 n = n - 1\n120 if n > 0 then 140\n"
    )
    assert basic.run(program + "130 return\n140 call 100\n150 return") == ["120"]


def test_a_call_into_another_cell_which_alone_has_no_call_to_return_from(basic: Basic) -> None:
    basic.fail('100 print "sub"\n110 return', "1")
    assert basic.run('10 call 100\n20 print "back"', "2") == ["sub", "back"]


def test_that_ends_without_return_ends_the_run(basic: Basic) -> None:
    basic.run('100 print "sub"', "1")
    assert basic.run('10 call 100\n20 print "never"', "2") == ["sub"]


def test_a_return_without_a_call(basic: Basic) -> None:
    assert str(basic.fail("10 return")).startswith("line 10: return without a call")


def test_to_fall_into_a_subroutine_is_a_return_without_a_call(basic: Basic) -> None:
    failure = basic.fail('10 call 100\n20 print "back"\n100 print "sub"\n110 return')
    assert basic.printed() == ["sub", "back", "sub"]
    assert "line 110: return without a call" in str(failure) and "is there an `end` above them?" in str(failure)


def test_a_stack_is_forgotten_at_the_end_of_its_run(basic: Basic) -> None:
    basic.run("10 call 20\n20 end", "1")
    basic.fail("10 return", "2")


def test_ten_thousand_calls_may_be_open_and_no_more(basic: Basic) -> None:
    program = "10 n = 0\n20 call 40\n30 end\n40 n = n + 1\n50 if n < {deep} then 70\n60 return\n70 call 40\n80 return"
    basic.run(program.format(deep=10_000))
    assert basic.names["n"] == 10_000
    failure = basic.fail(program.format(deep=10_001))
    assert str(failure).startswith("line 70: more than 10,000 calls are open")


# Loops and calls -----------------------------------------------------------------------------------------------------


def test_a_call_within_a_loop_and_a_loop_within_a_call(basic: Basic) -> None:
    program = (
        "10 for i = 1 to 2\n20 call 100\n30 next\n40 end\n100 for j = 1 to 2\n110 print i and j\n120 next\n130 return"
    )
    assert basic.run(program) == ["1 1", "1 2", "2 1", "2 2"]


def test_each_call_has_its_own_loop_over_the_same_lines(basic: Basic) -> None:
    """`i` is one variable, but each of the calls knows how far its own loop goes."""
    program = (
        "10 depth = 0\n20 call 100\n30 end\n"
        "100 depth = depth + 1\n110 for each name in [depth, depth * 10]\n120 print name\n"
        "130 if depth == 2 goto 150\n140 call 100\n150 next\n160 depth = depth - 1\n170 return"
    )
    assert basic.run(program) == ["1", "2", "20", "10", "2", "20"]


def test_a_return_out_of_a_loop_ends_the_loop(basic: Basic) -> None:
    program = (
        "10 for k = 1 to 2\n20 call 100\n30 next\n40 end\n"
        "100 for i = 1 to 3\n110 print i\n120 if i == 2 goto 140\n130 next\n140 return"
    )
    assert basic.run(program) == ["1", "2", "1", "2"]


def test_a_next_leaves_the_calls_that_a_jump_has_left(basic: Basic) -> None:
    program = (
        "5 on error goto 200\n10 for each n in [1, 0, 2]\n20 call 100\n30 next\n40 end\n"
        "100 print 6 / n\n110 return\n200 print _last_error\n210 goto 30"
    )
    assert basic.run(program) == ["6.0", "division by zero", "3.0"]
