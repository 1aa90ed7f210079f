"""A secret that is written in pieces is seen as a whole, and nothing else is lost, doubled or kept for good."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibasic_kernel.compiler.privacy.redaction import Redactor
from aibasic_kernel.faces.held_text import HeldText

SECRET = "kH7-tango.blue/41"
REDACTOR = Redactor([SECRET])


def sent(*pieces: str) -> str:
    held = HeldText()
    return "".join(held.passed(piece, REDACTOR, more=True) for piece in pieces) + held.passed("", REDACTOR, more=False)


@pytest.mark.parametrize("at", range(1, len(SECRET)))
def test_a_secret_in_two_pieces(at: int) -> None:
    shown = sent(f"it is {SECRET[:at]}", f"{SECRET[at:]}, ok")
    assert shown.removeprefix("it is ").removeprefix(SECRET[: min(at, 2)]) == "***, ok"


def test_a_secret_in_many_pieces_and_over_lines() -> None:
    assert sent("pw ", *(f"{character}\n" for character in SECRET)) == "pw k\nH\n***\n"


@given(st.lists(st.text("kH7-x \n", max_size=8)))
def test_all_else_goes_out_as_it_is(pieces: list[str]) -> None:
    assert sent(*pieces) == "".join(pieces)
