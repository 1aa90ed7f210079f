"""What a compiled line that failed may have meant: the nearest file, table, column or variable."""

from __future__ import annotations

import difflib
import os
from itertools import islice
from pathlib import Path

from aibasic_kernel.compiler.compiler import Compiler
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.errors import ProviderError, ReplyError
from aibasic_kernel.language.instruction import Sentence
from aibasic_kernel.session.line import Line

_NEAR = 3
_ALIKE = 0.75
"""How much alike two files' names are, their endings among it, of which one may be meant for the other."""
_ALIKE_NAMES = 0.6
_MOST_FILES = 2000


def hints(compiler: Compiler, line: Line, scope: Scope, error: BaseException) -> list[str]:
    """One sentence for each name that is nearly one that exists; nothing of what the user wrote as Python.

    A line that no model was asked for says such names itself.
    """
    sentence = line.instruction
    if not isinstance(sentence, Sentence) or not isinstance(error, Exception):
        return []
    if isinstance(error, FileNotFoundError):
        return _nearest_file(error)
    if isinstance(error, NameError) and line.typed:
        return nearest_name(error.name, scope)
    if line.origin == "model" or isinstance(error, ProviderError | ReplyError):
        return [str(miss) for miss in compiler.misses(sentence, scope) if miss.near]
    return []


def nearest_name(missing: str | None, scope: Scope) -> list[str]:
    """A sentence that names the variables nearest to one that is missing, where there are any."""
    near = difflib.get_close_matches(missing or "", scope.names, _NEAR, _ALIKE_NAMES)
    return [f"there is no variable {missing}; nearest: {', '.join(near)}"] if near else []


def _nearest_file(error: FileNotFoundError) -> list[str]:
    if not isinstance(error.filename, str):
        return []
    path = Path(error.filename)
    try:
        with os.scandir(path.parent) as entries:
            names = [entry.name for entry in islice(entries, _MOST_FILES)]
    except (OSError, ValueError):
        return []
    near = [str(path.parent / name) for name in difflib.get_close_matches(path.name, names, _NEAR, _ALIKE)]
    return [f"there is no file {path}; nearest: {', '.join(near)}"] if near else []
