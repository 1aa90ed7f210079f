"""Statements for many rows at once: to the byte what the driver writes row by row."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import psycopg2
import pytest
from aibasic.modules import PostgresModule
from aibasic.modules.postgres.literals import writer
from psycopg2.extensions import AsIs, ISQLQuote, adapters, register_adapter
from psycopg2.extensions import cursor as Cursor

COLUMNS: dict[str, Sequence[Any]] = {
    "int": [0, -1, 10**30],
    "float": [0.1, -1.5, 1e-7, -1e300],
    "float without value": [1.0, float("nan"), float("-inf")],
    "decimal": [Decimal("1.50"), Decimal("-1E+5"), Decimal("0")],
    "decimal without value": [Decimal("NaN"), Decimal(1)],
    "bool": [True, False],
    "text": ["", "O'Neill", "Zoë {0} %s %", "a\nb\t"],
    "text with backslashes": ["a\\b", "'\\'"],
    "date": [date(2026, 2, 1), date(1, 1, 1)],
    "datetime": [datetime(2026, 2, 1, 12), datetime(2026, 2, 1, 12, 0, 0, 5, timezone(timedelta(hours=2)))],
    "several kinds": [1, "1", 1.5, True],
    "others": [[1, 2], {"a": 1}, uuid.UUID(int=5), b"\x00\xff", timedelta(1)],
    "nothing": [None],
}


@pytest.fixture
def cursor(pg: PostgresModule) -> Iterator[Cursor]:
    connection = pg.get_connection()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        yield cursor
    pg.release_connection(connection)


def one_by_one(cursor: Cursor, statement: str, rows: Sequence[Any]) -> list[bytes]:
    return [cursor.mogrify(statement, row) for row in rows]


@pytest.mark.parametrize("kind", COLUMNS)
@pytest.mark.parametrize("nulls", [False, True], ids=["", "with NULLs"])
def test_values_are_written_as_the_driver_does(kind: str, nulls: bool, cursor: Cursor) -> None:
    values = [*COLUMNS[kind], *([None] if nulls else [])]
    rows = [(value, number, value) for number, value in enumerate(values)]
    statement = "INSERT INTO t VALUES (%s-%s, '{}', lower(%s))"
    assert writer(cursor, statement)(rows) == one_by_one(cursor, statement, rows)


def test_rows_may_be_dicts(cursor: Cursor) -> None:
    rows = [{"a": 1, "b": "x", "c": None}, {"a": 2, "b": "y"}]
    statement = "UPDATE t SET b = %(b)s, c = %(b)s WHERE a = %(a)s"
    assert writer(cursor, statement)(rows) == one_by_one(cursor, statement, rows)


@pytest.mark.parametrize(
    ("statement", "row"),
    [
        ("SELECT %s, %s", (1,)),
        ("SELECT %s", (1, 2)),
        ("SELECT %(a)s", {"b": 1}),
        ("SELECT %(a)s", (1,)),
        ("SELECT %s", ("a\0b",)),
        ("SELECT %s", (object(),)),
    ],
)
def test_what_the_driver_refuses_is_refused_in_its_words(statement: str, row: Any, cursor: Cursor) -> None:
    with pytest.raises((psycopg2.Error, LookupError, TypeError, ValueError)) as by_driver:
        one_by_one(cursor, statement, [row])
    with pytest.raises(by_driver.type) as ours:
        writer(cursor, statement)([row])
    assert str(ours.value) == str(by_driver.value)


def test_percent_signs_stay(cursor: Cursor) -> None:
    statement = "UPDATE t SET a = %s WHERE b LIKE 'x%%'"
    assert writer(cursor, statement)([(1,)]) == one_by_one(cursor, statement, [(1,)])


def test_a_type_that_was_given_another_adapter_has_it(cursor: Cursor) -> None:
    before = adapters[(int, ISQLQuote)]
    register_adapter(int, lambda value: AsIs(f"{value}::bigint"))
    try:
        assert writer(cursor, "SELECT %s")([(1,)]) == [b"SELECT 1::bigint"]
    finally:
        adapters[(int, ISQLQuote)] = before
