"""Folds the constants of a piece of Python and follows its names, without running it.

A name may stand for several things, by branches, loops and calls; each expression has all that it may stand for, as
far as they are few.
"""

from __future__ import annotations

import ast
import builtins
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any

from aibasic.modules.base import Module

from aibasic_kernel.compiler.gate import constants, literals, python_calls, reflection
from aibasic_kernel.compiler.gate.arguments import ways
from aibasic_kernel.compiler.gate.bindings import Binding, Bindings, Grown, Plain
from aibasic_kernel.compiler.gate.texts import element, elements, formatted, operated
from aibasic_kernel.compiler.gate.values import (
    MOST,
    UNKNOWN,
    Holed,
    Made,
    Method,
    Named,
    Partial,
    Reached,
    is_constant,
)

Values = tuple[Any, ...]
_DEEPEST = 60
_BUILTINS = frozenset(dir(builtins))
_NAMESPACES = frozenset({"builtins.globals()", "builtins.locals()", "builtins.vars()"})
_LOOKS_UP = frozenset({"get", "pop", "__getitem__", "__getattribute__"})
_OUTER = {"__builtins__": "builtins", "get_ipython": "IPython.get_ipython"}


class Folding:
    """What the expressions of one piece of code may stand for, given all its nodes.

    `modules` are the classes of the modules by the variables that stand for them, `sections` their sections.
    """

    def __init__(
        self, nodes: Iterable[ast.AST], modules: Mapping[str, type[Module]], sections: Mapping[str, str]
    ) -> None:
        self._bindings = Bindings(nodes)
        self._modules = modules
        self._sections = sections
        self._classes = {module.__name__: module for module in modules.values()}
        self._open: set[str] = set()
        self.local: dict[str, Any] = {}
        """Names that a comprehension binds while it is folded."""
        self._depth = 0
        # Else names that are bound to one another, each in several ways, would be followed along every path.
        self._folded: dict[ast.AST | None, Values] = {}
        self._named: dict[str, Values] = {}

    def values(self, node: ast.AST | None) -> Values:
        """All that an expression may stand for; (UNKNOWN,) where that cannot be told."""
        fold = _FOLDS.get(type(node))
        if fold is None or self._depth > _DEEPEST:
            return (UNKNOWN,)
        known = self._folded.get(node)
        if known is not None and not self.local:
            return known
        self._depth += 1
        try:
            found = _distinct(fold(self, node))
        finally:
            self._depth -= 1
        found = found if 0 < len(found) <= MOST else (UNKNOWN,)
        if not self.local:
            self._folded[node] = found
        return found

    def expressions(self, name: str) -> list[ast.AST]:
        """The expressions that a name is bound to as they are; [] where it may be something else too."""
        bindings = self._bindings.of(name)
        plain = [binding.value for binding in bindings if isinstance(binding, Plain)]
        return plain if len(plain) == len(bindings) else []

    def _name(self, node: ast.Name) -> Iterable[Any]:
        if node.id in self.local:
            return (self.local[node.id],)
        bindings = self._bindings.of(node.id)
        if not bindings:
            return (self._outer(node.id),)
        if node.id in self._open:
            return (UNKNOWN,)
        if node.id not in self._named:
            with self._opened(node.id):
                self._named[node.id] = _distinct(value for binding in bindings for value in self._bound(binding))
        return self._named[node.id]

    @contextmanager
    def _opened(self, name: str) -> Iterator[None]:
        self._open.add(name)
        try:
            yield
        finally:
            self._open.discard(name)

    def _bound(self, binding: Binding) -> Iterable[Any]:
        if isinstance(binding, Named):
            return (self._imported(binding),)
        if isinstance(binding, Plain):
            return self.values(binding.value)
        if isinstance(binding, Grown):
            before = tuple(itertools.chain.from_iterable(self._bound(one) for one in binding.before)) or (UNKNOWN,)
            return (operated(binding.operator, *pair) for pair in itertools.product(before, self.values(binding.value)))
        return itertools.chain.from_iterable(elements(value, binding.path) for value in self.values(binding.value))

    def _outer(self, name: str) -> Any:
        """A name that the code itself does not bind."""
        if name in self._modules:
            module = self._modules[name]
            return Reached(module, self._sections.get(name, ""))
        for library in self._bindings.stars:
            if python_calls.is_judged(f"{library}.{name}"):
                return Named(f"{library}.{name}")
        if name in _OUTER:
            return Named(_OUTER[name])
        return Named(f"builtins.{name}") if name in _BUILTINS else UNKNOWN

    def _imported(self, named: Named) -> Any:
        module = self._classes.get(named.name.rpartition(".")[2])
        return Named(f"module.{module.__name__}") if module is not None else named

    def _attribute(self, node: ast.Attribute) -> Iterable[Any]:
        return (self.attribute(value, node.attr) for value in self.values(node.value))

    def attribute(self, value: Any, name: str) -> Any:
        """What an attribute of a value stands for."""
        if isinstance(value, Named):
            return value.attribute(name)
        if isinstance(value, Reached):
            return value.attribute(name)
        if isinstance(value, Made):
            return Method(value, name)
        if isinstance(value, PurePath) and name in ("parent", "name", "stem", "suffix"):
            return getattr(value, name)
        if is_constant(value) or isinstance(value, Holed):
            return Method(value, name)
        return UNKNOWN

    def _operation(self, node: ast.BinOp) -> Iterable[Any]:
        pairs = itertools.product(self.values(node.left), self.values(node.right))
        return (operated(node.op, left, right, node) for left, right in pairs)

    def _sign(self, node: ast.UnaryOp) -> Iterable[Any]:
        if not isinstance(node.op, ast.USub):
            return (UNKNOWN,)
        return (-value if isinstance(value, int | float) else UNKNOWN for value in self.values(node.operand))

    def _subscript(self, node: ast.Subscript) -> Iterable[Any]:
        for value, key in itertools.product(self.values(node.value), self._keys(node.slice)):
            if isinstance(value, Reached):
                yield value
            elif isinstance(value, Named):
                yield self._looked_up(value, key) if isinstance(key, str) else reflection.computed(value)
            else:
                yield element(value, key)

    def _looked_up(self, namespace: Named, key: str) -> Any:
        """What stands in a namespace under a name: `globals()["os"]`, `sys.modules["os"]`, `os.__dict__["system"]`."""
        if namespace.name == "sys.modules":
            return Named(key)
        if namespace.name in _NAMESPACES:
            return next(iter(self.values(ast.Name(key, ast.Load()))), UNKNOWN)
        return Named(namespace.name.removesuffix(".__dict__")).attribute(key)

    def _keys(self, node: ast.expr) -> Values:
        if not isinstance(node, ast.Slice):
            return self.values(node)
        parts = [self.values(part) if part is not None else (None,) for part in (node.lower, node.upper, node.step)]
        return tuple(slice(*chosen) for chosen in itertools.product(*parts) if all(map(is_constant, chosen)))

    def _either(self, node: ast.IfExp | ast.BoolOp) -> Iterable[Any]:
        parts = [node.body, node.orelse] if isinstance(node, ast.IfExp) else node.values
        return itertools.chain.from_iterable(self.values(part) for part in parts)

    def _called(self, node: ast.Call) -> Iterable[Any]:
        for function in self.values(node.func):
            if isinstance(function, ast.Lambda):
                yield from self.values(function.body)
                continue
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from self._returned(function)
                continue
            for arguments, keywords in ways(self, node):
                yield self._result(function, arguments, keywords, node)

    def _returned(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterable[Any]:
        returns = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
        if not returns or function.name in self._open:
            return (UNKNOWN,)
        with self._opened(function.name):
            return tuple(itertools.chain.from_iterable(self.values(value) for value in returns))

    def _result(self, function: Any, arguments: Values, keywords: Mapping[str, Any], node: ast.Call) -> Any:
        if isinstance(function, Partial):
            return self._result(function.function, (*function.arguments, *arguments), keywords, node)
        if isinstance(function, Reached):
            return function
        if isinstance(function, Method):
            return self._of_method(function, arguments, keywords, node)
        if not isinstance(function, Named):
            return UNKNOWN
        name = function.name
        if name in reflection.SPECIAL:
            return reflection.SPECIAL[name](self.attribute, arguments, keywords)
        if name.startswith("module."):
            return self._instance(name, arguments, keywords)
        namespace, _, last = name.rpartition(".")
        if last in _LOOKS_UP and (last not in ("get", "pop") or namespace.endswith(("__dict__", "()", "sys.modules"))):
            known = bool(arguments) and isinstance(arguments[0], str)
            holder = Named(namespace)
            return self._looked_up(holder, arguments[0]) if known else reflection.computed(holder)
        found = constants.call(name, arguments, keywords)
        if found is UNKNOWN and f"{name}()" in _NAMESPACES:
            return Named(f"{name}()")
        return Made(name, (*arguments, *keywords.values())) if found is UNKNOWN else found

    def _of_method(self, function: Method, arguments: Values, keywords: Mapping[str, Any], node: ast.Call) -> Any:
        if isinstance(function.of, Made):
            return Made(f"{function.of.by}().{function.name}", function.of.arguments)
        if isinstance(function.of, Named):
            return self.attribute(function.of, function.name)
        if (
            isinstance(function.of, str)
            and function.name == "format"
            and not is_constant((arguments, *keywords.values()))
        ):
            return formatted(function.of, arguments, keywords, node)
        if isinstance(function.of, Holed):
            return function.of if function.name in ("strip", "lower", "upper", "lstrip", "rstrip") else UNKNOWN
        return constants.method(function.of, function.name, arguments, keywords)

    def _instance(self, name: str, arguments: Values, keywords: Mapping[str, Any]) -> Any:
        """A module that the code makes itself: `PostgresModule.from_config("aibasic.conf", name="warehouse")`."""
        _, class_name, *method = name.split(".")
        if method != ["from_config"]:
            return UNKNOWN
        module = self._classes[class_name]
        instance = keywords.get("name", arguments[1] if len(arguments) > 1 else None)
        return Reached(module, f"{module.task}:{instance}" if isinstance(instance, str) else module.task)


def _distinct(found: Iterable[Any]) -> Values:
    """Each value once; nothing more is looked at where they are too many."""
    kept: list[Any] = []
    for value in found:
        if not any(value is one or (type(value) is type(one) and value == one) for one in kept):
            kept.append(value)
        if len(kept) > MOST:
            break
    return tuple(kept)


_FOLDS: dict[type[ast.AST] | type[None], Callable[[Folding, Any], Iterable[Any]]] = {
    ast.Constant: lambda folding, node: (node.value,),
    ast.Name: Folding._name,
    ast.Attribute: Folding._attribute,
    ast.BinOp: Folding._operation,
    ast.UnaryOp: Folding._sign,
    ast.JoinedStr: literals.joined,
    ast.FormattedValue: literals.formatted,
    ast.Subscript: Folding._subscript,
    ast.Tuple: literals.sequence,
    ast.List: literals.sequence,
    ast.Set: literals.sequence,
    ast.Dict: literals.mapping,
    ast.IfExp: Folding._either,
    ast.BoolOp: Folding._either,
    ast.ListComp: literals.comprehension,
    ast.GeneratorExp: literals.comprehension,
    ast.SetComp: literals.comprehension,
    ast.Call: Folding._called,
    ast.Lambda: lambda folding, node: (node,),
    ast.FunctionDef: lambda folding, node: (node,),
    ast.AsyncFunctionDef: lambda folding, node: (node,),
    ast.NamedExpr: lambda folding, node: folding.values(node.value),
    ast.Await: lambda folding, node: folding.values(node.value),
    ast.Starred: lambda folding, node: folding.values(node.value),
}
