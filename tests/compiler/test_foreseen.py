"""What code that has not run yet will make, and the values that stand in for it."""

from __future__ import annotations

import sys

import pytest

from aibasic_kernel.compiler.prompts.foreseen import kinds_made, stand_ins


@pytest.mark.parametrize(
    ("python", "kinds"),
    [
        ("x = 5\ny = 'a'\nz = x + 1", {"x": "number", "y": "text", "z": "number"}),
        ("import pandas as pd\ndf = pd.DataFrame(results)\ntop = df.head()", {"df": "frame", "top": "frame"}),
        ("results = pg.execute_query('SELECT 1')", {"results": "rows"}),
        ("n = len(old)\nagain = old.sort_values('a')", {"n": "number", "again": "frame"}),
        ("a, b = pair\nfor c in a:\n    d = c", {"a": "", "b": "", "c": "", "d": ""}),
        ("def f():\n    inner = 1", {"f": ""}),
        ("x = = 1", {}),
    ],
)
def test_the_kinds_of_what_code_makes(python: str, kinds: dict[str, str]) -> None:
    assert kinds_made(python, {"old": "frame"}) == kinds


def test_a_stand_in_has_every_column_that_the_sentence_can_mean() -> None:
    found = [made["df"] for made in stand_ins({"df": "frame"}, "sort df by age", frames=True)]
    assert all({"df", "by", "age"} <= set(frame.columns) for frame in found)  # type: ignore[attr-defined]
    assert [len(frame) for frame in found] == [0, 1]  # type: ignore[call-overload]


def test_what_may_be_anything_takes_no_library_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "pandas", raising=False)
    kinds = {type(made["it"]).__name__ for made in stand_ins({"it": ""}, "show it", frames=False)}
    assert kinds == {"Rows", "int"} and "pandas" not in sys.modules
