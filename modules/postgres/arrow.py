"""The rows of a large query by ADBC: as Arrow in binary, over a connection of its own that may only read.

Since it may only read, nothing can have happened by it: whatever goes wrong, the query may be sent the other way.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

import psycopg2
from aibasic.modules.postgres import statements
from aibasic.modules.postgres.readers import reader
from aibasic.modules.postgres.sending import Sent
from aibasic.modules.postgres.series import DATE, FLOAT4, INTEGERS, PLAIN, STRINGS, TIMESTAMP, TIMESTAMPTZ
from psycopg2.extensions import TRANSACTION_STATUS_IDLE, make_dsn
from psycopg2.extensions import cursor as _Cursor

if TYPE_CHECKING:
    from aibasic.modules.pool import Pool
    from aibasic.modules.postgres.driver import Connection
    from aibasic.modules.postgres.target import Target

WORTH_BYTES = 8 << 20
"""The size of a result, as the server expects it, for which another connection pays: opening it takes some 60 ms."""
_BATCH_BYTES = 1 << 22
_CANCELLED = "57014"
_STATELESS = "SELECT pg_my_temp_schema() = 0 AND NOT EXISTS (SELECT FROM pg_settings WHERE source = 'session')"
"""Whether nobody has made temporary tables or changed a setting, be it within a function."""
# pg_type.oid of what text says in full: bytes, numeric, json, uuid, interval, time, money, and arrays of such.
_SAID_BY_TEXT = frozenset(
    (17, 1700, 114, 3802, 2950, 1186, 1083, 1266, 790, 1000, 1005, 1007, 1016, 1021, 1022, 1009, 1015, 1231, 1182, 1115,
     1185, 1187, 199, 3807, 2951)
)  # fmt: skip


class NotThisWay(Exception):
    """The query, or a value in its result, needs another way."""


class ArrowWay:
    """ADBC for one module's target, where it is installed and gets through to the server."""

    def __init__(self, target: Target, pool: Pool[Connection]) -> None:
        self._target = target
        self._pool = pool
        self._usable = all(importlib.util.find_spec(name) for name in ("adbc_driver_postgresql", "pyarrow"))

    def fits(self, cursor: _Cursor, sent: Sent, description: Sequence[Any]) -> bool:
        """Whether another connection would see and give the same, and the result is large enough to be worth one."""
        connection = cursor.connection
        return (
            self._usable
            and connection.info.transaction_status == TRANSACTION_STATUS_IDLE
            and "," not in connection.info.dsn_parameters.get("host", "")  # the other one might be another server
            and not statements.facts(sent.judged).touches_session
            and all(_selected("", column.type_code) is not None for column in description)
            and _expected_bytes(cursor, sent.single) >= WORTH_BYTES
            and _has_no_state(cursor)
        )

    def open(self) -> Any:
        """A connection that may only read. NotThisWay where there is none to be had."""
        import adbc_driver_manager
        from adbc_driver_postgresql import dbapi

        arguments = self._target.arguments()
        arguments["options"] = f"{arguments['options']} -c default_transaction_read_only=on"
        try:
            return dbapi.connect(_dsn(arguments), autocommit=True)
        except adbc_driver_manager.Error:
            self._usable = False
        raise NotThisWay

    def place(self) -> Any:
        """A block for which one more connection is counted among the pool's; whether there was place for it."""
        return self._pool.place()


