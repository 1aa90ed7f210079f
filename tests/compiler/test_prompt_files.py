"""What a request tells of the working folder's files: names, and of CSV and Excel files columns with kinds."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibasic_kernel.compiler.prompts.file_columns import columns_of_file
from aibasic_kernel.compiler.prompts.files import MOST_DESCRIBED, files_text
from aibasic_kernel.compiler.words import words
from aibasic_kernel.language.instruction import Sentence, Span

SALES = "id,city,amount,day,paid,zip\n1,Rome,9.5,2024-01-02,true,01234\n2,Oslo,,2024-01-03,false,0999\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with files of several kinds."""
    (tmp_path / "sales.csv").write_text(SALES)
    (tmp_path / "notes.txt").write_text("secret")
    (tmp_path / "aibasic.conf").write_text("")
    (tmp_path / ".hidden.csv").write_text(SALES)
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "march.csv").write_text("a,b\n1,2\n")
    return tmp_path


def told(folder: Path, text: str, task: str = "", mentioned: str | None = "") -> list[str]:
    may_tell = None if mentioned is None else lambda name: name in (mentioned or "").split()
    sentence = Sentence(Span(0, len(text), 1), text, None, text, task)
    return files_text(sentence, folder, words(text), lambda name: " ".join(name.split()), may_tell)


SALES_LINE = "  sales.csv: id number, city text, amount number, day date as text, paid boolean, zip text"


def test_the_files_of_the_task_with_their_columns_and_the_others_by_name(folder: Path) -> None:
    assert told(folder, "read it", "csv") == [
        "files of the working folder:",
        SALES_LINE,
        "  others: notes.txt, reports/",
    ]


@pytest.mark.parametrize(
    ("text", "task", "is_told"),
    [
        ("load sales", "", True),
        ("query all sales", "postgres", False),
        ("load sales.csv into table sales", "postgres", True),
        ("load 'sales.csv'.", "df", True),
        ("upper case of the title", "text", False),
        ("count the words of the file", "text", True),
        ("the average amount", "df", False),
        ("delete what is old", "fs", True),
    ],
)
def test_they_are_told_where_the_sentence_is_about_files(text: str, task: str, is_told: bool, folder: Path) -> None:
    assert bool(told(folder, text, task)) is is_told


def test_columns_are_told_of_files_that_are_meant(folder: Path) -> None:
    assert SALES_LINE in told(folder, "how many rows has sales.csv?")
    assert "  notes.txt, reports/, sales.csv" in told(folder, "show the files")
    assert "  reports/march.csv: a number, b number" in told(folder, "read reports/march.csv")
    assert told(folder, "list reports", "fs")[-1] == "  reports/, reports/march.csv, notes.txt, sales.csv"


@pytest.mark.parametrize("path", ["../outside.csv", "/etc/passwd", "reports/../../outside.csv"])
def test_nothing_outside_of_the_folder_is_looked_at(path: str, folder: Path) -> None:
    (folder.parent / "outside.csv").write_text(SALES)
    assert not any("outside" in line or "passwd" in line for line in told(folder, f"read {path}", "csv"))


def test_without_leave_to_tell_columns_names_of_files_are_told(folder: Path) -> None:
    lines = told(folder, "read sales.csv", "csv", None)
    assert lines == ["files of the working folder:", "  sales.csv, notes.txt, reports/"]


def test_a_folder_without_files_is_said(tmp_path: Path) -> None:
    assert told(tmp_path, "read it", "csv") == ["files of the working folder: none"]
    assert told(tmp_path / "gone", "read it", "csv") == ["files of the working folder: none"]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("Ann,Italy\nBob,Spain\n", ": 2 columns (text), perhaps without a header"),
        ("Ann,41\nBob,19\n", ": 2 columns (number, text), perhaps without a header"),
        ("first_name,country\nAnn,Italy\n", ": first_name text, country text"),
        ("name;größe\nAnn;3\n", " (separated by ;): name text, größe number"),
        ("a\tb\n1\t2\n", " (separated by tabs): a number, b number"),
        ("a,a\n1,2\n", ": 2 columns (number), perhaps without a header"),
        ("\ufeffid,x\n1,2\n", ": id number, x number"),
        ("id\n", ": id unknown"),
    ],
)
def test_a_first_row_that_may_be_data_is_not_told(content: str, line: str, tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text(content, encoding="utf-8")
    assert told(tmp_path, "read f.csv", "csv") == ["files of the working folder:", f"  f.csv{line}"]


def test_names_that_stand_in_the_request_anyway_are_told(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("who,where\nAnn,Italy\n")
    expected = "  f.csv: where text, 1 more column (text), perhaps without a header"
    assert told(tmp_path, "read f.csv", "csv", "where")[1] == expected


def test_other_encodings_are_said(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_bytes("Stadt;n\nKöln;3\n".encode("latin-1"))
    assert told(tmp_path, "read f.csv")[1] == "  f.csv (not UTF-8, separated by ;): Stadt text, n number"


def test_each_sheet_of_an_excel_file_is_told(tmp_path: Path) -> None:
    with pd.ExcelWriter(tmp_path / "book.xlsx") as book:
        pd.DataFrame({"n": [1], "when": [pd.Timestamp("2024-01-01")]}).to_excel(book, sheet_name="Q1", index=False)
        pd.DataFrame({"who": ["Ann"]}).to_excel(book, sheet_name="Q2", index=False)
    line = '  book.xlsx, sheet "Q1": n number, when time; sheet "Q2": 1 column (text), perhaps without a header'
    assert told(tmp_path, "open it", "excel") == ["files of the working folder:", line]


def test_large_folders_files_and_rows_are_bounded(tmp_path: Path) -> None:
    for number in range(1000):
        (tmp_path / f"measured {number}.csv").write_text("n\n1\n")
    (tmp_path / "wide.csv").write_text(",".join(f"column_{n}" for n in range(3000)) + "\n" + ",".join("1" * 3000))
    lines = told(tmp_path, "read wide.csv", "csv")
    assert len(lines) == 2 + MOST_DESCRIBED and sum(map(len, lines)) < 4000
    assert lines[1].startswith("  wide.csv: column_0 number") and "more" in lines[1]


@given(st.binary(max_size=300), st.sampled_from([".csv", ".tsv", ".xlsx"]))
def test_no_content_makes_it_fail(tmp_path_factory: pytest.TempPathFactory, content: bytes, suffix: str) -> None:
    path = tmp_path_factory.mktemp("file") / f"f{suffix}"
    path.write_bytes(content)
    columns_of_file(path)


def test_a_folder_or_pipe_with_the_name_of_a_file_is_left_alone(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "f.csv")
    (tmp_path / "g.csv").mkdir()
    assert told(tmp_path, "read f.csv and g.csv", "csv")[1] == "  f.csv, g.csv/"
