"""What programs ask of MySQL: statements, procedures, and data in and out."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from aibasic.modules.base import Module
from aibasic.modules.results import Rows

if TYPE_CHECKING:
    import pandas
    from aibasic.modules.mysql.driver import Connection
    from aibasic.modules.mysql.procedures import ProcedureResults
    from aibasic.modules.mysql.session import Session


class MySQLQueries(Module):
    """The calls that run on a conversation, whichever it is."""

    def execute_query(self, query: Any, params: Any = None, fetch: bool = True) -> Rows | int:
        """Run one statement, with `%s` or `%(name)s` in it filled from `params` (a tuple, list or dict), and commit it.

        Inside a transaction (`begin()`) it is committed with that. Returns the rows as a list of tuples that knows its
        `.columns`; with `fetch=False`, or for a statement without a result, the number of rows affected. Raises
        mysql.connector.Error as the server words it, and TooManyRows (a RuntimeError) for more rows than MAX_ROWS.

        Example: mysql.execute_query("SELECT name FROM customers WHERE age > %s", (25,))
        """
        from aibasic.modules.mysql import query as sending

        with self._conversation() as session:
            return session.run(
                query,
                params,
                lambda connection, final: sending.run(
                    connection, final, fetch, self.max_rows, session.stopped, lambda: self._kill(connection)
                ),
            )

    def execute_query_dict(self, query: Any, params: Any = None) -> list[dict[str, Any]]:
        """Run one query as `execute_query` does; its rows as dicts by column.

        Example: mysql.execute_query_dict("SELECT name, age FROM customers")[0]["name"]
        """
        found = self.execute_query(query, params)
        return [dict(zip(found.columns, row, strict=True)) for row in found] if isinstance(found, Rows) else []

    def execute_many(self, query: str, params_list: Iterable[Any]) -> int:
        """Run one statement for each row of parameters (tuples or dicts), all or none, and commit.

        Returns the number of rows affected. INSERT and REPLACE with VALUES, also with ON DUPLICATE KEY, go out as
        statements of many rows. An interrupt undoes all, and its message says how many rows had been sent.

        Example: mysql.execute_many("INSERT INTO customers (name, age) VALUES (%s, %s)", [("Alice", 31), ("Bob", 26)])
        """
        from aibasic.modules.mysql import bulk

        rows = list(params_list)
        if not rows:
            return 0
        with self._conversation() as session:
            return bulk.run(session, query, rows)

    def insert_rows(
        self, table: str, data: Any, columns: Sequence[str] | None = None, on_duplicate: str = "error"
    ) -> int:
        """Add the rows of a data frame, of query rows, or of a list of tuples or dicts to a table, all or none.

        Columns are found by name, or named by `columns`; tuples without names fill the table's columns in their order.
        None, NaN and NaT become NULL. `on_duplicate` says what a row does whose key is there already: `error`,
        `ignore`, `replace` it, or `update` it. Returns how many rows were given.

        Example: mysql.insert_rows("customers", df, on_duplicate="update")
        """
        from aibasic.modules.mysql import bulk

        with self._conversation() as session:
            return bulk.load(session, table, data, columns, on_duplicate)

    def read_frame(self, query: str, params: Any = None) -> pandas.DataFrame:
        """The rows of a query as a data frame: decimals stay decimal.Decimal, times are datetime64, NULL is NaN.

        Example: df = mysql.read_frame("SELECT * FROM orders WHERE total > %s", (100,))
        """
        import pandas

        found = self.execute_query(query, params)
        if not isinstance(found, Rows):
            raise ValueError("this statement has no rows")
        frame: pandas.DataFrame = pandas.DataFrame(list(found), columns=list(found.columns))
        return frame

    def stream(self, query: str, params: Any = None, chunk: int = 10_000) -> Iterator[Rows]:
        """The rows of a query that may be larger than memory, `chunk` at a time, over a connection of its own.

        Inside a transaction it reads over that connection, on which nothing else can be asked until the loop ends.
        MAX_ROWS does not bound it.

        Example: for rows in mysql.stream("SELECT * FROM readings"): total += sum(value for _, value in rows)
        """
        from aibasic.modules.mysql import streaming

        if chunk < 1:
            raise ValueError(f"chunk = {chunk}: expected a number of rows, 1 or more")
        with self._conversation_beside() as session:
            yield from streaming.read(session, query, params, chunk)

    def call_procedure(self, proc_name: str, args: Sequence[Any] = ()) -> ProcedureResults:
        """Call a stored procedure. The result is its rows (of the first of its results), and has `.results`, all of
        them, and `.args`: the arguments with what OUT and INOUT made of them.

        Example: mysql.call_procedure("monthly_report", (2026, 1))
        """
        from aibasic.modules.mysql import procedures

        with self._conversation() as session:
            return procedures.call(session, proc_name, args, self.max_rows)

    @abstractmethod
    def _conversation(self) -> AbstractContextManager[Session]:
        """The session that serves this thread."""

    @abstractmethod
    def _conversation_beside(self) -> AbstractContextManager[Session]:
        """A session that can be kept for long: one of its own where that sees the same."""

    @abstractmethod
    def _kill(self, connection: Connection) -> None:
        """Have the server stop what runs on a connection."""
