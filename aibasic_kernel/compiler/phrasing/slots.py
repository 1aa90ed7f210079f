"""What closes a slot: for each kind, the words that it may hold and what they are as Python and as SQL."""

from __future__ import annotations

import keyword
from collections.abc import Callable

from aibasic.modules.schema import Table
from aibasic.modules.sql_names import sql_name

from aibasic_kernel.compiler.expressions.dates import read_last_days
from aibasic_kernel.compiler.expressions.derived_forms import FORMS
from aibasic_kernel.compiler.expressions.exact import exact
from aibasic_kernel.compiler.expressions.expression import (
    Boolean,
    Call,
    Column,
    Day,
    Derived,
    Expression,
    Item,
    Nothing,
    Recent,
    Text,
    Variable,
)
from aibasic_kernel.compiler.expressions.frame import FrameWriter
from aibasic_kernel.compiler.expressions.python_expression import is_closed_python
from aibasic_kernel.compiler.expressions.reader import read_condition, read_value
from aibasic_kernel.compiler.expressions.sql import SqlWriter
from aibasic_kernel.compiler.expressions.writers import CannotWrite, PythonWriter
from aibasic_kernel.compiler.phrasing import outside as phrase_outside
from aibasic_kernel.compiler.phrasing.column_slots import close_column, close_columns, close_ordering, joined, names_of
from aibasic_kernel.compiler.phrasing.columns import goes_into, kinds_of_columns, number_key
from aibasic_kernel.compiler.phrasing.filled import Filled as Filled
from aibasic_kernel.compiler.phrasing.filled import Moment as Moment
from aibasic_kernel.compiler.phrasing.flow_slots import close_expression, close_items, close_truth
from aibasic_kernel.compiler.phrasing.form import Slot
from aibasic_kernel.compiler.phrasing.names import find_name, shapes
from aibasic_kernel.compiler.phrasing.place_slots import close_item, close_position
from aibasic_kernel.compiler.phrasing.tokens import Piece
from aibasic_kernel.compiler.sql.meant import is_meant_as_sql
from aibasic_kernel.compiler.sql.statement import changes_rows, is_statement
from aibasic_kernel.compiler.sql.text import Sql, python_text
from aibasic_kernel.compiler.traces.trace import table_named

# Built-in names that the Python of phrases uses: a variable of that name would break the lines after it.
_TAKEN = frozenset([
    "abs", "float", "input", "int", "len", "list", "max", "min", "open", "print", "round", "set", "sorted",
    "str", "sum",
])  # fmt: skip


Closer = Callable[[Slot, Piece, Moment, "Filled | None"], "Filled | None"]


def close(slot: Slot, piece: Piece, moment: Moment, owner: Filled | None) -> Filled | None:
    """What the slot holds, or None where the words do not close it. `owner` is the slot that it is `of`."""
    try:
        return CLOSERS[slot.kind](slot, piece, moment, owner)
    except CannotWrite:
        return None


def _name(slot: Slot, piece: Piece, moment: Moment, owner: Filled | None) -> Filled | None:
    name = find_name(tuple(token.text for token in piece.tokens), slot.details, moment.scope)
    if name is None:
        return None
    value = moment.scope.names[name]
    return Filled(name, of=value) if owner is None else _into_table(name, value, owner, moment.dialect)


def _into_table(name: str, value: object, owner: Filled, dialect: str) -> Filled | None:
    """A frame or rows whose columns are all in the table; the SQL says which, with a place for each value."""
    columns = list(kinds_of_columns(value))
    known = owner.columns
    if not columns or not all(column in known for column in columns):
        return None
    listed = ", ".join(sql_name(column, dialect) for column in columns).replace("%", "%%")
    return Filled(name, (f"({listed}) VALUES ({', '.join(['%s'] * len(columns))})",), value)


def _newname(slot: Slot, piece: Piece, moment: Moment, owner: Filled | None) -> Filled | None:
    name = piece.source
    taken = name in _TAKEN or any(service.variable == name for service in moment.scope.services.values())
    usable = name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("_")
    return Filled(name) if usable and not taken else None


