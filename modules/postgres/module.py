"""PostgreSQL: `[postgres]` in aibasic.conf, `pg` in programs."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from aibasic.modules.interruptible import Interruptible
from aibasic.modules.pool import Pool
from aibasic.modules.postgres import block, catalog, categories
from aibasic.modules.postgres.phrases import PHRASES
from aibasic.modules.postgres.queries import PostgresQueries
from aibasic.modules.postgres.target import SETTINGS, Target
from aibasic.modules.schema import Table
from aibasic.modules.settings import Settings

if TYPE_CHECKING:
    from aibasic.modules.postgres.driver import Connection
    from aibasic.modules.postgres.session import Session


class PostgresModule(PostgresQueries):
    """A PostgreSQL database: one conversation for the main thread, a pool of connections for the others."""

    task = "postgres"
    other_words = ("postgresql", "pg")
    variable = "pg"
    service = "PostgreSQL"
    driver = "psycopg2"
    extra = "postgres"
    borrows = ("PGPASSWORD", "PGSERVICE")
    has = frozenset({"auth", "tls", "restart", "cancel", "sql"})
    dialect = "postgres"
    settings = SETTINGS
    phrases = PHRASES

    def __init__(self, configured: Settings) -> None:
        super().__init__(configured)
        from aibasic.modules.postgres.arrow import ArrowWay
        from aibasic.modules.postgres.session import Session

        self._target = Target(configured)
        self._minimum = configured["MIN_CONNECTIONS"]
        self._maximum = max(1, configured["MAX_CONNECTIONS"], self._minimum)
        self._pool: Pool[Connection] = Pool(self._connect, self._maximum, self._target.timeout)
        self._session = Session(self._pool)
        self._pool.reclaim = self._session.give_up
        self._arrow = ArrowWay(self._target, self._pool)
        self._of_thread = threading.local()
        self._tables: Mapping[str, Table] | None = None
        self._tables_before: Mapping[str, Table] = {}
        self._info: dict[str, Any] = {}
        opening = Interruptible()
        opening.call(self._open_first, self._pool.close)
        opening.close()

    def begin(self) -> None:
        """Begin a transaction: what follows is kept by `commit()` or undone by `rollback()`, as one.

        RuntimeError where a transaction is open already.

        Example: pg.begin()
        """
        block.begin(self._own_session())

    def commit(self) -> None:
        """Keep what was done since `begin()`. RuntimeError where no transaction is open.

        RuntimeError, and all undone, where a statement in it had failed.

        Example: pg.commit()
        """
        block.commit(self._own_session())

    def rollback(self) -> None:
        """Undo what was done since `begin()`. RuntimeError where no transaction is open.

        Example: pg.rollback()
        """
        block.rollback(self._own_session())

    @contextmanager
    def transaction(self) -> Iterator[PostgresModule]:
        """A block whose statements are kept together, or undone together where it raises.

        Example: with pg.transaction(): pg.execute_query("UPDATE ...", fetch=False)
        """
        with self._conversation() as session:
            before = getattr(self._of_thread, "session", None)
            self._of_thread.session = session
            try:
                with block.block(session):
                    yield self
            finally:
                self._of_thread.session = before

    def get_connection(self) -> Connection:
        """A psycopg2 connection of the pool, not in autocommit; waits for a free one up to TIMEOUT (TimeoutError).

        Give it back with `release_connection(conn)`: what was not committed by then is rolled back.

        Example: conn = pg.get_connection()
        """
        self._check_open()
        return self._pool.take()

    def release_connection(self, conn: Connection) -> None:
        """Give a connection of `get_connection()` back: uncommitted work is undone, its session is reset.

        Example: pg.release_connection(conn)
        """
        if self.closed:
            conn.close()
        elif not self._pool.knows(conn) and not conn.closed:
            raise ValueError("this connection is not from get_connection() of this module")
        else:
            self._pool.give_back(conn)

    def get_pool_status(self) -> dict[str, Any]:
        """Counts of connections (`open`, `idle`, `in_use`), threads `waiting`, the limits, the `session` state.

        Example: pg.get_pool_status()["in_use"]
        """
        return {
            "min_connections": self._minimum,
            "max_connections": self._maximum,
            **self._pool.counts(),
            "session": self._session.state(),
            "closed": self.closed,
        }

    def get_connection_info(self) -> dict[str, Any]:
        """`host`, `port`, `database`, `user`, server `version`, `tls`, the `section` of aibasic.conf. No secrets.

        Example: pg.get_connection_info()["version"]
        """
        return dict(self._info)

    def close_all_connections(self) -> None:
        """Close every connection, rolling back what is not committed. The next call opens new ones.

        Example: pg.close_all_connections()
        """
        self._session.close()
        self._pool.close()
        self._session.after_fork()

    def close(self) -> None:
        """Close every connection for good. The next `from_config` makes a new instance."""
        if not self.closed:
            self.closed = True
            self._session.close()
            self._pool.close(for_good=True)
            self._target.release()

    def describe(self, refresh: bool = False) -> Mapping[str, Table]:
        """The tables and views by name; read anew after a statement that may have changed them, or on `refresh`."""
        tables = self._tables
        if tables is None or refresh:
            tables = self._tables = self._tables_before = self._read_tables()
        return tables

    def known_tables(self) -> Mapping[str, Table]:
        """The tables and views as they were read last, {} before that. Asks nothing of the server."""
        return self._tables_before

    def categories(self, tables: Iterable[Table], seconds: float = 1.0) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """The distinct values of the text columns that have at most 50: table -> column -> values."""
        return categories.read(self.probe, tables, seconds)

    def probe(self, query: str, seconds: float) -> Sequence[tuple[Any, ...]] | None:
        """The rows of a query that may only read; an open transaction goes on as it was. None after `seconds`."""
        with self._conversation() as session:
            return session.probe(query, seconds)

    def state(self) -> str:
        """`transaction open since 12:03`, or what was lost and is not said yet; "" for nothing."""
        return self._session.state()

    def end_transaction(self) -> str:
        """Roll back the transaction that the user has begun, if one is open; says so."""
        from psycopg2 import Error

        state = self.state()
        if not state:
            return ""
        try:
            self._session.run("ROLLBACK", None, False, 0)
        except Error as error:
            return f"{self.section}: {error}"
        return f"{self.section}: {state}; it was rolled back"

    def after_fork(self) -> None:
        """In a forked child: let go of the parent's sockets; the next call connects anew."""
        self._pool.after_fork()
        self._session.after_fork()
        self._target.release()
        self._of_thread = threading.local()

    def __repr__(self) -> str:
        where = "{user}@{host}:{port}/{database}".format(**self._info) if self._info else "not connected"
        return f"<PostgresModule [{self.section}] {where}{', closed' if self.closed else ''}>"

    def _open_first(self) -> None:
        """Connect at once, so that what is wrong with the configuration shows here."""
        opened: list[Connection] = []
        problem = ""
        try:
            opened += [self._pool.take() for _ in range(max(1, self._minimum))]
            self._info, self.place = _info(opened[0], self.section), opened[0].place
        except Exception as error:
            problem = str(error)
        if problem:
            self._pool.close(for_good=True)
            self._target.release()
            raise RuntimeError(f"Failed to create PostgreSQL connection pool: {problem}")
        for connection in opened:
            self._pool.give_back(connection)

    def _connect(self) -> Connection:
        from aibasic.modules.postgres import driver

        return driver.connect(self._target, self._forget_tables)

    @contextmanager
    def _conversation(self) -> Iterator[Session]:
        """The session that serves this thread: the module's own for the main thread, else one for the block."""
        session = self._own_session_or_none()
        if session is not None:
            yield session
        else:
            with self._borrowed() as session:
                yield session

    @contextmanager
    def _conversation_beside(self) -> Iterator[Session]:
        """A session over a connection of its own, in a transaction; this thread's where it holds what matters."""
        session = self._own_session_or_none()
        if session is not None:
            session.loss.tell()
            if session.held() or self._maximum == 1:
                yield session
                return
        with self._borrowed() as session:
            session.run("BEGIN", None, False, 0)
            yield session
            session.run("COMMIT", None, False, 0)

    @contextmanager
    def _borrowed(self) -> Iterator[Session]:
        """A session of its own for the block, over a connection of the pool."""
        from aibasic.modules.postgres.session import Session

        session = Session(self._pool)
        try:
            yield session
            if session.in_transaction:
                raise RuntimeError(_NOT_HERE)
        finally:
            session.end()

    def _own_session_or_none(self) -> Session | None:
        self._check_open()
        if threading.current_thread() is threading.main_thread():
            return self._session
        return getattr(self._of_thread, "session", None)

    def _own_session(self) -> Session:
        session = self._own_session_or_none()
        if session is None:
            raise RuntimeError(_NOT_HERE)
        return session

    def _check_open(self) -> None:
        if self.closed:
            raise RuntimeError(f"[{self.section}] is closed: PostgresModule.from_config() connects it anew")

    def _forget_tables(self) -> None:
        self._tables = None

    def _read_tables(self) -> Mapping[str, Table]:
        with self._conversation() as session:
            if not session.aborted:
                return session.look_up(catalog.read)
        with self._borrowed() as session:
            return session.look_up(catalog.read)


_NOT_HERE = "a transaction in another thread than the main one needs `with pg.transaction():`, so that it has an end"


def _info(connection: Connection, section: str) -> dict[str, Any]:
    info = connection.info
    return {
        "host": info.host,
        "port": info.port,
        "database": info.dbname,
        "user": info.user,
        "version": info.parameter_status("server_version"),
        "tls": bool(info.ssl_in_use),
        "section": section,
    }
