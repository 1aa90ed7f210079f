"""A scope to compile against, with a service that has tables but no server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aibasic.modules.base import Module
from aibasic.modules.schema import Column, Table

from aibasic_kernel.compiler.scope import Scope

KIND_OF = {
    "integer": "number",
    "numeric": "number",
    "text": "text",
    "boolean": "boolean",
    "timestamp": "time",
    "date": "time",
    "jsonb": "other",
}


class FakePostgres(Module):
    """The calls of PostgresModule, without a server: `execute_query` remembers what it was given."""

    task = "postgres"
    other_words = ("postgresql",)
    variable = "pg"
    service = "PostgreSQL"
    driver = "psycopg2"
    extra = "postgres"
    has = frozenset({"sql"})
    dialect = "postgres"

    def __init__(self, tables: Mapping[str, Table] | None = None) -> None:
        self.queries: list[tuple[str, object]] = []
        self._tables = dict(tables or {})

    @classmethod
    def from_config(cls, config_path: str = "aibasic.conf", name: str | None = None) -> FakePostgres:
        return cls()

    def get_connection_info(self) -> dict[str, Any]:
        return {"database": "mydb"}

    def close(self) -> None:
        pass

    def after_fork(self) -> None:
        pass

    def describe(self) -> Mapping[str, Table]:
        return self._tables

    def categories(self, tables: Iterable[Table], seconds: float = 1.0) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        return {table.name: {"country": ("DE", "it's")} for table in tables if table.column("country")}

    def execute_query(self, query: str, params: Sequence[object] | None = None, fetch: bool = True) -> list[Any]:
        self.queries.append((query, params))
        return []

    def execute_many(self, query: str, params_list: Iterable[Sequence[object]]) -> int:
        return len(list(params_list))

    def get_connection(self) -> object:
        return object()

    def get_pool_status(self) -> dict[str, int]:
        return {}


@dataclass
class FakeService:
    """A configured section whose tables are known without connecting; counts how often they were asked for."""

    section: str = "postgres"
    variable: str = "pg"
    known: Mapping[str, Table] = field(default_factory=dict)
    module_class: type[Module] = FakePostgres
    instance: Module | None = None
    asked: int = 0

    def module(self) -> Module:
        if self.instance is None:
            self.instance = FakePostgres(self.known)
        return self.instance

    def tables(self) -> Mapping[str, Table]:
        self.asked += 1
        return self.known


def table(name: str, /, **columns: str) -> Table:
    """`table("customers", id="integer", name="text")`."""
    return Table(name, tuple(Column(column, kind, KIND_OF.get(kind, "other")) for column, kind in columns.items()))


CUSTOMERS = table("customers", id="integer", name="text", age="integer", email="text", country="text")
ORDERS = table("orders", id="integer", customer_id="integer", total="numeric", placed="timestamp", status="text")


def make_scope(
    names: Mapping[str, object] | None = None,
    tables: Iterable[Table] | None = (CUSTOMERS, ORDERS),
    last_output: str | None = None,
    cell: tuple[str, ...] = (),
) -> Scope:
    """A scope with one service `postgres` over `tables`; none at all where `tables` is None."""
    services = {}
    if tables is not None:
        services["postgres"] = FakeService(known={table.name: table for table in tables})
    return Scope(dict(names or {}), last_output, services, cell)
