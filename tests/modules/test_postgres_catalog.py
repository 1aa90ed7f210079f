"""What PostgresModule tells of the tables: enumerations, domains and conditions, however many tables there are."""

from __future__ import annotations

import pytest
from aibasic.modules import PostgresModule
from aibasic.modules.effects import Effect
from aibasic.modules.postgres.catalog import plain

DECLARED = """
CREATE TYPE mood AS ENUM ('ok', 'bad', 'it''s fine');
CREATE DOMAIN us_state AS varchar(2) NOT NULL CHECK (VALUE ~ '^[A-Z]{2}$');
CREATE DOMAIN mild AS mood CHECK (VALUE::text <> 'bad');
CREATE DOMAIN milder AS mild CHECK (VALUE::text <> 'ok');
CREATE TABLE declared (
    feels mood, often mood[], gently milder, state us_state, state_or_none us_state, amount numeric(8,2), plain text,
    status varchar(10) NOT NULL CHECK (status IN ('new', 'paid', 'it''s lost')),
    size int CHECK (size IN (1, 2, 3)), day date, CHECK (day >= '2020-01-01'), CHECK (amount > 0 AND amount < 1e6)
);
"""


def test_enumerations_and_domains_are_told_with_their_columns(pg: PostgresModule) -> None:
    pg.execute_query(DECLARED, fetch=False)
    columns = {column.name: column for column in pg.describe()["declared"].columns}
    labels = ("ok", "bad", "it's fine")
    assert columns["feels"].values == columns["often"].values == columns["gently"].values == labels
    assert (columns["gently"].type, columns["gently"].base) == ("milder", "mood")
    assert columns["gently"].checks == ("VALUE <> 'ok'", "VALUE <> 'bad'")
    state = columns["state"]
    assert (state.type, state.kind, state.base, state.checks, state.nullable) == (
        "us_state", "text", "character varying(2)", ("VALUE ~ '^[A-Z]{2}$'",), False,
    )  # fmt: skip
    assert (columns["plain"].values, columns["plain"].base, columns["plain"].checks) == ((), "", ())


def test_conditions_are_told_as_one_would_write_them(pg: PostgresModule) -> None:
    pg.execute_query(DECLARED, fetch=False)
    assert set(pg.describe()["declared"].checks) == {
        "status IN ('new', 'paid', 'it''s lost')",
        "size IN (1, 2, 3)",
        "day >= '2020-01-01'",
        "amount > 0 AND amount < '1000000'",
    }
    assert pg.describe()["customers"].checks == ()


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("kind::text <> ALL (ARRAY['a'::character varying, 'b'::character varying]::text[])", "kind NOT IN ('a', 'b')"),
        ("note <> 'x::text'::text", "note <> 'x::text'"),
        ("at < '2030-01-01 00:00:00+00'::timestamp with time zone", "at < '2030-01-01 00:00:00+00'"),
        ("total::integer > 0", "total::integer > 0"),
        ("kind = 'a'::my_schema.kind", "kind = 'a'"),
        ("name ~ '^\\w+::text$'::text", "name ~ '^\\w+::text$'"),
    ],
)
def test_a_condition_in_plain_words(condition: str, told: str) -> None:
    assert plain(condition) == told


def test_three_hundred_tables_are_read_with_a_few_statements(pg: PostgresModule, announced: list[Effect]) -> None:
    columns = ", ".join(f"c{number} text CHECK (c{number} <> '')" for number in range(12))
    creates = "; ".join(f"CREATE TABLE t{number} (id int PRIMARY KEY, {columns})" for number in range(300))
    pg.execute_query(creates, fetch=False)
    del announced[:]
    tables = pg.describe()
    assert {f"t{number}" for number in range(300)} <= set(tables)
    assert len(tables["t299"].checks) == 12
    assert [effect.statement for effect in announced] == ["describe the tables"]
