"""MySQL and MariaDB: `[mysql]` in aibasic.conf, `mysql` in programs."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from aibasic.modules.interruptible import Interruptible
from aibasic.modules.mysql.phrases import PHRASES
from aibasic.modules.mysql.target import SETTINGS, Target
from aibasic.modules.mysql.transactions import MySQLTransactions
from aibasic.modules.pool import Pool
from aibasic.modules.schema import Table
from aibasic.modules.settings import Settings

if TYPE_CHECKING:
    from aibasic.modules.mysql.driver import Connection


class MySQLModule(MySQLTransactions):
    """A MySQL or MariaDB database: one conversation for the main thread, a pool of connections for the others."""

    task = "mysql"
    other_words = ("mariadb",)
    variable = "mysql"
    service = "MySQL and MariaDB"
    driver = "mysql.connector"
    # pyarrow, and so pandas, takes what its part in C needs of the memory for threads; it also wants all of OpenSSL.
    loads_first = ("ssl", "_mysql_connector")
    extra = "mysql"
    borrows = ("~/.my.cnf",)
    has = frozenset({"auth", "tls", "restart", "cancel", "sql"})
    dialect = "mysql"
    settings = SETTINGS
    phrases = PHRASES

    def __init__(self, configured: Settings) -> None:
        super().__init__(configured)
        from aibasic.modules.mysql.session import Session

        self._target = Target(configured)
        self.place = self._target.place
        self._minimum = configured["MIN_CONNECTIONS"]
        self._maximum = max(1, configured["MAX_CONNECTIONS"], self._minimum)
        self._pool: Pool[Connection] = Pool(self._connect, self._maximum, self._target.timeout)
        self._session = Session(self._pool, self._kill)
        self._pool.reclaim = self._session.give_up
        self._of_thread = threading.local()
        self._tables: Mapping[str, Table] | None = None
        self._tables_before: Mapping[str, Table] = {}
        self._info: dict[str, Any] = {}
        opening = Interruptible()
        opening.call(self._open_first, self._pool.close)
        opening.close()

    def get_connection(self) -> Connection:
        """A connection of the pool, not in autocommit; waits for a free one up to TIMEOUT (TimeoutError).

        Give it back with `release_connection(conn)`: what was not committed by then is rolled back.

        Example: conn = mysql.get_connection()
        """
        self._check_open()
        connection = self._pool.take()
        connection.autocommit = False
        return connection

    def release_connection(self, conn: Connection) -> None:
        """Give a connection of `get_connection()` back: uncommitted work is undone, its session is reset.

        Example: mysql.release_connection(conn)
        """
        if self.closed:
            conn.end()
        elif self._pool.knows(conn):
            self._pool.give_back(conn)
        else:
            raise ValueError("this connection is not from get_connection() of this module")

    def get_pool_status(self) -> dict[str, Any]:
        """Counts of connections (`open`, `idle`, `in_use`), threads `waiting`, the limits, the `session` state.

        Example: mysql.get_pool_status()["in_use"]
        """
        return {
            "min_connections": self._minimum,
            "max_connections": self._maximum,
            **self._pool.counts(),
            "session": self._session.state(),
            "closed": self.closed,
        }

    def get_connection_info(self) -> dict[str, Any]:
        """`host`, `port`, `database`, `user`, server `version`, the `section` of aibasic.conf. No secrets.

        Example: mysql.get_connection_info()["database"]
        """
        return dict(self._info)

    def close_all_connections(self) -> None:
        """Close every connection, rolling back what is not committed. The next call opens new ones.

        Example: mysql.close_all_connections()
        """
        self._session.close()
        self._pool.close()
        self._session.after_fork()

    def close(self) -> None:
        """Close every connection for good. The next `from_config` makes a new instance.

        Example: mysql.close()
        """
        if not self.closed:
            self.closed = True
            self._session.close()
            self._pool.close(for_good=True)

    def describe(self, refresh: bool = False) -> Mapping[str, Table]:
        """The tables and views by name; read anew after a statement that may have changed them, or on `refresh`.

        Example: mysql.describe()["customers"].columns
        """
        tables = self._tables
        if tables is None or refresh:
            tables = self._tables = self._tables_before = self._read_tables()
        return tables

    def known_tables(self) -> Mapping[str, Table]:
        """The tables and views as they were read last, {} before that. Asks nothing of the server."""
        return self._tables_before

    def categories(self, tables: Iterable[Table], seconds: float = 1.0) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """The distinct values of the text columns that have at most 50: table -> column -> values."""
        from aibasic.modules.mysql import categories

        return categories.read(self.probe, tables, seconds)

    def probe(self, query: str, seconds: float) -> Sequence[tuple[Any, ...]] | None:
        """The rows of a SELECT; an open transaction goes on as it was. None after `seconds`, and where it failed."""
        with self._conversation_beside() as session:
            return session.probe(query, seconds)

    def state(self) -> str:
        """`transaction open since 12:03`, "" without one."""
        return self._session.state()

    def end_transaction(self) -> str:
        """Roll back the transaction that the user has begun, if one is open; says so."""
        from mysql.connector.errors import Error

        state = self.state()
        if not self._session.in_transaction:
            return ""
        try:
            self._session.end_reading()
            self._tell(self._session, "ROLLBACK")
        except Error as error:
            return f"{self.section}: {error}"
        return f"{self.section}: {state}; it was rolled back"

    def after_fork(self) -> None:
        """In a forked child: let go of the parent's sockets; the next call connects anew."""
        from aibasic.modules.mysql import opening

        opening.after_fork()
        self._pool.after_fork()
        self._session.after_fork()
        self._of_thread = threading.local()

    def __repr__(self) -> str:
        return f"<MySQLModule [{self.section}] {self.place}{', closed' if self.closed else ''}>"

    def _open_first(self) -> None:
        """Connect at once, so that what is wrong with the configuration shows here."""
        from aibasic.modules.mysql.driver import why_slow

        opened: list[Connection] = []
        problem = ""
        try:
            opened += [self._pool.take() for _ in range(max(1, self._minimum))]
        except Exception as error:
            problem = str(getattr(error, "msg", error))
        if problem:
            self._pool.close(for_good=True)
            raise RuntimeError(f"Failed to create MySQL connection pool: {problem}")
        self._info = {**_info(opened[0], self._target.arguments()), "section": self.section}
        for connection in opened:
            self._pool.give_back(connection, touched=False)
        if slow := why_slow():
            warnings.warn(slow, stacklevel=2)

    def _connect(self) -> Connection:
        from aibasic.modules.mysql import opening

        return opening.connect(self._target, self._announce, self._forget_tables)

    def _kill(self, connection: Connection) -> None:
        """Stop what runs there, over a connection that is not of the pool: one more for a moment."""
        from aibasic.modules.mysql import opening

        other = opening.connect(self._target, lambda kind, statement: None, self._forget_tables)
        try:
            other.send(f"KILL QUERY {connection.connection_id}")
        finally:
            other.end()

    def _check_open(self) -> None:
        if self.closed:
            raise RuntimeError(f"[{self.section}] is closed: MySQLModule.from_config() connects it anew")

    def _forget_tables(self) -> None:
        self._tables = None

    def _read_tables(self) -> Mapping[str, Table]:
        from aibasic.modules.mysql import catalog

        with self._conversation() as session:
            if not session.reading:
                return session.look_up("describe the tables", catalog.read)
        with self._borrowed() as session:
            return session.look_up("describe the tables", catalog.read)


def _info(connection: Connection, arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "host": arguments.get("unix_socket") or arguments["host"],
        "port": arguments["port"],
        "database": arguments.get("database"),
        "user": arguments.get("user"),
        "version": str(connection.server_info).removeprefix("5.5.5-"),
    }
