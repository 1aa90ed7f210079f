"""Errors name the line and mark the place."""

import pytest

from aibasic_kernel.language import ParseError, UnfinishedError, parse

ERRORS = {
    "bracket": (
        "print a\n20 print (b",
        """\
line 2 (number 20): the bracket that opens here is never closed
    20 print (b
             ^""",
    ),
    "quote": (
        'print "b\n10 print c',
        """\
line 1: the quote that opens here is never closed
    print "b
          ^""",
    ),
    "number twice": (
        "10 print a\nprint b\n10 print c",
        """\
line 3: number 10 stands on line 1 already
    10 print c
    ^^
lines 1 and 3 need numbers of their own""",
    ),
    "number too large": (
        "1234567 print a",
        """\
line 1: a line number is 1 to 999999
    1234567 print a
    ^^^^^^^""",
    ),
    "unknown task type": (
        "10 (postgers) query the orders",
        """\
line 1 (number 10): unknown task type (postgers)
    10 (postgers) query the orders
       ^^^^^^^^^^
did you mean (postgres)?""",
    ),
    "nothing near": (
        "(zzz) query the orders",
        """\
line 1: unknown task type (zzz)
    (zzz) query the orders
    ^^^^^
PHRASES shows the task types; without one the sentence's own words decide
a section [postgres:zzz] is called by (postgres:zzz)""",
    ),
    "hardly near": (
        "(mine) query the orders",
        """\
line 1: unknown task type (mine)
    (mine) query the orders
    ^^^^^^
PHRASES shows the task types; without one the sentence's own words decide
a section [postgres:mine] is called by (postgres:mine)""",
    ),
    "no block": (
        "while x > 3:\nprint x",
        """\
line 1: the block of this line is missing
    while x > 3:
    ^^^^^^^^^^^^
indent the lines that belong to it""",
    ),
    "stray indentation": (
        "x = 5\n   y = 6",
        """\
line 2: this line is indented, but no block is open
       y = 6
       ^^^^^
begin it below the line above""",
    ),
    "broken function": (
        "def f(a):\n    b = 1\n    retrun a\n    c = 2",
        """\
line 3: this Python is broken: invalid syntax
        retrun a
        ^^^^^^^^""",
    ),
    "tabs and wide characters": (
        "print\t\N{CJK UNIFIED IDEOGRAPH-6F22}e\N{COMBINING ACUTE ACCENT} (\x1b[",
        """\
line 1: the bracket that opens here is never closed
    print   \N{CJK UNIFIED IDEOGRAPH-6F22}e\N{COMBINING ACUTE ACCENT} (\N{MIDDLE DOT}[
                  ^""",
    ),
}


@pytest.mark.parametrize("case", ERRORS)
def test_text(case: str) -> None:
    source, shown = ERRORS[case]
    with pytest.raises(ParseError) as caught:
        parse(source, tasks={"postgres", "df"})
    assert str(caught.value) == shown


def test_an_error_knows_its_place() -> None:
    with pytest.raises(UnfinishedError) as caught:
        parse("print a\n20 print (b")
    error = caught.value
    assert (error.line, error.number, error.span.start, error.span.end) == (2, 20, 17, 18)


def test_a_long_line_is_shown_from_the_place_on() -> None:
    with pytest.raises(ParseError) as caught:
        parse(f"print {'a' * 5000} (b")
    _, shown, carets = str(caught.value).split("\n")
    assert shown.strip() == "(b"
    assert carets.strip() == "^"
