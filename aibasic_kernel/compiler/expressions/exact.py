"""Python's decimal.Decimal takes no float beside it: fractions and floats that meet one become Decimals too."""

from __future__ import annotations

import decimal
from collections.abc import Mapping

from aibasic_kernel.compiler.expressions.expression import (
    Among,
    Arithmetic,
    Between,
    Call,
    Column,
    Comparison,
    Exact,
    Expression,
    Negative,
    Number,
    Variable,
)
from aibasic_kernel.compiler.expressions.parts import parts_of, with_parts
from aibasic_kernel.compiler.expressions.writers import CannotWrite

_MEETING = (Arithmetic, Comparison, Between, Among)
_CARRYING = (Arithmetic, Negative, Call)


def exact(node: Expression, names: Mapping[str, object]) -> Expression:
    """The expression for Python, over the variables of `names`. Raises CannotWrite where columns do not go together."""
    node = with_parts(node, lambda part: exact(part, names))
    if not isinstance(node, _MEETING) or not any(_is_decimal(part, names) for part in parts_of(node)):
        return node
    return with_parts(node, lambda part: _as_decimal(part, names))


def _is_decimal(node: Expression, names: Mapping[str, object]) -> bool:
    if isinstance(node, Exact):
        return True
    if isinstance(node, Column):
        return node.kind == "decimal"
    if isinstance(node, Variable):
        return isinstance(names.get(node.name), decimal.Decimal)
    return isinstance(node, _CARRYING) and any(_is_decimal(part, names) for part in parts_of(node))


def _as_decimal(node: Expression, names: Mapping[str, object]) -> Expression:
    if isinstance(node, Column) and node.kind == "float":
        raise CannotWrite
    if isinstance(node, Number):
        return node if node.text.isdigit() else Exact(node)
    if isinstance(node, Variable) and isinstance(names.get(node.name), float):
        return Exact(node)
    if isinstance(node, Negative):
        return Negative(_as_decimal(node.operand, names))
    if isinstance(node, Arithmetic) and not _is_decimal(node, names):
        return with_parts(node, lambda part: _as_decimal(part, names))
    return node
