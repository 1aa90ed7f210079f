"""What closes the slots for columns of a table or a frame."""

from __future__ import annotations

from aibasic.modules.schema import Table
from aibasic.modules.sql_names import sql_name

from aibasic_kernel.compiler.expressions.expression import Column
from aibasic_kernel.compiler.expressions.token_reader import Names
from aibasic_kernel.compiler.phrasing.filled import Filled, Moment
from aibasic_kernel.compiler.phrasing.form import Slot
from aibasic_kernel.compiler.phrasing.tokens import Piece
from aibasic_kernel.compiler.sql.text import Sql, python_text

_DIRECTIONS = {"descending": False, "desc": False, "ascending": True, "asc": True}


def names_of(moment: Moment, owner: Filled | None) -> Names:
    """What an expression may name: the columns of the owner, and the variables."""
    return Names(moment.scope, {} if owner is None else owner.columns)


def close_column(slot: Slot, piece: Piece, moment: Moment, owner: Filled | None) -> Filled | None:
    """A column of the owner, `total` or `orders.total`."""
    if owner is None:
        return None
    piece = _unqualified(piece, owner)
    exactly = piece.tokens[0].kind == "text"
    word = piece.tokens[0].unquoted if exactly and len(piece.tokens) == 1 else piece.source
    column = names_of(moment, owner).column(word, exactly)
    if column is None or ("numbers" in slot.details and column.kind not in ("number", "float")):
        return None
    return Filled(python_text(column.name), (sql_name(column.name, moment.dialect),), column)


def _unqualified(piece: Piece, owner: Filled) -> Piece:
    """`orders.total` as `total`, where `orders` is what the column is of."""
    first, *rest = piece.tokens
    name = owner.of.name.rpartition(".")[2] if isinstance(owner.of, Table) else owner.python
    if len(rest) < 2 or rest[0].text != "." or first.text.strip('"') != name.strip('"'):
        return piece
    return Piece(piece.sentence, piece.tokens[2:])


def close_columns(slot: Slot, piece: Piece, moment: Moment, owner: Filled | None) -> Filled | None:
    """Several columns, between commas or `and`, with or without brackets round them."""
    parts = (piece.without_brackets() or piece).split(",", "and")
    found = [close_column(slot, part, moment, owner) for part in parts or ()]
    filled = [column for column in found if column is not None]
    if not found or len(filled) != len(found):
        return None
    return Filled(", ".join(column.python for column in filled), joined([column.sql for column in filled]))


def joined(parts: list[Sql]) -> Sql:
    """Pieces of SQL with commas between them."""
    pieces: Sql = ()
    for part in parts:
        pieces += ((", ",) if pieces else ()) + part
    return pieces


def close_ordering(slot: Slot, piece: Piece, moment: Moment, owner: Filled | None) -> Filled | None:
    """Columns with directions: SQL's `a DESC, b`; in Python the arguments of `sort_values`."""
    columns: list[Filled] = []
    rising: list[bool] = []
    for part in piece.split(",", "and") or ():
        direction = _DIRECTIONS.get(part.tokens[-1].lower) if len(part.tokens) > 1 else None
        named = part if direction is None else Piece(part.sentence, part.tokens[:-1])
        column = close_column(slot, named, moment, owner)
        if column is None:
            return None
        columns.append(column)
        rising.append(direction is not False)
    if not columns:
        return None
    sql = joined([_ordered(column, up, moment, owner) for column, up in zip(columns, rising, strict=True)])
    by = columns[0].python if len(columns) == 1 else f"[{', '.join(column.python for column in columns)}]"
    if all(rising):
        return Filled(by, sql)
    return Filled(f"{by}, ascending={rising if any(rising) else False}", sql)


def _ordered(column: Filled, rising: bool, moment: Moment, owner: Filled | None) -> Sql:
    """A column of ORDER BY such that NULL comes last, where the database's own order has it first."""
    nullable = owner is not None and _is_nullable(column.of, owner.of)
    if rising:
        first = (*column.sql, " IS NULL, ") if nullable and moment.dialect == "mysql" else ()
        return (*first, *column.sql)
    return (*column.sql, " DESC NULLS LAST" if nullable and moment.dialect == "postgres" else " DESC")


def _is_nullable(column: object, table: object) -> bool:
    held = table.column(column.name) if isinstance(table, Table) and isinstance(column, Column) else None
    return held is not None and held.nullable
