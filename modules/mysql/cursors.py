"""Cursors that announce each statement before they send it. Imports the driver."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from aibasic.modules.effects import Kind

if TYPE_CHECKING:
    from aibasic.modules.mysql.driver import Connection


class _Announcing:
    """Mixed into a cursor class: what it sends is announced first, as the very text that goes out."""

    __slots__ = ()
    _connection: Connection

    def execute(self, operation: Any, params: Any = (), *arguments: Any, **options: Any) -> Any:
        connection = self._connection
        if connection.announced:
            return super().execute(operation, params, *arguments, **options)  # type: ignore[misc]
        final = connection.finished(operation, params)
        connection.announce(Kind.STATEMENT, connection.as_text(final))
        connection.note(str(operation))
        return super().execute(final, (), *arguments, **options)  # type: ignore[misc]

    def executemany(self, operation: str, seq_params: Sequence[Any]) -> Any:
        rows = list(seq_params)
        self._connection.announce(Kind.STATEMENT, f"{operation}\n-- with {len(rows):,} rows of parameters")
        self._connection.note(operation)
        # The driver's executemany goes through execute, row by row where it cannot do better.
        return self._as_announced(lambda: super(_Announcing, self).executemany(operation, rows))  # type: ignore[misc]

    def callproc(self, procname: str, args: Sequence[Any] = ()) -> Any:
        self._connection.announce(Kind.STATEMENT, f"CALL {procname}({', '.join(map(repr, args))})")
        self._connection.note(f"CALL {procname}")
        return self._as_announced(lambda: super(_Announcing, self).callproc(procname, args))  # type: ignore[misc]

    def _as_announced(self, work: Any) -> Any:
        self._connection.announced = True
        try:
            return work()
        finally:
            self._connection.announced = False


class _AnnouncingPrepared(_Announcing):
    """The same for statements whose parameters travel apart from their text."""

    __slots__ = ()

    def execute(self, operation: Any, params: Any = (), *arguments: Any, **options: Any) -> Any:
        self._connection.announce(Kind.STATEMENT, str(operation))
        self._connection.note(str(operation))
        return self._as_announced(
            lambda: super(_Announcing, self).execute(operation, params, *arguments, **options)  # type: ignore[misc]
        )


@functools.cache
def announcing(kind: Any) -> Any:
    """A class of cursors as `kind` that announce."""
    mixed = _AnnouncingPrepared if "Prepared" in kind.__name__ else _Announcing
    return type(f"Announcing{kind.__name__}", (mixed, kind), {"__slots__": ()})
