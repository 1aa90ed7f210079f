"""What the words of a statement tell, comments and literals left out."""

from __future__ import annotations

import pytest
from aibasic.modules.postgres_statement import bare, facts, lasting, limited
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


@pytest.mark.parametrize("query", ["SELECT * FROM t", "table t ;", "WITH a AS (TABLE t) SELECT a", "SELECT f()"])
def test_a_query_that_may_be_large_gets_a_limit(query: str) -> None:
    wrapped = limited(query, 10)
    assert wrapped is not None
    assert wrapped.startswith("SELECT * FROM (\n" + query.rstrip("; "))
    assert wrapped.endswith(") AS result LIMIT 11")


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 1", "SELECT * FROM t; SELECT 2", "DELETE FROM t",
        "WITH a AS (DELETE FROM t RETURNING *) SELECT * FROM a",
        "SELECT * INTO u FROM t", "EXPLAIN SELECT * FROM t", "SHOW ALL", "SELECT * FROM t; -- done",
    ],
)  # fmt: skip
def test_what_cannot_or_need_not_be_limited_is_sent_as_it_is(statement: str) -> None:
    assert limited(statement, 10) is None


@given(st.text(alphabet="'\"$-/*;\n aeE\\x"))
def test_any_text_can_be_read(statement: str) -> None:
    assert len(bare(statement)) <= len(statement)
    facts(statement)
    lasting(statement)
