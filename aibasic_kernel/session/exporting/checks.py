"""What a line's code relies on, as assertions: the columns that it names, where nothing above settles them.

For keys of a dict there are none: Python itself says which is missing.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping, Sequence

from aibasic_kernel.compiler.shapes import Shape
from aibasic_kernel.language.instruction import CONTROL_FLOW, While
from aibasic_kernel.language.structure import targets_of
from aibasic_kernel.session.exporting.prepared import Prepared
from aibasic_kernel.session.exporting.shown import TABLES

_KEEPING = frozenset({"copy", "drop_duplicates", "dropna", "fillna", "head", "sort_values", "tail"})


def add_checks(prepared: Sequence[Prepared]) -> None:
    """Give each line the assertions that it needs."""
    jumped_to = {target for each in prepared for target in targets_of(each.line.instruction)}
    known: dict[str, set[str]] = {}
    for each in prepared:
        if isinstance(each.line.instruction, CONTROL_FLOW) or each.line.number in jumped_to:
            known.clear()
        if not isinstance(each.line.instruction, While):
            each.checks = tuple(_checks(each, known))
        for text in each.texts:
            _follow(text.python, known)


def _checks(each: Prepared, known: dict[str, set[str]]) -> list[str]:
    found = []
    for code in each.line.codes:
        for name, shape in code.trace.names.items():
            columns = list(shape.columns)
            if columns and shape.kind in TABLES and (shape.whole or not set(columns) <= known.get(name, set())):
                found.append(_assertion(each, name, shape, columns))
                known.setdefault(name, set()).update(columns)
    return found


def _assertion(each: Prepared, name: str, shape: Shape, columns: Sequence[str]) -> str:
    several = f"the columns {_listed(columns)}" if len(columns) > 1 else f"the column {columns[0]}"
    place = "this code" if each.line.number is None else each.place
    message = f"{place} was compiled for {several} in {name}"
    names = ", ".join(map(_quoted, columns))
    condition = f"{{{names}}} <= set({name}.columns)" if len(columns) > 1 else f"{names} in {name}.columns"
    if shape.whole:
        condition = f"list({name}.columns) == [{names}]"
        message = f"{place} was compiled for just {several} in {name}"
    return f"assert {condition}, {_quoted(message)}"


def _follow(python: str, known: dict[str, set[str]]) -> None:
    """What the code makes of the columns that are known."""
    for node in ast.walk(ast.parse(python)):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
            if isinstance(target, ast.Name):
                known[target.id] = _columns(node.value, known)
            elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                known.setdefault(target.value.id, set()).update(_texts([target.slice]))
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load) and node.id not in known:
            known[node.id] = set()


def _columns(node: ast.expr, known: Mapping[str, set[str]]) -> set[str]:
    """The columns that the value of an expression surely has."""
    match node:
        case ast.Name(id=name):
            return set(known.get(name, ()))
        case ast.Subscript(value=base, slice=ast.List(elts=items)):
            return set(_texts(items)) if _columns(base, known) else set()
        case ast.Subscript(value=base, slice=ast.Compare() | ast.BinOp() | ast.UnaryOp()):
            return _columns(base, known)
        case ast.Call(func=ast.Attribute(value=base, attr="assign"), keywords=keywords):
            return _columns(base, known) | {keyword.arg for keyword in keywords if keyword.arg}
        case ast.Call(func=ast.Attribute(value=base, attr=method)) if method in _KEEPING:
            return _columns(base, known)
    return set()


def _texts(nodes: Collection[ast.expr]) -> list[str]:
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _quoted(text: str) -> str:
    """A literal in double quotes."""
    plain = repr(text)
    return plain if '"' in plain or "\\" in plain else f'"{plain[1:-1]}"'
