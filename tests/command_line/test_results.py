"""Results on standard output, in each format."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from aibasic.modules.results import Affected, Rows

from aibasic_kernel.faces.results import Results

ROWS = Rows([(1, 'größer, "x"', None), (2, "b\nc", Decimal("1.50"))], ["id", "name", "id"])
FRAME = pd.DataFrame({"state": ["CA", None], "n": [2, 1]})


def written(form: str, *values: Any, capsys: pytest.CaptureFixture[str]) -> str:
    results = Results(form)
    for value in values:
        results.write(value)
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("form", "values", "out"),
    [
        ("json", [ROWS[1:]], '[\n  {"id": 2, "name": "b\\nc", "id_2": 1.5}\n]\n'),
        ("json", [5, "ü", None, [], {"a": date(2024, 2, 3)}], '5\n"ü"\nnull\n[]\n{"a": "2024-02-03"}\n'),
        ("json", [FRAME], '[\n  {"state": "CA", "n": 2},\n  {"state": null, "n": 1}\n]\n'),
        ("jsonl", [ROWS[:1], [1, "a"], {2}, []], '{"id": 1, "name": "größer, \\"x\\"", "id_2": null}\n1\n"a"\n2\n'),
        ("csv", [ROWS], 'id,name,id_2\n1,"größer, ""x""",\n2,"b\nc",1.50\n'),
        ("csv", [FRAME.groupby("state")["n"].sum(), 5], "state,n\nCA,2\n\n5\n"),
        ("csv", [[{"a": 1}, {"b": [1, 2]}], {"x": 1, "y": b"z"}], 'a,b\n1,\n,"[1, 2]"\n\nx,y\n1,eg==\n'),
        ("tsv", [[(1, "a b"), (2, "c")], "text"], "1\ta b\n2\tc\n\ntext\n"),
        ("raw", [ROWS[:1], "text", "", [1, 2], 2.5], '1\tgrößer, "x"\t\ntext\n\n1\n2\n2.5\n'),
        ("raw", [b"bytes", b"\n"], "bytes\n"),
        ("table", ["text", 5, ["a"], Affected(3)], "text\n5\n['a']\n3 rows\n"),
        ("table", [FRAME[:1]], "  state  n\n0    CA  2\n"),
    ],
)
def test_a_format(form: str, values: list[Any], out: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert written(form, *values, capsys=capsys) == out


def test_a_table_has_all_rows_where_it_is_no_terminal_that_shows_it(capsys: pytest.CaptureFixture[str]) -> None:
    long = Rows([(number,) for number in range(100)], ["n"])
    assert written("table", long, capsys=capsys).endswith("99\n100 rows\n")
    assert written("table", pd.DataFrame({"n": range(100)}), capsys=capsys).count("\n") == 101


def test_what_is_written_can_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(csv.reader(io.StringIO(written("csv", ROWS, capsys=capsys))))[1] == ["1", 'größer, "x"', ""]
    assert [json.loads(line)["name"] for line in written("jsonl", ROWS, capsys=capsys).splitlines()] == [
        'größer, "x"',
        "b\nc",
    ]
