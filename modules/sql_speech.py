"""How sentences speak of a database with SQL, whichever it is."""

from __future__ import annotations

from dataclasses import dataclass

TABLE = "[the] [table] {table:table}"
WHERE = "[(where {where:condition of table}|{where:condition recent of table})]"
INTO = "[(into|as|called) {new:newname}]"


@dataclass(frozen=True)
class Speech:
    """How one service is spoken of, and what its SQL and its module say in their own way.

    `words` are the form of its names, `name` the one that examples use. `falling` orders from high to low with NULL
    last, `tables` and `columns` are queries for the tables and for the columns of `{table}`, `load` is the method that
    adds rows to a table.
    """

    words: str
    name: str
    falling: str
    tables: str
    columns: str
    load: str

    @property
    def source(self) -> str:
        """`from postgres`, or nothing."""
        return f"[from [the] ({self.words}|database)]"

    @property
    def into_table(self) -> str:
        """`into the table users`."""
        return f"(into|in|to) [the] ({self.words} [table]|[{self.words}] table) {{table:table}}"
