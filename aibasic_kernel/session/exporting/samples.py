"""Values of the kinds that a program's variables have, for phrases that are to be read without running it."""

from __future__ import annotations

import ast
import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from aibasic.modules.results import Rows

from aibasic_kernel.compiler.shapes import Shape
from aibasic_kernel.session.exporting.lines import Code
from aibasic_kernel.session.exporting.python_text import parsed
from aibasic_kernel.session.exporting.shown import kind_of

_VALUES: dict[str, Any] = {
    "boolean": True,
    "dict": {},
    "none": None,
    "number": 1,
    "text": "a",
    "time": datetime.datetime(2000, 1, 1),
}


def samples_of(codes: Iterable[Code]) -> dict[str, object]:
    """A value for each variable of which the codes tell what it is: what it is set to, or what lines rely on."""
    found: dict[str, object] = {}
    for code in codes:
        for name, expression in _assignments(code.python):
            if name not in found and (value := _of_expression(expression, code)) is not None:
                found[name] = value
        for name, shape in code.trace.names.items():
            if name not in found and (value := _of_shape(shape)) is not None:
                found[name] = value
    return found


def _assignments(python: str) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(parsed(python)):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value


def _of_expression(node: ast.expr, code: Code) -> object:
    try:
        return ast.literal_eval(node)
    except (ValueError, SyntaxError, TypeError):
        return _of_shape(Shape(kind_of(node, code)))


def _of_shape(shape: Shape) -> object:
    """A value of that shape, None where there is none to be made."""
    columns = {name: _VALUES.get(kind, "a") for name, kind in shape.columns.items()}
    kind, _, of = shape.kind.partition(" of ")
    if kind == "frame":
        import pandas as pd

        return pd.DataFrame([columns])
    if kind == "rows":
        return Rows([tuple(columns.values())], columns)
    if kind == "dict":
        return columns
    if kind == "list":
        return [columns] if of == "dict" else [_VALUES[of]] if of in _VALUES else []
    return _VALUES.get(kind)
