"""Judges whether the end of a sentence is a whole SQL statement of its own."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from aibasic.modules.schema import Table

if TYPE_CHECKING:
    from sqlglot import exp

VERBS = frozenset(
    [
    "select", "with", "values", "explain", "insert", "update", "delete", "merge", "create", "alter", "drop",
    "truncate", "comment",
]
)
_CHANGING = frozenset(["insert", "update", "delete", "merge", "with"])
_EXPLAIN = re.compile(r"\s*explain\s+(?:analyze\s+|verbose\s+|\([^()]*\)\s*)*", re.IGNORECASE)
_SYSTEM = ("pg_", "information_schema")


def is_statement(
    text: str, dialect: str, returns_rows: bool, known: Callable[[], Mapping[str, Table]] | None
) -> bool:
    """Whether all of `text` is one statement that sqlglot reads to the last character, returning rows or not.

    With `known` the tables and columns that it names must be among those (in any case) or be the database's own.
    What sqlglot only skims (CALL, DO, SHOW, GRANT ...) is no statement here: nothing says where such text ends.
    """
    verb = (text.split(maxsplit=1) or [""])[0].lower()
    if verb not in VERBS:
        return False
    statement = parse_statement(text, dialect)
    if statement is None or (verb == "explain" or _gives_rows(statement)) != returns_rows:
        return False
    return known is None or _is_about(statement, known())


def changes_rows(text: str) -> bool:
    """Whether a statement's first word says that it changes rows, rather than defines tables or the like."""
    return text.split(maxsplit=1)[0].lower() in _CHANGING


@lru_cache(maxsize=64)
def parse_statement(text: str, dialect: str) -> exp.Expr | None:
    """The one statement of a text, of `explain ...` the one explained; None for what sqlglot does not read, or skims.

    The tree is shared by all who ask for the same text: it is only to be read.
    """
    import sqlglot
    from sqlglot import errors, exp

    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    try:
        plain = _EXPLAIN.sub("", text, count=1)
        found = [statement for statement in sqlglot.parse(plain, read=dialect) if statement is not None]
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


def _is_about(statement: exp.Expr, known: Mapping[str, Table]) -> bool:
    """Whether every table and column that the statement names is there; the database's own are taken on trust."""
    from sqlglot import exp

    if isinstance(statement, exp.Create):
        return True
    folded = {name.replace('"', "").lower(): table for name, table in known.items()}
    aliases = {alias.lower() for alias in _aliases(statement)}
    columns: set[str] = set(aliases)
    trusted = False
    for table in statement.find_all(exp.Table):
        qualified = f"{table.db}.{table.name}".lower() if table.db else table.name.lower()
        found = folded.get(qualified) or folded.get(table.name.lower())
        if found is not None:
            columns.update(column.name.lower() for column in found.columns)
        elif (table.db or table.name).lower().startswith(_SYSTEM):
            trusted = True
        elif table.name and table.name.lower() not in aliases:
            return False
    named = {column.name.lower() for column in statement.find_all(exp.Column)} - {"*", "default"}
    return trusted or named <= columns


def _aliases(statement: exp.Expr) -> Iterator[str]:
    from sqlglot import exp

    for node in statement.find_all(exp.Alias, exp.TableAlias):
        yield node.alias if isinstance(node, exp.Alias) else node.name
        yield from (column.name for column in node.args.get("columns") or ())
