"""What binds the names of a piece of Python: assignments, imports, loops, parameters; in the order of the text."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from aibasic_kernel.compiler.gate.values import Named

Path = tuple["int | None", ...]


@dataclass(frozen=True)
class Plain:
    """The name is an expression's value."""

    value: ast.AST


@dataclass(frozen=True)
class Grown:
    """The name is what it was before, and something more: `sql += " where id = 3"`."""

    before: tuple[Binding, ...]
    operator: ast.operator
    value: ast.AST


@dataclass(frozen=True)
class Each:
    """The name is a part of a value: the one at an index, or each of them where the index is None."""

    value: ast.AST
    path: Path


Binding = Named | Plain | Grown | Each


class Bindings:
    """The bindings by name in the nodes of a tree.

    Scopes are not told apart: a name may stand for all that any binds it to.
    """

    def __init__(self, nodes: Iterable[ast.AST]) -> None:
        self._found: dict[str, list[Binding]] = {}
        self._functions: dict[str, ast.arguments] = {}
        self.stars: list[str] = []
        """The libraries of which all names are imported."""
        calls: list[ast.Call] = []
        for node in nodes:
            bind = _BINDERS.get(type(node))
            if bind is not None:
                bind(self, node)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Lambda):
                calls.append(node)
        for call in calls:
            self._call(call)

    def of(self, name: str) -> tuple[Binding, ...]:
        """What a name is bound to; () where the code does not bind it."""
        return tuple(self._found.get(name, ()))

    def _add(self, name: str, binding: Binding) -> None:
        self._found.setdefault(name, []).append(binding)

    def _target(self, target: ast.expr, value: ast.AST, path: Path = ()) -> None:
        if isinstance(target, ast.Name):
            self._add(target.id, Each(value, path) if path else Plain(value))
        elif isinstance(target, ast.Tuple | ast.List):
            for at, part in enumerate(target.elts):
                if not path and isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts):
                    self._target(part, value.elts[at])
                else:
                    self._target(part, value, (*path, at))

    def _assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name) and isinstance(node.value, ast.Lambda):
                self._functions[target.id] = node.value.args
            self._target(target, node.value)

    def _assign_one(self, node: ast.AnnAssign | ast.NamedExpr) -> None:
        if node.value is not None:
            self._target(node.target, node.value)

    def _grow(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            grown = Grown(self.of(node.target.id), node.op, node.value)
            self._found[node.target.id] = [grown]

    def _loop(self, node: ast.For | ast.AsyncFor | ast.comprehension) -> None:
        self._target(node.target, node.iter, (None,))

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            if item.optional_vars is not None:
                self._target(item.optional_vars, item.context_expr)

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            whole = alias.name if alias.asname else alias.name.partition(".")[0]
            self._add(alias.asname or whole, Named(whole))

    def _import_from(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name == "*":
                self.stars.append(str(node.module))
            else:
                self._add(alias.asname or alias.name, Named(f"{node.module}.{alias.name}"))

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._add(node.name, Plain(node))
        self._functions[node.name] = node.args
        parameters = [*node.args.posonlyargs, *node.args.args]
        defaults = node.args.defaults
        for parameter, default in zip(parameters[len(parameters) - len(defaults) :], defaults, strict=True):
            self._add(parameter.arg, Plain(default))

    def _call(self, call: ast.Call) -> None:
        """Bind the parameters of a function of the code's own to what it is called with."""
        called = call.func
        function = called.args if isinstance(called, ast.Lambda) else self._functions.get(getattr(called, "id", ""))
        if function is None:
            return
        parameters = [*function.posonlyargs, *function.args]
        for parameter, argument in zip(parameters, call.args, strict=False):
            self._add(parameter.arg, Plain(argument))
        for keyword in call.keywords:
            if keyword.arg is not None:
                self._add(keyword.arg, Plain(keyword.value))


_BINDERS: dict[type[ast.AST], Callable[[Bindings, Any], None]] = {
    ast.Assign: Bindings._assign,
    ast.AnnAssign: Bindings._assign_one,
    ast.NamedExpr: Bindings._assign_one,
    ast.AugAssign: Bindings._grow,
    ast.For: Bindings._loop,
    ast.AsyncFor: Bindings._loop,
    ast.comprehension: Bindings._loop,
    ast.With: Bindings._with,
    ast.AsyncWith: Bindings._with,
    ast.Import: Bindings._import,
    ast.ImportFrom: Bindings._import_from,
    ast.FunctionDef: Bindings._function,
    ast.AsyncFunctionDef: Bindings._function,
}


def walk(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node of a tree in the order of the text."""
    stack = [tree]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(list(ast.iter_child_nodes(node))))
