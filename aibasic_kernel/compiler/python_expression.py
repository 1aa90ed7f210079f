"""Python that a user wrote where a value is wanted: taken as written, if it is a closed expression."""

from __future__ import annotations

import ast
from collections.abc import Mapping

_FUNCTIONS = frozenset("abs bool float int len list max min round set sorted str sum tuple".split())
_NODES = (
    ast.Expression,
    ast.Constant,
    ast.Name,
    ast.Load,
    ast.List,
    ast.Tuple,
    ast.Dict,
    ast.Set,
    ast.Subscript,
    ast.Slice,
    ast.Attribute,
    ast.Call,
    ast.keyword,
    ast.BinOp,
    ast.UnaryOp,
    ast.BoolOp,
    ast.Compare,
    ast.operator,
    ast.unaryop,
    ast.boolop,
    ast.cmpop,
)


def is_closed_python(text: str, names: Mapping[str, object]) -> bool:
    """Whether `text` is one expression of plain parts whose names are all variables or harmless built-in functions.

    `is` is left out, for a sentence means equality by it. Attributes are public, calls are of built-in functions only.
    """
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return all(_is_closed(node, names) for node in ast.walk(tree))


def _is_closed(node: ast.AST, names: Mapping[str, object]) -> bool:
    if isinstance(node, (ast.Is, ast.IsNot)) or not isinstance(node, _NODES) or _may_be_a_date(node):
        return False
    if isinstance(node, ast.Name):
        return node.id in names or node.id in _FUNCTIONS
    if isinstance(node, ast.Attribute):
        return not node.attr.startswith("_")
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS and node.func.id not in names
    return True


def _may_be_a_date(node: ast.AST) -> bool:
    """Whether this is three numbers like 2013-11-15 or 11/15/2013."""
    parts = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Sub, ast.Div)):
        parts.append(node.right)
        node = node.left
    return len(parts) == 2 and all(isinstance(part, ast.Constant) for part in (node, *parts))
