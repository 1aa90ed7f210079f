"""The columns of CSV and Excel files, read from their beginnings: names and kinds, never a value."""

from __future__ import annotations

import codecs
import csv
import re
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from aibasic_kernel.compiler.kinds import UNKNOWN, scalar_kind
from aibasic_kernel.compiler.words import words

BEGINNING = 65_536
"""Bytes of a text file that are read."""
SAMPLE = 64
"""Rows that are looked at for the kinds."""
MOST_COLUMNS = 200
MOST_SHEETS = 5
LARGEST_BOOK = 10_000_000
"""Bytes that an Excel file may unpack to: its texts lie together and are read before its first row."""
LONGEST_NAME = 60
TEXT_SUFFIXES = (".csv", ".tsv")
BOOK_SUFFIXES = (".xlsx", ".xlsm")

_FIELDS = words(
    "address amount category city code comment country count date day description email id key month name note number "
    "phone price state status text time title total type url value year"
)
_NUMBER = re.compile(r"[-+]?(?:0|[1-9]\d*)?(?:\d\.\d*|\.\d+)?(?:[eE][-+]?\d+)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d.*)?")


@dataclass(frozen=True)
class Columns:
    """The columns of a file, or of one `sheet` of it, each with its kind.

    `named` tells whether the first row surely holds names: of a file without a header it holds data.
    """

    columns: tuple[tuple[str, str], ...]
    named: bool
    note: str = ""
    sheet: str = ""


def columns_of_file(path: Path) -> Sequence[Columns]:
    """The columns of a file, of an Excel file those of each sheet; () for other files and what cannot be read."""
    try:
        found = path.stat()
        return _read(path, found.st_mtime_ns, found.st_size)
    except Exception:  # whatever a damaged file makes of its readers
        return ()


@lru_cache(maxsize=64)
def _read(path: Path, changed: int, size: int) -> Sequence[Columns]:
    suffix = path.suffix.lower()
    if suffix in TEXT_SUFFIXES:
        return _of_text(path)
    return _of_book(path) if suffix in BOOK_SUFFIXES else ()


def _of_text(path: Path) -> Sequence[Columns]:
    with path.open("rb") as file:
        beginning = file.read(BEGINNING)
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(beginning, final=len(beginning) < BEGINNING)
        notes = []
    except UnicodeDecodeError:
        text, notes = beginning.decode("latin-1"), ["not UTF-8"]
    lines = text.splitlines(keepends=True)
    if len(beginning) == BEGINNING and len(lines) > 1:
        lines.pop()  # the last one is cut off
    separator = max(",;\t|", key=lambda each: len(next(csv.reader(lines, delimiter=each), [])))
    rows = list(islice(csv.reader(lines, delimiter=separator), SAMPLE + 1))
    if separator != ",":
        notes.append(f"separated by {'tabs' if separator == chr(9) else separator}")
    return [_columns(rows[0], rows[1:], _kind_of_text, ", ".join(notes))] if rows and rows[0] else ()


def _of_book(path: Path) -> Sequence[Columns]:
    with zipfile.ZipFile(path) as parts:
        if sum(part.file_size for part in parts.infolist()) > LARGEST_BOOK:
            return ()
    from openpyxl import load_workbook  # type: ignore[import-untyped]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of each feature of Excel that it leaves out
        book = load_workbook(path, read_only=True, data_only=True)
    try:
        found = []
        for sheet in book.worksheets[:MOST_SHEETS]:
            rows = list(sheet.iter_rows(max_row=SAMPLE + 1, max_col=MOST_COLUMNS, values_only=True))
            if rows and any(value is not None for value in rows[0]):
                found.append(_columns(rows[0], rows[1:], _kind_of_cell, "", sheet.title))
        return found
    finally:
        book.close()


def _columns(head: Sequence[Any], rows: Iterable[Sequence[Any]], kind_of: Any, note: str, sheet: str = "") -> Columns:
    names = ["" if name is None else str(name).strip() for name in head][:MOST_COLUMNS]
    while names and not names[-1]:
        names.pop()
    kinds: list[dict[str, None]] = [{} for _ in names]
    for row in rows:
        for kind, value in zip(kinds, row, strict=False):
            if value is not None and value != "":
                kind[kind_of(value)] = None
    columns = tuple((name, _one(kind)) for name, kind in zip(names, kinds, strict=True))
    are_texts = all(kind_of(value) == "text" for value in head[: len(names)] if value is not None)
    return Columns(columns, are_texts and _are_names(columns), note, sheet)


def _one(kinds: Iterable[str]) -> str:
    found = list(kinds)
    return found[0] if len(found) == 1 else "text" if found else UNKNOWN


def _are_names(columns: Sequence[tuple[str, str]]) -> bool:
    """Whether texts over columns are their names.

    Where all columns hold texts too, it could be one more row, unless half of them read as names of fields.
    """
    names = [name for name, _ in columns]
    if not all(name and len(name) <= LONGEST_NAME for name in names) or len(set(names)) < len(names):
        return False
    fields = sum(bool(words(name) & _FIELDS) for name in names)
    return any(kind not in ("text", UNKNOWN) for _, kind in columns) or 2 * fields >= len(names)


def _kind_of_text(value: str) -> str:
    if _NUMBER.fullmatch(value) and any(map(str.isdigit, value)):
        return "number"
    if value.lower() in ("true", "false"):
        return "boolean"
    return "date as text" if _DATE.fullmatch(value) else "text"


def _kind_of_cell(value: object) -> str:
    return scalar_kind(type(value)) or "text"