def _value(slot: Slot, piece: Piece, moment: Moment, owner: Filled | None) -> Filled | None:
    if "like" in slot.details:
        return _like(piece, moment, owner)
    expression = read_value(piece, names_of(moment, owner))
    if expression is not None:
        return _written(expression, moment, owner)
    if owner is None and is_closed_python(piece.source, moment.scope.names):
        return Filled(piece.source)
    return None


def _like(piece: Piece, moment: Moment, owner: Filled | None) -> Filled | None:
    """A literal or variable that goes into a column."""
    expression = read_value(piece, names_of(moment, None))
    if owner is None or not isinstance(owner.of, Column) or expression is None:
        return None
    return _written(expression, moment, None) if goes_into(expression, owner.of, moment.scope.names) else None


def _number(slot: Slot, piece: Piece, moment: Moment, owner: Filled | None) -> Filled | None:
    expression = read_value(piece, names_of(moment, None))
    if isinstance(expression, (Text, Boolean, Nothing)) or not _has_shape(expression, "number", moment):
        return None
    return None if expression is None else _written(expression, moment, None)


def _text(slot: Slot, piece: Piece, moment: Moment, owner: Filled | None) -> Filled | None:
    expression = read_value(piece, names_of(moment, None))
    if isinstance(expression, Call) and expression.function not in ("lower", "upper"):
        return None
    if isinstance(expression, Derived) and FORMS[expression.how].is_number:
        return None
    if not isinstance(expression, (Text, Call, Variable, Item, Derived)) or not _has_shape(expression, "text", moment):
        return None
    return _written(expression, moment, None)


def _has_shape(expression: Expression | None, shape: str, moment: Moment) -> bool:
    return not isinstance(expression, Variable) or shape in shapes(moment.scope.names.get(expression.name))


def _values(slot: Slot, piece: Piece, moment: Moment, owner: Filled | None) -> Filled | None:
    parts = piece.split(",", "and", ";")
    if parts is None:
        return None
    filled = [_value(slot, part, moment, owner) for part in parts]
    held = [part for part in filled if part is not None]
    if len(held) != len(filled):
        return None
    return Filled(", ".join(part.python for part in held), imports=frozenset().union(*(part.imports for part in held)))


def _condition(slot: Slot, piece: Piece, moment: Moment, owner: Filled | None) -> Filled | None:
    if "recent" in slot.details:
        return _recent(piece, moment, owner)
    expression = read_condition(piece, names_of(moment, owner))
    if expression is not None:
        return _written(expression, moment, owner, condition=True)
    if owner is None and is_closed_python(piece.source, moment.scope.names):
        return Filled(piece.source)
    return None


def _recent(piece: Piece, moment: Moment, owner: Filled | None) -> Filled | None:
    columns = [] if owner is None else [name for name, kind in owner.columns.items() if kind in ("time", "date")]
    if piece.words[0] not in ("in", "within"):
        expression = read_condition(piece, names_of(moment, owner))
        return _written(expression, moment, owner) if isinstance(expression, Recent) else None
    days = read_last_days(piece.words)
    if days is None or owner is None or len(columns) != 1:
        return None
    return _written(Recent(Day(Column(columns[0], owner.columns[columns[0]])), days), moment, owner)


def _written(expression: Expression, moment: Moment, owner: Filled | None, condition: bool = False) -> Filled:
    names = moment.scope.names
    if owner is not None and isinstance(owner.of, Table):
        return Filled("", SqlWriter(names, moment.dialect).write(expression))
    if owner is not None:
        over = FrameWriter(owner.python)
        python = (over.condition if condition else over.write)(exact(expression, names))
        return Filled(python, imports=frozenset(over.imports))
    try:
        sql = SqlWriter(names, moment.dialect).write(expression)
    except CannotWrite:
        sql = ()
    plain = PythonWriter()
    return Filled(plain.write(exact(expression, names)), sql, imports=frozenset(plain.imports))


def _table(slot: Slot, piece: Piece, moment: Moment, owner: Filled | None) -> Filled | None:
    wanted = piece.source
    if piece.tokens[0].kind == "text" and len(piece.tokens) == 1:
        wanted = piece.tokens[0].unquoted
    table = table_named(moment.tables, wanted) or table_named(moment.tables, f'"{wanted}"')
    table = table or table_named(moment.tables, sql_name(wanted, moment.dialect))
    if table is not None and "keyed" in slot.details and number_key(table) is None:
        return None
    return None if table is None or "'" in table.name else Filled(python_text(table.name), (table.name,), table)


