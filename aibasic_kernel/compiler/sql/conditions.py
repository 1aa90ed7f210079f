"""The conditions of a SQL statement, and which of them compare a text column with a literal."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aibasic.modules.schema import Column, Table
from aibasic.modules.sql_names import sql_name

from aibasic_kernel.compiler.sql.tables import tables_of_columns

if TYPE_CHECKING:
    from sqlglot import exp


@dataclass(frozen=True)
class Comparison:
    """A text column of a table compared with one literal."""

    table: Table
    column: Column
    name: str
    """The column as SQL names it."""
    literal: str
    """The text; of a pattern, what stands between its wildcards."""
    condition: str
    """As SQL over the table alone: `state = 'California'`, also where the statement says `<>`."""
    whole: str
    """The condition as the statement has it: `state IN ('California', 'NV')`."""
    required: bool
    """Whether a row must meet the whole condition to be in the result."""


def parsed(sql: str, dialect: str) -> exp.Expr | None:
    """The one statement of a text; None for none, several, or what cannot be read."""
    import sqlglot
    from sqlglot import errors, exp

    logging.getLogger("sqlglot").setLevel(logging.ERROR)  # it warns of each statement that it does not understand
    try:
        found = [statement for statement in sqlglot.parse(sql, dialect=dialect) if statement is not None]
    except (errors.SqlglotError, RecursionError, ValueError):
        return None
    return found[0] if len(found) == 1 and isinstance(found[0], (exp.Query, exp.DML)) else None


def conjuncts(statement: exp.Expr) -> list[exp.Expr]:
    """The conditions of the outermost WHERE that all must hold."""
    where = statement.args.get("where")
    return [] if where is None else list(_all_of(where.this))


def _all_of(condition: exp.Expr) -> Iterator[exp.Expr]:
    from sqlglot import exp

    condition = condition.unnest()
    if isinstance(condition, exp.And):
        yield from _all_of(condition.left)
        yield from _all_of(condition.right)
    else:
        yield condition


def comparisons(statement: exp.Expr, known: Mapping[str, Table], dialect: str) -> list[Comparison]:
    """Every comparison of a text column of a known table with a literal, in the order of the text."""
    from sqlglot import exp

    of = tables_of_columns(statement, known)
    required = {id(part) for part in conjuncts(statement)}
    found = []
    for node in statement.find_all(exp.EQ, exp.NEQ, exp.In, exp.Like, exp.ILike, bfs=False):
        if isinstance(node.parent, exp.Update):  # SET state = 'CA'
            continue
        side, literals = _sides(node)
        column_node = _bare(side)
        table, column = of.get(id(column_node), (None, None))
        if table is None or column is None or column.kind != "text":
            continue
        name = _named(column, dialect).sql(dialect=dialect)
        whole = _over_one_table(node, column, dialect)
        for literal in literals:
            condition = _over_one_table(_compared(node, side, literal), column, dialect)
            text = literal.strip("%_") if isinstance(node, (exp.Like, exp.ILike)) else literal
            must = id(node) in required and not isinstance(node, exp.NEQ)
            found.append(Comparison(table, column, name, text, condition, whole, must))
    return found


def _sides(node: exp.Expr) -> tuple[exp.Expr, list[str]]:
    """What is compared, and with which texts."""
    from sqlglot import exp

    if isinstance(node, exp.In):
        return node.this, list(_texts(node.expressions))
    left, right = node.this, node.expression
    if isinstance(node, (exp.EQ, exp.NEQ)) and any(_texts([left])):
        left, right = right, left
    if isinstance(right, exp.Any) and isinstance(right.this.unnest(), exp.Array):
        return left, list(_texts(right.this.unnest().expressions))
    return left, list(_texts([right]))


def _texts(nodes: Sequence[exp.Expr]) -> Iterator[str]:
    from sqlglot import exp

    for node in nodes:
        while isinstance(node, (exp.Cast, exp.Paren)):
            node = node.this
        if isinstance(node, exp.Literal) and node.is_string:
            yield str(node.this)


def _bare(side: exp.Expr) -> exp.Expr:
    """The column under functions that change no more than its spelling."""
    from sqlglot import exp

    while isinstance(side, (exp.Lower, exp.Upper, exp.Trim, exp.Cast, exp.Paren)):
        side = side.this
    return side


def _compared(node: exp.Expr, side: exp.Expr, literal: str) -> exp.Expr:
    from sqlglot import exp

    comparison = type(node) if isinstance(node, (exp.Like, exp.ILike)) else exp.EQ
    return comparison(this=side.copy(), expression=exp.Literal.string(literal))


def _over_one_table(condition: exp.Expr, column: Column, dialect: str) -> str:
    """A condition as SQL, its column named without the table."""
    from sqlglot import exp

    def bare(node: exp.Expr) -> exp.Expr:
        return _named(column, dialect) if isinstance(node, exp.Column) else node

    return condition.copy().transform(bare).sql(dialect=dialect)


def _named(column: Column, dialect: str) -> exp.Column:
    from sqlglot import exp

    return exp.Column(this=exp.to_identifier(column.name, quoted=sql_name(column.name, dialect) != column.name))
