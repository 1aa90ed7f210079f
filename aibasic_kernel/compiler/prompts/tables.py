"""Table schemas as text for a request: all of a small database, of a large one those that the sentence is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from aibasic.modules.schema import Column, Table
from aibasic.modules.sql_names import sql_name, sql_text

from aibasic_kernel.compiler.prompts.table_choice import choose
from aibasic_kernel.compiler.words import words

ALL_UP_TO = 40
"""Tables that are described in full without choosing."""
COMMENT_LIMIT = 200
CONDITION_LIMIT = 300
VALUES_LIMIT = 600
NAMES_LIMIT = 4000
TABLE_LIMIT = 6000
DETAIL_LIMIT = 30_000
"""Characters: what one request tells of one database at most, whatever its size."""

Clean = Callable[[str], str]
Values = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Table -> column -> the distinct values of that column."""


def tables_in_full(tables: Mapping[str, Table], near: Mapping[str, float]) -> list[Table]:
    """The tables that are described in full: all where they are few, else those near the words, best first."""
    few = len(tables) <= ALL_UP_TO and sum(map(_length, tables.values())) <= DETAIL_LIMIT
    return list(tables.values()) if few else choose(tables, near)


def tables_text(
    tables: Mapping[str, Table],
    chosen: Iterable[Table],
    near: Mapping[str, float],
    clean: Clean,
    values: Values | None = None,
    dialect: str = "",
) -> list[str]:
    """Lines about `chosen` in full, with the `values` that may be told, and the names of the other `tables`.

    `near` are the words of the sentence and its cell, `clean` makes texts of data harmless. Names and texts are written
    as the SQL of the `dialect` has them.
    """
    sql = _Sql(clean, dialect)
    lines: list[str] = []
    room = DETAIL_LIMIT
    told = set()
    for table in chosen:
        described = _table(table, near, sql, (values or {}).get(table.name, {}))
        room -= sum(map(len, described))
        if room < 0:
            break
        lines += described
        told.add(table.name)
    others = sorted((name for name in tables if name not in told), key=lambda name: not words(name) & near.keys())
    if others:
        lines.append(f"other tables: {bounded(map(clean, others), NAMES_LIMIT)}")
    return lines


def bounded(names: Iterable[str], limit: int) -> str:
    """Names with commas, at most `limit` characters, and how many more there are."""
    shown: list[str] = []
    rest = 0
    for name in names:
        limit -= len(name) + 2
        if limit < 0:
            rest += 1
        else:
            shown.append(name)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")


def _length(table: Table) -> int:
    """About how many characters a table takes in full."""
    return sum(len(column.name) + len(column.type) + len(column.comment) + 4 for column in table.columns)


class _Sql:
    """Names and texts of data, harmless and as SQL writes them."""

    def __init__(self, clean: Clean, dialect: str) -> None:
        self.clean = clean
        self._dialect = dialect

    def name(self, name: str) -> str:
        return self.clean(sql_name(name, self._dialect))

    def names(self, names: Iterable[str]) -> str:
        return ", ".join(map(self.name, names))

    def texts(self, values: Iterable[str]) -> str:
        return bounded((self.clean(sql_text(value, self._dialect)) for value in values), VALUES_LIMIT)


def _table(table: Table, near: Mapping[str, float], sql: _Sql, values: Mapping[str, tuple[str, ...]]) -> list[str]:
    comment = sql.clean(table.comment)[:COMMENT_LIMIT]
    lines = [f"{table.kind} {sql.clean(table.name)}" + (f" -- {comment}" if comment else "")]
    columns, rest = _columns(table, near)
    plain: list[str] = []
    for column in columns:
        text, is_long = _column(column, column.name in table.primary_key, sql)
        if is_long:
            lines += [*_joined(plain), f"  {text}"]
            plain = []
        else:
            plain.append(text)
    lines += _joined(plain)
    if rest:
        lines.append(f"  also the columns {bounded((sql.name(name) for name in rest), TABLE_LIMIT)}")
    if table.primary_key:
        lines.append(f"  primary key ({sql.names(table.primary_key)})")
    for key in table.foreign_keys:
        own, target = sql.names(key.columns), sql.names(key.target_columns)
        lines.append(f"  ({own}) refers to {sql.clean(key.target)} ({target})")
    lines += [f"  unique ({sql.names(columns)})" for columns in table.unique if columns != table.primary_key]
    lines += [f"  check ({sql.clean(condition)[:CONDITION_LIMIT]})" for condition in table.checks]
    lines += [f"  values of {sql.name(name)}: {sql.texts(found)}" for name, found in values.items()]
    return lines


def _columns(table: Table, near: Mapping[str, float]) -> tuple[list[Column], list[str]]:
    """The columns to describe, and the names of the others: of a very wide table, keys and what the sentence says."""
    if _length(table) <= TABLE_LIMIT:
        return list(table.columns), []
    keys = {name for key in table.foreign_keys for name in key.columns}.union(table.primary_key)

    def distance(column: Column) -> tuple[bool, int]:
        return column.name not in keys, -len(words(f"{column.name} {column.comment}") & near.keys())

    room = TABLE_LIMIT
    described = set()
    for column in sorted(table.columns, key=distance):
        room -= len(column.name) + len(column.type) + len(column.comment) + 4
        if room < 0:
            break
        described.add(column.name)
    return (
        [column for column in table.columns if column.name in described],
        [column.name for column in table.columns if column.name not in described],
    )


def _column(column: Column, is_key: bool, sql: _Sql) -> tuple[str, bool]:
    """A column in words, and whether they deserve a line of their own."""
    text = f"{sql.name(column.name)} {sql.clean(column.type)}"
    if column.base and not column.values:
        conditions = " and ".join(f"check ({condition})" for condition in column.checks)
        text += f" ({sql.clean(f'{column.base} {conditions}')[:CONDITION_LIMIT].rstrip()})"
    if column.values:
        text += f" ({sql.texts(column.values)})"
    text += "" if column.nullable or is_key else " not null"
    if column.comment:
        text += f" -- {sql.clean(column.comment)[:COMMENT_LIMIT]}"
    return text, bool(column.comment or column.values or column.base)


def _joined(columns: list[str]) -> list[str]:
    return [f"  {', '.join(columns)}"] if columns else []
