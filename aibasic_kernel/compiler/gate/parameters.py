"""Finds SQL that is put together from variables, where parameters would keep values from being read as SQL."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from aibasic.modules.base import Module

from aibasic_kernel.compiler.gate import python_sql
from aibasic_kernel.compiler.gate.bindings import walk
from aibasic_kernel.compiler.gate.folding import Folding
from aibasic_kernel.compiler.gate.values import Holed

_NO_MODULES: Mapping[str, type[Module]] = {}
_HARMLESS = frozenset({"int", "float", "len", "round", "abs", "Identifier", "Placeholder", "quote_ident", "Literal"})
"""Functions whose result, put into a text, is a number or a quoted name."""


def unparameterised(python: str) -> str:
    """Why some SQL of a piece of Python should have parameters instead of variables in its text; "" where none should.

    The names in constant lists that a loop goes over are no variables, nor are numbers and the placeholders that are
    counted out (`", ".join(["%s"] * len(ids))`).
    """
    try:
        tree = ast.parse(python)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    nodes = list(walk(tree))
    folding = Folding(nodes, _NO_MODULES, {})
    for text, method in _texts(nodes, folding):
        for before, hole in zip(text.pieces, text.holes, strict=False):
            if not _is_harmless(hole, folding):
                return _reason(before, hole, method)
    return ""


def _texts(nodes: list[ast.AST], folding: Folding) -> Iterator[tuple[Holed, str]]:
    """Each SQL text with places that is given to a method which takes SQL."""
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            method = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            if method not in python_sql.TAKES_SQL:
                continue
            for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                for value in folding.values(argument):
                    if isinstance(value, Holed) and python_sql.is_sql(value):
                        yield value, method


def _is_harmless(hole: str, folding: Folding) -> bool:
    """Whether an expression that stands in a text gives no text of somebody's making."""
    try:
        node = ast.parse(hole, mode="eval").body
    except SyntaxError:
        return False
    if isinstance(node, ast.Name):
        bound = folding.expressions(node.id)
        return bool(bound) and all(_is_safe(each) for each in bound)
    return _is_safe(node)


def _is_safe(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        return name in _HARMLESS or (name == "join" and bool(node.args) and _counts_out(node.args[0]))
    if isinstance(node, ast.BinOp):
        return _is_safe(node.left) and _is_safe(node.right)
    return isinstance(node, ast.Constant)


def _counts_out(node: ast.AST) -> bool:
    """`["%s"] * len(ids)`, `("%s" for each in ids)`: placeholders, as many as there are values."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return any(isinstance(side, ast.List | ast.Tuple | ast.Constant) for side in (node.left, node.right))
    return isinstance(node, ast.GeneratorExp | ast.ListComp) and isinstance(node.elt, ast.Constant)


def _reason(before: str, hole: str, method: str) -> str:
    if python_sql.ends_before_name(before):
        return (
            f"{hole} stands in the SQL of {method}() as the name of a table or column: write the name that it has into"
            " the text, or quote it by the driver's own means"
        )
    return f"{hole} is put into the SQL of {method}() as text: write %s in its place and hand its value over beside it"
