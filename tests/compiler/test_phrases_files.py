"""What sentences write into files and read from them, and what charts leave on the screen."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
import pytest
from aibasic.modules.results import Rows

from aibasic_kernel.compiler.phrasing.match import match
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.task_types import task_types
from tests.compiler.running import run

BERLIN = datetime.timezone(datetime.timedelta(hours=1))
SUMMER = datetime.timezone(datetime.timedelta(hours=2))
VALUES: dict[str, list[Any]] = {
    "n": [1, 2],
    "day": [datetime.date(2013, 1, 5), None],
    "at": [datetime.datetime(2013, 1, 5, 10, tzinfo=BERLIN), datetime.datetime(2013, 7, 5, 10, tzinfo=SUMMER)],
    "price": [Decimal("1.50"), None],
    "note": ["ä", None],
}


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def things() -> dict[str, Any]:
    """The same data as a frame and as a query's rows."""
    rows = Rows(zip(*VALUES.values(), strict=True), VALUES)
    return {"df": pd.DataFrame(VALUES), "results": rows, "records": [{"price": Decimal("1.50")}]}


@pytest.mark.parametrize("source", ["df", "results"])
def test_json_has_numbers_as_numbers_and_dates_as_iso(source: str) -> None:
    run(f"save {source} to out.json", "json", Scope(things()))
    assert json.loads(Path("out.json").read_text(encoding="utf-8")) == [
        {"n": 1, "day": "2013-01-05", "at": "2013-01-05T10:00:00+01:00", "price": 1.5, "note": "ä"},
        {"n": 2, "day": None, "at": "2013-07-05T10:00:00+02:00", "price": None, "note": None},
    ]


@pytest.mark.parametrize("kind", [Rows, pd.DataFrame])
def test_json_has_each_of_two_columns_of_one_name_and_no_infinity(kind: Any) -> None:
    source = kind([(2013, float("inf"), memoryview(b"a"))], columns=["year", "year", "data"])
    run("save it to out.json", "json", Scope({"source": source}, "source"))
    assert json.loads(Path("out.json").read_text()) == [{"year": 2013, "year_2": None, "data": "YQ=="}]


def test_csv_of_rows_has_bytes_as_base64() -> None:
    rows = Rows([(memoryview(b"a"), None)], ["data", "note"])
    run("save results to out.csv", "csv", Scope({"results": rows}))
    assert Path("out.csv").read_text() == "data,note\nYQ==,\n"


def test_json_of_a_list_has_numbers_as_numbers() -> None:
    run("save records to out.json", "json", Scope(things()))
    assert json.loads(Path("out.json").read_text()) == [{"price": 1.5}]


@pytest.mark.parametrize("source", ["df", "results"])
def test_excel_gets_the_time_that_a_zone_shows(source: str) -> None:
    run(f"save {source} to out.xlsx", "excel", Scope(things()))
    read = pd.read_excel("out.xlsx")
    assert read["at"].dt.hour.tolist() == [10, 10]
    assert read["price"].tolist()[0] == 1.5


def test_a_frame_with_one_zone_goes_to_excel_and_stays_as_it_is() -> None:
    frame = pd.DataFrame({"at": pd.to_datetime(["2013-01-05 10:00"]).tz_localize("Europe/Rome")})
    names = run("save it to out.xlsx", "excel", Scope({"times": frame}, "times"))
    assert pd.read_excel("out.xlsx")["at"][0] == pd.Timestamp("2013-01-05 10:00")
    assert str(names["times"]["at"].dt.tz) == "Europe/Rome"


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_csv_file_is_read_by_the_mark_of_its_head(mark: str) -> None:
    Path("in.csv").write_text(f"name{mark}age\nAnn{mark}3\n")
    assert run("read in.csv", "csv", Scope({}))["df"].to_dict("list") == {"name": ["Ann"], "age": [3]}


def test_a_csv_file_of_one_column_is_read() -> None:
    Path("in.csv").write_text("name\nAnn; or Bob\n")
    assert run("read in.csv into people", "csv", Scope({}))["people"]["name"].tolist() == ["Ann; or Bob"]


@pytest.mark.parametrize("before", [None, "", "old", "old\n"])
def test_what_is_appended_is_a_line_of_its_own(before: str | None) -> None:
    if before is not None:
        Path("notes.txt").write_text(before)
    for text in ("é", "more"):
        run(f'append "{text}" to notes.txt', "fs", Scope({}))
    assert Path("notes.txt").read_text(encoding="utf-8") == ("old\n" if before else "") + "é\nmore\n"


def test_a_written_file_ends_with_one_end_of_line_and_shows_no_number() -> None:
    for sentence in ('write "hello" to notes.txt', "save text to notes.txt"):
        found = match(sentence, "fs", Scope({"text": "hello\n"}), task_types())
        assert found is not None
        with pytest.raises(SyntaxError):  # it has no value to be shown
            compile(found.python, "<phrase>", "eval")
        run(sentence, "fs", Scope({"text": "hello\n"}))
        assert Path("notes.txt").read_bytes() == b"hello\n"


@pytest.mark.parametrize("kind", ["bar chart of price by n", "histogram of price"])
def test_a_chart_is_shown_and_nothing_else(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mpl.use("agg")
    import matplotlib.pyplot as plt

    shown: list[str] = []
    monkeypatch.setattr(plt, "show", lambda: shown.append("figure"))
    names = run(f"plot a {kind} from df titled 'Prices' as chart.png", "plot", Scope({"df": pd.DataFrame(VALUES)[:1]}))
    found = match(f"plot a {kind} from df titled 'Prices'", "plot", Scope({"df": pd.DataFrame(VALUES)}), task_types())
    assert found is not None
    assert found.python.splitlines()[-1] == "plt.show()"
    assert shown == ["figure"]
    assert names["figure"].axes[0].get_title() == "Prices"
    assert Path("chart.png").read_bytes()[:4] == b"\x89PNG"
    plt.close("all")


def test_a_bar_is_the_sum_of_what_has_the_same_place(monkeypatch: pytest.MonkeyPatch) -> None:
    mpl.use("agg")
    import matplotlib.pyplot as plt

    monkeypatch.setattr(plt, "show", lambda: None)
    frame = pd.DataFrame({"city": ["a", "b", "a", None], "n": pd.array([1, 2, 3, None], dtype="Int64")})
    names = run("plot a bar chart of n by city from df", "plot", Scope({"df": frame}))
    assert [bar.get_height() for bar in names["figure"].axes[0].patches] == [4, 2]
    plt.close("all")
