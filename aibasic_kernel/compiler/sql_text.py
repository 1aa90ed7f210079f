"""SQL as pieces: text, and parameters that are Python; put together as the arguments of `execute_query`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_]*")
# PostgreSQL's reserved key words (its manual, appendix C): as a bare name each would be read as syntax.
_RESERVED = frozenset(
    [
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization", "binary",
    "both", "case", "cast", "check", "collate", "collation", "column", "concurrently", "constraint", "create",
    "cross", "current_catalog", "current_date", "current_role", "current_schema", "current_time",
    "current_timestamp", "current_user", "default", "deferrable", "desc", "distinct", "do", "else", "end",
    "except", "false", "fetch", "for", "foreign", "freeze", "from", "full", "grant", "group", "having", "ilike",
    "in", "initially", "inner", "intersect", "into", "is", "isnull", "join", "lateral", "leading", "left",
    "like", "limit", "localtime", "localtimestamp", "natural", "not", "notnull", "null", "offset", "on", "only",
    "or", "order", "outer", "overlaps", "placing", "primary", "references", "returning", "right", "select",
    "session_user", "similar", "some", "symmetric", "system_user", "table", "tablesample", "then", "to",
    "trailing", "true", "union", "unique", "user", "using", "variadic", "verbose", "when", "where", "window",
    "with",
]
)


@dataclass(frozen=True)
class Param:
    """A value that is handed to the driver beside the SQL: a Python expression."""

    python: str


Sql = tuple[str | Param, ...]


def python_text(text: str) -> str:
    """A Python literal for `text`, in double quotes where they need no escape."""
    plain = text.isprintable() and not ('"' in text or "\\" in text)
    return f'"{text}"' if plain else repr(text)


def sql_text(text: str) -> str:
    """A SQL literal for `text` (standard_conforming_strings: a backslash is itself)."""
    return "'" + text.replace("'", "''") + "'"


def sql_name(name: str) -> str:
    """A column's name as SQL writes it: quoted where it must be."""
    if _PLAIN_NAME.fullmatch(name) and name not in _RESERVED:
        return name
    return '"' + name.replace('"', '""') + '"'


def as_arguments(sql: Sql) -> str:
    """The arguments of a call of `execute_query`: a literal, and the parameters where there are any.

    A `%` is doubled only beside parameters: without them the driver sends the text as it is.
    """
    parameters = [piece.python for piece in sql if isinstance(piece, Param)]
    if not parameters:
        return python_text("".join(piece for piece in sql if isinstance(piece, str)))
    text = "".join("%s" if isinstance(piece, Param) else piece.replace("%", "%%") for piece in sql)
    listed = ", ".join(parameters) + ("," if len(parameters) == 1 else "")
    return f"{python_text(text)}, ({listed})"