def _assignments(slot: Slot, piece: Piece, moment: Moment, owner: Filled | None) -> Filled | None:
    parts: list[Sql] = []
    for part in piece.split(",", "and") or ():
        sides = part.split("=", "to")
        if sides is None or len(sides) != 2:
            return None
        column = close_column(slot, sides[0], moment, owner)
        value = _assigned(sides[1], column.of, moment, owner) if column is not None else None
        if column is None or value is None:
            return None
        parts.append((*column.sql, " = ", *value.sql))
    return Filled("", joined(parts)) if parts else None


def _assigned(piece: Piece, column: object, moment: Moment, owner: Filled | None) -> Filled | None:
    """The value that a column is set to; in `name = name` the variable."""
    expression = read_value(piece, names_of(moment, owner))
    if expression is not None and expression == column:
        expression = Variable(piece.source) if piece.source in moment.scope.names else None
    return None if expression is None else _written(expression, moment, owner)


def _row(slot: Slot, piece: Piece, moment: Moment, owner: Filled | None) -> Filled | None:
    """`('Alice', 30)` as VALUES: for all columns, or for all but a primary key of one column, which fills itself."""
    inner = piece.without_brackets()
    parts = inner.split(",") if inner is not None else None
    if parts is None or owner is None or not isinstance(owner.of, Table):
        return None
    values = [_value(slot, part, moment, None) for part in parts]
    if not all(value is not None and value.sql for value in values):
        return None
    listed: Sql = ("VALUES (", *joined([value.sql for value in values if value is not None]), ")")
    table = owner.of
    if "columns" in slot.details or len(values) == len(table.columns):
        return Filled("", listed)
    others = [column.name for column in table.columns if (column.name,) != table.primary_key]
    if len(values) != len(others):
        return None
    return Filled("", (f"({', '.join(sql_name(name, moment.dialect) for name in others)}) ", *listed))


def _path(slot: Slot, piece: Piece, moment: Moment, owner: Filled | None) -> Filled | None:
    return _python(phrase_outside.path(piece, slot.details, moment.scope.names))


def _label(slot: Slot, piece: Piece, moment: Moment, owner: Filled | None) -> Filled | None:
    return _python(phrase_outside.label(piece, moment.scope.names))


def _json(slot: Slot, piece: Piece, moment: Moment, owner: Filled | None) -> Filled | None:
    return _python(phrase_outside.data(piece, moment.scope.names))


def _python(text: str | None) -> Filled | None:
    return None if text is None else Filled(text)


def _sql(slot: Slot, piece: Piece, moment: Moment, owner: Filled | None) -> Filled | None:
    known = "known" in slot.details
    wanted = {"changes": True, "defines": False}
    if any(wanted.get(detail, changes_rows(piece.source)) != changes_rows(piece.source) for detail in slot.details):
        return None
    tables = (lambda: moment.tables) if known else None
    if not is_statement(piece.source, moment.dialect, "rows" in slot.details, tables):
        return None
    if known and not is_meant_as_sql(piece, moment.dialect, moment.tables, moment.scope.names):
        return None
    return Filled("", (piece.source,))


def _word(slot: Slot, piece: Piece, moment: Moment, owner: Filled | None) -> Filled | None:
    choices = dict(detail.split("=", 1) for detail in slot.details)
    chosen = choices.get(piece.source.lower())
    return None if chosen is None else Filled(chosen, (chosen,))


CLOSERS: dict[str, Closer] = {
    "name": _name,
    "newname": _newname,
    "value": _value,
    "values": _values,
    "number": _number,
    "text": _text,
    "condition": _condition,
    "table": _table,
    "column": close_column,
    "columns": close_columns,
    "ordering": close_ordering,
    "assignments": _assignments,
    "row": _row,
    "path": _path,
    "label": _label,
    "json": _json,
    "sql": _sql,
    "word": _word,
    "item": close_item,
    "position": close_position,
    "truth": close_truth,
    "expression": close_expression,
    "items": close_items,
}
WIDEST = {"name": 3, "newname": 1, "table": 3, "column": 4, "path": 40, "label": 40, "word": 1}
