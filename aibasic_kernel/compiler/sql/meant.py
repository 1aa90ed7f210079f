"""Tells SQL that is meant as it is written from an English sentence that only looks like it.

A SQL parser takes more than a database does: `age is 30`, `name and age` for two columns, `limit n`. What no database
would run, or only as something that nobody means, is left to the English forms.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import TYPE_CHECKING

from aibasic.modules.schema import Table

from aibasic_kernel.compiler.phrasing.tokens import Piece
from aibasic_kernel.compiler.sql.statement import parse_statement
from aibasic_kernel.compiler.sql.tables import tables_of_columns

if TYPE_CHECKING:
    from sqlglot import exp

_INTO_TABLE = ("into", "table")


def is_meant_as_sql(piece: Piece, dialect: str, known: Mapping[str, Table], variables: Container[str]) -> bool:
    """Whether a statement that the parser takes, over known tables and columns, is one to be run as it is written.

    A date without quotes, `==`, `insert into table`, `is` before a value, `and` between columns or assignments are
    English; a name where SQL has no columns, or compared with itself, is a variable.
    """
    if any(token.kind == "date" or token.text == "==" for token in piece.tokens) or piece.words[1:3] == _INTO_TABLE:
        return False
    statement = parse_statement(piece.source, dialect)
    if statement is None:
        return False
    english = (_is_a_value(statement), _lists_with_and(statement, known), _names_variables(statement, variables))
    return not any(map(any, english))


def _is_a_value(statement: exp.Expr) -> Iterator[bool]:
    """`age is 30`, `age in ages`."""
    from sqlglot import exp

    states = (exp.Null, exp.Boolean, exp.JSON)
    yield from (not isinstance(node.expression, states) for node in statement.find_all(exp.Is))
    yield from (node.args.get("field") is not None for node in statement.find_all(exp.In))


def _lists_with_and(statement: exp.Expr, known: Mapping[str, Table]) -> Iterator[bool]:
    """`select name and age`, `order by name and age`, `set name = 'Bob' and age = 5`."""
    from sqlglot import exp

    of = tables_of_columns(statement, known)
    for node in statement.find_all(exp.And):
        parent = node.parent
        if isinstance(parent, exp.EQ):
            yield isinstance(parent.parent, exp.Update)
        elif isinstance(parent, (exp.Select, exp.Alias, exp.Ordered, exp.Group)):
            held = [of.get(id(part)) for part in node.flatten()]
            yield any(place is not None and place[1].kind != "boolean" for place in held)


def _names_variables(statement: exp.Expr, variables: Container[str]) -> Iterator[bool]:
    """`limit n`, `insert into people values (name, age)`, `name = name` where there is a variable `name`."""
    from sqlglot import exp

    yield from (node.find(exp.Column) is not None for node in statement.find_all(exp.Limit, exp.Offset))
    for inserted in statement.find_all(exp.Insert):
        if isinstance(inserted.expression, exp.Values):
            yield from (column.name.lower() != "default" for column in inserted.expression.find_all(exp.Column))
    for node in statement.find_all(exp.Predicate):
        others = node.expressions if isinstance(node, exp.In) else [node.args.get("expression")]
        yield isinstance(node.this, exp.Column) and node.this.name in variables and node.this in others
