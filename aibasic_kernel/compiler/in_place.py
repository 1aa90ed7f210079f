"""Which of the user's objects a piece of code had changed in place when it failed: to run it again would do that twice.

Names that it bound anew can be given back what they held; a list that it appended to cannot. Read from the code's text,
on the safe side: what a method of an object does is not looked into.
"""

from __future__ import annotations

import ast
import traceback
from collections.abc import Collection, Iterator
from types import TracebackType

_CHANGES = """
    add append appendleft clear discard drain extend extendleft insert move_to_end pop popitem popleft put remove
    reverse rotate send setdefault shuffle sort subtract update write writelines writerow writerows
"""
_CHANGING = frozenset(_CHANGES.split())
"""Methods that change their object, whatever they return."""
_CHANGING_FUNCTIONS = frozenset({"next", "setattr", "delattr", "exec", "eval"})
_FRESH = (ast.Call, ast.BinOp, ast.Constant, ast.List, ast.Dict, ast.Set, ast.Tuple, ast.ListComp, ast.DictComp,
          ast.SetComp, ast.GeneratorExp, ast.JoinedStr, ast.Compare, ast.UnaryOp)  # fmt: skip
"""What makes an object that nobody had before."""


def changed_in_place(python: str, names: Collection[str], line: int | None) -> list[str]:
    """Those of `names` (what stood in the namespace before, modules and libraries left out) that may have been changed.

    `line` is the one at which the code failed, None where that is not known: then all of it may have run.
    """
    tree = ast.parse(python)
    own = set(names)
    found: dict[str, None] = {}
    for statement in tree.body:
        if line is not None and statement.lineno > line:
            break
        # The failing statement's own target comes last, so that it was not reached.
        is_failing = line is not None and statement.lineno <= line <= (statement.end_lineno or statement.lineno)
        reached = statement.value if is_failing and isinstance(statement, ast.Assign | ast.AugAssign) else statement
        if reached is not None:
            found.update(dict.fromkeys(name for name in _changes(reached) if name in own))
        if isinstance(statement, ast.Assign) and not is_failing:
            own -= _made_anew(statement)
            own |= _aliases(statement, own)
    return list(found)


def failing_line(error: BaseException, filename: str) -> int | None:
    """The line of the code in `filename` at which an error was raised, None where that was not in it."""
    trace: TracebackType | None = error.__traceback__
    lines = [number for frame, number in traceback.walk_tb(trace) if frame.f_code.co_filename == filename]
    return lines[0] if lines else None


def _made_anew(statement: ast.Assign) -> set[str]:
    targets = {target.id for target in statement.targets if isinstance(target, ast.Name)}
    return targets if isinstance(statement.value, _FRESH) else set()


def _aliases(statement: ast.Assign, own: set[str]) -> set[str]:
    """Names that stand for (a part of) an object of the user's from now on."""
    root = _root(statement.value)
    return {target.id for target in statement.targets if isinstance(target, ast.Name)} if root in own else set()


def _changes(statement: ast.AST) -> Iterator[str]:
    """The names whose objects it may change."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
            yield _root(node)
        elif isinstance(node, ast.AugAssign):
            yield _root(node.target)
        elif isinstance(node, ast.Expr) and isinstance(call := _awaited(node.value), ast.Call):
            yield _root(call.func) if isinstance(call.func, ast.Attribute) else ""
            yield from _changed_by(call)
        elif isinstance(node, ast.Call):
            yield from _changed_by(node)


def _changed_by(call: ast.Call) -> Iterator[str]:
    function = call.func
    if isinstance(function, ast.Attribute):
        is_in_place = any(
            keyword.arg == "inplace" and not (isinstance(keyword.value, ast.Constant) and not keyword.value.value)
            for keyword in call.keywords
        )
        if is_in_place or function.attr in _CHANGING:
            yield _root(function)
    elif isinstance(function, ast.Name) and function.id in _CHANGING_FUNCTIONS:
        yield from (_root(argument) for argument in call.args[:1])


def _awaited(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Await) else node


def _root(node: ast.AST) -> str:
    """The name that an expression begins with: `df` of `df.loc[0].x`, "" where it begins with something else."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""
