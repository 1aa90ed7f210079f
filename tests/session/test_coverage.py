"""What was told before a line ran is not asked about again in the words of what is seen as it runs."""

from __future__ import annotations

import pytest
from aibasic.modules.effects import Kind

from aibasic_kernel.compiler.gate import Consequence
from aibasic_kernel.session.gating.coverage import is_covered


@pytest.mark.parametrize(
    ("told", "seen", "covered"),
    [
        ("deletes all rows of orders", "deletes all rows of orders", True),
        ("deletes all rows of orders", "deletes all rows of customers", False),
        ("drops the table {name}", "drops the table orders", True),
        ("drops the table {name}", "drops the view orders", False),
        ("deletes topic events with all its messages", "deletes topic events", True),
        ("removes a file", "removes the file data/kept.txt", True),
        ("removes a file", "removes the folder data", False),
        ("runs the program rm …", "runs the program rm data", True),
    ],
)
def test_words_that_knew_less_cover_those_that_know_more(told: str, seen: str, covered: bool) -> None:
    assert is_covered(Consequence(Kind.DESTRUCTIVE, seen, "redis"), [Consequence(Kind.DESTRUCTIVE, told)]) is covered


def test_kind_and_section_have_to_agree() -> None:
    seen = Consequence(Kind.DESTRUCTIVE, "deletes all rows of orders", "postgres")
    assert not is_covered(seen, [Consequence(Kind.STATEMENT, seen.words, "postgres")])
    assert not is_covered(seen, [Consequence(Kind.DESTRUCTIVE, seen.words, "postgres:warehouse")])
