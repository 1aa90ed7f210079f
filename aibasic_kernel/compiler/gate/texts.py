"""Puts texts together, of which only running tells some places, and takes values apart."""

from __future__ import annotations

import ast
import itertools
import operator
import re
import string
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from aibasic_kernel.compiler.gate import constants
from aibasic_kernel.compiler.gate.values import MOST, UNKNOWN, Holed, Reached, as_holed, is_constant

_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Mod: operator.mod, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Sub: operator.sub, ast.BitXor: operator.xor,
}  # fmt: skip
_PLACE = re.compile(r"%(?:\(\w+\))?[-+ #0]*\d*(?:\.\d+)?[sdifrxaeg]")


def operated(operate: ast.operator, left: Any, right: Any, node: ast.BinOp | None = None) -> Any:
    """What an operator gives for two values; a text with places where a part of it is not known."""
    function = _OPERATORS.get(type(operate))
    if function is None:
        return UNKNOWN
    if is_constant(left) and is_constant(right):
        return constants.operation(function, left, right)
    if isinstance(operate, ast.Mod) and isinstance(left, str):
        return _filled(left, right, node)
    if not isinstance(operate, ast.Add) or not any(isinstance(part, str | Holed) for part in (left, right)):
        return UNKNOWN
    sides = (node.left, node.right) if node is not None else (None, None)
    first, second = (
        as_holed(part) if isinstance(part, str | Holed) else Holed(("", ""), (ast.unparse(side) if side else "…",))
        for part, side in zip((left, right), sides, strict=True)
    )
    return first + second


def _filled(text: str, right: Any, node: ast.BinOp | None) -> Any:
    """`text % right`, where not all of what is filled in is known."""
    pieces = _PLACE.split(text)
    known = right if isinstance(right, tuple) else (right,)
    written = node.right if node is not None else None
    parts = written.elts if isinstance(written, ast.Tuple) else [written] * (len(pieces) - 1)
    if len(known) != len(pieces) - 1 or len(parts) != len(known):
        return UNKNOWN
    whole = as_holed(pieces[0])
    for value, part, behind in zip(known, parts, pieces[1:], strict=True):
        said = ast.unparse(part) if part is not None else "…"
        whole = whole + (value if is_constant(value) else Holed(("", ""), (said,))) + behind
    return whole


def formatted(text: str, arguments: tuple[Any, ...], keywords: Mapping[str, Any], call: ast.Call) -> Any:
    """`text.format(...)`, where not all of what is filled in is known."""
    try:
        fields = [(before, name) for before, name, _, _ in string.Formatter().parse(text)]
    except ValueError:
        return UNKNOWN
    written = {str(at): ast.unparse(argument) for at, argument in enumerate(call.args)}
    written |= {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords if keyword.arg is not None}
    given = {str(at): value for at, value in enumerate(arguments)} | dict(keywords)
    whole = as_holed("")
    numbers = itertools.count()
    for before, name in fields:
        whole = whole + before
        if name is not None:
            field = name or str(next(numbers))
            value = given.get(field, UNKNOWN)
            known = is_constant(value) or isinstance(value, Holed)
            whole = whole + (value if known else Holed(("", ""), (written.get(field, "…"),)))
    return whole if whole.holes else whole.pieces[0]


def element(value: Any, key: Any) -> Any:
    """What stands in a value at an index or under a key."""
    if isinstance(value, dict | tuple | list | str | bytes) and not isinstance(key, type(UNKNOWN)):
        try:
            return value[key]
        except (LookupError, TypeError, ValueError):
            return UNKNOWN
    return UNKNOWN


def elements(value: Any, path: tuple[int | None, ...]) -> Iterator[Any]:
    """The parts of a value at a path, of which None stands for each element."""
    if not path or isinstance(value, Reached):
        yield value
    elif path[0] is not None:
        yield from elements(element(value, path[0]), path[1:])
    elif isinstance(value, tuple | list | dict | str):
        for one in itertools.islice(value, MOST + 1):
            yield from elements(one, path[1:])
    else:
        yield UNKNOWN
