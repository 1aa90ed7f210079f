"""Conditions, bounds and collections of control flow: each one expression of Python, without a model."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest
from aibasic.modules.results import Rows

from aibasic_kernel.compiler.control import expression_of
from aibasic_kernel.compiler.phrasing.match import match
from aibasic_kernel.compiler.phrasing.misses import misses
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.task_types import task_types
from aibasic_kernel.compiler.traces.observe import observe
from aibasic_kernel.compiler.traces.trace import mismatch
from aibasic_kernel.errors import ReplyError

NAMES: Mapping[str, Any] = {
    "x": 6,
    "y": 2,
    "i": 1,
    "n": 3,
    "done": False,
    "skip_section": 1,
    "score": 85,
    "answer": "yes",
    "guess": "42",
    "names": ["Ann", "Bob", "Cid"],
    "data": [],
    "title": "My cat\nsleeps",
    "prices": {"tea": 3, "milk": 1},
    "row": {"name": "Ann", "count": 5},
    "message": None,
    "df": pd.DataFrame({"name": ["Ann", "Bob"], "age": [30, 20]}),
    "results": Rows([(1, "Ann"), (2, "Bob")], ("id", "name")),
    "due": datetime.date(2013, 1, 5),
}


def python(sentence: str, names: Mapping[str, Any] = NAMES, last_output: str | None = "results") -> str | None:
    found = match(sentence, "", Scope(names, last_output), task_types())
    return found.python if found is not None else None


@pytest.mark.parametrize(
    ("condition", "expected", "holds"),
    [
        ("x is less than 5", "x < 5", False),
        ("x >= 5", "x >= 5", True),
        ("data is empty", "len(data) == 0", True),
        ("data is not empty", "len(data) > 0", False),
        ("message is empty", "message is None", True),
        ("names[0] is empty", "len(names[0]) == 0", False),
        ("skip_section", "skip_section", True),
        ("not done", "not done", True),
        ("x equals y", "x == y", False),
        ('answer is "yes"', 'answer == "yes"', True),
        ('answer is equal to "done"', 'answer == "done"', False),
        ("score is greater than or equal to 80", "score >= 80", True),
        ("x is even", "x % 2 == 0", True),
        ("x is odd", "x % 2 != 0", False),
        ("x is not even", "x % 2 != 0", False),
        ("x is divisible by 3", "x % 3 == 0", True),
        ("x is not a multiple of y + 2", "x % (y + 2) != 0", True),
        ("x mod 15 = 0", "x % 15 == 0", False),
        ("x is positive and y is not zero", "x > 0 and y != 0", True),
        ('answer contains "e"', '"e" in answer', True),
        ('answer does not contain "e"', 'not "e" in answer', False),
        ('"Ann" is in names', '"Ann" in names', True),
        ("answer is not in names", "answer not in names", True),
        ('"tea" exists in prices', '"tea" in prices', True),
        ('prices has key "tea"', '"tea" in prices', True),
        ("there are rows", "len(results) > 0", True),
        ("there are no results", "len(results) == 0", False),
        ("there are more than 2 items in names", "len(names) > 2", True),
        ("there is no message", "message is None", True),
        ("there is a message", "message is not None", False),
        ("guess is a number", "guess.isdigit()", True),
        ("not (x is even or done)", "not (x % 2 == 0 or done)", False),
        ("x is even and (y is odd or not done)", "x % 2 == 0 and (y % 2 != 0 or not done)", True),
        ("item 2 of names is 'Bob'", 'names[1] == "Bob"', True),
        ("names[i] is not names[i + 1]", "names[i] != names[i + 1]", True),
        ("item i of names is greater than item i + 1 of names", "names[i - 1] > names[i]", False),
        ("x is less than the number of rows", "x < len(results)", False),
        ("the length of answer is 3", "len(answer) == 3", True),
        ("the first letter of answer is 'y'", 'answer[0] == "y"', True),
        ("x is greater than int(guess)", "x > int(guess)", False),
        ("count of row is at least 5", 'row["count"] >= 5', True),
        ("x % 2 == 0 and y", "x % 2 == 0 and y", 2),
        ("names[0].startswith('A')", "names[0].startswith('A')", True),
        ("any(name > 'B' for name in names)", "any(name > 'B' for name in names)", True),
        ("message is None", "message is None", True),
        ("x is 5 or 7", None, None),
        ("names is", None, None),
        ("df", None, None),
        ("the weather is nice", None, None),
        ("item 0 of names is 'Ann'", None, None),
        ("due is before 2013-02-01", None, None),
        ("print(x) and nothing_there", None, None),
        ("input", None, None),
        ("", None, None),
    ],
)
def test_a_condition_is_one_expression(condition: str, expected: str | None, holds: object) -> None:
    made = python(f"whether {condition}")
    assert made == expected
    if made is not None:
        assert expression_of(made) == made
        assert eval(made, dict(NAMES)) == holds


def test_a_date_in_a_condition_needs_its_module() -> None:
    names = {**NAMES, "datetime": datetime}
    assert python("whether due is before 2013-02-01", names) == "due < datetime.date(2013, 2, 1)"


@pytest.mark.parametrize(
    ("bound", "expected"),
    [
        ("n", "n"),
        ("10", "10"),
        ("n * 2", "n * 2"),
        ("-5", "-5"),
        ("count of names", "len(names)"),
        ("the number of rows", "len(results)"),
        ("the number of rows in df", "len(df)"),
        ("the number of words in title - 1", "len(title.split()) - 1"),
        ("len(names)", "len(names)"),
        ("item n of names", "names[n - 1]"),
        ("names[i]", "names[i]"),
        ("count of row", 'row["count"]'),
        ("tea of prices", 'prices["tea"]'),
        ("the largest of prices", None),
        ("the maximum of names", "max(names)"),
        ("the square root of x", "x ** 0.5"),
        ("int(x ** 0.5) + 1", "int(x ** 0.5) + 1"),
        ("nobody", None),
        ("10 please", None),
    ],
)
def test_a_bound_is_one_expression(bound: str, expected: str | None) -> None:
    assert python(f"the value of {bound}") == expected


@pytest.mark.parametrize(
    ("items", "expected", "first"),
    [
        ("names", "names", "Ann"),
        ("prices", "prices", "tea"),
        ("answer", "answer", "y"),
        ("results", "results", (1, "Ann")),
        ("the rows", "results", (1, "Ann")),
        ("df", 'df.to_dict("records")', {"name": "Ann", "age": 30}),
        ("rows of df", 'df.to_dict("records")', {"name": "Ann", "age": 30}),
        ("the keys of prices", "list(prices)", "tea"),
        ("the values of prices", "list(prices.values())", 3),
        ("the items of prices", "list(prices.items())", ("tea", 3)),
        ("the lines of title", "title.splitlines()", "My cat"),
        ("the words of title", "title.split()", "My"),
        ("the characters of answer", "list(answer)", "y"),
        ("the first 2 items of names", "names[:2]", "Ann"),
        ("the last n items of names", "names[len(names) - n:]", "Ann"),
        ("the reverse of names", "names[::-1]", "Cid"),
        ("1 to n * 2", "range(1, n * 2 + 1)", 1),
        ("the numbers from 2 to 5", "range(2, 5 + 1)", 2),
        ('"red", "green" and "blue"', '["red", "green", "blue"]', "red"),
        ("[x, y]", "[x, y]", 6),
        ("sorted(names)", "sorted(names)", "Ann"),
        ("range(0, n)", "range(0, n)", 0),
        ("x", None, None),
        ("message", None, None),
        ("everything", None, None),
    ],
)
def test_a_collection_is_one_expression(items: str, expected: str | None, first: object) -> None:
    made = python(f"each item of {items}")
    assert made == expected
    if made is not None:
        assert next(iter(eval(made, dict(NAMES)))) == first


def test_a_wrong_name_in_a_condition_is_told() -> None:
    found = misses("whether scor is less than 5", "", Scope(NAMES), task_types())
    assert [(miss.said, miss.near) for miss in found] == [("scor", ("score",))]


def test_the_words_in_front_are_no_variables() -> None:
    scope = Scope({"names": ["Ann"]})
    trace = observe("names", "each item of names", scope)
    assert mismatch(trace, Scope({"names": ["Ann"], "item": "Ann", "each": 1})) is None


@pytest.mark.parametrize(
    ("reply", "expression"),
    [
        ("x < 5\n", "x < 5"),
        ("x < 5  # smaller", "x < 5"),
        ("(x < 5\n or y)", "x < 5 or y"),
        ("(x < 5) or (y > 2)", "(x < 5) or (y > 2)"),
    ],
)
def test_a_reply_of_one_expression(reply: str, expression: str) -> None:
    assert expression_of(reply) == expression


@pytest.mark.parametrize(
    "reply", ["result = x < 5", "import math\nmath.pi", "x\ny", "if x:\n    y", "x <", "await x", ""]
)
def test_a_reply_that_is_no_expression(reply: str) -> None:
    with pytest.raises(ReplyError, match="one expression"):
        expression_of(reply)


def test_nobody_is_offered_the_parts() -> None:
    assert "control" not in task_types()
