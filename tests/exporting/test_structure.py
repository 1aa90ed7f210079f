"""The exported Python does what the program does, in plain statements where the jumps form such."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tests.exporting.programs import exported, printed
from tests.exporting.reference import run

PLAIN = {
    "a loop by a jump back": (
        "10 x = 1\n20 print(x)\n30 x = x + 1\n40 if x != 4 then 20\n50 print('done')",
        "while True:",
    ),
    "a loop with its condition in front": (
        "10 x = 3\n20 if x == 0 then 60\n30 print(x)\n40 x = x - 1\n50 goto 20\n60 print('end')",
        "while x != 0:",
    ),
    "a forward skip": ("10 x = 3\n20 if x == 3 then 40\n30 print('no')\n40 print('yes')", "if x != 3:"),
    "if and else": (
        "10 x = 3\n20 if x == 3 then 50\n30 print('no')\n40 goto 60\n50 print('yes')\n60 print('end')",
        "else:",
    ),
    "counting": ("10 for i = 1 to 3\n20 print(i)\n30 next i\n40 print(i)", "for i in range(1, 4):"),
    "counting down": ("10 for i = 3 to 1 step -1\n20 print(i)\n30 next\n40 print(i)", "for i in range(3, 0, -1):"),
    "no round at all": ("5 i = 7\n10 for i = 3 to 1\n20 print(i)\n30 next\n40 print(i)", "for i in range(3, 2):"),
    "bounds of any kind": ("5 n = 2.5\n10 for i = 1 to n\n20 print(i)\n30 next", "for i in counting(1, n):"),
    "each item": ("10 for each x in ['a', 'b']\n20 print(x)\n30 next x\n40 print(x)", "for x in ['a', 'b']:"),
    "while": ("10 x = 3\n20 while x > 0\n30 x = x - 1\n40 print(x)\n50 wend\n60 print('end')", "    print(x)"),
    "a way out of a loop": (
        "10 for i = 1 to 9\n20 if i == 3 then 50\n30 print(i)\n40 next\n50 print('out', i)",
        "break",
    ),
    "the next round": ("10 for i = 1 to 4\n20 if i == 2 then 40\n30 print(i)\n40 next", "for i in range(1, 5):"),
    "found or not": (
        "10 for i = 1 to 4\n20 if i == 3 then 60\n30 next\n40 print('not found')\n50 goto 70\n60 print('found')\n"
        "70 print('end')",
        "else:",
    ),
    "a menu": (
        "5 x = 3\n10 if x == 1 then 100\n20 if x == 2 then 200\n30 x = x - 1\n40 goto 10\n100 print('one')\n110 end\n"
        "200 print('two')\n210 x = 1\n220 goto 10",
        "while x != 1:",
    ),
    "a subroutine": (
        "10 x = 1\n20 call 100\n30 call 100\n40 print(x)\n50 end\n100 x = x * 3\n110 return",
        "def line_100():",
    ),
    "a retry": (
        "10 on error goto 100\n20 x = 0\n30 print(1 // x)\n40 end\n100 x = x + 1\n110 goto 30",
        "except Exception:",
    ),
    "an error in each round": (
        "10 on error goto 100\n20 for each x in [1, 0, 2]\n30 print(2 // x)\n40 next\n50 end\n"
        "100 print('no', _last_error, _last_error_line)\n110 goto 40",
        "_last_error_line = 30",
    ),
    "an error handler that is taken back": (
        "10 on error goto 100\n20 print(1 // 0)\n30 on error stop\n40 print(2 // 0)\n50 end\n100 print('caught')\n"
        "110 goto 30",
        "except Exception:",
    ),
}


@pytest.mark.parametrize("text, form", PLAIN.values(), ids=PLAIN.keys())
def test_jumps_become_plain_statements_where_they_form_such(text: str, form: str) -> None:
    python = exported(text)
    assert form in python and "match line" not in python
    assert printed(python) == run(text)


@st.composite
def programs(draw: st.DrawFn) -> str:
    """Programs of some lines with jumps anywhere, whole loops, calls and handlers; each counts what it does in `n`."""
    count = draw(st.integers(2, 9))
    targets = st.integers(1, count).map(lambda at: at * 10)
    conditions = st.sampled_from(["n % 2 == 0", "n % 3 == 1", "n < 4", "x > n", "x == 2"])
    plain = st.sampled_from(
        ["print({at}, n)", "x = n % 4", "print({at}, 6 // (n % 3))", "x = x + 1", "print({at}, x, n)"]
    )
    loops = st.sampled_from(
        ["for i = 1 to 3", "for j = 3 to n step -1", "for x = 1 to 4", "for each k in 'ab'", "while n % 5 != 0"]
    )
    rows, open_loops = ["5 n = x = 0"], list[str]()
    for at in range(1, count + 1):
        kinds = [
            "plain",
            "plain",
            "plain",
            "if",
            "if",
            "else",
            "goto",
            "call",
            "return",
            "end",
            "error",
            "stop",
            "loop",
        ]
        kind = draw(st.sampled_from(kinds + ["close"] * (3 * len(open_loops))))
        number = at * 10
        if kind == "plain":
            text = draw(plain).format(at=number)
        elif kind == "if":
            text = f"if {draw(conditions)} then {draw(targets)}"
        elif kind == "else":
            text = f"if {draw(conditions)} then {draw(targets)} else {draw(targets)}"
        elif kind == "loop":
            text = draw(loops)
            open_loops.append("wend" if text.startswith("while") else "next")
        elif kind == "close":
            text = open_loops.pop()
        else:
            written = {"goto": "goto {}", "call": "call {}", "error": "on error goto {}", "stop": "on error stop"}
            text = written.get(kind, kind).format(draw(targets))
        rows += [f"{number - 1} n = n + 1", f"{number} {text}"]
    rows += [f"{(count + 1) * 10 + at} {end}" for at, end in enumerate(reversed(open_loops))]
    return "\n".join([*rows, f"{(count + 2) * 10} print('end', n, x)"])


INTO_A_LOOP = "10 for each k in 'ab'\n20 call 30\n30 print(30, k)\n40 next\n50 print('end', k)"
RECURSIVE = (
    "5 n = 0\n10 n = n + 1\n20 for each k in 'ab'\n30 if n < 3 then 60\n40 print(n, k)\n50 goto 70\n60 call 10\n"
    "70 next\n80 return"
)

HANDLER_COUNTS = (
    "5 on error goto 70\n10 for i = 1 to 5\n20 print(i, 6 // (i - 2))\n30 next\n40 end\n70 i = i + 1\n80 goto 30"
)


@example(HANDLER_COUNTS)
@example(INTO_A_LOOP)
@example(RECURSIVE)
@settings(max_examples=100, deadline=None)
@given(programs())
def test_whatever_the_jumps_are_the_python_does_the_same(text: str) -> None:
    try:
        wanted = run(text, most=400)
    except TimeoutError:
        assume(False)
    assert printed(exported(text)) == wanted


NOT_UNDER_WAY = {
    "behind its end": "10 for i = 1 to 2\n20 print(i)\n30 next\n40 goto 20",
    "behind the end of one that counts by hand": "10 for i = 1 to 2\n20 i = i + 1\n30 next\n40 goto 30",
    "before its start": "5 goto 20\n10 for each i in [1, 2]\n20 print('in')\n30 next",
    "in a subroutine, behind its end": "10 call 20\n15 end\n20 for each i in [1, 2]\n30 print(i)\n40 next\n50 goto 40",
    "in a subroutine, before its start": "10 call 30\n20 for each i in [1, 2]\n30 print('in')\n40 next",
    "in a handler": "5 on error goto 40\n10 print(1 // 0)\n20 for i = 1 to 2\n30 print(i)\n40 next",
}


@pytest.mark.parametrize("text", NOT_UNDER_WAY.values(), ids=NOT_UNDER_WAY.keys())
def test_the_end_of_a_loop_that_is_not_under_way_is_an_error(text: str) -> None:
    wanted = run(text)
    assert wanted.endswith(" is not under way\n")
    assert printed(exported(text)) == wanted


@pytest.mark.parametrize("name", ["line", "calls", "loops", "handler", "handled", "been", "at_line"])
@pytest.mark.parametrize("text", [INTO_A_LOOP, RECURSIVE, HANDLER_COUNTS], ids=["into a loop", "recursive", "handler"])
def test_a_variable_may_be_named_like_one_of_the_machinery(text: str, name: str) -> None:
    text = re.sub(r"\b[ki]\b", name, text)
    assert printed(exported(text)) == run(text)


def test_what_failed_last_may_be_read_before_anything_has() -> None:
    told = "print([_last_error, _last_error_line])"
    assert printed(exported(f"10 {told}\n20 call 40\n30 end\n40 {told}\n50 return")) == "['', 0]\n" * 2
    in_handler_only = f"10 on error goto 40\n20 print(1 // 0)\n30 end\n40 {told}"
    assert '_last_error = ""' not in exported(in_handler_only)


def test_a_call_into_a_loop_that_counts_by_hand_goes_on_with_it() -> None:
    text = "10 for i = 1 to 3\n20 call 30\n30 print('in', i)\n40 next\n50 print('end', i)"
    assert printed(exported(text)) == run(text)


def test_a_long_program_is_plain_too() -> None:
    block = "{0} x = {0}\n{1} if x > 5000 then {3}\n{2} x = x - 1\n{3} x = x + 1"
    rows = [block.format(*range(at, at + 40, 10)) for at in range(10, 10_000, 40)]
    python = exported("\n".join([*rows, "20000 print(x)"]))
    assert "match line" not in python
    assert printed(python) == "9971\n"
