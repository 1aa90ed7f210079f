"""A line that is ready to run: its Python as code objects, under a name that tracebacks can show."""

from __future__ import annotations

import ast
import hashlib
import inspect
import linecache
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from types import CodeType
from typing import TYPE_CHECKING

from aibasic_kernel.errors import text_of
from aibasic_kernel.language import statement_text
from aibasic_kernel.language.instruction import Instruction
from aibasic_kernel.language.structure import place_of
from aibasic_kernel.session.file_names import COMPILED_PREFIX, FILE_PREFIX
from aibasic_kernel.session.helpers import bound_by

if TYPE_CHECKING:
    from aibasic_kernel.compiler.compiler import Served
    from aibasic_kernel.session.gating.effects_heard import EffectsHeard


@dataclass
class Line:
    """One instruction on its way through a cell."""

    instruction: Instruction
    python: str = ""
    typed: bool = False
    """Whether the user wrote the Python, rather than a phrase or a model."""
    origin: str = ""
    """Who else did: `phrase` or `model`."""
    filename: str = ""
    code: Code | None = field(default=None, repr=False)
    served: Served | None = field(default=None, repr=False)
    """What it was compiled to, where that is not what the user typed."""
    failed: int = 0
    """How many answers to it have failed."""
    is_repaired: bool = False
    """Whether the one after those ran well."""
    heard: EffectsHeard | None = field(default=None, repr=False)
    """What its newest run did to services and files, where it was compiled."""
    answer: str = ""
    """What the user said to that, where the gate asked."""
    stands_for: Instruction | None = None
    """The control flow of which it is an expression."""
    value: object = None
    """What an expression was worth."""
    cell: str = ""
    """` of [8]` where it failed in another cell than the one that is run."""

    @property
    def is_expression(self) -> bool:
        """Whether it is run for its value, which is not shown."""
        return self.stands_for is not None

    @property
    def place(self) -> str:
        """`line 10` by its number, else `line 3 of the cell` by its position."""
        return place_of(self.instruction) + self.cell

    @property
    def sentence(self) -> str:
        """The instruction as people read it: with number and task type, without comment."""
        number = self.instruction.number
        return self._said if number is None else f"{number} {self._said}"

    @property
    def heading(self) -> str:
        """What stands over a failure: the place, and the sentence where there is one."""
        return f"{self.place}: {self._said}" if not self.typed and self._said else f"{self.place}:"

    @property
    def words(self) -> list[str]:
        """The words of the sentence."""
        return re.findall(r"\w+", self._said)

    @property
    def _said(self) -> str:
        return statement_text(self.stands_for or self.instruction)

    def load(self, python: str, *, typed: bool = False, quiet: bool = False, only: str | None = None) -> Code:
        """Make `python` this line's code, without a value where it is to be `quiet`. Raises SyntaxError.

        With `only` (a name, or "" for none) all other names that it binds are its helpers.
        """
        self.python, self.typed = python, typed
        digest = hashlib.sha256(python.encode()).hexdigest()[:8]
        self.filename = f"{FILE_PREFIX if typed else COMPILED_PREFIX}{self.place} {digest}>"
        linecache.cache[self.filename] = (len(python), None, python.splitlines(keepends=True), self.filename)
        code = checked(python, self.filename, quiet=quiet)
        self.code = code if only is None else code.binding(only)
        return self.code


class LineError(Exception):
    """A line of a cell failed: `error` is what was raised, `line` where. The lines after it did not run."""

    def __init__(self, line: Line, error: BaseException) -> None:
        super().__init__(f"{line.place}: {text_of(error)}")
        self.line = line
        self.error = error


@dataclass(frozen=True)
class Code:
    """Python as code objects: `body` for its statements, `value` for a last expression.

    Where either awaits something, its code object is a coroutine's (`inspect.CO_COROUTINE`).
    """

    body: CodeType | None
    value: CodeType | None
    loads: frozenset[str]
    """Names that it reads."""
    stores: tuple[str, ...]
    """Names that it binds at the top level, in order, the newest last."""
    value_name: str | None
    """The name that the last expression is, where it is no more than a name."""
    texts: frozenset[str] = frozenset()
    """Texts and keywords that stand in it."""
    helpers: frozenset[str] = frozenset()
    """Names that it binds for itself alone: the user's variables of these names outlive it."""

    @property
    def awaits(self) -> bool:
        """Whether it has to wait for something at its top level."""
        return any(part is not None and part.co_flags & inspect.CO_COROUTINE for part in (self.body, self.value))

    def binding(self, result: str) -> Code:
        """The same with `result` for all that it binds to stay, or nothing where that is ""."""
        helpers = (bound_by(self.body) if self.body is not None else frozenset()) - {result}
        return replace(self, stores=tuple(name for name in self.stores if name == result), helpers=helpers)


def checked(python: str, filename: str, *, quiet: bool = False) -> Code:
    """Compile `python`; a last expression becomes its value unless `quiet` or `;` silence it. Raises SyntaxError."""
    tree = compile(python, filename, "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    return code_of(tree, filename, quiet=quiet or python.rstrip().endswith(";"))


def code_of(tree: ast.Module, filename: str, *, quiet: bool = False) -> Code:
    """The code objects of a module's tree."""
    statements, last = tree.body, None
    if statements and isinstance(statements[-1], ast.Expr) and not quiet:
        last = statements[-1].value
        statements = statements[:-1]
    body = _compiled(ast.Module(statements, tree.type_ignores), filename, "exec") if statements else None
    value = _compiled(ast.Expression(last), filename, "eval") if last is not None else None
    nodes = list(ast.walk(tree))
    names = [node for node in nodes if isinstance(node, ast.Name)]
    return Code(
        body=body,
        value=value,
        loads=frozenset(node.id for node in names if isinstance(node.ctx, ast.Load)),
        stores=tuple(name for statement in tree.body for name in _bound(statement)),
        value_name=last.id if isinstance(last, ast.Name) else None,
        texts=frozenset(_texts(nodes)),
    )


def _texts(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg


def _compiled(tree: ast.Module | ast.Expression, filename: str, mode: str) -> CodeType:
    code = compile(tree, filename, mode, flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    assert isinstance(code, CodeType)
    return code


def _bound(statement: ast.stmt) -> list[str]:
    """The names that a top-level statement binds as results: targets of assignments, also inside with, if and for."""
    found: list[str] = []
    for node in ast.walk(statement):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda) and node is statement:
            return [node.name] if not isinstance(node, ast.Lambda) else []
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        found += [
            name.id
            for target in targets
            for name in ast.walk(target)
            if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
        ]
    return found
