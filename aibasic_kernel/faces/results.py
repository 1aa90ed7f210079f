"""Results as a program writes them to standard output, one after another, in the format that was asked for."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aibasic.modules.exports import as_text, distinct, plain, records
from aibasic.modules.results import Rows
from aibasic.modules.showing import is_pandas, shown_text


class Results:
    """Writes results to standard output.

    - `table`: as people read them; on a terminal the first rows of a long one.
    - `json`: one document a result, rows as a list of objects; `jsonl`: one line a row, item or value.
    - `csv`, `tsv`: a header where columns have names, then the rows; an empty line between two results.
    - `raw`: no header and no quotes: values with tabs between them, bytes as they are.
    """

    def __init__(self, form: str) -> None:
        self._form = form
        self._count = 0

    def write(self, value: object) -> None:
        """Write one result."""
        if self._form == "raw" and isinstance(value, bytes | bytearray | memoryview):
            sys.stdout.flush()
            sys.stdout.buffer.write(value)
        else:
            sys.stdout.write(getattr(self, f"_{self._form}")(value))
        self._count += 1

    def _table(self, value: object) -> str:
        return f"{shown_text(value, whole=not sys.stdout.isatty())}\n"

    def _json(self, value: object) -> str:
        found = _jsonable(value)
        if not isinstance(found, list) or not found:
            return f"{_as_json(found)}\n"
        return "[\n" + ",\n".join(f"  {_as_json(each)}" for each in found) + "\n]\n"

    def _jsonl(self, value: object) -> str:
        found = _jsonable(value)
        return "".join(f"{_as_json(each)}\n" for each in (found if isinstance(found, list) else [found]))

    def _csv(self, value: object) -> str:
        return self._separated(value, ",")

    def _tsv(self, value: object) -> str:
        return self._separated(value, "\t")

    def _separated(self, value: object, delimiter: str) -> str:
        text = io.StringIO()
        if self._count:
            text.write("\n")
        writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
        table = _table_of(value)
        if table.columns:
            writer.writerow(distinct(table.columns))
        writer.writerows(map(_cell, row) for row in table.rows)
        return text.getvalue()

    def _raw(self, value: object) -> str:
        return "".join("\t".join(map(_cell, row)) + "\n" for row in _table_of(value).rows)


@dataclass(frozen=True)
class _Table:
    """Rows of values, whose columns may have no names."""

    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]


def _table_of(value: Any) -> _Table:
    """Any value as a table: a mapping is one row, a list has a row an item, all else is one cell."""
    if is_pandas(value):
        return _of_pandas(value)
    if isinstance(value, Rows):
        return _Table(value.columns, value)
    if isinstance(value, Mapping):
        return _Table([str(key) for key in value], [list(value.values())])
    if isinstance(value, list | tuple | set | frozenset):
        items = list(value)
        if items and all(isinstance(item, Mapping) for item in items):
            columns = list(dict.fromkeys(key for item in items for key in item))
            return _Table([str(key) for key in columns], [[item.get(key) for key in columns] for item in items])
        return _Table((), [item if isinstance(item, list | tuple) else (item,) for item in items])
    return _Table((), [(value,)])


def _of_pandas(value: Any) -> _Table:
    """A data frame or series; its index only where that says something."""
    frame = value.to_frame() if value.ndim == 1 else value
    if type(frame.index).__name__ != "RangeIndex":
        frame = frame.reset_index(allow_duplicates=True)
    held = frame.astype(object)
    return _Table([str(name) for name in frame.columns], held.where(held.notna(), None).itertuples(False, None))


def _jsonable(value: Any) -> Any:
    if isinstance(value, Rows) or is_pandas(value):
        table = _table_of(value)
        return records(table.columns, table.rows)
    if isinstance(value, set | frozenset):
        return plain(sorted(value, key=str))
    return plain(value)


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _cell(value: Any) -> str:
    """A value as it stands between separators: nothing for None, bytes as base64, what is nested as JSON."""
    if value is None:
        return ""
    if isinstance(value, bytes | bytearray | memoryview):
        return as_text(value)
    if isinstance(value, Mapping | list | tuple | set | frozenset):
        return _as_json(_jsonable(value))
    return str(value)