class ArrowReading:
    """One query on its way. `cancel` may be called at any time, from any thread."""

    def __init__(self, way: ArrowWay, stopped: Callable[[], bool]) -> None:
        self.received = 0
        """Bytes that have come so far."""
        self._way = way
        self._stopped = stopped
        self._cursor: Any = None

    def cancel(self) -> None:
        """End the query on the server, where one runs."""
        cursor = self._cursor
        if cursor is not None:
            cursor.adbc_cancel()

    def read(self, statement: str, names: Sequence[str], description: Sequence[Any], limit: int) -> list[Any]:
        """The columns as Arrow arrays, of at most `limit` rows. NotThisWay where that fails, and nothing was done.

        What Arrow does not hold as the driver gives it is text.
        """
        oids = [column.type_code for column in description]
        selected = ", ".join(str(_selected(name, oid)) for name, oid in zip(names, oids, strict=True))
        query = f"SELECT {selected} FROM (\n{statement}\n) AS result({', '.join(names)}) LIMIT {limit}"
        with self._way.place() as is_free:
            if not is_free:
                raise NotThisWay
            with closing(self._way.open()) as connection, closing(connection.cursor()) as cursor:
                self._cursor = cursor
                try:
                    table = self._fetched(cursor, query)
                finally:
                    self._cursor = None
        return [_as_by_text(column, oid) for column, oid in zip(table.columns, oids, strict=True)]

    def _fetched(self, cursor: Any, query: str) -> Any:
        import adbc_driver_manager
        import pyarrow  # type: ignore[import-untyped]
        from adbc_driver_postgresql import StatementOptions

        cursor.adbc_statement.set_options(**{StatementOptions.BATCH_SIZE_HINT_BYTES.value: str(_BATCH_BYTES)})
        batches = []
        try:
            if not self._stopped():
                cursor.execute(query)
                reading = cursor.fetch_record_batch()
                for batch in reading:
                    self.received += batch.nbytes
                    if self._stopped():
                        break
                    batches.append(batch)
                else:
                    return pyarrow.Table.from_batches(batches, reading.schema)
        except (adbc_driver_manager.Error, pyarrow.ArrowException, OSError) as error:
            if getattr(error, "sqlstate", None) != _CANCELLED and not self._stopped():
                raise NotThisWay from None
        raise psycopg2.errors.QueryCanceled("canceling statement due to user request or statement timeout")


def _dsn(arguments: dict[str, Any]) -> str:
    from aibasic.modules.secret import Secret

    return make_dsn(**{k: v.reveal() if isinstance(v, Secret) else v for k, v in arguments.items()})


def _expected_bytes(cursor: _Cursor, statement: bytes) -> float:
    """The size of a query's result as the server's planner expects it; 0 where it does not say."""
    try:
        cursor.execute(b"EXPLAIN (FORMAT JSON)\n" + statement)
        ((plans,),) = cursor.fetchall()
    except (psycopg2.Error, ValueError):
        return 0
    plan = plans[0]["Plan"]
    return float(plan["Plan Rows"] * plan["Plan Width"])


def _has_no_state(cursor: _Cursor) -> bool:
    """Whether the server knows of nothing on this connection that another one would lack."""
    cursor.execute(_STATELESS)
    ((stateless,),) = cursor.fetchall()
    return bool(stateless)


def _selected(name: str, oid: int) -> str | None:
    """How a column is asked for so that its values are the driver's; None where ADBC has no way to."""
    if oid in PLAIN - {FLOAT4} or (oid in STRINGS and reader(oid) is None):
        return name
    # The shortest text of a float4 is what people wrote; as a float8 it has digits that nobody did.
    return f"{name}::text" if oid == FLOAT4 or oid in _SAID_BY_TEXT else None


def _as_by_text(column: Any, oid: int) -> Any:
    """A column of the type that the same values have when they are read from text."""
    import pyarrow

    if oid in INTEGERS:
        return column.cast(pyarrow.int64())
    if oid == FLOAT4:
        return column.cast(pyarrow.float64())
    if oid == TIMESTAMPTZ:
        column = column.cast(pyarrow.timestamp("us"))
    if oid in (DATE, TIMESTAMP, TIMESTAMPTZ):
        _check_calendar(column)
    return column


def _check_calendar(column: Any) -> None:
    """NotThisWay for times outside the years 1 to 9999, and for infinity: the driver knows what to make of them."""
    import datetime

    import pyarrow
    from pyarrow import compute

    first, last = (
        pyarrow.scalar(day).cast(column.type) for day in (datetime.datetime(1, 1, 1), datetime.datetime(9999, 12, 31))
    )
    bounds = compute.min_max(column)
    if column.null_count < len(column) and not (
        compute.greater_equal(bounds["min"], first).as_py() and compute.less_equal(bounds["max"], last).as_py()
    ):
        raise NotThisWay
