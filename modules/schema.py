"""How modules describe the tables of a service: what the prompt, the phrases, the trace and completion need."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("number", "text", "boolean", "time", "other")


@dataclass(frozen=True)
class Column:
    """A column. `type` is the service's own word in any case (`numeric(10,2)`), `kind` one of `KINDS`.

    Of kind `time` a `date` is a day, and what begins with `timestamp` or `datetime` a point of time.

    Where the type is an enumeration, or made of one, `values` are its labels in their order. Where it is a domain,
    `base` is the type under it, and `checks` are the conditions that its `VALUE` meets.
    """

    name: str
    type: str
    kind: str
    nullable: bool = True
    comment: str = ""
    values: tuple[str, ...] = ()
    base: str = ""
    checks: tuple[str, ...] = ()


@dataclass(frozen=True)
class ForeignKey:
    """`columns` of this table refer to `target_columns` of `target`."""

    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table, view or the like (`kind`: table, view, materialized view, foreign table, partitioned table).

    `name` is how a statement may call it as things stand: bare where the search path finds it, else `schema.name`.
    `checks` are the conditions that every row meets, as SQL.
    """

    name: str
    columns: tuple[Column, ...]
    kind: str = "table"
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    comment: str = ""
    checks: tuple[str, ...] = ()

    def column(self, name: str) -> Column | None:
        """The column of exactly that name."""
        return next((column for column in self.columns if column.name == name), None)
