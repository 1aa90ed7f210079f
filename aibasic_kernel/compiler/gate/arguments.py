"""What a call may be given: its arguments by position and by name, with lists and dicts that are spread into it."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from aibasic_kernel.compiler.gate.values import MOST, UNKNOWN

if TYPE_CHECKING:
    from aibasic_kernel.compiler.gate.folding import Folding


def ways(folding: Folding, call: ast.Call) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """The ways in which a call may be given its arguments, by position and by name."""
    positional = itertools.product(*(spread(folding, argument) for argument in call.args))
    named = list(itertools.product(*(_keyword(folding, keyword) for keyword in call.keywords)))
    for given, keywords in itertools.islice(itertools.product(positional, named), MOST):
        together = {name: value for keyword in keywords for name, value in keyword.items()}
        yield tuple(itertools.chain.from_iterable(given)), together


def spread(folding: Folding, argument: ast.expr) -> list[tuple[Any, ...]]:
    """What an argument or element may stand for, each as the values that it adds."""
    if not isinstance(argument, ast.Starred):
        return [(value,) for value in folding.values(argument)]
    values = folding.values(argument.value)
    return [tuple(value) if isinstance(value, tuple | list) else (UNKNOWN,) for value in values]


def _keyword(folding: Folding, keyword: ast.keyword) -> list[dict[str, Any]]:
    """What a keyword, or a dict behind `**`, may hand over."""
    values = folding.values(keyword.value)
    if keyword.arg is not None:
        return [{keyword.arg: value} for value in values]
    return [value if isinstance(value, dict) else {} for value in values]
