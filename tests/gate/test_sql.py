"""What SQL does, in words; and that no casing, comment or nesting changes the verdict."""

from __future__ import annotations

import pytest
from aibasic.modules.effects import Effect, Kind
from hypothesis import given, settings
from hypothesis import strategies as st

from aibasic_kernel.compiler.gate import Consequence, judge_sql, judge_statement, temporary_tables

READS = (
    "SELECT name FROM customers WHERE age > 3 ORDER BY name",
    "WITH a AS (SELECT id FROM orders) SELECT count(*) FROM a",
    "SELECT * FROM orders FOR UPDATE",
    "EXPLAIN DELETE FROM orders",
    "SHOW search_path",
    "VACUUM ANALYZE orders",
)
WRITES = (
    "DELETE FROM orders WHERE id = 3",
    "UPDATE orders SET total = 1 WHERE id IN (SELECT id FROM old)",
    "INSERT INTO orders SELECT * FROM old",
    "CREATE TABLE t (a int)",
    "ALTER TABLE orders ADD COLUMN a int",
    "MERGE INTO a USING b ON a.id = b.id WHEN MATCHED THEN DELETE",
)
DESTRUCTIVE = (
    "DELETE FROM orders",
    "DELETE FROM orders WHERE 1 = 1",
    "UPDATE orders SET total = 0",
    "TRUNCATE orders",
    "DROP TABLE orders",
    "ALTER TABLE orders DROP COLUMN total",
    "WITH gone AS (DELETE FROM orders RETURNING id) SELECT * FROM gone",
)
STATEMENTS = ("DO 'BEGIN END'", "CALL tidy()", "EXECUTE p", "SELECT tidy()", "frobnicate orders")
EXPLAINABLE = tuple(text for text in DESTRUCTIVE if text.startswith(("DELETE", "UPDATE", "WITH")))
WORDS = {
    "DELETE FROM shop.orders": "deletes all rows of shop.orders",
    "UPDATE orders SET a = 1": "changes all rows of orders",
    "TRUNCATE a, b": "deletes all rows of a and b",
    'DROP INDEX "logs-2026"': "drops the index logs-2026",
    "DROP TABLE IF EXISTS a, b, c CASCADE": "drops the table a, b and c and all that depends on it",
    "DROP TRIGGER t ON orders": "drops the trigger t of orders",
    "ALTER TABLE ONLY orders DROP CONSTRAINT IF EXISTS c": "drops the constraint c of orders",
    "ALTER TABLE orders DROP total": "drops the column total of orders",
    "COPY orders TO PROGRAM 'x'": "runs a program on the server: 'x'",
    "GRANT ALL ON orders TO eve": "gives rights: ALL ON orders TO eve",
    "INSERT INTO orders VALUES (1)": "adds rows to orders",
    "DELETE FROM orders WHERE id = %s": "deletes rows of orders",
    "CALL tidy(3)": "calls the procedure tidy, of which nothing is known",
}
_BLANKS = st.sampled_from([" ", "\n", "\t ", " /* a comment; of sorts */ ", " -- to the line's end\n", " /* DROP */"])


def kinds(text: str, dialect: str = "postgres") -> set[Kind]:
    return {consequence.kind for consequence in judge_sql(text, dialect)}


def worst(text: str, dialect: str = "postgres") -> Kind:
    """The kind that weighs most of all that a text would do."""
    order = (Kind.STATEMENT, Kind.DESTRUCTIVE, Kind.WRITE)
    return next((kind for kind in order if kind in kinds(text, dialect)), Kind.READ)


def expected(text: str) -> Kind:
    lists = {Kind.READ: READS, Kind.WRITE: WRITES, Kind.DESTRUCTIVE: DESTRUCTIVE, Kind.STATEMENT: STATEMENTS}
    return next(kind for kind, texts in lists.items() if text in texts)


@pytest.mark.parametrize("text", READS + WRITES + DESTRUCTIVE + STATEMENTS)
def test_each_kind_is_told(text: str) -> None:
    assert worst(text) == expected(text)


