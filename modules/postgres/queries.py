"""What programs ask of PostgreSQL: statements, and data in and out by the quickest ways the driver has."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from aibasic.modules.base import Module
from aibasic.modules.results import Affected, Rows

if TYPE_CHECKING:
    import pandas
    from aibasic.modules.postgres.arrow import ArrowWay
    from aibasic.modules.postgres.session import Session


class PostgresQueries(Module):
    """The calls that run on a conversation, whichever it is."""

    _arrow: ArrowWay

    def execute_query(self, query: Any, params: Any = None, fetch: bool = True) -> Rows | int:
        """Run one statement, with `%s` or `%(name)s` in it filled from `params` (a tuple, list or dict), and commit it.

        Inside a transaction (`begin()`) it is committed with that. Returns the rows as a list of tuples that knows its
        `.columns`; with `fetch=False`, or for a statement without a result, the number of rows affected. Raises
        psycopg2.Error as the server words it, and TooManyRows (a RuntimeError) for more rows than MAX_ROWS.

        Example: pg.execute_query("SELECT name FROM customers WHERE age > %s", (25,))
        """
        with self._conversation() as session:
            found = session.run(query, params, fetch, self.max_rows)
        return found if isinstance(found, Rows) else Affected(found)

    def execute_many(self, query: str, params_list: Iterable[Any]) -> int:
        """Run one statement for each row of parameters (tuples or dicts), all or none, and commit.

        Returns the number of rows affected. INSERT, UPDATE and DELETE are sent 1,000 rows a message; `copy_from` adds
        rows faster still. An interrupt undoes all, and its message says how many rows had been sent.

        Example: pg.execute_many("UPDATE customers SET age = %s WHERE name = %s", [(31, "Alice"), (26, "Bob")])
        """
        rows = list(params_list)
        if not rows:
            return 0
        from aibasic.modules.postgres import many

        with self._conversation() as session:
            return Affected(many.run(session, query, rows))

    def copy_from(self, table: str, data: Any, columns: Sequence[str] | None = None) -> int:
        """Add the rows of a data frame, of query rows, or of a list of tuples or dicts to a table, all or none. The
        fastest way for many rows. Returns how many.

        Columns are found by name (a frame's, the rows' `.columns`, the dicts' keys), or named by `columns`; a list of
        tuples without names fills the table's columns in their order. What is not given takes its default. None, NaN
        and NaT become NULL; a float such as 3.0 fits an integer column, 3.5 is a ValueError. Commits, unless in a
        transaction. KeyError where table or column is missing, psycopg2.Error as the server words it. An interrupt
        undoes all, and its message says how many rows had been sent.

        Example: pg.copy_from("customers", df)
        """
        from aibasic.modules.postgres import copy

        with self._conversation() as session:
            return Affected(copy.load(session, table, data, columns))

    def read_frame(self, query: str, params: Any = None) -> pandas.DataFrame:
        """The rows of a query as a data frame, much faster than through `execute_query`.

        Decimals stay decimal.Decimal, dates datetime.date; timestamps are datetime64[us], those with time zone in the
        session's zone; integers int64, and Int64 where there are NULLs; booleans bool, or boolean with NULLs; JSON,
        arrays, intervals and bytes are Python objects. Where the extra `arrow` is installed, a large result comes by
        ADBC, over another connection, unless this one holds a transaction, temporary tables or settings. Raises as
        `execute_query` does; the message of an interrupt says how much had been read.

        Example: df = pg.read_frame("SELECT * FROM orders WHERE total > %s", (100,))
        """
        from aibasic.modules.postgres import frame

        with self._conversation() as session:
            return frame.read(session, query, params, self.max_rows, self._arrow)

    def stream(self, query: str, params: Any = None, chunk: int = 10_000) -> Iterator[Rows]:
        """The rows of a query that may be larger than memory, as rows of `chunk` at a time from a server-side cursor.

        MAX_ROWS does not bound it. In a transaction it reads there; else from one connection of its own, so other
        statements may run in between, unless the session has temporary tables or settings that the query must see.
        Ends on the server when the loop ends, however that is. Raises as `execute_query` does.

        Example: for rows in pg.stream("SELECT * FROM readings"): total += sum(value for _, value in rows)
        """
        from aibasic.modules.postgres import stream

        if chunk < 1:
            raise ValueError(f"chunk = {chunk}: expected a number of rows, 1 or more")
        with self._conversation_beside() as session:
            yield from stream.read(session, query, params, chunk)

    @abstractmethod
    def _conversation(self) -> AbstractContextManager[Session]:
        """The session that serves this thread."""

    @abstractmethod
    def _conversation_beside(self) -> AbstractContextManager[Session]:
        """A session that can be kept for long: one of its own where that sees the same."""
