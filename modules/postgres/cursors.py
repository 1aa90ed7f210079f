"""psycopg2 cursors that announce what they send, and that an interrupt ends. Imports the driver."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import psycopg2.extensions
from aibasic.modules.postgres import adapters, sending

if TYPE_CHECKING:
    from aibasic.modules.postgres.driver import Connection


class Announcing(psycopg2.extensions.cursor):
    """Mixed into a cursor class: what it sends is announced first, as the very text that goes out."""

    connection: Connection

    def execute(self, query: Any, vars: Any = None) -> None:
        adapters.register()
        sent = sending.sent(self, query, vars)
        self._sending(sent.text, sent.judged)
        execute = super().execute
        self.connection.carry_out(lambda: execute(sent.final))

    def executemany(self, query: Any, vars_list: Iterable[Any]) -> None:
        adapters.register()
        rows = list(vars_list)
        for row in rows:
            sent = sending.sent(self, query, row)
            self._sending(sent.text, sent.judged)
        execute_many = super().executemany
        self.connection.carry_out(lambda: execute_many(query, rows))

    def callproc(self, procname: Any, parameters: Any = ()) -> Any:
        values = list(parameters.values() if isinstance(parameters, Mapping) else parameters)
        sent = sending.sent(self, f"SELECT * FROM {procname}({', '.join(['%s'] * len(values))})", values)
        self._sending(sent.text, sent.judged)
        call = super().callproc
        return self.connection.carry_out(lambda: call(procname, parameters))

    def copy_expert(self, sql: Any, file: Any, size: int = 8192) -> None:
        self._sending(self.mogrify(sql).decode(errors="replace"))
        copy = super().copy_expert
        self.connection.carry_out(lambda: copy(sql, file, size))

    def copy_from(self, file: Any, table: str, *args: Any, **how: Any) -> None:
        self._sending(f'COPY "{table}" FROM STDIN')
        copy = super().copy_from
        self.connection.carry_out(lambda: copy(file, table, *args, **how))

    def copy_to(self, file: Any, table: str, *args: Any, **how: Any) -> None:
        self._sending(f'COPY "{table}" TO STDOUT')
        copy = super().copy_to
        self.connection.carry_out(lambda: copy(file, table, *args, **how))

    def fetchone(self) -> Any:
        return self._fetched(super().fetchone)

    def fetchmany(self, size: int | None = None) -> Any:
        fetch = super().fetchmany
        return self._fetched(lambda: fetch(self.arraysize if size is None else size))

    def fetchall(self) -> Any:
        return self._fetched(super().fetchall)

    def __iter__(self) -> Any:
        return self._rows() if self.name else super().__iter__()

    def _rows(self) -> Iterator[Any]:
        while rows := self.fetchmany(self.itersize):
            yield from rows

    def scroll(self, value: int, mode: Any = "relative") -> None:
        move = super().scroll
        self._fetched(lambda: move(value, mode))

    def _fetched(self, fetch: Callable[[], Any]) -> Any:
        # Only a cursor with a name asks the server for rows.
        return self.connection.carry_out(fetch) if self.name else fetch()

    def _sending(self, text: str, judged: str = "") -> None:
        self.connection.announce(text)
        self.connection.note(judged or text)


@functools.cache
def announcing(factory: type[psycopg2.extensions.cursor]) -> type[psycopg2.extensions.cursor]:
    """A class of cursors as `factory` that announce."""
    if issubclass(factory, Announcing):
        return factory
    return type(f"Announcing{factory.__name__}", (Announcing, factory), {})
