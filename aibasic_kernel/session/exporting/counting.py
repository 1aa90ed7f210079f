"""What a loop counts through: `range` where its bounds are surely whole numbers, else a function of the program."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from aibasic_kernel.language.instruction import For, Instruction

COUNTING = '''\
def counting(start, stop, step=1):
    """The numbers from start to stop, both included."""
    if step == 0:
        raise ValueError("a loop with step 0 would never end")
    while start <= stop if step > 0 else start >= stop:
        yield start
        start += step
'''


def iterable(loop: Instruction, expressions: Sequence[str]) -> str:
    """What a `for` or `for each` goes through, from its bounds or its collection."""
    if not isinstance(loop, For):
        return expressions[0]
    start, stop = expressions[:2]
    step = expressions[2] if len(expressions) > 2 else "1"
    first, by = _whole(start), _whole(step)
    if first is None or not by or not _is_whole(stop):
        return f"counting({start}, {stop})" if step == "1" else f"counting({start}, {stop}, {step})"
    last = _whole(stop)
    beyond = str(last + (1 if by > 0 else -1)) if last is not None else f"{stop} {'+' if by > 0 else '-'} 1"
    if by == 1:
        return f"range({beyond})" if first == 0 else f"range({first}, {beyond})"
    return f"range({first}, {beyond}, {by})"


def is_whole_number(expression: str) -> bool:
    """Whether an expression is the literal of a whole number."""
    return _whole(expression) is not None


def past(value: str, stop: str, step: str) -> str:
    """The condition under which a loop that counts by hand is over."""
    by = _whole(step)
    if by is None:
        return f"({value} > {stop} if {step} > 0 else {value} < {stop})"
    return f"{value} > {stop}" if by > 0 else f"{value} < {stop}"


def next_value(variable: str, step: str) -> str:
    """The value of the next round."""
    return f"{variable} - {step[1:]}" if step.startswith("-") and step[1:].isdigit() else f"{variable} + {step}"


def _whole(expression: str) -> int | None:
    try:
        value = ast.literal_eval(expression.strip())
    except (ValueError, SyntaxError):
        return None
    return value if type(value) is int else None


def _is_whole(expression: str) -> bool:
    """Whether an expression is surely a whole number: a literal, or the length of something."""
    if _whole(expression) is not None:
        return True
    node = ast.parse(expression.strip(), mode="eval").body
    match node:
        case ast.Call(func=ast.Name(id="len")):
            return True
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult(), right=right):
            return _is_whole(ast.unparse(left)) and _is_whole(ast.unparse(right))
    return False
