"""A statement as it is sent, and as it is judged: by its words, which do not stand in large values."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from aibasic.modules.postgres import statements
from psycopg2.extensions import cursor as _Cursor

_LARGE = 100_000
"""Bytes from which a statement is judged without its values, whose words say nothing of it."""


@dataclass(frozen=True)
class Sent:
    """One statement: `final` are its very bytes, `judged` is its text, as it `is_written` where it is large."""

    final: bytes
    judged: str
    is_written: bool = False
    """Whether placeholders stand in `judged` for the values."""

    @property
    def text(self) -> str:
        """What is sent, as text."""
        return self.final.decode(errors="replace")

    @property
    def single(self) -> bytes:
        """The statement without a semicolon behind it, so that it can stand in another one."""
        return self._single or self.final

    def limited(self, rows: int) -> tuple[bytes, bytes, bytes] | None:
        """A query with a limit of one row more than `rows` put round it: what is in front of it, it, what is behind.

        The query stands on lines of its own, so that the database's caret points into it; line numbers are one too
        high. None where that cannot be or need not be.
        """
        if self._single is None or not statements.facts(self.judged).unbounded_query:
            return None
        return b"SELECT * FROM (\n", self._single, b"\n) AS result LIMIT %d" % (rows + 1)

    @functools.cached_property
    def _single(self) -> bytes | None:
        end, without = statements.closed(self.judged)
        if without == self.judged[end:]:
            return self.final
        behind = self.judged[end:].encode(errors="surrogateescape")
        # A placeholder in a comment is filled too: then what was written is not what is sent.
        if not self.final.endswith(behind) or (self.is_written and "%" in self.judged[end:]):
            return None
        return self.final[: len(self.final) - len(behind)] + without.encode(errors="surrogateescape")


def sent(cursor: _Cursor, query: Any, params: Any) -> Sent:
    """The statement that `query` with its parameters is."""
    final: bytes = cursor.mogrify(query, params)
    if params and len(final) >= _LARGE:
        return Sent(final, _written(cursor, query), is_written=True)
    return Sent(final, final.decode(errors="surrogateescape"))


def _written(cursor: _Cursor, query: Any) -> str:
    if isinstance(query, bytes):
        return query.decode(errors="surrogateescape")
    return query if isinstance(query, str) else str(query.as_string(cursor))
