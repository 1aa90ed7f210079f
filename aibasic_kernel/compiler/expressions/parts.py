"""What an expression is made of, and the same expression made of others."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from aibasic_kernel.compiler.expressions.expression import Column, Expression


def parts_of(node: Expression) -> tuple[Expression, ...]:
    """The expressions right below a node."""
    found: list[Any] = []
    for field in dataclasses.fields(node):
        held: Any = getattr(node, field.name)
        found += [one for one in (held if isinstance(held, tuple) else (held,)) if isinstance(one, Expression)]
    return tuple(found)


def has_column(node: Expression) -> bool:
    """Whether the expression is about a column."""
    return isinstance(node, Column) or any(map(has_column, parts_of(node)))


def with_parts(node: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """The node with each expression right below it changed."""

    def changed(held: Any) -> Any:
        if isinstance(held, tuple):
            return tuple(map(changed, held))
        return change(held) if isinstance(held, Expression) else held

    fields: dict[str, Any] = {field.name: changed(getattr(node, field.name)) for field in dataclasses.fields(node)}
    return dataclasses.replace(node, **fields)
