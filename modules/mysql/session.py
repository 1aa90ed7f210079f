"""One conversation with MySQL: statement after statement on one connection, committed unless in a transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from aibasic.modules import effects
from aibasic.modules.effects import Answer, Kind
from aibasic.modules.mysql import probing
from aibasic.modules.mysql.conversation import Conversation, read_away
from aibasic.modules.progress import Progress
from mysql.connector.errors import Error, OperationalError

if TYPE_CHECKING:
    from aibasic.modules.mysql.driver import Connection

Result = TypeVar("Result")


class Session(Conversation):
    """What is asked in a conversation: announced, then carried out so that an interrupt ends it."""

    def run(
        self,
        query: Any,
        params: Any,
        work: Callable[[Connection, bytes], Result],
        progress: Progress | None = None,
        keeps: bool | Callable[[], bool] | None = None,
    ) -> Result:
        """Announce a statement, then do `work` with the connection and the statement's very bytes.

        `keeps`: whether what a broken `work` did may be kept; told from the statement where None.
        """
        with self._busy:
            connection = self.ready()
            final = connection.finished(query, params)
            statement = connection.as_text(final)
            connection.announce(Kind.STATEMENT, statement)
            template = query.decode(errors="replace") if isinstance(query, bytes) else str(query)
            result = self._carry_out(connection, template, lambda: work(connection, final), progress, keeps)
            effects.answered(Answer(connection.section, statement, result))
            return result

    def look_up(self, what: str, work: Callable[[Connection], Result]) -> Result:
        """Read the catalogue beside the user's work; it says nothing of what was lost with a connection."""
        with self._busy:
            connection = self._standing()
            connection.announce(Kind.READ, what)
            held = self.held()
            try:
                return self._carry_out(connection, "", lambda: work(connection), None, False)
            except Error:
                if self._connection is None:
                    self.loss.note(connection.place, held)
                raise

    def probe(self, query: str, seconds: float) -> Sequence[tuple[Any, ...]] | None:
        """The rows of a query that may only read; None where it failed or took longer, or would end what is held."""
        with self._busy:
            if self.reading or "the table locks" in self._lasting:
                return None
            connection = self._standing()
            connection.announce(Kind.READ, query)
            look = probing.in_savepoint if self._began else probing.alone
            held = self.held()
            try:
                return self._carry_out(connection, "", lambda: look(connection, query, seconds), None, False)
            except Error:
                if self._connection is None:
                    self.loss.note(connection.place, held)
                return None

    def open_cursor(self, query: Any, params: Any) -> Any:
        """A cursor whose rows are still to be read, by `fetch`; until `close_cursor` the connection serves only it."""

        def begin(connection: Connection, final: bytes) -> Any:
            cursor = connection.plain_cursor()
            cursor.execute(final)
            return cursor

        with self._busy:
            cursor = self.run(query, params, begin)
            self._reading = cursor if cursor.with_rows else None
            return cursor

    def fetch(self, cursor: Any, count: int) -> Sequence[tuple[Any, ...]]:
        """The next rows of a cursor."""
        with self._busy:
            connection = self._connection
            if connection is None or self._reading is not cursor:
                raise OperationalError("the connection was closed while its rows were being read")
            rows: Sequence[tuple[Any, ...]] = self._carry_out(
                connection, "", lambda: cursor.fetchmany(count), None, False
            )
            return rows

    def close_cursor(self, cursor: Any, is_read: bool) -> None:
        """Let others use the connection; where not all `is_read`, the server is told to stop sending."""
        with self._busy:
            connection = self._connection
            if connection is None or self._reading is not cursor:
                return
            self._reading = None
            if not self._worker.settle():
                self._lose(connection)
                return
            try:
                if not is_read:
                    self._kill(connection)
                self._carry_out(connection, "", lambda: read_away(connection), None, False)
            except (Error, OSError):
                # Rows that cannot be stopped would be the next statement's.
                self._lose(connection)

    def end_reading(self) -> None:
        """Close the cursor whose rows are still to be read."""
        if self._reading is not None:
            self.close_cursor(self._reading, is_read=False)
