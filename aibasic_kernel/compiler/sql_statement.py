"""Judges whether the end of a sentence is a whole SQL statement of its own."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp

_VERBS = frozenset(
    [
    "select", "with", "values", "explain", "insert", "update", "delete", "merge", "create", "alter", "drop",
    "truncate", "comment",
]
)
_EXPLAIN = re.compile(r"explain\s+(?:analyze\s+|verbose\s+|\([^()]*\)\s*)*", re.IGNORECASE)
_SYSTEM = ("pg_", "information_schema")


def is_statement(text: str, dialect: str, returns_rows: bool, known: Callable[[], Collection[str]] | None) -> bool:
    """Whether all of `text` is one statement that sqlglot reads to the last character, returning rows or not.

    With `known` the tables that it reads or changes must be among those (in any case) or be the database's own.
    What sqlglot only skims (CALL, DO, SHOW, GRANT ...) is no statement here: nothing says where such text ends.
    """
    verb = text.partition(" ")[0].lower()
    if verb not in _VERBS:
        return False
    statement = _parse(_EXPLAIN.sub("", text, count=1) if verb == "explain" else text, dialect)
    if statement is None or (verb == "explain" or _gives_rows(statement)) != returns_rows:
        return False
    return known is None or _is_about(statement, {name.replace('"', "").lower() for name in known()})


def _parse(text: str, dialect: str) -> exp.Expr | None:
    import sqlglot
    from sqlglot import errors, exp

    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    try:
        found = [statement for statement in sqlglot.parse(text, read=dialect) if statement is not None]
    except (errors.SqlglotError, RecursionError, ValueError):
        return None
    if len(found) != 1 or found[0].find(exp.Command) is not None:
        return None
    return found[0]


def _gives_rows(statement: exp.Expr) -> bool:
    from sqlglot import exp

    if isinstance(statement, exp.DML):
        return statement.args.get("returning") is not None
    return isinstance(statement, exp.Query)


def _is_about(statement: exp.Expr, known: set[str]) -> bool:
    from sqlglot import exp

    if isinstance(statement, exp.Create):
        return True
    own = {table.alias_or_name.lower() for table in statement.find_all(exp.CTE)}
    tables = list(statement.find_all(exp.Table))
    if not tables and statement.find(exp.Column) is not None:
        return False
    return all(_is_known(table.name.lower(), table.db.lower(), known | own) for table in tables if table.name)


def _is_known(name: str, schema: str, known: set[str]) -> bool:
    qualified = f"{schema}.{name}" if schema else name
    return qualified in known or name in known or (schema or name).startswith(_SYSTEM)
