"""Looking something up beside the user's work: bounded, read only, and without a mark on it."""

from __future__ import annotations

import pytest
from aibasic.modules import PostgresModule
from aibasic.modules.effects import Effect, Kind
from aibasic.modules.postgres import categories

from tests.modules.conftest import Connect


def test_a_probe_gives_rows_and_announces_that_it_reads(pg: PostgresModule, announced: list[Effect]) -> None:
    assert pg.probe("SELECT name FROM customers WHERE name LIKE 'B%' LIMIT 5", 1) == [("Ben",)]
    assert [effect.kind for effect in announced] == [Kind.READ]


@pytest.mark.parametrize("within", [False, True], ids=["alone", "in a transaction"])
@pytest.mark.parametrize(
    "query",
    ["SELECT pg_sleep(60)", "SELECT nothing FROM nowhere", "DELETE FROM customers RETURNING 1", "SELECT nextval('s')"],
)
def test_a_probe_that_fails_gives_nothing_and_leaves_nothing(pg: PostgresModule, query: str, within: bool) -> None:
    pg.execute_query("CREATE SEQUENCE s", fetch=False)
    if within:
        pg.begin()
        pg.execute_query("INSERT INTO customers (name) VALUES ('Dan')", fetch=False)
    before = pg.execute_query("SHOW statement_timeout"), pg.state()
    assert pg.probe(query, 0.05) is None
    assert (pg.execute_query("SHOW statement_timeout"), pg.state()) == before
    pg.execute_query("UPDATE customers SET age = 1", fetch=False)
    assert pg.execute_query("SELECT count(*), nextval('s') FROM customers") == [(4 if within else 3, 1)]
    if within:
        pg.rollback()
        assert pg.execute_query("SELECT count(*) FROM customers") == [(3,)]


def test_a_probe_sees_what_the_transaction_sees_unless_that_is_aborted(pg: PostgresModule) -> None:
    pg.begin()
    pg.execute_query("CREATE TEMP TABLE passing AS SELECT 1 AS a", fetch=False)
    assert pg.probe("SELECT a FROM passing", 1) == [(1,)]
    with pytest.raises(Exception, match="nowhere"):
        pg.execute_query("SELECT 1 FROM nowhere")
    assert pg.probe("SELECT 1", 1) is None
    assert "aborted" in pg.state()


def test_a_shorter_limit_than_the_configured_one_counts(connect: Connect) -> None:
    pg = connect(STATEMENT_TIMEOUT="60")
    assert pg.probe("SELECT pg_sleep(30)", 0.05) is None
    assert pg.execute_query("SHOW statement_timeout") == [("1min",)]


CATEGORIES = """
CREATE TABLE flights (
    carrier char(2), origin varchar(3), dest text, note text, remark text, mood text, tail text, "Empty col" text, n int
);
INSERT INTO flights
SELECT CASE n % 3 WHEN 0 THEN 'AA' WHEN 1 THEN 'UA' END, 'JF' || n % 2, 'D' || n % 50, repeat('x', 70),
       'r' || n % 51, chr(228 + n % 2), 't' || n, NULL, n
FROM generate_series(1, {rows}) n;
"""
FEW = {
    "carrier": ("AA", "UA"),
    "origin": ("JF0", "JF1"),
    "dest": tuple(sorted(f"D{number}" for number in range(50))),
    "mood": ("ä", "å"),
}


@pytest.mark.parametrize("analyzed", [False, True], ids=["no statistics", "with statistics"])
@pytest.mark.parametrize("rows", [400, 6000, 120_000])
def test_columns_with_at_most_fifty_values_have_categories(
    pg: PostgresModule, rows: int, analyzed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A busy machine may need longer than a table is given.
    monkeypatch.setattr(categories, "SECONDS_A_TABLE", 10)
    pg.execute_query(CATEGORIES.format(rows=rows), fetch=False)
    if analyzed:
        pg.execute_query("ANALYZE flights", fetch=False)
    assert pg.categories([pg.describe()["flights"]], 10) == {"flights": FEW}


def test_a_large_table_is_not_read_for_its_categories(pg: PostgresModule, announced: list[Effect]) -> None:
    pg.execute_query(CATEGORIES.format(rows=120_000), fetch=False)
    pg.execute_query("ANALYZE flights", fetch=False)
    tables = [pg.describe()["flights"]]
    del announced[:]
    pg.categories(tables)
    assert [effect for effect in announced if "FROM flights" in effect.statement] == []


def test_a_table_that_takes_long_has_no_categories_and_the_others_have(pg: PostgresModule) -> None:
    pg.execute_query(
        """
        CREATE FUNCTION slow() RETURNS text LANGUAGE sql AS $$ SELECT pg_sleep(60)::text $$;
        CREATE VIEW a_slow_one AS SELECT slow() AS word, name FROM customers;
        """,
        fetch=False,
    )
    tables = pg.describe()
    found = pg.categories([tables["a_slow_one"], tables["customers"]])
    assert found == {"customers": {"name": ("Ann", "Ben", "Cem"), "country": ("Italy", "USA")}}
    assert pg.categories([tables["customers"]], 0) == {}
    assert pg.categories([]) == {}
