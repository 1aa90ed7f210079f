"""A query's rows as a data frame: by ADBC, by COPY, or by the driver's own way, the first of these that can be.

Every value is as the driver would give it; what a column is called and holds follows from its type on the server.
"""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import psycopg2
from aibasic.modules.postgres import querying
from aibasic.modules.postgres.arrow import ArrowReading, ArrowWay, NotThisWay
from aibasic.modules.postgres.readers import read_all, reader
from aibasic.modules.postgres.sending import Sent
from aibasic.modules.postgres.series import (
    BOOL,
    DATE,
    FLOATS,
    INTEGERS,
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
    from aibasic.modules.postgres.session import Session


def read(session: Session, query: Any, params: Any, max_rows: int, arrow: ArrowWay) -> pandas.DataFrame:
    """The rows of a query, at most `max_rows`; see `PostgresModule.read_frame`."""
    _require_pandas()
    text = io.BytesIO()
    by_arrow = ArrowReading(arrow, session.stopped)
    progress = Progress("reading", unit="B", measure=lambda: by_arrow.received + text.tell())

    def work(cursor: _Cursor, sent: Sent) -> pandas.DataFrame:
        try:
            query = _Query(cursor, sent, max_rows)
            if arrow.fits(cursor, sent, query.description):
                try:
                    return query.frame(_by_arrow(query, by_arrow))
                except NotThisWay:
                    by_arrow.received = 0
            return query.frame(_by_copy(query, text))
        except NotThisWay:
            return _by_fetch(cursor, sent, max_rows, session.stopped)

    try:
        return session.send(query, params, work, progress=progress, cancel=by_arrow.cancel)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"stopped after {progress} had been read") from None


def _require_pandas() -> None:
    if importlib.util.find_spec("pandas") is None:
        raise ModuleNotFoundError("No module named 'pandas'\n  pip install 'aibasic-kernel[data]'", name="pandas")


class _Query:
    """A query that may stand where a table may, and its columns, told by the server without running it."""

    def __init__(self, cursor: _Cursor, sent: Sent, max_rows: int) -> None:
        """NotThisWay where the query, or the connection, is not fit for it."""
        self.cursor = cursor
        self.max_rows = max_rows
        self.statement = sent.single.decode(errors="replace")
        self.description = _described(cursor, sent)
        self.names = [f"c{at}" for at in range(len(self.description))]

    @property
    def oids(self) -> list[int]:
        return [column.type_code for column in self.description]

    def check_count(self, rows: int) -> None:
        """Raise TooManyRows where there are more rows than there may be."""
        if rows > self.max_rows:
            raise TooManyRows(self.max_rows)

    def frame(self, found: Sequence[Any]) -> pandas.DataFrame:
        """The frame of its columns: Arrow arrays, of text where the driver has to read it, or lists."""
        values = []
        for column, oid in zip(found, self.oids, strict=True):
            is_read = isinstance(column, list) or reader(oid) is None
            values.append(column if is_read else read_all(column.to_pylist(), oid, self.cursor))
        return _frame(values, self.description, self.cursor)


def _by_arrow(query: _Query, reading: ArrowReading) -> Sequence[Any]:
    columns = reading.read(query.statement, query.names, query.description, query.max_rows + 1)
    query.check_count(len(columns[0]) if columns else 0)
    return columns


def _by_copy(query: _Query, text: io.BytesIO) -> Sequence[Any]:
    values = ", ".join(
        f"{name} AT TIME ZONE 'UTC'" if oid == TIMESTAMPTZ else name
        for name, oid in zip(query.names, query.oids, strict=True)
    )
    try:
        query.cursor.copy_expert(
            f"COPY (SELECT {values} FROM (\n{query.statement}\n) AS result({', '.join(query.names)}) "
            f"LIMIT {query.max_rows + 1}) TO STDOUT (FORMAT csv)",
            text,
        )
    except psycopg2.Error as error:
        raise querying.one_line_higher(error) from None
    query.check_count(query.cursor.rowcount)
    text.seek(0)
    return _parsed(text, query.names, query.oids)


def _described(cursor: _Cursor, sent: Sent) -> Sequence[Any]:
    connection = cursor.connection
    empty = sent.limited(-1)
    plain = connection.encoding == "UTF8" and (connection.info.parameter_status("DateStyle") or "")[:3] == "ISO"
    if empty is None or not plain or importlib.util.find_spec("pyarrow") is None:
        raise NotThisWay
    in_transaction = connection.info.transaction_status != TRANSACTION_STATUS_IDLE
    try:
        cursor.execute(b"".join(empty))
    except psycopg2.Error as error:
        if in_transaction or connection.closed:
            raise querying.one_line_higher(error) from None
        raise NotThisWay from None
    if not cursor.description:
        raise NotThisWay
    return cursor.description


def _parsed(text: io.BytesIO, names: list[str], oids: Sequence[int]) -> Sequence[Any]:
    """Each column as an Arrow array: of its own type, or of text where the driver has to read it."""
    from pyarrow import ArrowInvalid, csv  # type: ignore[import-untyped]

    if not len(text.getbuffer()):
        return [[] for _ in names]
    types = {name: _arrow_type(oid) for name, oid in zip(names, oids, strict=True)}
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
        raise NotThisWay from None
    columns: Sequence[Any] = table.columns
    return columns


def _arrow_type(oid: int) -> Any:
    import pyarrow

    if oid in INTEGERS:
        return pyarrow.int64()
    if oid in FLOATS:
        return pyarrow.float64()
    special = {BOOL: pyarrow.bool_(), DATE: pyarrow.date32()}
    return special.get(oid, pyarrow.timestamp("us") if oid in (TIMESTAMP, TIMESTAMPTZ) else pyarrow.string())


def _by_fetch(cursor: _Cursor, sent: Sent, max_rows: int, stop: Callable[[], bool]) -> pandas.DataFrame:
    rows = querying.run(cursor, sent, True, max_rows, stop)
    if not isinstance(rows, Rows):
        return columns([], [])
    found = list(map(list, zip(*rows, strict=True))) or [[] for _ in rows.columns]
    return _frame(found, cursor.description or (), cursor)


def _frame(found: Sequence[Any], description: Sequence[Any], cursor: _Cursor) -> pandas.DataFrame:
    zone = cursor.connection.info.parameter_status("TimeZone") or "UTC"
    made = [
        series(values, column.type_code, reader(column.type_code) is None, zone)
        for values, column in zip(found, description, strict=True)
    ]
    return columns([column.name for column in description], made)
