"""What a table and a column are: types, keys, comments and conditions, never a value of a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from aibasic.modules.schema import Column, Table
from aibasic.modules.sql_names import sql_name

from aibasic_kernel.compiler.scope import Service
from aibasic_kernel.session.completion.offers import column_offer
from aibasic_kernel.session.inspection.card import Card, aligned, card, listed
from aibasic_kernel.session.inspection.examples import of_table


def table_card(service: Service, table: Table) -> Card:
    """A table with its columns, and what refers to it."""
    columns = [(column.name, column.type, _remark(table, column)) for column in table.columns]
    count = f"{len(columns):,} column{'' if len(columns) == 1 else 's'}"
    return card(
        f"{table.name}: {table.kind} of [{service.section}], {count}",
        table.comment,
        aligned("columns", columns) if columns else "",
        listed("every row meets", table.checks),
        listed("referred to by", _referring(table.name, service.tables())),
        of_table(service, table, table.name),
    )


def column_card(service: Service, table: Table, column: Column) -> Card:
    """A column of a table."""
    remark = _remark(replace(table, comment=""), replace(column, comment=""))
    narrow = replace(table, columns=(column,), primary_key=(), foreign_keys=())
    return card(
        f"{column.name}: {column.type}, column of {table.kind} {table.name} of [{service.section}]",
        column.comment,
        remark,
        listed("one of", column.values),
        listed("every value meets", column.checks),
        of_table(service, narrow, column_offer(column).text),
    )


def _remark(table: Table, column: Column) -> str:
    """What holds for a column, with the comment on it."""
    return ", ".join(filter(None, (*_facts(table, column), column.comment)))


def _facts(table: Table, column: Column) -> Iterator[str]:
    if column.name in table.primary_key:
        whole = len(table.primary_key) == 1
        yield "primary key" if whole else f"of the primary key ({', '.join(table.primary_key)})"
    elif not column.nullable:
        yield "not null"
    if (column.name,) in table.unique:
        yield "unique"
    for key in table.foreign_keys:
        for own, target in zip(key.columns, key.target_columns, strict=True):
            if own == column.name:
                yield f"refers to {key.target}.{sql_name(target)}"
    if column.base:
        yield f"a domain over {column.base}"


def _referring(name: str, tables: Mapping[str, Table]) -> Iterator[str]:
    for table in tables.values():
        for key in table.foreign_keys:
            if key.target == name:
                yield f"{table.name} ({', '.join(key.columns)})"
