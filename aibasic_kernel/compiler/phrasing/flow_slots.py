"""What closes the slots of control flow: conditions, bounds and collections that are one expression of Python."""

from __future__ import annotations

from collections.abc import Callable

from aibasic_kernel.compiler.expressions.exact import exact
from aibasic_kernel.compiler.expressions.expression import Derived, Expression, Nothing, Text, Variable
from aibasic_kernel.compiler.expressions.python_expression import is_python_over
from aibasic_kernel.compiler.expressions.reader import Names, read_condition, read_value
from aibasic_kernel.compiler.expressions.writers import PythonWriter
from aibasic_kernel.compiler.kinds import is_frame, is_series, scalar_kind
from aibasic_kernel.compiler.phrasing.filled import Filled, Moment
from aibasic_kernel.compiler.phrasing.form import Slot
from aibasic_kernel.compiler.phrasing.names import find_name
from aibasic_kernel.compiler.phrasing.tokens import Piece


def close_truth(slot: Slot, piece: Piece, moment: Moment, owner: Filled | None) -> Filled | None:
    """A condition, in English or as Python."""
    value = moment.scope.names.get(piece.source)
    if is_frame(value) or is_series(value):
        return None
    return _either(piece, moment, read_condition)


def close_expression(slot: Slot, piece: Piece, moment: Moment, owner: Filled | None) -> Filled | None:
    """A value, in English or as Python."""
    return _either(piece, moment, read_value)


def close_items(slot: Slot, piece: Piece, moment: Moment, owner: Filled | None) -> Filled | None:
    """What can be gone through: rows of a data frame as dictionaries, `1 to 10`, `"red", "green"`, any collection."""
    if piece.source in moment.scope.names and _read_items(piece, Names(moment.scope, {})) is None:
        return None
    return _either(piece, moment, _read_items)


def _read_items(piece: Piece, names: Names) -> Expression | None:
    introduced = 1 + (piece.words[:1] == ("the",))
    if piece.words[introduced - 1 : introduced] == ("numbers",) and len(piece.words) > introduced:
        return _numbers(Piece(piece.sentence, piece.tokens[introduced:]), names)
    found = _listed(piece, names) or _numbers(piece, names) or _pairs(piece, names) or _variable(piece, names)
    if found is None:
        found = read_value(piece, names)
        return found if isinstance(found, Derived) else None
    return found


def _variable(piece: Piece, names: Names) -> Expression | None:
    """A variable, or what `rows of df` and nouns stand for; nothing that is a single value."""
    words = tuple(token.text for token in piece.tokens)
    if len(words) > 2 and words[-2] == "of" and words[-3].lower() in ("rows", "records"):
        words = words[-1:]
    name = find_name(words, (), names.scope)
    if name is None:
        name = find_name(words, ("frame", "rows", "records", "list", "collection", "mapping"), names.scope)
    if name is None:
        return None
    value = names.scope.names[name]
    if scalar_kind(type(value)) in ("number", "boolean", "time", "none"):
        return None
    return Derived("records", (Variable(name),)) if is_frame(value) else Variable(name)


def _listed(piece: Piece, names: Names) -> Expression | None:
    """`"red", "green" and "blue"`."""
    parts = piece.split(",", "and") or []
    values = [read_value(part, names) for part in parts]
    held = [value for value in values if value is not None]
    return Derived("listed", tuple(held)) if len(values) > 1 and len(held) == len(values) else None


def _numbers(piece: Piece, names: Names) -> Expression | None:
    """`1 to 10`, `from 1 to n`: both ends included."""
    if not piece.tokens:
        return None
    if piece.words[0] == "from" and len(piece.tokens) > 1:
        piece = Piece(piece.sentence, piece.tokens[1:])
    bounds = [read_value(part, names) for part in piece.split("to") or []]
    if len(bounds) != 2 or any(bound is None or isinstance(bound, (Text, Nothing)) for bound in bounds):
        return None
    return Derived("range to", tuple(bound for bound in bounds if bound is not None))


def _pairs(piece: Piece, names: Names) -> Expression | None:
    """`the items of prices`: keys with their values."""
    words = piece.words[piece.words[0] == "the" :]
    if words[:2] not in (("items", "of"), ("entries", "of")) or len(words) != 3:
        return None
    name = find_name((piece.tokens[-1].text,), ("mapping",), names.scope)
    return None if name is None else Derived("pairs", (Variable(name),))


def _either(piece: Piece, moment: Moment, read: Callable[[Piece, Names], Expression | None]) -> Filled | None:
    names = moment.scope.names
    expression = read(piece, Names(moment.scope, {}))
    if expression is not None:
        writer = PythonWriter()
        written = writer.write(exact(expression, names))
        if all(line.removeprefix("import ") in names for line in writer.imports):
            return Filled(written)
    return Filled(piece.source) if is_python_over(piece.source, names) else None
