"""The tables of a PostgreSQL database, read from its catalogue in a few queries however many tables there are."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from aibasic.modules.schema import Column, ForeignKey, Table

_TABLE_KINDS = {
    "r": "table", "p": "partitioned table", "v": "view", "m": "materialized view", "f": "foreign table",
}  # fmt: skip
# pg_type.typcategory, https://www.postgresql.org/docs/current/catalog-pg-type.html; an enumeration is read as text.
_COLUMN_KINDS = {"N": "number", "S": "text", "E": "text", "B": "boolean", "D": "time", "T": "time"}

# Partitions are left out: they are read through their table.
_COLUMNS = """
SELECT c.oid, CASE WHEN pg_table_is_visible(c.oid) THEN quote_ident(c.relname)
                   ELSE quote_ident(n.nspname) || '.' || quote_ident(c.relname) END,
       c.relkind, obj_description(c.oid, 'pg_class'),
       a.attname, format_type(a.atttypid, a.atttypmod), t.typcategory, NOT (a.attnotnull OR t.typnotnull),
       col_description(c.oid, a.attnum), CASE t.typcategory WHEN 'A' THEN t.typelem ELSE t.oid END
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_type t ON t.oid = a.atttypid
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
  AND (n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' OR n.oid = pg_my_temp_schema())
  AND has_schema_privilege(n.oid, 'USAGE')
  AND (has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE') OR has_any_column_privilege(c.oid, 'SELECT'))
ORDER BY 2, a.attnum
"""
_UNIQUE = """
SELECT i.indrelid, i.indisprimary,
       ARRAY(SELECT a.attname::text FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(number, position)
             JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
             WHERE k.position <= i.indnkeyatts ORDER BY k.position)
FROM pg_index i
WHERE i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL AND i.indrelid >= 16384
ORDER BY i.indexrelid
"""
_REFERENCES = """
SELECT f.conrelid, f.confrelid,
       ARRAY(SELECT a.attname::text FROM unnest(f.conkey) WITH ORDINALITY k(number, position)
             JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.number ORDER BY k.position),
       ARRAY(SELECT a.attname::text FROM unnest(f.confkey) WITH ORDINALITY k(number, position)
             JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.number ORDER BY k.position),
       CASE WHEN pg_table_is_visible(f.confrelid) THEN f.confrelid::regclass::text
            ELSE (SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM pg_class c
                  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = f.confrelid) END
FROM pg_constraint f
WHERE f.contype = 'f' AND f.conparentid = 0
ORDER BY f.oid
"""
_CHECKS = """
SELECT conrelid, pg_get_expr(conbin, conrelid, true)
FROM pg_constraint
WHERE contype = 'c' AND conrelid <> 0
ORDER BY conrelid, conname
"""
_TYPES = """
SELECT t.oid, t.typbasetype, CASE t.typtype WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
       ARRAY(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder),
       ARRAY(SELECT pg_get_expr(conbin, 0, true) FROM pg_constraint
             WHERE contypid = t.oid AND contype = 'c' ORDER BY conname)
FROM pg_type t
WHERE t.typtype IN ('d', 'e') AND t.oid >= 16384
"""

# What PostgreSQL adds to a condition when it writes it down: 'paid'::text, status::text, '2020-01-01'::date.
_LITERAL = r"(?:'(?:[^']|'')*'|\b\d[\d.]*)"
_TYPE = r"(?:\"[^\"]+\"|[a-z_][\w.]*(?: varying| precision| with(?:out)? time zone)?)"
_LITERAL_CAST = re.compile(rf"({_LITERAL})(?:::{_TYPE}(?:\[\])?)?|::(?:text|character varying|bpchar)(?:\[\])?(?!\w)")
_ARRAY = re.compile(rf"(=|<>) (?:ANY|ALL) \(\(?ARRAY\[((?:{_LITERAL}(?:, )?)+)\]\)?(?:::{_TYPE}\[\])?\)")


class _Type(NamedTuple):
    """A domain or an enumeration."""

    base_oid: int
    base: str | None
    labels: list[str]
    checks: list[str]


def read(cursor: Any) -> Mapping[str, Table]:
    """All tables, views and the like that the user may use, by the name that a statement may call them."""
    types = {oid: _Type(*rest) for oid, *rest in _rows(cursor, _TYPES)}
    columns: defaultdict[int, list[Column]] = defaultdict(list)
    heads: dict[int, tuple[str, str, str]] = {}
    for oid, name, kind, comment, column, type_, category, nullable, remark, of in _rows(cursor, _COLUMNS):
        heads[oid] = (name, _TABLE_KINDS[kind], comment or "")
        if column is not None:
            known = _COLUMN_KINDS.get(category, "other")
            columns[oid].append(Column(column, type_, known, nullable, remark or "", *_declared(of, types)))
    primary: dict[int, tuple[str, ...]] = {}
    unique: defaultdict[int, list[tuple[str, ...]]] = defaultdict(list)
    for oid, is_primary, names in _rows(cursor, _UNIQUE):
        if is_primary:
            primary[oid] = tuple(names)
        else:
            unique[oid].append(tuple(names))
    references: defaultdict[int, list[ForeignKey]] = defaultdict(list)
    for oid, _, names, targets, target in _rows(cursor, _REFERENCES):
        references[oid].append(ForeignKey(tuple(names), target, tuple(targets)))
    checks: defaultdict[int, list[str]] = defaultdict(list)
    for oid, condition in _rows(cursor, _CHECKS):
        checks[oid].append(plain(condition))
    return MappingProxyType(
        {
            name: Table(
                name,
                tuple(columns[oid]),
                kind,
                primary.get(oid, ()),
                tuple(references[oid]),
                tuple(unique[oid]),
                comment,
                tuple(checks[oid]),
            )
            for oid, (name, kind, comment) in heads.items()
        }
    )


def plain(condition: str) -> str:
    """A condition as a person would have written it: without casts of texts, `IN (...)` for a comparison with an array.

    `(status)::text = ANY (ARRAY['new'::text, 'paid'::text])` is `status IN ('new', 'paid')`.
    """
    bare = _LITERAL_CAST.sub(lambda match: match[1] or "", condition)
    return _ARRAY.sub(lambda match: f"{'IN' if match[1] == '=' else 'NOT IN'} ({match[2]})", bare)


def _declared(oid: int, types: Mapping[int, _Type]) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """Labels, base type and conditions of a type, those of the domains under a domain among them."""
    base = ""
    checks: list[str] = []
    while (found := types.get(oid)) is not None and found.base is not None:
        base = found.base
        checks += map(plain, found.checks)
        oid = found.base_oid
    return tuple(found.labels) if found is not None else (), base, tuple(checks)


def _rows(cursor: Any, query: str) -> list[tuple[Any, ...]]:
    cursor.execute(query)
    rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
