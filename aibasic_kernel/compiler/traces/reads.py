"""Which names a piece of Python reads from outside, and which it sets."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence


class Reads(ast.NodeVisitor):
    """Walks code in the order in which it runs.

    `read`: the names loaded where no assignment before has surely set them. `assigned`: the names that it sets in the
    namespace, by assignment, import, definition or as a loop's variable.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.read: set[str] = set()
        self.assigned: set[str] = set()
        self._set: set[str] = set()
        self._local: list[set[str]] = []
        self._all(tree.body)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store):
            self._store(node.id)
        elif node.id not in self._set and not any(node.id in names for names in self._local):
            self.read.add(node.id)

    def visit_Assign(self, node: ast.Assign) -> None:
        self._all([node.value, *node.targets])

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._all([node.annotation, *([node.value, node.target] if node.value is not None else [])])

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self.visit_Name(ast.Name(node.target.id, ast.Load()))
        self._all([node.value, node.target])

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self._all([node.value, node.target])

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._store(alias.asname or alias.name.split(".")[0])

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            self._store(alias.asname or alias.name)

    def visit_If(self, node: ast.If) -> None:
        self.visit(node.test)
        self._branches(node.body, node.orelse)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.visit(node.iter)
        self._branches([node.target, *node.body], [])
        self._branches(node.orelse, [])

    visit_AsyncFor = visit_For

    def visit_While(self, node: ast.While) -> None:
        self.visit(node.test)
        self._branches(node.body, [])
        self._branches(node.orelse, [])

    def visit_Try(self, node: ast.Try) -> None:
        self._branches(node.body, [])
        for handler in node.handlers:
            self._branches([handler], [])
        self._branches(node.orelse, [])
        self._all(node.finalbody)

    visit_TryStar = visit_Try

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.type is not None:
            self.visit(node.type)
        if node.name is not None:
            self._store(node.name)
        self._all(node.body)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        self._match_name(node, node.name)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        self._match_name(node, node.name)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        self._match_name(node, node.rest)

    def visit_Match(self, node: ast.Match) -> None:
        self.visit(node.subject)
        for case in node.cases:
            before = set(self._set)
            self._all([case.pattern, *([case.guard] if case.guard else []), *case.body])
            self._set = before

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._all([*node.decorator_list, *_evaluated(node.args), *([node.returns] if node.returns else [])])
        self._store(node.name)
        self._inside(_parameters(node.args) | _assigned_in(node.body), node.body)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._all(_evaluated(node.args))
        self._inside(_parameters(node.args), [node.body])

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._all([*node.decorator_list, *node.bases, *node.keywords])
        self._store(node.name)
        self._inside(_assigned_in(node.body), node.body)

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> None:
        self._comprehension(node.generators, [node.elt])

    visit_SetComp = visit_ListComp
    visit_GeneratorExp = visit_ListComp

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self._comprehension(node.generators, [node.key, node.value])

    def _comprehension(self, generators: Sequence[ast.comprehension], results: Sequence[ast.AST]) -> None:
        first, *others = generators
        self.visit(first.iter)
        inner = [*first.ifs, *[part for each in others for part in (each.iter, *each.ifs)]]
        self._inside(_assigned_in([each.target for each in generators]), [*inner, *results])

    def _inside(self, local: set[str], body: Iterable[ast.AST]) -> None:
        """Visit a scope of its own, whose `local` names are not the namespace's."""
        before = set(self._set)
        self._local.append(local)
        self._all(body)
        self._local.pop()
        self._set = before

    def _branches(self, one: Iterable[ast.AST], other: Iterable[ast.AST]) -> None:
        """Visit two alternatives: only what both have set is surely set after them."""
        before = set(self._set)
        self._all(one)
        after_one, self._set = self._set, before
        self._all(other)
        self._set &= after_one

    def _match_name(self, node: ast.AST, name: str | None) -> None:
        self.generic_visit(node)
        if name is not None:
            self._store(name)

    def _store(self, name: str) -> None:
        if not any(name in names for names in self._local):
            self._set.add(name)
            self.assigned.add(name)

    def _all(self, nodes: Iterable[ast.AST]) -> None:
        for node in nodes:
            self.visit(node)


def _all_of(arguments: ast.arguments) -> list[ast.arg]:
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    return [argument for argument in every if argument is not None]


def _parameters(arguments: ast.arguments) -> set[str]:
    return {argument.arg for argument in _all_of(arguments)}


def _evaluated(arguments: ast.arguments) -> list[ast.expr]:
    """What runs where a function is defined: defaults and annotations."""
    annotations = [argument.annotation for argument in _all_of(arguments)]
    return [part for part in (*arguments.defaults, *arguments.kw_defaults, *annotations) if part is not None]


def _assigned_in(body: Iterable[ast.AST]) -> set[str]:
    """The names that a scope makes its own by setting them anywhere, but for those that it declares global."""
    nodes = [node for part in body for node in ast.walk(part)]
    shared = {name for node in nodes if isinstance(node, ast.Global | ast.Nonlocal) for name in node.names}
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)} - shared
