"""Rows in by COPY, queries out as frames and as a stream, on the real server."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pandas as pd
import psycopg2
import pytest
from aibasic.modules.postgres.module import PostgresModule

AWKWARD = 'tab\there, line\nend, back\\slash, "quotes", O\'Neill, Zoë'
TABLE = """
DROP TABLE IF EXISTS "Made Up";
CREATE TABLE "Made Up" (id int, note text, total numeric(10,2), ok boolean, day date, moment timestamptz, data jsonb)
"""
RECORD = {
    "id": 1,
    "note": AWKWARD,
    "total": Decimal("12.50"),
    "ok": True,
    "day": date(2026, 2, 1),
    "moment": datetime(2026, 2, 1, 12, tzinfo=timezone.utc),
    "data": {"a": [1, None]},
}
EMPTY = dict.fromkeys(RECORD) | {"id": 2}


@pytest.fixture
def made_up(pg: PostgresModule) -> PostgresModule:
    """A table with a name that needs quotes and a column of each kind."""
    pg.execute_query(TABLE, fetch=False)
    return pg


def stored(pg: PostgresModule) -> list[tuple[Any, ...]]:
    return list(map(tuple, pg.execute_query('SELECT * FROM "Made Up" ORDER BY id')))  # type: ignore[arg-type]


@pytest.mark.parametrize("form", ["dicts", "tuples", "frame"])
def test_copy_from_keeps_every_kind_of_value(made_up: PostgresModule, form: str) -> None:
    records = [RECORD, EMPTY]
    rows = [tuple(record.values()) for record in records]
    data: Any = {"dicts": records, "tuples": rows, "frame": pd.DataFrame(records)}[form]
    assert made_up.copy_from("Made Up", data) == 2
    assert stored(made_up) == rows


@pytest.mark.parametrize("type_", ["timestamp", "timestamptz"])
def test_copy_from_stores_times_as_a_statement_does(type_: str, pg: PostgresModule) -> None:
    pg.execute_query(f"CREATE TABLE times (at {type_}); SET timezone = 'Europe/Rome'", fetch=False)
    naive, aware = datetime(2026, 7, 1, 12), datetime(2026, 7, 1, 12, 0, 0, 5, timezone(timedelta(hours=-5)))
    for values in ([naive, None], [aware, None], [naive, aware]):
        pg.execute_query("TRUNCATE times", fetch=False)
        pg.execute_many("INSERT INTO times VALUES (%s)", [(value,) for value in values])
        expected = list(pg.execute_query("SELECT at FROM times"))  # type: ignore[arg-type]
        pg.execute_query("TRUNCATE times", fetch=False)
        pg.copy_from("times", [{"at": value} for value in values])
        assert pg.execute_query("SELECT at FROM times") == expected


def test_copy_from_is_all_or_nothing(made_up: PostgresModule) -> None:
    with pytest.raises((psycopg2.Error, ValueError)):
        made_up.copy_from("Made Up", [{"id": 1, "note": "kept?"}, {"id": "no number", "note": "never"}])
    assert stored(made_up) == []
    assert made_up.execute_query("SELECT 1")[0][0] == 1  # type: ignore[index]


def test_copy_from_joins_the_users_transaction(made_up: PostgresModule) -> None:
    made_up.begin()
    made_up.copy_from("Made Up", [{"id": 7}])
    made_up.rollback()
    assert stored(made_up) == []


def test_copy_from_names_what_is_missing(made_up: PostgresModule) -> None:
    with pytest.raises(KeyError, match="nowhere"):
        made_up.copy_from("nowhere", [{"id": 1}])
    with pytest.raises(KeyError, match="nosuch"):
        made_up.copy_from("Made Up", [{"nosuch": 1}])


def test_read_frame_gives_the_values_that_execute_query_gives(made_up: PostgresModule) -> None:
    made_up.copy_from("Made Up", [RECORD, EMPTY])
    query = 'SELECT * FROM "Made Up" WHERE id < %s ORDER BY id'
    frame = made_up.read_frame(query, (10,))
    assert list(frame.columns) == list(RECORD)
    first = frame.iloc[0]
    assert (first["id"], first["note"], first["total"], first["ok"]) == (1, AWKWARD, Decimal("12.50"), True)
    assert (first["day"], first["data"]) == (date(2026, 2, 1), {"a": [1, None]})
    assert first["moment"] == pd.Timestamp("2026-02-01 12:00", tz="UTC")
    assert frame.iloc[1].drop("id").isna().all()


def test_read_frame_sees_the_open_transaction(made_up: PostgresModule) -> None:
    made_up.begin()
    made_up.copy_from("Made Up", [{"id": 3}])
    assert len(made_up.read_frame('SELECT * FROM "Made Up"')) == 1
    made_up.rollback()


def test_read_frame_of_no_rows_has_its_columns(made_up: PostgresModule) -> None:
    assert list(made_up.read_frame('SELECT id, note FROM "Made Up"').columns) == ["id", "note"]


def test_stream_gives_all_rows_in_portions(made_up: PostgresModule) -> None:
    portions = list(made_up.stream("SELECT n FROM generate_series(1, 25) AS n", chunk=10))
    assert [len(rows) for rows in portions] == [10, 10, 5]
    assert list(portions[2].columns) == ["n"] and portions[2][-1] == (25,)


def test_an_abandoned_stream_leaves_nothing_open(made_up: PostgresModule) -> None:
    reading = made_up.stream("SELECT n FROM generate_series(1, 1000000) AS n", chunk=10)
    assert next(reading)[0] == (1,)
    reading.close()  # type: ignore[attr-defined]
    assert made_up.get_pool_status()["in_use"] <= 1
    assert made_up.execute_query("SELECT count(*) FROM pg_cursors")[0][0] == 0  # type: ignore[index]


def test_execute_many_counts_and_is_all_or_nothing(made_up: PostgresModule) -> None:
    made_up.copy_from("Made Up", [{"id": number} for number in range(2500)])
    update = 'UPDATE "Made Up" SET note = %s WHERE id = %s'
    assert made_up.execute_many(update, [("a", number) for number in range(2500)]) == 2500
    with pytest.raises(psycopg2.Error):
        made_up.execute_many(update, [("b", 1), ("b", "no number")])
    assert {row[1] for row in stored(made_up)} == {"a"}
