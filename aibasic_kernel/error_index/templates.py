"""The text that an expression of Python gives, with `{name}` in place of what only running tells."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

GAP = "…"
"""What stands in a template where no name says what comes."""
_LIKE_MANY = 4
"""Texts that a name may stand for at most, for all of them to be shown."""
_SLOT = re.compile(r"\{[^{}]*\}")


class Templates:
    """Reads the texts of one function of a module; `constants` are the module's names that hold a text or number."""

    def __init__(self, constants: Mapping[str, str | int], function: ast.AST | None) -> None:
        self._constants = constants
        self._local = _assigned(function)

    def read(self, node: ast.expr | None) -> str:
        """The template of an expression, "" for none; several that it may be stand between `|`."""
        if node is None:
            return ""
        return " | ".join(dict.fromkeys(self._texts(node)))

    def _texts(self, node: ast.expr) -> list[str]:
        if isinstance(node, ast.Constant):
            return [node.value] if isinstance(node.value, str) else [""]
        if isinstance(node, ast.JoinedStr):
            return ["".join(self._part(part) for part in node.values)]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return [left + right for left in self._texts(node.left) for right in self._texts(node.right)]
        if isinstance(node, ast.IfExp):
            return self._texts(node.body) + self._texts(node.orelse)
        if isinstance(node, ast.BoolOp):
            return [text for value in node.values for text in self._texts(value)]
        if isinstance(node, ast.Name):
            return self._named(node.id)
        return [_slot(node)]

    def _part(self, part: ast.expr) -> str:
        if isinstance(part, ast.Constant):
            return str(part.value)
        assert isinstance(part, ast.FormattedValue)
        value = part.value
        if isinstance(value, ast.Name) and value.id in self._constants:
            spec = part.format_spec.values[0] if isinstance(part.format_spec, ast.JoinedStr) else None
            return format(self._constants[value.id], str(spec.value) if isinstance(spec, ast.Constant) else "")
        return _slot(value)

    def _named(self, name: str) -> list[str]:
        if name in self._constants:
            return [str(self._constants[name])]
        values = self._local.pop(name, [])
        try:
            texts = [text for value in values for text in self._texts(value)]
        finally:
            self._local[name] = values
        return texts if texts and len(texts) <= _LIKE_MANY else [f"{{{name}}}"]


def pattern_of(template: str) -> re.Pattern[str]:
    """What fits a text that came from the template."""
    alternatives = []
    for text in template.split(" | "):
        literal = (re.escape(part) for part in _SLOT.split(text))
        alternatives.append(".*?".join(literal))
    return re.compile("|".join(alternatives), re.DOTALL)


def literal_part(template: str) -> str:
    """The words of a template without what only running tells."""
    return _SLOT.sub(" ", template)


def _slot(node: ast.expr) -> str:
    return f"{{{_name_of(node) or GAP}}}"


def _name_of(node: ast.expr) -> str:
    """A word for a value: the last name in it."""
    if isinstance(node, ast.Name):
        return node.id.lower().lstrip("_")
    if isinstance(node, ast.Attribute):
        return node.attr.lstrip("_")
    if isinstance(node, ast.Subscript):
        return _name_of(node.value)
    if isinstance(node, ast.Call):
        inner = _name_of(node.args[0]) if node.args else ""
        return inner or _name_of(node.func)
    return ""


def _assigned(function: ast.AST | None) -> dict[str, list[ast.expr]]:
    """What each name of a function is set to by plain assignments."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(function) if function is not None else ():
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, value = node.targets[0], node.value
            if isinstance(target, ast.Name):
                found.setdefault(target.id, []).append(value)
            elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                for name, part in zip(target.elts, value.elts, strict=False):
                    if isinstance(name, ast.Name):
                        found.setdefault(name.id, []).append(part)
    return found
