"""A query's rows as a data frame: sent by COPY and read by Arrow where that can be, which takes a third of the time.

Every value is as the driver would give it; what a column is called and holds follows from its type on the server.
"""

from __future__ import annotations

import importlib.util
import io
import itertools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import psycopg2
import psycopg2.extensions
from aibasic.modules import postgres_query, postgres_statement
from aibasic.modules.postgres_series import (
    BOOL,
    DATE,
    FLOATS,
    INTEGERS,
    PLAIN,
    TIMESTAMP,
    TIMESTAMPTZ,
    columns,
    series,
)
from aibasic.modules.progress import Progress
from aibasic.modules.results import Rows, TooManyRows
from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from psycopg2.extensions import cursor as _Cursor

if TYPE_CHECKING:
    import pandas
    from aibasic.modules.postgres_session import Session


class _NotByCopy(Exception):
    """This query, or a value in its result, needs the driver's own way."""


def read(session: Session, query: Any, params: Any, max_rows: int) -> pandas.DataFrame:
    """The rows of a query, at most `max_rows`; see `PostgresModule.read_frame`."""
    _require_pandas()
    text = io.BytesIO()
    progress = Progress("reading", unit="B", measure=text.tell)

    def work(cursor: _Cursor, final: bytes) -> pandas.DataFrame:
        try:
            return _by_copy(cursor, final, max_rows, text)
        except _NotByCopy:
            return _by_fetch(cursor, final, max_rows, session.stopped)

    try:
        return session.send(query, params, work, progress=progress)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"stopped after {progress} had been read") from None


def _require_pandas() -> None:
    if importlib.util.find_spec("pandas") is None:
        raise ModuleNotFoundError("No module named 'pandas'\n  pip install 'aibasic-kernel[data]'", name="pandas")


def _by_copy(cursor: _Cursor, final: bytes, max_rows: int, text: io.BytesIO) -> pandas.DataFrame:
    statement = final.decode(errors="replace").rstrip().rstrip(";")
    description = _described(cursor, statement, final)
    names = [f"c{at}" for at in range(len(description))]
    values = ", ".join(
        f"{name} AT TIME ZONE 'UTC'" if column.type_code == TIMESTAMPTZ else name
        for name, column in zip(names, description, strict=True)
    )
    try:
        cursor.copy_expert(
            f"COPY (SELECT {values} FROM (\n{statement}\n) AS result({', '.join(names)}) LIMIT {max_rows + 1}) "
            "TO STDOUT (FORMAT csv)",
            text,
        )
    except psycopg2.Error as error:
        raise postgres_query.one_line_higher(error) from None
    if cursor.rowcount > max_rows:
        raise TooManyRows(max_rows)
    text.seek(0)
    return _frame(_parsed(text, names, description, cursor), description, cursor)


def _described(cursor: _Cursor, statement: str, final: bytes) -> Sequence[Any]:
    """The columns of a query that COPY can carry, told by the server without running it."""
    connection = cursor.connection
    empty = postgres_statement.limited(statement, -1)
    plain = connection.encoding == "UTF8" and (connection.info.parameter_status("DateStyle") or "")[:3] == "ISO"
    if empty is None or not plain or importlib.util.find_spec("pyarrow") is None:
        raise _NotByCopy
    in_transaction = connection.info.transaction_status != TRANSACTION_STATUS_IDLE
    try:
        postgres_query.send(cursor, empty, final)
    except psycopg2.Error:
        if in_transaction or connection.closed:
            raise
        raise _NotByCopy from None
    if not cursor.description:
        raise _NotByCopy
    return cursor.description


def _parsed(text: io.BytesIO, names: list[str], description: Sequence[Any], cursor: _Cursor) -> list[Any]:
    """Each column as an Arrow array, or as a list of what the driver makes of its text."""
    from pyarrow import ArrowInvalid, csv  # type: ignore[import-untyped]

    types = _arrow_types(names, description)
    if not len(text.getbuffer()):
        return [[] for _ in names]
    try:
        table = csv.read_csv(
            text,
            read_options=csv.ReadOptions(column_names=names),
            parse_options=csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
            convert_options=csv.ConvertOptions(
                column_types=types, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False,
                true_values=["t"], false_values=["f"],
            ),
        )  # fmt: skip
    except ArrowInvalid:
        raise _NotByCopy from None
    return [
        column if _driver_reads(described) is None else _cast(column.to_pylist(), described.type_code, cursor)
        for column, described in zip(table.columns, description, strict=True)
    ]


def _arrow_types(names: Sequence[str], description: Sequence[Any]) -> dict[str, Any]:
    import pyarrow

    def arrow(oid: int) -> Any:
        if oid in INTEGERS:
            return pyarrow.int64()
        if oid in FLOATS:
            return pyarrow.float64()
        special = {BOOL: pyarrow.bool_(), DATE: pyarrow.date32()}
        return special.get(oid, pyarrow.timestamp("us") if oid in (TIMESTAMP, TIMESTAMPTZ) else pyarrow.string())

    return {name: arrow(column.type_code) for name, column in zip(names, description, strict=True)}


def _driver_reads(column: Any) -> Callable[[str | None, Any], Any] | None:
    """What the driver makes a value of the column's type with; None where Arrow does the same, and for text."""
    oid = column.type_code
    if oid in PLAIN:
        return None
    types = psycopg2.extensions.string_types
    reader = types.get(oid)
    return None if reader is None or reader is types.get(25) else reader


def _cast(texts: Sequence[str | None], oid: int, cursor: _Cursor) -> list[Any]:
    reader: Any = psycopg2.extensions.string_types[oid]
    return list(map(reader, texts, itertools.repeat(cursor)))


def _by_fetch(cursor: _Cursor, final: bytes, max_rows: int, stop: Callable[[], bool]) -> pandas.DataFrame:
    rows = postgres_query.run(cursor, final, True, max_rows, stop)
    if not isinstance(rows, Rows):
        return columns([], [])
    found = list(map(list, zip(*rows, strict=True))) or [[] for _ in rows.columns]
    return _frame(found, cursor.description or (), cursor)


def _frame(found: Sequence[Any], description: Sequence[Any], cursor: _Cursor) -> pandas.DataFrame:
    zone = cursor.connection.info.parameter_status("TimeZone") or "UTC"
    made = [
        series(values, column.type_code, _driver_reads(column) is None, zone)
        for values, column in zip(found, description, strict=True)
    ]
    return columns([column.name for column in description], made)
