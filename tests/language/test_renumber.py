"""A line under another number: parsing its text gives the same instruction with the numbers mapped."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aibasic_kernel.language import ParseError, parse, unparse
from aibasic_kernel.language.instruction import Instruction
from aibasic_kernel.language.renumber import renumbered
from aibasic_kernel.language.structure import targets_of

NAMES = frozenset({"x", "df", "data", "orders"})
TASKS = frozenset({"postgres", "df", "csv"})

FORMS = [
    "goto {}", "go  to {}", "jump to line {}", "GOSUB {}", "call line {}", "on error goto {}", "on error stop",
    "on error jump to line {}", "if x > 5 then {}", "if x is 10 then {} else {}", "if x equals 7, jump to line {}",
    "if data is empty goto {}, else go to {}", 'if name is "goto 10" then {}', "print 10 and goto {}",
    "(postgres) query 20 rows and goto {}", '( df ) show "a # 10" and jump to line {}', "print x", "x = 10",
    "for i = 10 to 20 step 10", "next i", "rem goto 10", "# 10", "end", "if x > f(10,\n20 5) then {} else {}",
    "print x and\n   goto {}", "(df)\n    show 10\n    and goto {}", "for row in df:\n    print(10)", "!ls 10",
]  # fmt: skip
TAILS = ["", " ", "  # goto 10", " # 20", "\\", " \\\n", "\n", "\r\n"]


@st.composite
def lines(draw: st.DrawFn) -> str:
    """A numbered line, with jumps to anywhere in it."""
    form = draw(st.sampled_from(FORMS))
    numbers = [draw(st.sampled_from(["10", "20", "0030", "999999"])) for _ in range(form.count("{}"))]
    margin, blank = draw(st.sampled_from(["", " ", "\t"])), draw(st.sampled_from([" ", "   ", "\t"]))
    number = draw(st.sampled_from(["1", "10", "0020", "999999"]))
    return f"{margin}{number}{blank}{form.format(*numbers)}{draw(st.sampled_from(TAILS))}"


def read(text: str) -> Instruction | None:
    """The one instruction that a text is."""
    try:
        found = parse(text, NAMES, tasks=TASKS)
    except ParseError:
        return None
    return found[0] if len(found) == 1 else None


@settings(max_examples=300, deadline=None)
@given(lines(), st.integers(1, 999999), st.dictionaries(st.sampled_from([10, 20, 30, 999999]), st.integers(1, 999999)))
def test_parsing_the_text_gives_the_same_with_the_numbers_mapped(
    text: str, number: int, targets: dict[int, int]
) -> None:
    before = read(text)
    if before is None or before.number is None:
        return
    after = renumbered(before, number, targets)
    assert read(after.source) == after
    assert after.number == number
    assert targets_of(after) == tuple(targets.get(target, target) for target in targets_of(before))
    back = renumbered(renumbered(before, 1, {}), before.number, {})
    assert back == replace(before, source=back.source, span=back.span)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10 goto 20  # not 20", "100 goto 200  # not 20"),
        ("  10   if x > 20 then 20 else 30", "  100   if x > 20 then 200 else 30"),
        ("10 (postgres) query 20 rows and goto 20\n", "100 (postgres) query 20 rows and goto 200\n"),
        ("10 print x and # 20\n   goto 20 # 20", "100 print x and # 20\n   goto 200 # 20"),
        ('10 print "goto 20"', '100 print "goto 20"'),
        ("10 rem goto 20", "100 rem goto 20"),
    ],
)
def test_all_else_stays_as_it_was_written(text: str, expected: str) -> None:
    (instruction,) = parse(text, NAMES, tasks=TASKS)
    after = renumbered(instruction, 100, {20: 200})
    assert after.source == expected
    assert unparse([after]) == unparse(parse(expected, NAMES, tasks=TASKS))
