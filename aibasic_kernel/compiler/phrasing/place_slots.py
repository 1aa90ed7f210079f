"""What closes the slots for places in lists and dictionaries."""

from __future__ import annotations

from aibasic_kernel.compiler.expressions.derived import position
from aibasic_kernel.compiler.expressions.expression import Expression, Item
from aibasic_kernel.compiler.expressions.reader import Names, read_value
from aibasic_kernel.compiler.expressions.token_reader import NotClosed
from aibasic_kernel.compiler.expressions.writers import PythonWriter
from aibasic_kernel.compiler.phrasing.filled import Filled, Moment
from aibasic_kernel.compiler.phrasing.form import Slot
from aibasic_kernel.compiler.phrasing.tokens import Piece


def close_item(slot: Slot, piece: Piece, moment: Moment, owner: Filled | None) -> Filled | None:
    """A place that can be assigned to."""
    expression = read_value(piece, Names(moment.scope, {}))
    return _written(expression) if isinstance(expression, Item) else None


def close_position(slot: Slot, piece: Piece, moment: Moment, owner: Filled | None) -> Filled | None:
    """A place counted from 1, as the index in Python."""
    expression = read_value(piece, Names(moment.scope, {}))
    try:
        return None if expression is None else _written(position(expression))
    except NotClosed:
        return None


def _written(expression: Expression) -> Filled:
    writer = PythonWriter()
    return Filled(writer.write(expression), imports=frozenset(writer.imports))
