"""Which conditions of a statement compare a text column with a literal."""

from __future__ import annotations

import pytest
from aibasic.modules.schema import Column, Table

from aibasic_kernel.compiler.sql.conditions import comparisons, conjuncts, parsed

TEXT = ("name", "state", "Home Town")
PEOPLE = Table("people", (*(Column(name, "text", "text") for name in TEXT), Column("age", "integer", "number")))
ORDERS = Table("orders", (Column("person", "text", "text"), Column("state", "text", "text")))
KNOWN = {"people": PEOPLE, "orders": ORDERS}


def found(sql: str, dialect: str = "postgres") -> list[tuple[str, str, bool]]:
    """Table, condition and whether it is required."""
    statement = parsed(sql, dialect)
    assert statement is not None
    return [(each.table.name, each.condition, each.required) for each in comparisons(statement, KNOWN, dialect)]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT * FROM people WHERE state = 'CA' AND age > 3", [("people", "state = 'CA'", True)]),
        ("SELECT * FROM people p WHERE ('CA' = p.state)", [("people", "state = 'CA'", True)]),
        ("SELECT * FROM people WHERE state = 'CA' OR age > 3", [("people", "state = 'CA'", False)]),
        ("SELECT * FROM people WHERE state <> 'CA'", [("people", "state = 'CA'", False)]),
        ("SELECT * FROM people WHERE NOT state = 'CA'", [("people", "state = 'CA'", False)]),
        (
            "SELECT * FROM people WHERE state IN ('CA', 'NV')",
            [("people", "state = 'CA'", True), ("people", "state = 'NV'", True)],
        ),
        ("SELECT * FROM people WHERE state = ANY(ARRAY['CA'])", [("people", "state = 'CA'", True)]),
        ("SELECT * FROM people WHERE lower(state) = 'ca'", [("people", "LOWER(state) = 'ca'", True)]),
        ("SELECT * FROM people WHERE \"Home Town\" LIKE 'O''%'", [("people", "\"Home Town\" LIKE 'O''%'", True)]),
        ("SELECT * FROM people WHERE state::text = 'CA'::text", [("people", "CAST(state AS TEXT) = 'CA'", True)]),
        ("SELECT * FROM people JOIN orders ON person = 'Ann'", [("orders", "person = 'Ann'", False)]),
        ("SELECT count(*) FILTER (WHERE state = 'CA') FROM people", [("people", "state = 'CA'", False)]),
        (
            "SELECT 1 FROM people WHERE age = (SELECT 1 FROM orders WHERE state = 'x')",
            [("orders", "state = 'x'", False)],
        ),
        ("UPDATE people SET state = 'CA' WHERE name = 'Ann'", [("people", "name = 'Ann'", True)]),
        ("DELETE FROM people WHERE name = 'Ann'", [("people", "name = 'Ann'", True)]),
        ("SELECT * FROM people JOIN orders ON person = name WHERE state = 'CA'", []),
        ("SELECT * FROM people WHERE age = 3 AND name = state", []),
        ("SELECT * FROM people WHERE state || 'x' = 'CAx'", []),
        ("SELECT * FROM elsewhere WHERE state = 'CA'", []),
        ("INSERT INTO people (name) VALUES ('Ann')", []),
    ],
)
def test_comparisons_with_a_literal(sql: str, expected: list[tuple[str, str, bool]]) -> None:
    assert found(sql) == expected


def test_names_and_texts_are_written_as_the_dialect_has_them() -> None:
    assert found("SELECT * FROM people WHERE `Home Town` = 'it''s'", "mysql") == [
        ("people", "`Home Town` = 'it''s'", True)
    ]


def test_the_literal_of_a_pattern_is_without_its_wildcards() -> None:
    statement = parsed("SELECT * FROM people WHERE name ILIKE '%ann_'", "postgres")
    assert statement is not None
    assert [each.literal for each in comparisons(statement, KNOWN, "postgres")] == ["ann"]


@pytest.mark.parametrize("sql", ["", "SELECT 1; SELECT 2", "BEGIN", "CREATE TABLE a (b int)", "SELECT FROM WHERE ("])
def test_what_is_no_single_query_or_change_is_left_alone(sql: str) -> None:
    assert parsed(sql, "postgres") is None


def test_the_conditions_that_all_must_hold() -> None:
    statement = parsed("SELECT 1 FROM people WHERE (age > 1 AND (age < 9 AND (a OR b))) GROUP BY 1", "postgres")
    assert statement is not None
    assert [part.sql() for part in conjuncts(statement)] == ["age > 1", "age < 9", "a OR b"]
