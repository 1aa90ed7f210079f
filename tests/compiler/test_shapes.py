"""What a value looks like to code: kinds that hold across releases of pandas, and never a value."""

from __future__ import annotations

import datetime
import decimal
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibasic_kernel.compiler.kinds import agree
from aibasic_kernel.compiler.shapes import Shape, describe, shape_of
from tests.compiler.scopes import FakePostgres


class Rows(list[tuple[object, ...]]):
    columns = ("id", "age")


class Hostile:
    """Raises whenever it is looked at."""

    @property
    def __class__(self) -> type:
        raise RuntimeError("do not look")

    def __getattribute__(self, name: str) -> object:
        raise RuntimeError("do not look")

    def __len__(self) -> int:
        raise RuntimeError("do not count")


class HostileList(list[int]):
    def __iter__(self) -> None:  # type: ignore[override]
        raise RuntimeError("do not iterate")

    def __getattr__(self, name: str) -> object:
        raise RuntimeError("do not look")


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        (1, "number"),
        (1.5, "number"),
        (decimal.Decimal("1.5"), "number"),
        (np.int64(1), "number"),
        (np.float32(1), "number"),
        (True, "boolean"),
        (np.bool_(True), "boolean"),
        ("x", "text"),
        (np.str_("x"), "text"),
        (None, "none"),
        (datetime.date(2026, 1, 1), "time"),
        (pd.Timestamp("2026-01-01"), "time"),
        (np.datetime64("2026-01-01"), "time"),
        ([1, 2], "list of number"),
        ([None, "a"], "list of text"),
        ([], "list of unknown"),
        ((1, "a"), "tuple of number"),
        ({1, 2}, "set of number"),
        (pd.Series([1, 2]), "series of number"),
        (sys, "module sys"),
        (int, "class int"),
        (print, "function"),
        (lambda a, b=1, *c, d, e=2, **f: a, "function(a, b=, *c, d, e=, **f)"),
        (lambda *, key: key, "function(*, key)"),
        (object(), "object"),
    ],
)
def test_a_value_has_a_kind(value: object, shape: str) -> None:
    assert str(shape_of(value)) == shape


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1, 2], "number"),
        ([1, None], "number"),
        ([decimal.Decimal(1), None], "number"),
        (["a", None], "text"),
        ([None, "a"], "text"),
        (pd.Series(["a"], dtype=object), "text"),
        (pd.Series(["a"], dtype="string"), "text"),
        (pd.Series(["a"], dtype="category"), "text"),
        (pd.Series([1, None], dtype="Int64"), "number"),
        ([True, False], "boolean"),
        (pd.Series([True, None], dtype=object), "boolean"),
        (pd.to_datetime(["2026-01-01"]), "time"),
        (pd.to_datetime(["2026-01-01"], utc=True), "time"),
        (pd.period_range("2026", periods=1, freq="M"), "time"),
        ([datetime.date(2026, 1, 1)], "time"),
        ([[1]], "other"),
        (pd.Series([None, None], dtype=object), "unknown"),
    ],
)
def test_the_columns_of_a_frame_have_kinds_whatever_their_dtype(values: object, kind: str) -> None:
    frame = pd.DataFrame({"column": values})
    assert shape_of(frame, ["column"]).columns == {"column": kind}


def test_only_the_columns_asked_for_are_told() -> None:
    frame = pd.DataFrame({"id": [1], "age": [2], "name": ["x"]})
    assert str(shape_of(frame, ["name", "missing"])) == "frame(name text, ...)"
    assert str(shape_of(frame, None)) == "frame(id number, age number, name text)"
    assert str(shape_of(frame)) == "frame"


def test_a_label_used_twice_has_no_kind() -> None:
    frame = pd.DataFrame([[1, "a"]], columns=["x", "x"])
    assert shape_of(frame, ["x"]).columns == {"x": "other"}


def test_rows_are_told_by_their_columns_even_where_there_are_none() -> None:
    assert str(shape_of(Rows([(None, 3), (1, 4)]), None)) == "rows(id number, age number)"
    assert str(shape_of(Rows(), None)) == "rows(id unknown, age unknown)"


def test_a_dict_is_told_by_the_keys_asked_for_and_records_by_their_first() -> None:
    assert str(shape_of({"a": 1, "b": "x"}, ["a"])) == "dict(a number, ...)"
    assert str(shape_of([{"a": 1, "b": "x"}], ["b"])) == "list of dict(b text, ...)"
    assert str(shape_of({"a": 1}, None)) == "dict"


def test_what_holds_nothing_yet_agrees_with_every_kind() -> None:
    assert agree("list of unknown", "list of number")
    assert agree("unknown", "text")
    assert not agree("list of text", "list of number")
    assert not agree("list of unknown", "unknown thing")


def test_classes_that_raise_when_looked_at_do_no_harm() -> None:
    assert str(shape_of(Hostile(), None)) == describe(Hostile()) == "Hostile"
    assert str(shape_of(HostileList([1]), None)) == describe(HostileList([1])) == "HostileList"


def test_a_frame_is_described_by_its_size_and_columns() -> None:
    frame = pd.DataFrame({"year": range(1234), "carrier": ["UA"] * 1234})
    assert describe(frame) == "DataFrame, 1,234 rows x 2 columns: year number, carrier text"


def test_a_description_keeps_to_its_limit_and_says_what_is_left_out() -> None:
    frame = pd.DataFrame({f"column_{at}": [at] for at in range(100)})
    text = describe(frame, 80)
    assert len(text) <= 80
    assert text.endswith(" more")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (42, "number"),
        ("secret", "text"),
        ({"a": 1, "b": "x"}, "dict, 2 keys: a number, b text"),
        (Rows([(1, 2)]), "rows, 1 x 2: id number, age number"),
        ([1, 2, 3], "list of number, 3 elements"),
        (FakePostgres(), "FakePostgres instance connected to 'mydb'"),
        (pd.Series(["a"]), "Series of text, 1 element"),
        (sys, "module sys"),
    ],
)
def test_other_values_are_described_without_what_they_hold(value: object, text: str) -> None:
    assert describe(value) == text


@given(st.text(min_size=12), st.integers(min_value=10**12))
def test_no_value_shows_in_a_description(text: str, number: int) -> None:
    frame = pd.DataFrame({"a": [text], "b": [str(number)]})
    for value in (text, number, [text], (number,), {"key": text}, frame, Rows([(text, number)])):
        described = f"{describe(value)} {shape_of(value, None)}"
        assert text not in described
        assert str(number) not in described


def test_a_shape_survives_as_plain_data() -> None:
    for shape in (Shape("number"), Shape("frame", {"a": "text"}), Shape("rows", {}, whole=True)):
        assert Shape.from_json(shape.to_json()) == shape


@pytest.mark.parametrize("data", [1, None, [], {}, {"kind": 1}, {"kind": "frame", "columns": {"a": 1}}])
def test_what_is_no_shape_is_refused(data: object) -> None:
    with pytest.raises(ValueError):
        Shape.from_json(data)


def test_nothing_heavy_is_imported_to_look_at_values() -> None:
    code = (
        "import sys; from aibasic_kernel.compiler.traces.observe import observe; "
        "from aibasic_kernel.compiler.shapes import describe; from aibasic_kernel.compiler.locks.lock import Lock; "
        "describe([1]); print({'pandas', 'numpy', 'sqlglot', 'anthropic'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
