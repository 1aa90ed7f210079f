"""What a variable that a sentence names is: its shape and columns, its first rows, and sentences about it."""

from __future__ import annotations

import reprlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from aibasic.modules.results import text_table

from aibasic_kernel.compiler.kinds import is_frame, is_rows, scalar_kind
from aibasic_kernel.compiler.shapes import describe, known_columns
from aibasic_kernel.session.inspection.card import Card, aligned, card, listed
from aibasic_kernel.session.inspection.examples import of_variable

_ROWS = 3
_COLUMNS = 8
_WIDEST = 200
_PLAIN = (str, bytes, list, tuple, set, frozenset, dict, int, float, complex)


def variable_card(name: str, value: object, said: str) -> Card:
    """A variable; `said` is the word of the sentence that stands for it."""
    columns = [(column, kind) for column, kind in known_columns(value).items()]
    head = describe(value).partition(":")[0] if columns else describe(value)
    return card(
        f"{said}: {head}" if said == name else f"{said}: stands here for {name}, {head}",
        aligned("columns" if is_frame(value) or is_rows(value) else "keys", columns) if columns else "",
        listed("begins" if columns else "value", _shown(value)),
        of_variable(name, value),
    )


def file_card(path: Path, said: str) -> Card:
    """A file or folder of that name."""
    found = path.stat()
    changed = datetime.fromtimestamp(found.st_mtime).isoformat(" ", "minutes")
    size = "folder" if path.is_dir() else f"file, {found.st_size:,} bytes"
    return card(f"{said}: {size}, changed {changed}", str(path))


def _shown(value: object) -> Iterator[str]:
    """The beginning of the value as Python shows it; nothing of an object that is no plain data."""
    if is_frame(value) or is_rows(value):
        yield from _first_rows(value)
    elif type(value) in _PLAIN or scalar_kind(type(value)) is not None:
        shortener = reprlib.Repr()
        shortener.maxstring = shortener.maxother = _WIDEST
        yield shortener.repr(value)


def _first_rows(value: object) -> list[str]:
    try:
        wide = list(known_columns(value))
        taken = value.iloc[:_ROWS, :_COLUMNS].values.tolist() if is_frame(value) else value[:_ROWS]  # type: ignore
        rows = [tuple(row)[:_COLUMNS] for row in taken]
    except Exception:  # a frame or rows of a class of the user's
        return []
    more = [f"... and {len(wide) - _COLUMNS} columns more"] if len(wide) > _COLUMNS else []
    return [*text_table(wide[:_COLUMNS], rows).splitlines()[:-1], *more]
