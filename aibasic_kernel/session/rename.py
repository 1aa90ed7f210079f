"""Moving a module out of the way of a user's own variable, in code that makes the module itself."""

from __future__ import annotations

import ast


def renamed(python: str, class_name: str, old: str, new: str) -> str:
    """`python` with variable `old` called `new`, where it says `old = CLASS_NAME.from_config(...)`; else unchanged."""
    if f"{class_name}.from_config" not in python:
        return python
    tree = ast.parse(python)
    if not any(_makes(node, class_name, old) for node in ast.walk(tree)):
        return python
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == old:
            node.id = new
    return ast.unparse(tree)


def _makes(node: ast.AST, class_name: str, variable: str) -> bool:
    return (
        isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == variable for target in node.targets)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func) == f"{class_name}.from_config"
    )
