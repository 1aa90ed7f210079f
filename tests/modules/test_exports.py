"""What files can hold: names that differ, numbers that JSON has, bytes as text."""

from __future__ import annotations

import datetime
import math
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from aibasic.modules.exports import cells, distinct, plain, records


@pytest.mark.parametrize(
    ("columns", "names"),
    [
        (["year", "year"], ["year", "year_2"]),
        (["year", "year", "year_2", "year"], ["year", "year_3", "year_2", "year_4"]),
        (["a", "b"], ["a", "b"]),
    ],
)
def test_names_differ(columns: list[str], names: list[str]) -> None:
    assert distinct(columns) == names


def test_no_column_of_a_name_that_is_there_twice_is_dropped() -> None:
    assert records(["year", "year"], [(2013, 2014)]) == [{"year": 2013, "year_2": 2014}]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (math.nan, None),
        (math.inf, None),
        (Decimal("NaN"), None),
        (Decimal("1.50"), 1.5),
        (pd.NaT, None),
        (datetime.date(2013, 1, 5), "2013-01-05"),
        (memoryview(b"\x00\xff"), "AP8="),
        (b"\x00\xff", "AP8="),
        ({"a": [math.inf, (1, b"a")]}, {"a": [None, [1, "YQ=="]]}),
        (pd.Series([1, 2]).max(), 2),
    ],
)
def test_a_value_is_as_json_has_it(value: Any, written: Any) -> None:
    assert plain(value) == written


def test_a_cell_of_bytes_is_base64_and_no_other_changes() -> None:
    day = datetime.date(2013, 1, 5)
    assert list(cells([(memoryview(b"a"), None, day)])) == [["YQ==", None, day]]
