"""Names that a line's Python binds for itself: lent to it while it runs, and given back afterwards."""

from __future__ import annotations

import dis
from collections.abc import Iterable, Iterator, MutableMapping
from contextlib import contextmanager
from types import CodeType, ModuleType
from typing import Any

_STORES = frozenset({"STORE_NAME", "STORE_GLOBAL"})
_NOTHING = object()


def bound_by(code: CodeType) -> frozenset[str]:
    """The names of the namespace that `code` binds: by assignment, `with`, `for`, `import`, `def` or any other way."""
    return frozenset(str(step.argval) for step in dis.get_instructions(code) if step.opname in _STORES)


@contextmanager
def lent(names: MutableMapping[str, Any], helpers: Iterable[str]) -> Iterator[None]:
    """Lend the names `helpers`; at the end, also after an error, each holds what it held, or is gone where nothing.

    A library under a name that nothing had stays: it is imported already, and the user's Python may go on with it.
    """
    held = {name: names.get(name, _NOTHING) for name in helpers}
    try:
        yield
    finally:
        for name, value in held.items():
            if value is not _NOTHING:
                names[name] = value
            elif not isinstance(names.get(name), ModuleType):
                names.pop(name, None)
