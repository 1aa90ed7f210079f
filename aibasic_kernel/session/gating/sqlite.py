"""SQLite, which is no service of the configuration: what a program sends to its files is told before it is done.

Its part in C raises no event for a statement, so `sqlite3.connect` is seen to while somebody listens: the connections
that it makes then tell of each statement, for whoever uses them. Databases in memory are nobody's loss.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

Tell = Callable[[str, FrameType], None]
"""Told a statement, and the frame that sends it. Raises to stop it."""
_FACTORY = 5
"""Where the class of the connection stands among the arguments of `sqlite3.connect`."""


class SqliteWatch:
    """Tells `tell` of the statements to SQLite's files, over connections that are made from `start` to `stop`."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._connect: Callable[..., Any] | None = None
        self._before: Any = None

    def start(self) -> None:
        """Begin, where a program has loaded sqlite3; again has no effect."""
        if self._connect is not None or "sqlite3" not in sys.modules:
            return
        import sqlite3

        before: Any = sqlite3.connect
        tell = self._told

        def connect(*arguments: Any, **options: Any) -> Any:
            return before(*arguments, **options) if _is_in_memory(arguments, options) else opened(arguments, options)

        def opened(arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
            if len(arguments) > _FACTORY:
                telling = _telling(arguments[_FACTORY], tell)
                return before(*arguments[:_FACTORY], telling, *arguments[_FACTORY + 1 :], **options)
            return before(*arguments, **{**options, "factory": _telling(options.get("factory"), tell)})

        self._connect, self._before = connect, before
        sqlite3.connect = sqlite3.dbapi2.connect = connect

    def stop(self) -> None:
        """Listen no more, to connections that were made either."""
        self._tell = _nobody
        if self._connect is not None:
            import sqlite3

            if sqlite3.connect is self._connect:
                sqlite3.connect = sqlite3.dbapi2.connect = self._before

    def _told(self, statement: str, frame: FrameType) -> None:
        self._tell(statement, frame)


def _nobody(statement: str, frame: FrameType) -> None:
    """Where nobody listens any more."""


def _is_in_memory(arguments: tuple[Any, ...], options: dict[str, Any]) -> bool:
    database = arguments[0] if arguments else options.get("database", "")
    try:
        name = os.fsdecode(database)
    except TypeError:
        return False  # the call will say what is wrong
    return not name or ":memory:" in name or "mode=memory" in name


def _telling(factory: Any, tell: Tell) -> Any:
    """The class of a connection, telling; what is no class is left alone."""
    import sqlite3

    if factory is not None and not isinstance(factory, type):
        return factory
    base: Any = factory or sqlite3.Connection
    cursors: dict[Any, Any] = {}

    def cursor(self: Any, factory: Any = sqlite3.Cursor) -> Any:
        if isinstance(factory, type) and factory not in cursors:
            cursors[factory] = _with_executing(factory, tell)
        return base.cursor(self, cursors.get(factory, factory))

    return _with_executing(base, tell, cursor=cursor)


def _with_executing(base: type, tell: Tell, **methods: Any) -> Any:
    """A class like `base` with these methods, and with such as tell of the statements that they execute."""

    def telling(name: str) -> Callable[..., Any]:
        execute = getattr(base, name)

        def method(self: Any, sql: str, *arguments: Any) -> Any:
            tell(sql, sys._getframe(1))
            return execute(self, sql, *arguments)

        return method

    methods.update((name, telling(name)) for name in ("execute", "executemany", "executescript"))
    return type(base.__name__, (base,), {"__module__": base.__module__, **methods})
