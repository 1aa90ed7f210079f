"""Where the documentation tells of an error: found when somebody asks, from its class, its text and where it arose."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from aibasic_kernel.error_index.entries import ENGINE, MODULES, Entry, entries_of
from aibasic_kernel.error_index.templates import literal_part, pattern_of
from aibasic_kernel.errors import TwoLines, text_of

PAGE = "errors.html"
VARIABLE = "AIBASIC_DOCS"
"""The variable of the environment that says where the documentation is: a folder or a web address."""
_BUILT = Path(__file__).parents[2] / "docs" / "_build" / "html"


def anchor_of(error: BaseException) -> str:
    """The part of the page of errors that tells of an error of ours, "" for any other.

    Reads the source of modules, those first in which the error arose: for a person who asks, not for each error.
    """
    entry = entry_of(error)
    return "" if entry is None else entry.anchor


def entry_of(error: BaseException) -> Entry | None:
    """What the page of errors has of an error of ours, None for any other."""
    message = _message(error)
    kinds = {cls.__name__ for cls in type(error).__mro__}
    for module in _modules(error):
        fitting = [
            entry for entry in entries_of(module) if entry.kind in kinds and pattern_of(entry.message).match(message)
        ]
        if fitting:
            return max(fitting, key=lambda entry: len(literal_part(entry.message)))
    return None


def reference(error: BaseException) -> str:
    """Where to read of an error of ours, "" for any other: `errors.html#there-is-no-line`, behind the documentation's
    place where that is known.
    """
    anchor = anchor_of(error)
    return f"{_place()}{PAGE}#{anchor}" if anchor else ""


def _place() -> str:
    if named := os.environ.get(VARIABLE):
        return named.rstrip("/") + "/"
    return f"{_BUILT}{os.sep}" if (_BUILT / PAGE).is_file() else ""


def _message(error: BaseException) -> str:
    """The first of an error's two lines."""
    if isinstance(error, TwoLines):
        return error.message.partition("\n")[0]
    said = error.args[0] if error.args and isinstance(error.args[0], str) else text_of(error)
    return said.partition("\n")[0]


def _modules(error: BaseException) -> Iterator[ModuleType]:
    """Our modules in which it arose, the innermost first; of an error of the family then all others."""
    names = []
    trace = error.__traceback__
    while trace is not None:
        names.append(str(trace.tb_frame.f_globals.get("__name__")))
        trace = trace.tb_next
    others = [*sys.modules] if isinstance(error, TwoLines) else []
    for name in dict.fromkeys([*reversed(names), *others]):
        if name.startswith((f"{ENGINE}.", f"{MODULES}.")) and name in sys.modules:
            yield sys.modules[name]
