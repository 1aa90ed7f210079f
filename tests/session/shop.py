"""A session in a folder with a shop's files, variables and database, of which the tables are known without a server."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd
from aibasic.modules.postgres.module import PostgresModule
from aibasic.modules.results import Rows
from aibasic.modules.schema import Column, ForeignKey, Table

from aibasic_kernel.session.session import Session

CUSTOMERS = Table(
    "customers",
    (
        Column("id", "integer", "number", False),
        Column("name", "text", "text"),
        Column("age", "integer", "number", comment="in years"),
        Column("country", "text", "text"),
    ),
    primary_key=("id",),
    comment="Everybody who ever bought something",
)
ORDERS = Table(
    "orders",
    (
        Column("id", "integer", "number", False),
        Column("customer_id", "integer", "number"),
        Column("total", "numeric(10,2)", "number"),
        Column("placed", "timestamp with time zone", "time"),
    ),
    primary_key=("id",),
    foreign_keys=(ForeignKey(("customer_id",), "customers", ("id",)),),
)
SIZES = Table('"Größen"', (Column("Größe cm", "numeric", "number"), Column("art", "text", "text")), kind="view")

CONFIGURATION = "[postgres]\nHOST = 127.0.0.1\n\n[postgres:warehouse]\nHOST = 127.0.0.1\n"


class Remembered(PostgresModule):
    """A module after its tables were read; it has no server, so everything that would ask one fails."""

    def __init__(self, tables: Iterable[Table]) -> None:
        self.section = "postgres"
        self.closed = True
        self._tables_before = {table.name: table for table in tables}


def shop(folder: Path, tables: Iterable[Table] | None = (CUSTOMERS, ORDERS, SIZES)) -> Session:
    """The session; with None for `tables`, its service was not used yet. `folder` must be the working folder."""
    (folder / "aibasic.conf").write_text(CONFIGURATION)
    for name in ("customers.csv", "old sales.csv", "notes.txt"):
        (folder / name).write_text("")
    (folder / "reports").mkdir()
    (folder / "reports" / "march.csv").write_text("")
    session = Session({})
    session.read_configuration()
    if tables is not None:
        session.names["pg"] = Remembered(tables)
    session.names.update(
        sales=pd.DataFrame({"city": ["Rome"], "amount": [9.5], "month": [3]}),
        results=Rows([(1, "Ada")], ("id", "name")),
        numbers=[1, 2, 3],
        counter=3,
        title="A title",
    )
    session.last_output = "results"
    return session
