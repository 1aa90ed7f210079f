"""What Python would do, told from its text with constants folded and aliases followed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from aibasic.modules.base import Module

from aibasic_kernel.compiler.gate.consequence import Consequence, unique
from aibasic_kernel.compiler.gate.sql import judge_sql


def judge_python(python: str, modules: Mapping[str, type[Module]]) -> tuple[Consequence, ...]:
    """What a line's code would do, in the order of its text; () for what only reads or computes.

    `modules` are the classes of the modules by the variables that stand for them. What depends on values that only
    running tells is left to the judgement at call time.
    """
    try:
        tree = ast.parse(python)
    except (SyntaxError, ValueError, RecursionError):
        return ()
    return unique(_calls(tree, modules))


def _calls(tree: ast.Module, modules: Mapping[str, type[Module]]) -> Iterator[Consequence]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        module = modules.get(node.func.value.id) if isinstance(node.func.value, ast.Name) else None
        if module is None or not module.dialect:
            continue
        for argument in node.args[:1]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield from judge_sql(argument.value, module.dialect)
