"""Rows into a table by COPY, all or none."""

from __future__ import annotations

import difflib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aibasic.modules.all_or_nothing import InBlock, Stopped
from aibasic.modules.effects import Kind
from aibasic.modules.postgres.copy_text import Encoder, encoder
from aibasic.modules.progress import Progress
from aibasic.modules.tabular import Tabular, tabular
from psycopg2.extensions import cursor as _Cursor
from psycopg2.extensions import quote_ident

if TYPE_CHECKING:
    from aibasic.modules.postgres.session import Session

_PORTION = 5000
"""Rows that are turned into text at once: an interrupt is heard in between."""
# A table may be named as a statement has to, or by its bare name; the first of these is what is meant.
_TARGET = """
WITH target AS (
    SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'f', 'v')
      AND (%(name)s IN (quote_ident(c.relname), c.relname, lower(c.relname)) AND pg_table_is_visible(c.oid)
           OR %(name)s IN (quote_ident(n.nspname) || '.' || quote_ident(c.relname), n.nspname || '.' || c.relname))
    ORDER BY %(name)s = quote_ident(c.relname) DESC, %(name)s = c.relname DESC LIMIT 1)
SELECT c.oid::regclass::text, a.attname, format_type(coalesce(nullif(t.typbasetype, 0), t.oid), NULL),
       a.attgenerated <> '' OR a.attidentity = 'a'
FROM target c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
WHERE a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""


@dataclass(frozen=True)
class Target:
    """A table as it is now: its name for a statement, and the type of each column that can be written, by name."""

    name: str
    types: Mapping[str, str]


def load(session: Session, table: str, data: Any, columns: Sequence[str] | None) -> int:
    """Add the rows of `data` to a table and return how many; see `PostgresModule.copy_from`."""
    target = session.read(lambda cursor: _find(cursor, table))
    source = tabular(data, columns, list(target.types))
    _check(target, source.columns)
    if not len(source):
        return 0

    def statement(cursor: _Cursor) -> str:
        listed = ", ".join(quote_ident(column, cursor) for column in source.columns)
        return f"COPY {target.name} ({listed}) FROM STDIN"

    def work(cursor: _Cursor, in_block: InBlock, progress: Progress) -> int:
        zone = cursor.connection.info.parameter_status("TimeZone") or "UTC"
        encoders = [encoder(column, target.types[column], zone) for column in source.columns]
        text = _Text(_lines(source, encoders, progress, session.stopped))

        def copy() -> int:
            cursor.copy_expert(statement(cursor), text, 1 << 16)
            if text.error is not None:
                raise text.error
            return cursor.rowcount

        try:
            return in_block(copy)
        except Exception:
            if text.error is not None:
                raise text.error from None
            raise

    return session.transfer(statement, work, len(source), Kind.WRITE)


def _find(cursor: _Cursor, table: str) -> Target:
    cursor.execute(_TARGET, {"name": table})
    found = cursor.fetchall()
    if not found:
        raise KeyError(f"there is no table {table}")
    return Target(found[0][0], {name: type_ for _, name, type_, generated in found if not generated})


def _check(target: Target, columns: Sequence[str]) -> None:
    for column in columns:
        if column not in target.types:
            near = difflib.get_close_matches(str(column), target.types, 1)
            hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(target.types)}"
            raise KeyError(f"table {target.name} has no column {column!r} that can be written: {hint}")


def _lines(
    source: Tabular, encoders: Sequence[Encoder], progress: Progress, stop: Callable[[], bool]
) -> Iterator[bytes]:
    """The rows as COPY's text, a portion at a time."""
    for start in range(0, len(source), _PORTION):
        if stop():
            raise Stopped
        portion = source.columns_of_rows(start, start + _PORTION)
        texts = [encode(values, start) for encode, values in zip(encoders, portion, strict=True)]
        lines = "\n".join(map("\t".join, zip(*texts, strict=True))) + "\n"
        yield lines.encode()
        progress.done = min(start + _PORTION, len(source))


class _Text(io.RawIOBase):
    """A file that psycopg2 reads from. What goes wrong in making the text is kept, as the driver would lose it."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = iter(parts)
        self._rest = memoryview(b"")
        self.error: Exception | None = None

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if not self._rest:
            try:
                self._rest = memoryview(next(self._parts, b""))
            except Exception as error:
                self.error = error
                raise
        taken, self._rest = self._rest[:size], self._rest[size:]
        return bytes(taken)
