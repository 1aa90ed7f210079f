"""What sentences do to data frames: which name gets the result, and what becomes of NULLs, dates and Decimals."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from aibasic_kernel.compiler.phrasing.match import match
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.task_types import task_types
from tests.compiler.running import run

DAY = datetime.date(2013, 1, 5)


@pytest.fixture
def frames() -> dict[str, Any]:
    """`sales` as a query gives it, and an older `df` that no sentence here may touch unless it names it."""
    sales = pd.DataFrame(
        {
            "city": ["Rome", "Oslo", None, "Rome"],
            "amount": [Decimal("1.10"), Decimal("2.25"), None, Decimal("3")],
            "share": [0.5, None, 0.25, 1.0],
            "day": [DAY, datetime.date(2013, 1, 6), None, datetime.date(2013, 2, 1)],
            "placed": pd.to_datetime(["2013-01-05 10:00", "2013-01-06 00:00", None, "2013-02-01 23:59"]),
            "done": [True, False, None, True],
        }
    )
    return {"sales": sales, "df": pd.DataFrame({"x": [2, 1], "y": ["a", "b"]}), "rate": 0.5}


def after(sentence: str, names: dict[str, Any], last_output: str | None = None) -> dict[str, Any]:
    return run(sentence, "df", Scope(names, last_output))


def rows_where(condition: str, names: dict[str, Any]) -> list[int]:
    """The numbers of the rows of `sales` for which the condition holds."""
    return list(after(f"select sales where {condition}", names)["result"].index)


@pytest.mark.parametrize(
    ("sentence", "left"),
    [
        ("filter sales where share > 0.4", [0, 3]),
        ("keep rows of sales where city is 'Rome'", [0, 3]),
        ("sort sales by amount descending", [3, 1, 0, 2]),
        ("drop rows with missing values from sales", [0, 3]),
        ("remove duplicates from sales", [0, 1, 2, 3]),
    ],
)
def test_the_named_frame_gets_the_result(sentence: str, left: list[int], frames: dict[str, Any]) -> None:
    if "missing" in sentence:
        frames["sales"].loc[1, "share"] = None
    names = after(sentence, frames)
    assert list(names["sales"].index) == left
    assert names["df"] is frames["df"]


def test_into_gives_another_name_the_result(frames: dict[str, Any]) -> None:
    names = after("filter sales where share > 0.4 into large", frames)
    assert len(names["large"]) == 2
    assert len(names["sales"]) == 4


@pytest.mark.parametrize(
    "sentence",
    [
        "select sales where share > 0.4",
        "select columns city and amount from sales",
        "show sales sorted by share",
        "top 2 sales by amount",
    ],
)
def test_what_derives_leaves_every_frame_alone(sentence: str, frames: dict[str, Any]) -> None:
    before = {name: value.copy() for name, value in frames.items() if name != "rate"}
    names = after(sentence, frames)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(names[name], frame)


def test_a_pronoun_names_the_frame_that_gets_the_result(frames: dict[str, Any]) -> None:
    assert len(after("filter it where share > 0.4", frames, "sales")["sales"]) == 2


def test_a_frame_may_be_left_out_where_there_is_only_one(frames: dict[str, Any]) -> None:
    assert list(after("sort by x", frames, "df")["df"]["x"]) == [1, 2]
    assert match("sort by x", "df", Scope(frames), task_types()) is None
    assert list(after("sort by x", {"df": frames["df"]})["df"]["x"]) == [1, 2]
    rows = {**frames, "found": [{"x": 1}]}
    assert match("sort by x", "df", Scope(rows, "found"), task_types()) is None


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("city is not 'Rome'", [1]),
        ("city != 'Rome'", [1]),
        ("not (city = 'Rome' or amount > 2.5)", [1]),
        ("not (city = 'Rome' or share > 2)", []),
        ("not (share > 0.4)", [2]),
        ("share is not between 0.4 and 2", [2]),
        ("city is not one of ('Rome', 'Bonn')", [1]),
        ("not (city contains 'o')", []),
        ("not (city contains 'R')", [1]),
        ("city is missing", [2]),
        ("city is not missing and share > 0.1", [0, 3]),
        ("done", [0, 3]),
        ("not done", [1]),
        ("done is false or share = 0.25", [1, 2]),
    ],
)
def test_no_condition_holds_for_null(condition: str, rows: list[int], frames: dict[str, Any]) -> None:
    assert rows_where(condition, frames) == rows


def test_null_is_a_group_of_its_own(frames: dict[str, Any]) -> None:
    for sentence in ("count sales by city", "how many sales per city", "group sales by city and count"):
        counted = after(sentence, frames)["result"]
        assert list(counted.columns) == ["city", "count"]
        assert counted["count"].tolist() == [1, 2, 1]
    grouped = after("total amount by city in sales", frames)["result"]
    assert grouped["amount"].tolist()[:2] == [Decimal("2.25"), Decimal("4.10")]
    assert pd.isna(grouped["amount"].tolist()[2])


def test_the_sum_of_nothing_is_null(frames: dict[str, Any]) -> None:
    frames["sales"] = frames["sales"].iloc[2:3]
    assert pd.isna(after("sum of amount of sales", frames)["result"])


def test_null_joins_nothing() -> None:
    left = pd.DataFrame({"city": ["Rome", None], "n": [1, 2]})
    right = pd.DataFrame({"city": ["Rome", None], "town": ["Rome", None], "land": ["Italy", "?"]})
    names = {"left": left, "right": right}
    assert after("join left with right on city", names)["left"]["land"].tolist() == ["Italy"]
    assert after("merge left with right on city = town", names)["left"]["land"].tolist() == ["Italy"]
    assert after("merge left with right on town = city", names)["left"]["land"].tolist() == ["Italy"]


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("{} = 2013-01-05", [0]),
        ("{} is '2013-01-05'", [0]),
        ("{} is not 2013-01-05", [1, 3]),
        ("{} after 2013-01-05", [1, 3]),
        ("{} <= 2013-01-06", [0, 1]),
        ("{} is before 2013-01-06", [0]),
        ("{} between 2013-01-05 and 2013-02-01", [0, 1, 3]),
        ("{} is one of (2013-01-05, 2013-02-01)", [0, 3]),
        ("{} in (2013-02-01)", [3]),
        ("{} >= start", [1, 3]),
        ("year of {} = 2013 and month of {} > 1", [3]),
    ],
)
@pytest.mark.parametrize("column", ["day", "placed", "local"])
def test_a_date_means_the_whole_day(column: str, condition: str, rows: list[int], frames: dict[str, Any]) -> None:
    frames["sales"]["local"] = frames["sales"]["placed"].dt.tz_localize("Europe/Berlin")
    frames["start"] = datetime.date(2013, 1, 6)
    assert rows_where(condition.replace("{}", column), frames) == rows


def test_a_date_with_a_time_means_that_moment(frames: dict[str, Any]) -> None:
    assert rows_where("placed > 2013-01-05 10:00", frames) == [1, 3]
    assert rows_where("placed >= 2013-01-05T10:00:00", frames) == [0, 1, 3]


def test_the_last_days_end_with_today(frames: dict[str, Any]) -> None:
    today = datetime.date.today()
    days = [today - datetime.timedelta(days=n) for n in (0, 6, 7, -1)]
    for values in (days, pd.to_datetime(days), pd.to_datetime(days).tz_localize("Asia/Tokyo")):
        frames["sales"]["placed"] = values
        assert rows_where("placed in the last 7 days", frames) == [0, 1]
        assert rows_where("placed is not within the last week", frames) == [2, 3]


@pytest.mark.parametrize(
    "condition",
    ["amount = 2013-01-05", "day = 2013-01", "day = 1/5/2013", "day > 2013-02-30", "day = 'yesterday'", "rate > 1"],
)
def test_what_is_unclear_is_left_to_the_model(condition: str, frames: dict[str, Any]) -> None:
    assert match(f"select sales where {condition}", "df", Scope(frames), task_types()) is None


def test_a_name_like_the_columns_is_the_variable(frames: dict[str, Any]) -> None:
    frames["city"] = "Oslo"
    assert rows_where("city = city", frames) == [1]
    del frames["city"]
    assert match("select sales where city = city", "df", Scope(frames), task_types()) is None


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("amount > 1.1", [1, 3]),
        ("amount = 1.1", [0]),
        ("amount between 1.1 and 2.5", [0, 1]),
        ("amount < rate * 4", [0]),
    ],
)
def test_decimals_are_compared_exactly(condition: str, rows: list[int], frames: dict[str, Any]) -> None:
    assert rows_where(condition, frames) == rows


@pytest.mark.parametrize(
    ("value", "made"),
    [("amount * 1.2", "1.320"), ("amount * rate", "0.550"), ("amount / 2", "0.55"), ("-amount", "-1.10")],
)
def test_arithmetic_over_decimals_is_exact(value: str, made: str, frames: dict[str, Any]) -> None:
    names = after(f"add a column tax to sales as {value}", frames)
    assert str(names["sales"]["tax"][0]) == made


def test_decimals_do_not_meet_floats(frames: dict[str, Any]) -> None:
    assert match("add a column tax to sales as amount * share", "df", Scope(frames), task_types()) is None


def test_the_largest_decimals_are_found(frames: dict[str, Any]) -> None:
    assert after("top 2 sales by amount", frames)["result"]["amount"].tolist() == [Decimal("3"), Decimal("2.25")]


def test_decimals_are_described_as_numbers(frames: dict[str, Any]) -> None:
    found = match("describe sales", "df", Scope(frames), task_types())
    assert found is not None
    assert eval(found.python, frames)["amount"]["max"] == 3.0


def test_a_column_of_a_part_of_a_date_is_added_to_the_only_frame(frames: dict[str, Any]) -> None:
    names = after("add column year as year of day", {"sales": frames["sales"]})
    assert names["sales"]["year"].tolist()[:2] == [2013, 2013]
    assert pd.isna(names["sales"]["year"][2])


def test_missing_values_are_filled_by_what_fits(frames: dict[str, Any]) -> None:
    assert after("fill missing values of share in sales with 0", frames)["sales"]["share"][1] == 0
    assert after("fill missing values in amount in sales with 0", frames)["sales"]["amount"][2] == 0
    assert after("fill the missing values of city in sales with 'Bonn'", frames)["sales"]["city"][2] == "Bonn"
    filled = after("fill missing values of share in sales with the average", frames)["sales"]["share"]
    assert filled[1] == pytest.approx(1.75 / 3)
    delays = pd.DataFrame({"delay": pd.array([1, None, 2], dtype="Int64")})
    filled = after("fill missing values of delay in delays with the average", {"delays": delays})["delays"]["delay"]
    assert filled.tolist() == [1.0, 1.5, 2.0]
    for unfit in ("city in sales with 0", "amount in sales with 0.5", "share in sales with 'x'", "sales"):
        assert match(f"fill missing values of {unfit}", "df", Scope(frames), task_types()) is None
