"""What the words of a statement tell, comments and literals left out."""

from __future__ import annotations

import tracemalloc

import pytest
from aibasic.modules.postgres.sending import Sent
from aibasic.modules.postgres.statements import bare, closed, facts, lasting
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("statement", "changes"),
    [
        ("CREATE TABLE t (a int)", True),
        ("select 1; drop table t", True),
        ("/* x */ COMMENT ON TABLE t IS 'y'", True),
        ("SELECT * INTO t FROM u", True),
        ("SET search_path TO x", True),
        ("DO $$ begin end $$", True),
        ("ROLLBACK", True),
        ("UPDATE t SET a = 1", False),
        ("INSERT INTO t VALUES ('create table')", False),
        ('SELECT "drop" FROM t -- alter', False),
        ("SELECT $x$ drop table t $x$", False),
        ("COMMIT", False),
    ],
)
def test_what_may_change_the_schema(statement: str, changes: bool) -> None:
    assert facts(statement).changes_schema is changes


def test_what_a_statement_leaves_is_added_and_taken_away() -> None:
    left = lasting("CREATE TEMP TABLE a AS SELECT 1; SET work_mem = '8MB'; SET LOCAL lock_timeout = 1")
    assert left == {"temporary table a", "SET work_mem"}
    assert lasting("DROP TABLE IF EXISTS a CASCADE", left) == {"SET work_mem"}
    assert lasting("RESET ALL", left) == {"temporary table a"}
    assert lasting("DISCARD ALL", left) == frozenset()
    assert lasting("CREATE TEMP TABLE b (x int) ON COMMIT DROP", left) == left
    assert lasting("INSERT INTO t VALUES ('set work_mem = 1')", left) == left


def limited(statement: str) -> str | None:
    parts = Sent(statement.encode(), statement).limited(10)
    return b"".join(parts).decode() if parts else None


@pytest.mark.parametrize("behind", ["", " ;", "; -- done", " /* all of it; */ ;\n-- 'really'"])
@pytest.mark.parametrize("query", ["SELECT * FROM t", "table t", "WITH a AS (TABLE t) SELECT a", "SELECT ';', f()"])
def test_a_query_that_may_be_large_gets_a_limit(query: str, behind: str) -> None:
    kept = behind.replace(" ;", "  ").replace("; -- done", "  -- done")
    assert limited(query + behind) == f"SELECT * FROM (\n{query}{kept}\n) AS result LIMIT 11"


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 1", "SELECT * FROM t; SELECT 2", "DELETE FROM t", "SELECT * FROM t; -- done\nSELECT 2",
        "WITH a AS (DELETE FROM t RETURNING *) SELECT * FROM a",
        "SELECT * INTO u FROM t", "EXPLAIN SELECT * FROM t", "SHOW ALL",
    ],
)  # fmt: skip
def test_what_cannot_or_need_not_be_limited_is_sent_as_it_is(statement: str) -> None:
    assert limited(statement) is None


def test_a_large_statement_is_judged_by_its_placeholders_and_cut_by_its_bytes() -> None:
    value = b"'drop table t; -- " + b"x" * 200_000 + b"'"
    begin = b"SELECT * FROM t WHERE a = " + value
    query = Sent(begin + b"; -- ok", "SELECT * FROM t WHERE a = %s; -- ok", is_written=True)
    assert query.limited(10) == (b"SELECT * FROM (\n", begin + b"  -- ok", b"\n) AS result LIMIT 11")
    filled = Sent(begin + b"; -- 1", "SELECT * FROM t WHERE a = %s; -- %s", is_written=True)
    assert (filled.single, filled.limited(10)) == (filled.final, None)


@pytest.mark.parametrize("quote", ["'", '"', "E'"])
def test_a_long_literal_takes_no_memory_for_each_of_its_characters(quote: str) -> None:
    statement = f"SELECT {quote}{'x' * 3_000_000}{quote[-1]}"
    tracemalloc.start()
    try:
        bare(statement)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 1_000_000


@given(st.text(alphabet="'\"$-/*;\n aeE\\x"))
def test_any_text_can_be_read(statement: str) -> None:
    assert len(bare(statement)) <= len(statement)
    end, behind = closed(statement)
    assert len(behind) == len(statement) - end
    facts(statement)
    lasting(statement)
