"""Python that a user wrote where a value is wanted: taken as written, if it is a closed expression."""

from __future__ import annotations

import ast
from collections.abc import Mapping

_FUNCTIONS = frozenset([
    "abs", "bool", "float", "int", "len", "list", "max", "min", "round", "set", "sorted", "str", "sum", "tuple",
])  # fmt: skip
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
    """Whether these are numbers like 2013-11-15, 11/15/2013 or, without blanks, 2013-11."""
    parts: list[ast.expr] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Sub, ast.Div)):
        parts.append(node.right)
        node = node.left
    if not parts or not all(isinstance(part, ast.Constant) for part in (node, *parts)):
        return False
    return len(parts) == 2 or _is_month(node, parts[0])


def _is_month(year: ast.AST, month: ast.expr) -> bool:
    if not isinstance(year, ast.Constant) or not isinstance(month, ast.Constant):
        return False
    return year.end_col_offset == month.col_offset - 1 and year.value in range(1900, 2100)
