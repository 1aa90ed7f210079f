"""Which tables, and which of their columns, a SQL text names."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from aibasic.modules.schema import Column, Table

from aibasic_kernel.compiler.traces.trace import table_named

if TYPE_CHECKING:
    from sqlglot import exp


def tables_used(sql: str, dialect: str, known: Mapping[str, Table]) -> dict[str, dict[str, str]]:
    """The kinds of the columns that `sql` names, by the name of their table in `known`.

    Only what `known` has counts: aliases, common table expressions and tables that the text creates are none.
    `*` names no column. A text that cannot be parsed names nothing.
    """
    used: dict[str, dict[str, str]] = {}
    for statement in _parsed(sql, dialect):
        _add_statement(statement, known, used)
    return used


def tables_missing(sql: str, dialect: str, known: Mapping[str, Table]) -> list[str]:
    """The tables without a schema that `sql` names and does not make itself, and that `known` has not."""
    from sqlglot import exp

    statements = _parsed(sql, dialect)
    every = [
        node
        for statement in statements
        for node in statement.find_all(exp.Table)
        if isinstance(node.this, exp.Identifier)
    ]
    made = {cte.alias_or_name.casefold() for statement in statements for cte in statement.find_all(exp.CTE)}
    made.update(node.name.casefold() for node in every if node.find_ancestor(exp.Create, exp.Drop))
    names = dict.fromkeys(node.name for node in every if not node.db and node.name.casefold() not in made)
    return [name for name in names if table_named(known, name) is None]


def _parsed(sql: str, dialect: str) -> list[exp.Expr]:
    import sqlglot
    from sqlglot import errors

    logging.getLogger("sqlglot").setLevel(logging.ERROR)  # it warns of each statement that it does not understand
    try:
        # where there are parameters, %% stands for the operator %
        return [part for part in sqlglot.parse(sql.replace("%%", "%"), dialect=dialect or None) if part is not None]
    except (errors.SqlglotError, RecursionError):
        return []


def _add_statement(statement: exp.Expr, known: Mapping[str, Table], used: dict[str, dict[str, str]]) -> None:
    sources = _sources(statement, known)
    for here in sources.values():
        used.update({table.name: used.get(table.name, {}) for table in here.values()})
    for column, table in _resolved(statement, sources):
        _add_column(column.name, bool(column.this.args.get("quoted")), table, used)
    _add_inserted(statement, known, used)


def tables_of_columns(statement: exp.Expr, known: Mapping[str, Table]) -> dict[int, tuple[Table, Column]]:
    """Table and column, by the `id` of each column node of `statement` that can be of one known table alone."""
    found: dict[int, list[tuple[Table, Column]]] = {}
    for node, table in _resolved(statement, _sources(statement, known)):
        spelled = node.name if node.this.args.get("quoted") else _column(table, node.name)
        column = table.column(spelled) if spelled is not None else None
        if column is not None:
            found.setdefault(id(node), []).append((table, column))
    return {node: places[0] for node, places in found.items() if len(places) == 1}


def _sources(statement: exp.Expr, known: Mapping[str, Table]) -> dict[int, dict[str, Table]]:
    """The known tables by the `id` of the statement or select that they stand in, and by their names there."""
    from sqlglot import exp

    created = statement.find(exp.Table) if isinstance(statement, (exp.Create, exp.Drop)) else None
    defined = {cte.alias_or_name.casefold() for cte in statement.find_all(exp.CTE)}
    sources: dict[int, dict[str, Table]] = {}
    for node in statement.find_all(exp.Table):
        name = f"{node.db}.{node.name}" if node.db not in ("", "public") else node.name
        if node is created or (not node.db and node.name.casefold() in defined):
            continue
        table = table_named(known, name)
        if table is not None:
            sources.setdefault(id(_owner(node)), {})[node.alias_or_name.casefold()] = table
    return sources


def _add_inserted(statement: exp.Expr, known: Mapping[str, Table], used: dict[str, dict[str, str]]) -> None:
    """The columns in the parentheses of `insert into table (...)`, which are bare identifiers."""
    from sqlglot import exp

    for schema in statement.find_all(exp.Schema):
        if not isinstance(schema.parent, exp.Insert) or not isinstance(schema.this, exp.Table):
            continue
        table = table_named(known, schema.this.name)
        for identifier in schema.expressions if table is not None else ():
            if isinstance(identifier, exp.Identifier) and table is not None:
                _add_column(identifier.name, bool(identifier.args.get("quoted")), table, used)


def _resolved(statement: exp.Expr, sources: Mapping[int, Mapping[str, Table]]) -> Iterator[tuple[exp.Column, Table]]:
    """Each column with the tables that it may be of: those of its own select first, then of the ones around it."""
    from sqlglot import exp

    for column in statement.find_all(exp.Column):
        owner: exp.Expr | None = _owner(column)
        while owner is not None:
            here = sources.get(id(owner), {})
            found = [
                table
                for alias, table in here.items()
                if (not column.table or column.table.casefold() == alias) and _column(table, column.name) is not None
            ]
            if found:
                yield from ((column, table) for table in found)
                break
            owner = _owner(owner) if owner.parent is not None else None


def _owner(node: exp.Expr) -> exp.Expr:
    """The statement or select whose tables and columns `node` is among."""
    from sqlglot import exp

    parent = node.parent
    while parent is not None and parent.parent is not None:
        if isinstance(parent, (exp.Select, exp.Insert, exp.Update, exp.Delete, exp.Merge)):
            break
        parent = parent.parent
    return parent if parent is not None else node


def _column(table: Table, name: str) -> str | None:
    """The column's own spelling in the table; case matters only where two differ in nothing else."""
    if table.column(name) is not None:
        return name
    folded = [column.name for column in table.columns if column.name.casefold() == name.casefold()]
    return folded[0] if len(folded) == 1 else None


def _add_column(name: str, quoted: bool, table: Table, used: dict[str, dict[str, str]]) -> None:
    spelled = name if quoted else _column(table, name)
    column = table.column(spelled) if spelled is not None else None
    if column is not None:
        used.setdefault(table.name, {})[column.name] = column.kind
