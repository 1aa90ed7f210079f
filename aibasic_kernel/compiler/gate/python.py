"""What Python would do, told from its text with constants folded and aliases followed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePath
from types import MappingProxyType
from typing import Any

from aibasic.modules.base import Module
from aibasic.modules.effects import Kind

from aibasic_kernel.compiler.gate import python_calls, python_methods, python_sql
from aibasic_kernel.compiler.gate.arguments import ways
from aibasic_kernel.compiler.gate.bindings import walk
from aibasic_kernel.compiler.gate.consequence import Consequence, unique
from aibasic_kernel.compiler.gate.folding import Folding
from aibasic_kernel.compiler.gate.python_calls import Call
from aibasic_kernel.compiler.gate.reflection import METHODCALLER
from aibasic_kernel.compiler.gate.sql import temporary_tables
from aibasic_kernel.compiler.gate.values import UNKNOWN, Holed, Made, Method, Named, Partial, Reached

_DEEPEST = 5
"""How often code may be found within code that is given as a text."""
_INNER = frozenset(
    """
    __subclasses__ __globals__ __code__ __closure__ __builtins__ gi_frame cr_frame f_globals f_locals f_back tb_frame
    """.split()  # noqa: SIM905
)
_OF_SHELL = frozenset(
    """
    system getoutput getoutput_cmd system_piped system_raw run_cell run_code run_cell_magic run_line_magic magic ex ev
    safe_execfile
    """.split()  # noqa: SIM905
)
_NO_SECTIONS: Mapping[str, str] = MappingProxyType({})


def judge_python(
    python: str, modules: Mapping[str, type[Module]], sections: Mapping[str, str] = _NO_SECTIONS
) -> tuple[Consequence, ...]:
    """What a line's code would do, in the order of its text; () for what only reads or computes.

    `modules` are the classes of the modules by the variables that stand for them, `sections` their sections. What
    hangs on values that only running tells is left to the judgement at call time; code that is made as it runs is not.
    """
    return unique(_Judge(modules, sections, 0).code(python))


class _Judge:
    """Judges one piece of code; `depth` is how many others it is given in as a text."""

    def __init__(self, modules: Mapping[str, type[Module]], sections: Mapping[str, str], depth: int) -> None:
        self._modules = modules
        self._sections = sections
        self._depth = depth
        self._temporary: set[str] = set()
        self._dialects = sorted({module.dialect for module in modules.values() if module.dialect}) or ["postgres"]

    def code(self, python: str) -> tuple[Consequence, ...]:
        try:
            tree = ast.parse(python)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return ()  # it will not run
        nodes = list(walk(tree))
        self._folding = Folding(nodes, self._modules, self._sections)
        self._uses_temporary = "tempfile" in python
        return tuple(self._found(nodes))

    def _found(self, nodes: list[ast.AST]) -> Iterator[Consequence]:
        for node in nodes:
            if isinstance(node, ast.Call):
                yield from self._call(node)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                yield from self._import(node)
            elif isinstance(node, ast.Attribute):
                yield from self._attribute(node)

    def _import(self, node: ast.Import | ast.ImportFrom) -> Iterator[Consequence]:
        within = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
        for alias in node.names:
            if (within + alias.name).startswith(("aibasic_kernel", "aibasic.modules.effects")):
                yield from python_calls.judge_call(Call(within + alias.name, (), {}, self._inner))

    def _attribute(self, node: ast.Attribute) -> Iterator[Consequence]:
        """What an attribute gets at, or sets, that is not for a line to touch."""
        if node.attr in _INNER:
            yield Consequence(Kind.STATEMENT, f"reaches into Python itself ({node.attr})")
        elif node.attr.startswith("_") or not isinstance(node.ctx, ast.Load):
            for value in self._folding.values(node.value):
                if isinstance(value, Reached) and not value.path:
                    yield Consequence(Kind.STATEMENT, f"reaches into the module ({node.attr})", value.section)

    def _call(self, node: ast.Call) -> Iterator[Consequence]:
        functions = self._folding.values(node.func)
        for arguments, keywords in ways(self._folding, node):
            call = Call("", arguments, keywords, self._inner, self._uses_temporary)
            for function in functions:
                yield from self._of(function, call, node.func)
            for at, argument in enumerate(arguments):
                yield from self._handed_over(argument, arguments[at + 1 :])
            for argument in keywords.values():
                given = keywords.get("args", ())
                yield from self._handed_over(argument, given if isinstance(given, tuple) else ())

    def _of(self, function: Any, call: Call, written: ast.expr | None) -> Iterator[Consequence]:
        """What calling a function does."""
        if isinstance(function, Partial) and function.function == METHODCALLER:
            name, *given = function.arguments
            if isinstance(name, str) and call.arguments:
                method = self._folding.attribute(call.arguments[0], name)
                yield from self._of(method, replace(call, arguments=tuple(given)), None)
        elif isinstance(function, Partial):
            yield from self._of(function.function, replace(call, arguments=function.arguments + call.arguments), None)
        elif isinstance(function, Named):
            yield from python_calls.judge_call(replace(call, name=function.name))
            if function.name in ("builtins.setattr", "builtins.delattr") and isinstance(call.argument(0), Reached):
                yield Consequence(Kind.STATEMENT, "reaches into the module (setattr)", call.argument(0).section)
            yield from self._sql(function.name.rpartition(".")[2], self._dialects, "", call)
        elif isinstance(function, Reached):
            if function.path:
                yield from python_methods.of_module(function, call)
                if function.module.dialect:
                    yield from self._sql("execute", [function.module.dialect], function.section, call)
        elif isinstance(function, Method):
            yield from self._method(function, call)
        elif isinstance(written, ast.Attribute):
            yield from python_methods.of_anything(written.attr, call)
            yield from self._sql(written.attr, self._dialects, "", call)

    def _method(self, function: Method, call: Call) -> Iterator[Consequence]:
        of, name = function.of, function.name
        if isinstance(of, PurePath):
            yield from python_methods.of_path(of, name, call)
        elif isinstance(of, Made) and of.by == "IPython.get_ipython" and name in _OF_SHELL:
            yield Consequence(Kind.STATEMENT, f"runs something by the shell of the session ({name})")
        elif isinstance(of, Made) and not (of.by.startswith("sqlite3.") and ":memory:" in of.arguments):
            yield from python_methods.of_anything(name, call)
            yield from self._sql(name, ["sqlite"] if of.by.startswith("sqlite3.") else self._dialects, "", call)

    def _handed_over(self, function: Any, arguments: tuple[Any, ...]) -> Iterator[Consequence]:
        """A function that is handed to another one will be called: by a thread, by `map`."""
        harmful = isinstance(function, Named) and python_calls.is_judged(function.name)
        if harmful or (isinstance(function, Reached) and function.path) or isinstance(function, Method | Partial):
            given = tuple(arguments[0]) if len(arguments) == 1 and isinstance(arguments[0], tuple) else arguments
            yield from self._of(function, Call("", given, {}, self._inner, self._uses_temporary), None)

    def _sql(self, method: str, dialects: list[str], section: str, call: Call) -> Iterator[Consequence]:
        """What SQL does that is among the arguments of a method that takes such; in the dialect that reads it best."""
        if method not in python_sql.TAKES_SQL:
            return
        for argument in (*call.arguments, *call.keywords.values()):
            text = _sql_of(argument)
            if text is not UNKNOWN and python_sql.is_sql(text):
                judged = [python_sql.judge_text(text, dialect, self._temporary) for dialect in dialects]
                for consequence in min(judged, key=_unjudged):
                    yield replace(consequence, section=section)
                if isinstance(text, str):
                    self._temporary |= temporary_tables(text, dialects[0])

    def _inner(self, python: str) -> tuple[Consequence, ...]:
        """What code does that is given as a text."""
        if self._depth >= _DEEPEST:
            return ()
        return _Judge(self._modules, self._sections, self._depth + 1).code(python)


def _unjudged(found: tuple[Consequence, ...]) -> int:
    return sum(consequence.kind is Kind.STATEMENT for consequence in found)


def _sql_of(argument: Any) -> Any:
    """The text of an argument, also where a library wraps it: `text("...")`, `sql.SQL("... {}").format(...)`."""
    if isinstance(argument, str | Holed):
        return argument
    if isinstance(argument, Made) and argument.by.removesuffix("().format").endswith((".text", ".SQL")):
        inner = argument.arguments[0] if argument.arguments else UNKNOWN
        if isinstance(inner, str):
            pieces = tuple(inner.split("{}"))
            return Holed(pieces, ("name",) * (len(pieces) - 1)) if len(pieces) > 1 else inner
    return UNKNOWN