@pytest.mark.parametrize(("text", "words"), WORDS.items())
def test_the_words_name_the_thing(text: str, words: str) -> None:
    assert [consequence.words for consequence in judge_sql(text, "postgres")] == [words]


def test_a_table_whose_rows_can_be_counted_is_named() -> None:
    assert judge_sql("DELETE FROM shop.orders", "postgres")[0].table == "shop.orders"
    assert judge_sql("DROP TABLE a, b", "postgres")[0].table == ""


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_casing_comments_and_blanks_change_nothing(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(READS + WRITES + DESTRUCTIVE + STATEMENTS))
    words = [
        data.draw(st.sampled_from([word, word.lower(), word.upper(), word.swapcase()])) for word in text.split(" ")
    ]
    disguised = words[0] + "".join(data.draw(_BLANKS) + word for word in words[1:])
    around = data.draw(st.sampled_from(["{}", "  {};", "/* a */{}-- b", "; ;{};\n"]))
    assert worst(around.format(disguised)) == expected(text)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(READS + WRITES + DESTRUCTIVE + STATEMENTS), min_size=1, max_size=4))
def test_several_statements_do_what_each_of_them_does(texts: list[str]) -> None:
    each = set().union(*(kinds(text) for text in texts))
    assert kinds(" ;\n".join(texts)) == each


@pytest.mark.parametrize("text", EXPLAINABLE)
@pytest.mark.parametrize("way", ["EXPLAIN ANALYZE {}", "explain (analyze, costs off) {}", "PREPARE p AS {}",
                                 "EXPLAIN ANALYZE VERBOSE {}", "SELECT 1; {}", "DECLARE c CURSOR FOR {}"])  # fmt: skip
def test_nesting_keeps_it_destructive(text: str, way: str) -> None:
    assert worst(way.format(text)) == Kind.DESTRUCTIVE


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["DELETE FROM orders", "UPDATE orders SET a = 1"]), st.integers(1, 4), st.booleans())
def test_common_table_expressions_hide_nothing(text: str, depth: int, explained: bool) -> None:
    for level in range(depth):
        inner = text if level == 0 else f"SELECT * FROM x{level - 1}"
        text = f"WITH x{level} AS ({inner} RETURNING *), y AS (SELECT 1) SELECT * FROM x{level}" if level == 0 else (
            f"WITH z{level} AS (SELECT 2) {text}" if text.startswith("SELECT") else text
        )  # fmt: skip
    assert worst(f"EXPLAIN ANALYZE {text}" if explained else text) == Kind.DESTRUCTIVE


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="'; -dropDELETE from/*\\\"$x", max_size=30))
def test_what_stands_in_a_literal_is_no_statement(text: str) -> None:
    literal = text.replace("'", "''")
    assert judge_sql(f"SELECT '{literal}', 1", "postgres") == ()
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    assert judge_sql(f"SELECT '{escaped}', 1", "mysql") == ()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["postgres", "mysql", ""]))
def test_any_text_is_judged_without_an_error(text: str, dialect: str) -> None:
    judge_sql(text, dialect)
    temporary_tables(text, dialect)


def test_temporary_tables_are_no_loss() -> None:
    assert temporary_tables("CREATE TEMP TABLE IF NOT EXISTS Recent (a int)", "postgres") == {"recent"}
    assert temporary_tables("SELECT 1 AS a INTO TEMPORARY TABLE one", "postgres") == {"one"}
    for text in ("DROP TABLE recent", "TRUNCATE Recent", "DELETE FROM recent", "INSERT INTO recent VALUES (1)"):
        assert judge_sql(text, "postgres", {"recent"}) == ()
        assert judge_sql(text, "postgres") != ()
    assert worst("DROP TABLE recent, orders") == Kind.DESTRUCTIVE
    assert judge_sql("DROP TABLE public.recent", "postgres", {"recent"}) != ()


