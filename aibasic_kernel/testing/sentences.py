"""Sentences of a service, understood by its phrases and run."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aibasic.modules.base import Module
from aibasic.modules.phrases import Phrase
from aibasic.modules.schema import Table

from aibasic_kernel.compiler.phrasing.match import match, nearest
from aibasic_kernel.compiler.phrasing.misses import misses
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.task_types import task_types


@dataclass
class LiveService:
    """The configured section of a live module."""

    instance: Module

    @property
    def section(self) -> str:
        """As the module has it."""
        return self.instance.section

    @property
    def variable(self) -> str:
        """The name that programs expect."""
        return self.instance.variable

    @property
    def module_class(self) -> type[Module]:
        """The class of the module."""
        return type(self.instance)

    def module(self) -> Module:
        """The module."""
        return self.instance

    def tables(self) -> Mapping[str, Table]:
        """The tables as they are now."""
        return self.instance.describe()


def run(sentence: str, module: Module, names: Mapping[str, object], phrase: Phrase | None = None) -> Any:
    """What a sentence names by its phrase (which must be `phrase`, where given), else what it shows."""
    service = LiveService(module)
    variables = {**names, module.variable: module}
    scope = Scope(variables, services={module.section: service})
    found = match(sentence, module.section, scope, task_types())
    assert found is not None, f"no phrase fits: {sentence}\n{_why(sentence, module, scope)}"
    assert phrase is None or found.phrase == phrase, f"{sentence}: fits {found.phrase.example}"
    shown = _execute(found.python, f"<{sentence}>", variables)
    if not found.result:
        return shown
    assert found.result in variables, f"{sentence}: {found.python} makes no {found.result}"
    return variables[found.result]


def _why(sentence: str, module: Module, scope: Scope) -> str:
    """What the phrases miss in a sentence, and the one that comes nearest."""
    near = nearest(sentence, module.section, scope, 1)
    told = [f"the nearest is {phrase.example!r}, of the form {phrase.form}" for phrase in near]
    return "\n".join([*map(str, misses(sentence, module.section, scope, task_types())), *told])


def _execute(python: str, name: str, variables: dict[str, object]) -> object:
    """Run some Python; the value of its last statement where that is an expression."""
    tree = ast.parse(python, name)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, name, "exec"), variables)
    if not isinstance(last, ast.Expr):
        return None
    shown: object = eval(compile(ast.Expression(last.value), name, "eval"), variables)
    return shown
