"""What a loop counts through: `range` where its bounds are surely whole numbers, else a function of the program."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True)
class ByHand:
    """The statements and conditions of a loop that counts from what its lines make of its variable.

    It is kept in a dict while it is under way where `over` is not empty.
    """

    bounds: tuple[str, ...]
    is_none: str
    """The condition under which there is no round at all; empty where there surely is one."""
    first: tuple[str, ...]
    unpacked: tuple[str, ...]
    """What gets the bounds back from where they are kept."""
    is_over: str
    next: tuple[str, ...]
    over: tuple[str, ...]


def by_hand(variable: str, expressions: tuple[str, str, str], mark: str, kept: str = "") -> ByHand:
    """A loop from start to stop by step. `mark` ends the names of its bounds; `kept` is the item it is kept in."""
    named = list(zip(("start", "limit", "step"), expressions, strict=True))
    start, stop, step = (value if _whole(value) is not None else f"{name}_{mark}" for name, value in named)
    bounds = [f"{name} = {value}" for name, (_, value) in zip((start, stop, step), named, strict=True) if name != value]
    if not _whole(step):
        bounds.append(f'if {step} == 0:\n    raise ValueError("a loop with step 0 would never end")')
    following = f"{variable} - {step[1:]}" if step.startswith("-") else f"{variable} + {step}"
    rest = ", ".join(name for name in (stop, step) if _whole(name) is None)
    return ByHand(
        bounds=tuple(bounds),
        is_none="" if _is_surely_one(start, stop, step) else _past(start, stop, step),
        first=(*((f"{kept} = {rest or True}",) if kept else ()), f"{variable} = {start}"),
        unpacked=(f"{rest} = {kept}",) if kept and rest else (),
        is_over=_past(following, stop, step),
        next=(f"{variable} = {following}",),
        over=(f"del {kept}",) if kept else (),
    )


def _is_surely_one(start: str, stop: str, step: str) -> bool:
    """Whether numbers alone say that there is a round."""
    first, last, by = map(_whole, (start, stop, step))
    if first is None or last is None or by is None:
        return False
    return first <= last if by > 0 else first >= last


def _past(value: str, stop: str, step: str) -> str:
    by = _whole(step)
    if by is None:
        return f"({value} > {stop} if {step} > 0 else {value} < {stop})"
    return f"{value} > {stop}" if by > 0 else f"{value} < {stop}"


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