def test_a_query_that_cannot_be_parsed_is_no_nuisance() -> None:
    assert judge_sql("SELECT a FROM t MATCH_RECOGNIZE @@ ~~ STRANGE", "postgres") == ()
    assert kinds("WITH x AS (DELETE FROM @@ ~~) SELECT 1") == {Kind.STATEMENT}


def test_a_large_insert_needs_no_tree() -> None:
    rows = ", ".join("(1, 'a; DROP TABLE b')" for _ in range(3000))
    assert judge_sql(f"INSERT INTO t VALUES {rows}", "postgres") == (
        Consequence(Kind.WRITE, "adds rows to t", table="t"),
    )


@pytest.mark.parametrize(
    ("service", "dialect", "kind", "statement", "consequence"),
    [
        ("postgres", "postgres", Kind.READ, "DROP TABLE x", None),
        ("postgres:w", "postgres", Kind.STATEMENT, "SELECT 1", None),
        ("postgres:w", "postgres", Kind.STATEMENT, "DROP TABLE x", (Kind.DESTRUCTIVE, "drops the table x")),
        ("mysql", "mysql", Kind.STATEMENT, "INSERT INTO t VALUES (%s)\n-- with 3 rows of parameters",
         (Kind.WRITE, "adds rows to t")),
        ("postgres", "postgres", Kind.WRITE, "COPY t (a) FROM STDIN", (Kind.WRITE, "adds rows to t")),
        ("postgres", "postgres", Kind.WRITE, "merge a frame", (Kind.WRITE, "sends merge a frame")),
        ("redis", "", Kind.WRITE, "SET a 1", (Kind.WRITE, "sends SET a 1")),
        ("redis", "", Kind.DESTRUCTIVE, "FLUSHALL", (Kind.DESTRUCTIVE, "deletes all keys of all databases")),
        ("redis", "", Kind.DESTRUCTIVE, "DEL 1,204 keys: a b…", (Kind.DESTRUCTIVE, "deletes 1,204 keys: a b…")),
        ("redis", "", Kind.WRITE, "EVAL return 1 0",
         (Kind.STATEMENT, "runs a script in Redis, which cannot be judged: EVAL return 1 0")),
        ("redis", "", Kind.WRITE, "FROB a",
         (Kind.STATEMENT, "sends Redis a command of which nothing is known: FROB a")),
        ("kafka", "", Kind.DESTRUCTIVE, "delete topic events", (Kind.DESTRUCTIVE, "deletes topic events")),
        ("kafka", "", Kind.WRITE, "publish 1 message to topic a", (Kind.WRITE, "publishes 1 message to topic a")),
        ("rabbitmq", "", Kind.DESTRUCTIVE, "queue.purge jobs",
         (Kind.DESTRUCTIVE, "deletes all messages of queue jobs")),
        ("opensearch", "", Kind.DESTRUCTIVE, "DELETE /logs-2026",
         (Kind.DESTRUCTIVE, "deletes index logs-2026 with all its documents")),
        ("opensearch", "", Kind.DESTRUCTIVE, 'POST /logs/_delete_by_query {"query":{"match_all":{}}}',
         (Kind.DESTRUCTIVE, "deletes all documents of logs")),
        ("opensearch", "", Kind.DESTRUCTIVE, 'POST /logs/_delete_by_query?refresh=true {"query":{"term":{"a":1}}}',
         (Kind.WRITE, "deletes the documents of logs that a query finds")),
        ("memcached", "", Kind.WRITE, "set a", (Kind.WRITE, "sets a")),
    ],
)  # fmt: skip
def test_announced_effects_are_judged(
    service: str, dialect: str, kind: Kind, statement: str, consequence: tuple[Kind, str] | None
) -> None:
    found = judge_statement(Effect(service, "user@host/db", kind, statement), dialect)
    assert [(one.kind, one.words) for one in found] == ([consequence] if consequence else [])
    assert all(one.section == service for one in found)
