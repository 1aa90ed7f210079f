"""Python that a user wrote where a value is wanted: taken as written, if it is a closed expression."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping

from aibasic_kernel.compiler.traces.reads import Reads

_FUNCTIONS = frozenset([
    "abs", "bool", "float", "int", "len", "list", "max", "min", "round", "set", "sorted", "str", "sum", "tuple",
])  # fmt: skip
_METHODS = frozenset([
    "capitalize", "center", "copy", "count", "endswith", "find", "get", "index", "isalpha", "isdigit", "items", "join",
    "keys", "ljust", "lower", "lstrip", "replace", "rfind", "rjust", "rstrip", "split", "splitlines", "startswith",
    "strip", "title", "upper", "values", "zfill",
])  # fmt: skip
"""Methods of texts, lists and dictionaries that change nothing."""
_PLAIN_VALUES = (str, list, tuple, dict)
_NEVER = (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.BitXor)
"""`^` among them: people mean a power by it."""
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
    ast.IfExp,
    ast.JoinedStr,
    ast.FormattedValue,
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

    `is` is left out, for a sentence means equality by it, and `^`, which is a power there. Attributes are public, calls
    are of built-in functions and of methods of plain values that change nothing.
    """
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return all(_is_closed(node, names) for node in ast.walk(tree))


def is_python_over(text: str, names: Mapping[str, object]) -> bool:
    """Whether `text` is one expression of any Python over variables and built-in names, as a user writes a condition.

    `is` stands for equality in a sentence, and is Python's own only beside None, True and False.
    """
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    nodes = list(ast.walk(tree))
    if any(isinstance(node, _NEVER) or _compares_identity(node) or _may_be_a_date(node) for node in nodes):
        return False
    if any(_mixes_text_and_number(node, names) for node in nodes):
        return False
    read = Reads(ast.Module([ast.Expr(tree.body)], [])).read
    return all(name in names or hasattr(builtins, name) for name in read) and not _is_builtin_alone(tree.body, names)


def _compares_identity(node: ast.AST) -> bool:
    """Whether `is` stands beside something else than None, True or False."""
    if not isinstance(node, ast.Compare):
        return False
    pairs = zip(node.ops, node.comparators, strict=True)
    return any(isinstance(op, (ast.Is, ast.IsNot)) and not _is_singleton(side) for op, side in pairs)


def _mixes_text_and_number(node: ast.AST, names: Mapping[str, object]) -> bool:
    """Whether a variable that holds text is compared with, or added to, a number: nobody means what Python does."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _adds_text_and_number(node, names)
    if not isinstance(node, ast.Compare):
        return False
    sides = [part for side in (node.left, *node.comparators) for part in getattr(side, "elts", [side])]
    texts = any(isinstance(side, ast.Name) and isinstance(names.get(side.id), str) for side in sides)
    return texts and any(isinstance(side, ast.Constant) and type(side.value) in (int, float) for side in sides)


def _adds_text_and_number(node: ast.BinOp, names: Mapping[str, object]) -> bool:
    sides = [names.get(side.id) if isinstance(side, ast.Name) else side for side in (node.left, node.right)]
    values = [side.value if isinstance(side, ast.Constant) else side for side in sides]
    return any(isinstance(value, str) for value in values) and any(type(value) in (int, float) for value in values)


def _is_singleton(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, bool))


def _is_builtin_alone(node: ast.expr, names: Mapping[str, object]) -> bool:
    """Whether it is no more than a word that happens to be a built-in function's: `input`, `not all`."""
    while isinstance(node, ast.UnaryOp):
        node = node.operand
    return isinstance(node, ast.Name) and node.id not in names


def _is_closed(node: ast.AST, names: Mapping[str, object]) -> bool:
    if isinstance(node, (ast.Is, ast.IsNot, ast.BitXor)) or not isinstance(node, _NODES) or _may_be_a_date(node):
        return False
    if _mixes_text_and_number(node, names):
        return False
    if isinstance(node, ast.Name):
        return node.id in names or node.id in _FUNCTIONS
    if isinstance(node, ast.Attribute):
        return not node.attr.startswith("_")
    if isinstance(node, ast.Call):
        return _is_harmless(node.func, names)
    return True


def _is_harmless(function: ast.expr, names: Mapping[str, object]) -> bool:
    """Whether calling it can change nothing."""
    if isinstance(function, ast.Name):
        return function.id in _FUNCTIONS and function.id not in names
    if not isinstance(function, ast.Attribute) or function.attr not in _METHODS:
        return False
    root: ast.expr = function.value
    while isinstance(root, (ast.Subscript, ast.Attribute, ast.Call)):
        root = root.func if isinstance(root, ast.Call) else root.value
    return not isinstance(root, ast.Name) or isinstance(names.get(root.id), _PLAIN_VALUES)


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
