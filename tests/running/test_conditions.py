"""Conditions: in English by phrase, in Python as written, else by a model, and each is one expression."""

from __future__ import annotations

import pytest

from aibasic_kernel.errors import ReplyError
from tests.messages_server import MessagesServer
from tests.running.basic import Basic
from tests.running.conftest import Opener

BRANCH = '10 {setting}\n20 if {condition} then 40\n30 print "no" and goto 50\n40 print "yes"\n50 end'


def answer(basic: Basic, setting: str, condition: str) -> str:
    (said,) = basic.run(BRANCH.format(setting=setting, condition=condition))
    return said


@pytest.mark.parametrize(
    ("setting", "condition", "said"),
    [
        ("x = 4", "x is less than 5", "yes"),
        ("x = 5", "x is less than 5", "no"),
        ("counter = 10", "counter >= 10", "yes"),
        ("score = 80", "score is greater than or equal to 80", "yes"),
        ("data = []", "data is empty", "yes"),
        ("data = [1]", "data is empty", "no"),
        ("done = False", "not done", "yes"),
        ("skip_section = True", "skip_section", "yes"),
        ('x, y = "a", "a"', "x equals y", "yes"),
        ("x, y = 1, 2", "x equals y", "no"),
        ("x = 3", "x > 1 and x < 5", "yes"),
        ("x = 3", "x is greater than 5 or x equals 3", "yes"),
    ],
)
def test_closed_conditions_need_no_model(basic: Basic, setting: str, condition: str, said: str) -> None:
    assert answer(basic, setting, condition) == said


@pytest.mark.parametrize(
    ("setting", "condition"),
    [
        ("x = [1, 2]", "len(x) == 2"),
        ("x = [1, 2]", "2 in x"),
        ('x = "abc"', 'x.startswith("a")'),
        ("x = [1, 2]", "any(each > 1 for each in x)"),
        ("x = 3", "(lambda n: n > 2)(x)"),
    ],
)
def test_python_is_taken_as_written(basic: Basic, setting: str, condition: str) -> None:
    assert answer(basic, setting, condition) == "yes"


def test_a_function_of_the_users_own(basic: Basic) -> None:
    basic.run("def is_even(n):\n    return n % 2 == 0")
    assert answer(basic, "n = 4", "is_even(n)") == "yes"


@pytest.mark.parametrize(
    "line",
    ["if x then 20 else 40", "if x then goto 20 else goto 40", "if x goto 20 else 40", "if x jump to line 20 else 40"],
)
def test_else_has_a_target_of_its_own(basic: Basic, line: str) -> None:
    program = f'10 {line}\n20 print "then"\n30 end\n40 print "else"'
    basic.run("x = True")
    assert basic.run(program) == ["then"]
    basic.run("x = False")
    assert basic.run(program) == ["else"]


@pytest.mark.parametrize("condition", ["countr > 5", "countr", "countr + 1 == 2"])
def test_a_misspelt_name_is_an_error_and_no_request(basic: Basic, condition: str) -> None:
    basic.run("counter = 1")
    failure = basic.fail(f"10 if {condition} goto 20\n20 end")
    assert isinstance(failure.error, NameError)
    assert basic.notes == ["there is no variable countr; nearest: counter"]


# By a model ----------------------------------------------------------------------------------------------------------

FLOWS = '10 if the weather is fine goto 30\n20 print "rain" and goto 40\n30 print "sun"\n40 end'


def test_other_conditions_are_compiled_by_a_model_once(opened: Opener) -> None:
    with MessagesServer() as server:
        server.compile('weather == "fine"', when="whether the weather is fine")
        basic = opened(server)
        basic.run('weather = "fine"')
        assert basic.run(FLOWS) == ["sun"]
        basic.run('weather = "foul"')
        assert basic.run(FLOWS) == ["rain"]
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "python", ['if weather == "fine":\n    good = True', 'good = weather == "fine"', "import time"]
)
def test_an_answer_that_is_no_single_expression_is_repaired(opened: Opener, python: str) -> None:
    with MessagesServer() as server:
        server.compile(python)
        server.compile('weather == "fine"')
        basic = opened(server)
        basic.run('weather = "fine"')
        assert basic.run(FLOWS) == ["sun"]
        assert len(server.requests) == 2 and "the answer is not one expression" in server.requests[1].user
        assert "good" not in basic.names


def test_or_else_a_clear_error(opened: Opener) -> None:
    with MessagesServer() as server:
        server.compile("good = True", when="weather")
        basic = opened(server, AIBASIC_REPAIR="0")
        error = basic.fail(FLOWS).error
    assert isinstance(error, ReplyError)
    assert error.message == "the answer is not one expression, which a condition or a bound has to be"
