"""The tables and views of a MySQL database, as information_schema has them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from aibasic.modules.schema import Column, ForeignKey, Table

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
_CHECKS = """
SELECT table_name, check_clause FROM information_schema.check_constraints
WHERE constraint_schema = DATABASE() AND level = 'Table'
"""
_KINDS = {
    **dict.fromkeys(("tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double", "bit", "year"),
                    "number"),
    **dict.fromkeys(("char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set"), "text"),
    **dict.fromkeys(("date", "datetime", "timestamp", "time"), "time"),
}  # fmt: skip
_LABELS = re.compile(r"'((?:[^']|'')*)'")


def read(connection: Connection) -> Mapping[str, Table]:
    """All tables and views of the database by name."""
    columns: defaultdict[str, list[Column]] = defaultdict(list)
    heads: dict[str, tuple[str, str]] = {}
    for table, kind, comment, name, type_, base, nullable, remark in _rows(connection, _COLUMNS):
        heads[table] = ("view" if "VIEW" in kind else "table", "" if kind == "VIEW" else comment)
        columns[table].append(_column(name, type_, base, bool(nullable), remark))
    keys: defaultdict[str, dict[str, list[tuple[str, str | None, str | None]]]] = defaultdict(dict)
    for table, constraint, column, target, target_column in _rows(connection, _KEYS):
        keys[table].setdefault(constraint, []).append((column, target, target_column))
    checks: defaultdict[str, list[str]] = defaultdict(list)
    for table, clause in _checks(connection):
        checks[table].append(clause)
    return MappingProxyType(
        {
            name: Table(
                name,
                tuple(columns[name]),
                kind,
                tuple(column for column, *_ in keys[name].get("PRIMARY", [])),
                tuple(_references(keys[name])),
                tuple(_unique(keys[name])),
                comment,
                tuple(checks[name]),
            )
            for name, (kind, comment) in heads.items()
        }
    )


def _column(name: str, type_: str, base: str, nullable: bool, comment: str) -> Column:
    labels = tuple(label.replace("''", "'") for label in _LABELS.findall(type_)) if base in ("enum", "set") else ()
    kind = "boolean" if type_ == "tinyint(1)" else _KINDS.get(base, "other")
    return Column(name, type_, kind, nullable, comment, labels)


def _references(keys: Mapping[str, list[tuple[str, str | None, str | None]]]) -> list[ForeignKey]:
    return [
        ForeignKey(tuple(column for column, *_ in parts), parts[0][1], tuple(str(part[2]) for part in parts))
        for parts in keys.values()
        if parts[0][1] is not None
    ]


def _unique(keys: Mapping[str, list[tuple[str, str | None, str | None]]]) -> list[tuple[str, ...]]:
    return [
        tuple(column for column, *_ in parts)
        for name, parts in keys.items()
        if name != "PRIMARY" and parts[0][1] is None
    ]


def _checks(connection: Connection) -> list[tuple[Any, ...]]:
    from mysql.connector.errors import Error

    try:
        return _rows(connection, _CHECKS)
    except Error:
        # MySQL's own information_schema names no table there.
        return []


def _rows(connection: Connection, query: str) -> list[tuple[Any, ...]]:
    cursor = connection.plain_cursor(buffered=True)
    try:
        cursor.execute(query)
        return [tuple(map(_text, row)) for row in cursor.fetchall()]
    finally:
        cursor.close()


def _text(value: Any) -> Any:
    return value.decode() if isinstance(value, (bytes, bytearray)) else value
