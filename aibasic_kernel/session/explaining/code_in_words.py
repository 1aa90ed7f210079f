"""Python in words, statement by statement: what it makes, calls and repeats, and what the documentation says of that.

Nothing is imported and no value is asked: documentation is read from what is loaded already.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import re
import sys
from collections.abc import Iterator, Mapping

_MOST = 100
"""Characters of a piece of Python that are shown."""
_INDENT = "  "

Lookup = Mapping[str, object]


def told(python: str, known: Lookup) -> list[str]:
    """What the code does, a statement a line; `known` has classes or values by the names that the code reads.

    Raises SyntaxError for what is no Python.
    """
    tree = ast.parse(python)
    return list(_Teller({**known, **_imported(tree)}).statements(tree.body, ""))


class _Teller:
    def __init__(self, known: Lookup) -> None:
        self._known = known

    def statements(self, body: list[ast.stmt], indent: str) -> Iterator[str]:
        for statement in body:
            yield from self._statement(statement, indent)

    def _statement(self, node: ast.stmt, indent: str) -> Iterator[str]:
        inner = indent + _INDENT
        match node:
            case ast.Import() | ast.ImportFrom():
                yield f"{indent}uses {_modules(node)}"
            case ast.Assign(targets=targets, value=value):
                kinds = "changes" if any(not isinstance(each, ast.Name | ast.Tuple) for each in targets) else "makes"
                yield f"{indent}{kinds} {', '.join(map(_short, targets))}: {self._expression(value)}"
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                yield f"{indent}makes {_short(target)}: {self._expression(value)}"
            case ast.AugAssign(target=target):
                yield f"{indent}changes {_short(target)}: {_short(node)}"
            case ast.Expr(value=value):
                yield indent + self._expression(value)
            case ast.For(target=target, iter=values) | ast.AsyncFor(target=target, iter=values):
                yield f"{indent}for each {_short(target)} of {self._expression(values)}:"
                yield from self.statements(node.body, inner)
            case ast.While(test=test):
                yield f"{indent}as long as {_short(test)}:"
                yield from self.statements(node.body, inner)
            case ast.If(test=test, body=body, orelse=orelse):
                yield f"{indent}where {_short(test)}:"
                yield from self.statements(body, inner)
                if orelse:
                    yield f"{indent}else:"
                    yield from self.statements(orelse, inner)
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
                yield f"{indent}with {'; '.join(self._expression(item.context_expr) for item in items)}:"
                yield from self.statements(body, inner)
            case ast.Try(body=body, handlers=handlers):
                yield f"{indent}tries:"
                yield from self.statements(body, inner)
                for handler in handlers:
                    yield f"{indent}where that fails{f' with {_short(handler.type)}' if handler.type else ''}:"
                    yield from self.statements(handler.body, inner)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                kind = "class" if isinstance(node, ast.ClassDef) else "function"
                yield f"{indent}defines the {kind} {node.name}"
            case ast.Delete(targets=targets):
                yield f"{indent}deletes {', '.join(map(_short, targets))}"
            case ast.Raise(exc=error):
                yield f"{indent}fails with {_short(error)}" if error is not None else f"{indent}fails as it did"
            case ast.Assert(test=test):
                yield f"{indent}fails unless {_short(test)}"
            case ast.Pass():
                yield f"{indent}does nothing"
            case _:
                yield indent + _short(node)

    def _expression(self, node: ast.expr) -> str:
        """An expression as it is written, and what its call is documented to do."""
        call = node.value if isinstance(node, ast.Await) else node
        about = self._about(call) if isinstance(call, ast.Call) else ""
        return f"{_short(node)}{f'  ·  {about}' if about else ''}"

    def _about(self, call: ast.Call) -> str:
        """What a call is documented to do; of calls that go on from each other the first, with its name."""
        about, function = self._documented(call.func), call.func
        while not about and isinstance(function, ast.Attribute) and isinstance(function.value, ast.Call):
            function = function.value.func
            if told := self._documented(function):
                about = f"{function.attr if isinstance(function, ast.Attribute) else _short(function)}: {told}"
        return about

    def _documented(self, function: ast.expr) -> str:
        """The first sentence of what a function says of itself, "" where that is not known."""
        names: list[str] = []
        while isinstance(function, ast.Attribute):
            names.insert(0, function.attr)
            function = function.value
        if not isinstance(function, ast.Name):
            return ""
        thing = self._known.get(function.id, getattr(builtins, function.id, None))
        for name in names:
            owner = thing if inspect.ismodule(thing) or inspect.isclass(thing) else type(thing)
            thing = inspect.getattr_static(owner, name, None)
        return first_sentence(thing)


def first_sentence(thing: object) -> str:
    """The first sentence of the documentation of a function or class."""
    if isinstance(thing, staticmethod | classmethod):
        thing = thing.__func__
    if not (inspect.isclass(thing) or inspect.isroutine(thing)):
        return ""
    paragraph = inspect.cleandoc(getattr(thing, "__doc__", None) or "").split("\n\n")[0]
    text = re.split(r"(?<=[.])\s+(?=[A-Z])", " ".join(paragraph.split()))[0].rstrip(".:")
    return "" if text.startswith(f"{getattr(thing, '__name__', '')}(") else text


def _imported(tree: ast.Module) -> dict[str, object]:
    """What the code imports, of that what is loaded."""
    found: dict[str, object] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                found[each.asname or each.name.partition(".")[0]] = sys.modules.get(
                    each.name if each.asname else each.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and (module := sys.modules.get(node.module or "")) is not None:
            found.update((each.asname or each.name, vars(module).get(each.name)) for each in node.names)
    return found


def _modules(node: ast.Import | ast.ImportFrom) -> str:
    names = ", ".join(each.name for each in node.names)
    return f"{names} of {node.module}" if isinstance(node, ast.ImportFrom) else names


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _MOST else f"{text[: _MOST - 1]}…"
