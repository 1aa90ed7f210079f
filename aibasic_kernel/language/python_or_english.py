"""Whether a line is Python or English.

A statement is Python where its form says so (a call, an attribute, an operator, a block ...), even if its names are
missing: a typing error shall be a NameError, not a request. Forms that English shares (bare words, `data is empty`,
`raise prices`, `total: revenue`) are Python only when each of their names exists.
"""

from __future__ import annotations

import ast
import builtins
import keyword
from collections.abc import Callable, Collection, Iterable, Iterator
from types import BuiltinFunctionType

ALWAYS_PRESENT = frozenset({"context", "last_output"})
"""Names that stand in every session's namespace."""

_FLAGS = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_NEVER_AT_TOP = (ast.Return, ast.Break, ast.Continue, ast.Global, ast.Nonlocal)
_SHARED_STATEMENTS = (ast.Raise, ast.Assert, ast.Delete)
_SHARED_COMPARISONS = (ast.Is, ast.IsNot, ast.In, ast.NotIn)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Known:
    """The names that exist at one place of a program: the user's variables, and what earlier lines of the text bind."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = names
        self._bound: set[str] = set()

    def __contains__(self, name: object) -> bool:
        return name in self._bound or name in ALWAYS_PRESENT or name in self._names

    def add(self, names: Iterable[str]) -> None:
        self._bound.update(names)


def read_python(code: str, known: Known, importable: Callable[[str], bool]) -> list[ast.stmt] | None:
    """The statements of `code` where it is Python, None where it is English."""
    tree = parse_python(code)
    if tree is None or not tree.body:
        return None
    earlier = Known(())
    judge = _Judge(known, earlier, importable)
    for statement in tree.body:
        if not judge.statement(statement):
            return None
        earlier.add(bound_names(statement))
    return tree.body


def parse_python(code: str) -> ast.Module | None:
    """The syntax tree of `code`, None where it is no Python."""
    try:
        tree = compile(code, "<cell>", "exec", _FLAGS, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return None
    assert isinstance(tree, ast.Module)
    return tree


def is_bare_name(text: str) -> bool:
    """Whether `text` is no more than a name, and none of Python's own.

    In a script without capitals, which may do without blanks too, one word can be a whole sentence.
    """
    is_word = text.isidentifier() and all(
        letter in "_0123456789" or letter.lower() != letter.upper() for letter in text
    )
    return is_word and not keyword.iskeyword(text) and not hasattr(builtins, text)


def lacks_block(header: str) -> bool:
    """Whether `header` would be Python if only the block (below `@name`: the function) followed that it announces."""
    if header.startswith("@"):
        return parse_python(f"{header}\ndef _(): pass") is not None
    bodies = ("    pass", "    pass\nfinally:\n    pass", "    case _:\n        pass")
    return header.endswith(":") and any(parse_python(f"{header}\n{body}") for body in bodies)


def bound_names(statement: ast.AST) -> Iterator[str]:
    """The names that a statement gives a meaning, not looking into functions."""
    pending = [statement]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.alias):
            yield node.asname or node.name.partition(".")[0]
        elif isinstance(node, (ast.MatchAs, ast.MatchStar, ast.ExceptHandler)) and node.name:
            yield node.name
        if isinstance(node, _DEFINITIONS):
            yield node.name
        elif not isinstance(node, ast.Lambda):
            pending.extend(ast.iter_child_nodes(node))


class _Judge:
    """Rules on statements; `earlier` holds the names that the statements before the one in hand bind."""

    def __init__(self, known: Known, earlier: Known, importable: Callable[[str], bool]) -> None:
        self._known = known
        self._earlier = earlier
        self._importable = importable

    def statement(self, node: ast.stmt) -> bool:
        if isinstance(node, ast.Expr):
            return self._expression(node.value)
        if isinstance(node, _NEVER_AT_TOP):
            return False
        if isinstance(node, _SHARED_STATEMENTS) or (isinstance(node, ast.AnnAssign) and node.value is None):
            return self._all_exist(node)
        if isinstance(node, ast.Import):
            return all(self._importable(alias.name.partition(".")[0]) for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            return node.level > 0 or self._importable((node.module or "").partition(".")[0])
        return True

    def _expression(self, node: ast.expr) -> bool:
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return False
        if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            return all(self._expression(element) for element in node.elts)
        if isinstance(node, (ast.Await, ast.Starred)):
            return self._expression(node.value)
        if isinstance(node, (ast.Name, ast.BoolOp, ast.IfExp)) or _is_shared_operator(node):
            return self._all_exist(node)
        return not self._speaks_to_function(node)

    def _speaks_to_function(self, node: ast.expr) -> bool:
        """`print -1`, `print [a, b]`: nothing can be computed with a built-in function itself."""
        while isinstance(node, (ast.BinOp, ast.Compare, ast.Subscript)):
            node = node.left if isinstance(node, (ast.BinOp, ast.Compare)) else node.value
            if isinstance(node, ast.Name) and node.id not in self._known:
                return isinstance(getattr(builtins, node.id, None), BuiltinFunctionType)
        return False

    def _all_exist(self, node: ast.AST) -> bool:
        """Whether each name in `node` is a variable; in a call, or as an exception, built-in names are too."""
        local = set(bound_names(node))
        called = {
            name.id
            for call in ast.walk(node)
            if isinstance(call, ast.Call)
            for name in ast.walk(call)
            if isinstance(name, ast.Name)
        }
        names = {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
        return all(self._exists(name, name in called) for name in names - local)

    def _exists(self, name: str, called: bool) -> bool:
        if name in self._known or name in self._earlier or name.startswith("_"):
            return True
        value = getattr(builtins, name, None)
        return value is not None and (called or (isinstance(value, type) and issubclass(value, BaseException)))


def _is_shared_operator(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Not)
    return isinstance(node, ast.Compare) and any(isinstance(operator, _SHARED_COMPARISONS) for operator in node.ops)
