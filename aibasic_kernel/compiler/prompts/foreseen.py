"""What lines that have not run yet will surely make: stand-ins for their values, good enough to find phrases with.

A stand-in is an empty value of the same kind. Of what columns it has is not known; so it has all that a sentence could
mean by its words.
"""

from __future__ import annotations

import ast
import datetime
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from aibasic.modules.results import Rows

from aibasic_kernel.compiler.kinds import is_frame

ROWS, FRAME = "rows", "frame"
UNFORESEEN = ""
"""The kind of a value of which nothing is known but its name."""
_WORD = re.compile(r"[^\W\d]\w*")
_FRAME_MAKERS = frozenset(
    ("DataFrame", "concat", "merge", "read_frame", "read_csv", "read_excel", "read_json", "read_parquet")
)
_FRAME_METHODS = frozenset(
    (
        "assign",
        "astype",
        "copy",
        "drop",
        "drop_duplicates",
        "dropna",
        "fillna",
        "head",
        "merge",
        "nlargest",
        "nsmallest",
        "query",
        "rename",
        "reset_index",
        "sample",
        "sort_index",
        "sort_values",
        "tail",
    )
)
"""Methods that give a frame where they are called on one."""
_NUMBER_MAKERS = frozenset(("abs", "int", "float", "len", "round", "sum"))


def kinds_made(python: str, kinds: Mapping[str, str]) -> dict[str, str]:
    """The kinds of the names that a piece of code assigns at its top level; `kinds` are those of names before it.

    {} for what is no Python.
    """
    try:
        tree = ast.parse(python)
    except SyntaxError:
        return {}
    found = dict(kinds)
    made: dict[str, str] = {}
    for statement in tree.body:
        for target, value in _assigned(statement):
            made[target] = found[target] = UNFORESEEN if value is None else _kind_of(value, found)
    return made


def stand_ins(kinds: Mapping[str, str], sentence: str, frames: bool) -> Iterator[dict[str, object]]:
    """Values of these kinds, for each way in which the columns that `sentence` may name can be: any, or numbers.

    What is of no known kind is rows, then a number; then a frame where there may be `frames`, or pandas is loaded
    already: it takes long.
    """
    words = list(dict.fromkeys(_WORD.findall(sentence)))
    guesses = [UNFORESEEN]
    if UNFORESEEN in kinds.values():
        guesses = [ROWS, "number", *([FRAME] if frames or "pandas" in sys.modules else [])]
    for guess in guesses:
        whole = {name: kind or guess for name, kind in kinds.items()}
        for value in (None, 0) if {ROWS, FRAME} & set(whole.values()) else (None,):
            yield {name: _stand_in(kind, words, value) for name, kind in whole.items()}


def kind_of_value(value: object) -> str:
    """The kind of a live value, as far as it matters for what code makes of it."""
    return FRAME if is_frame(value) else UNFORESEEN


def _assigned(statement: ast.stmt) -> Iterator[tuple[str, ast.expr | None]]:
    """Each name that a statement assigns, with what it is given where that stands there."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name, None
        return
    if isinstance(statement, ast.Assign) and all(isinstance(target, ast.Name) for target in statement.targets):
        yield from ((target.id, statement.value) for target in statement.targets if isinstance(target, ast.Name))
        return
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, None


def _kind_of(node: ast.expr, kinds: Mapping[str, str]) -> str:
    if isinstance(node, ast.Constant):
        return _kind_of_constant(node.value)
    if isinstance(node, ast.JoinedStr):
        return "text"
    if isinstance(node, ast.List | ast.ListComp):
        return "list"
    if isinstance(node, ast.Dict | ast.DictComp):
        return "dict"
    if isinstance(node, ast.Name):
        return kinds.get(node.id, UNFORESEEN)
    if isinstance(node, ast.Call):
        return _kind_of_call(node, kinds)
    if isinstance(node, ast.Subscript):
        return (
            FRAME if _kind_of(node.value, kinds) == FRAME and not isinstance(node.slice, ast.Constant) else UNFORESEEN
        )
    if isinstance(node, ast.BinOp) and _kind_of(node.left, kinds) == _kind_of(node.right, kinds) == "number":
        return "number"
    return UNFORESEEN


def _kind_of_constant(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    return {int: "number", float: "number", str: "text"}.get(type(value), UNFORESEEN)


def _kind_of_call(call: ast.Call, kinds: Mapping[str, str]) -> str:
    if isinstance(call.func, ast.Name):
        return (
            "number" if call.func.id in _NUMBER_MAKERS else "list" if call.func.id in ("list", "sorted") else UNFORESEEN
        )
    if not isinstance(call.func, ast.Attribute):
        return UNFORESEEN
    method = call.func.attr
    if method == "execute_query":
        return ROWS
    of_frame = method in _FRAME_METHODS and _kind_of(call.func.value, kinds) == FRAME
    return FRAME if of_frame or method in _FRAME_MAKERS else UNFORESEEN


def _stand_in(kind: str, columns: list[str], value: object) -> object:
    if kind == ROWS:
        return Rows([] if value is None else [(value,) * len(columns)], columns)
    if kind == FRAME:
        return _frame(columns, value)
    plain: dict[str, Any] = {
        "number": 0, "text": "", "boolean": False, "time": datetime.datetime.min, "list": [], "dict": {}
    }  # fmt: skip
    return plain.get(kind)


def _frame(columns: list[str], value: object) -> object:
    import pandas

    return pandas.DataFrame([] if value is None else [[value] * len(columns)], columns=columns)
