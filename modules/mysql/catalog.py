"""The tables and views of a MySQL database, as information_schema has them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from aibasic.modules.mysql.opening import is_mariadb
from aibasic.modules.schema import Column, ForeignKey, Table
from aibasic.modules.sql_names import sql_name

if TYPE_CHECKING:
    from aibasic.modules.mysql.driver import Connection

_COLUMNS = """
SELECT t.table_name, t.table_type, t.table_comment, c.column_name, c.column_type, c.data_type,
       c.is_nullable = 'YES', c.column_comment
FROM information_schema.tables t
JOIN information_schema.columns c ON c.table_schema = t.table_schema AND c.table_name = t.table_name
WHERE t.table_schema = DATABASE() ORDER BY t.table_name, c.ordinal_position
"""
_KEYS = """
SELECT k.table_name, k.constraint_name, k.column_name, k.referenced_table_name, k.referenced_column_name
FROM information_schema.key_column_usage k
WHERE k.table_schema = DATABASE() ORDER BY k.table_name, k.constraint_name, k.ordinal_position
"""
_CHECKS_OF_MARIADB = """
SELECT table_name, check_clause FROM information_schema.check_constraints
WHERE constraint_schema = DATABASE() ORDER BY table_name, constraint_name
"""
_CHECKS_OF_MYSQL = """
SELECT t.table_name, c.check_clause
FROM information_schema.check_constraints c
JOIN information_schema.table_constraints t USING (constraint_schema, constraint_name)
WHERE constraint_schema = DATABASE() ORDER BY t.table_name, constraint_name
"""
_KINDS = {
    **dict.fromkeys(("tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double", "bit", "year"),
                    "number"),
    **dict.fromkeys(("char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set"), "text"),
    **dict.fromkeys(("date", "datetime", "timestamp", "time"), "time"),
}  # fmt: skip
# MariaDB has JSON as a text with this condition.
_IS_JSON = re.compile(r"json_valid\(`((?:[^`]|``)+)`\)", re.IGNORECASE)
_QUOTED_IN_VAIN = re.compile(r"`([A-Za-z_]\w*)`")
_LABELS = re.compile(r"'((?:[^']|'')*)'")


def read(connection: Connection) -> Mapping[str, Table]:
    """All tables and views of the database by the name that a statement may call them."""
    checks, json = _checks(connection)
    columns: defaultdict[str, list[Column]] = defaultdict(list)
    heads: dict[str, tuple[str, str]] = {}
    for table, kind, comment, name, type_, base, nullable, remark in _rows(connection, _COLUMNS):
        # A view's comment is the word VIEW.
        heads[table] = ("view" if "VIEW" in kind else "table", "" if "VIEW" in kind else comment)
        type_, base = ("json", "json") if (table, name) in json else (type_, base)
        columns[table].append(_column(name, type_, base, bool(nullable), remark))
    keys: defaultdict[str, dict[str, list[tuple[str, str | None, str | None]]]] = defaultdict(dict)
    for table, constraint, column, target, target_column in _rows(connection, _KEYS):
        keys[table].setdefault(constraint, []).append((column, target, target_column))
    tables = (
        Table(
            sql_name(name, "mysql"),
            tuple(columns[name]),
            kind,
            tuple(column for column, *_ in keys[name].get("PRIMARY", [])),
            tuple(_references(keys[name])),
            tuple(_unique(keys[name])),
            comment,
            tuple(checks[name]),
        )
        for name, (kind, comment) in heads.items()
    )
    return MappingProxyType({table.name: table for table in tables})


def _column(name: str, type_: str, base: str, nullable: bool, comment: str) -> Column:
    if base in ("enum", "set"):
        labels = tuple(label.replace("''", "'") for label in _LABELS.findall(type_))
        return Column(name, base, "text", nullable, comment, labels)
    kind = "boolean" if type_ == "tinyint(1)" else _KINDS.get(base, "other")
    return Column(name, type_, kind, nullable, comment)


def _checks(connection: Connection) -> tuple[Mapping[str, list[str]], set[tuple[str, str]]]:
    """The conditions on rows by table, and the columns of JSON by table and name."""
    checks: defaultdict[str, list[str]] = defaultdict(list)
    json = set()
    for table, clause in _rows(connection, _CHECKS_OF_MARIADB if is_mariadb(connection) else _CHECKS_OF_MYSQL):
        if match := _IS_JSON.fullmatch(clause):
            json.add((table, match[1].replace("``", "`")))
        else:
            checks[table].append(_QUOTED_IN_VAIN.sub(r"\1", clause))
    return checks, json


def _references(keys: Mapping[str, list[tuple[str, str | None, str | None]]]) -> list[ForeignKey]:
    return [
        ForeignKey(
            tuple(column for column, *_ in parts), sql_name(parts[0][1], "mysql"), tuple(str(part[2]) for part in parts)
        )
        for parts in keys.values()
        if parts[0][1] is not None
    ]


def _unique(keys: Mapping[str, list[tuple[str, str | None, str | None]]]) -> list[tuple[str, ...]]:
    return [
        tuple(column for column, *_ in parts)
        for name, parts in keys.items()
        if name != "PRIMARY" and parts[0][1] is None
    ]


def _rows(connection: Connection, query: str) -> list[tuple[Any, ...]]:
    return [tuple(map(_text, row)) for row in connection.rows(query)]


def _text(value: Any) -> Any:
    return value.decode() if isinstance(value, (bytes, bytearray)) else value
