"""Whether a condition of SQL holds for every row, as far as its text tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlglot import exp


def is_always_true(condition: exp.Expr, tables: tuple[str, ...] = ()) -> bool:
    """Whether a condition keeps every row, but for NULLs: `1 = 1`, `id = id or b`, `name like '%'`.

    `tables` are those whose rows it chooses: that their own key is not NULL or above zero says nothing either.
    """
    return _truth(condition, tables) is True


def _truth(node: exp.Expr, tables: tuple[str, ...]) -> bool | None:
    """True or False where the rows do not matter, else None."""
    from sqlglot import exp

    if isinstance(node, (exp.Paren, exp.Where)):
        return _truth(node.this, tables)
    if isinstance(node, exp.Boolean):
        return bool(node.this)
    if isinstance(node, exp.Is):
        return True if node.args.get("negate") and _is_null(node) and _is_key(node.this, tables) else None
    if isinstance(node, exp.Not):
        if isinstance(node.this, exp.Is) and _is_null(node.this) and _is_key(node.this.this, tables):
            return True
        inner = _truth(node.this, tables)
        return None if inner is None else not inner
    if isinstance(node, exp.And | exp.Or):
        return _joined(node, tables)
    if isinstance(node, exp.Binary):
        return _compared(node, tables)
    if isinstance(node, exp.Exists):
        return _exists(node)
    if isinstance(node, exp.In):
        return _is_in(node, tables)
    value = _value(node)
    return None if value is _UNKNOWN else bool(value)


def _is_null(node: exp.Expr) -> bool:
    from sqlglot import exp

    return isinstance(node.expression, exp.Null)


def _joined(node: exp.Expr, tables: tuple[str, ...]) -> bool | None:
    from sqlglot import exp

    left, right = _truth(node.this, tables), _truth(node.expression, tables)
    if isinstance(node, exp.And):
        if left is False or right is False:
            return False
        return True if left and right else None
    either = left or right
    if either or (left is False and right is False):
        return bool(either)
    return True if _are_opposite(node.this, node.expression) else None


def _are_opposite(left: exp.Expr, right: exp.Expr) -> bool:
    """`a is null or a is not null`, `a = 1 or a <> 1`."""
    from sqlglot import exp

    left, right = left.unnest(), right.unnest()
    if isinstance(left, exp.Is) and isinstance(right, exp.Is):
        negated = bool(left.args.get("negate")) != bool(right.args.get("negate"))
        return negated and left.this == right.this and left.expression == right.expression
    for one, other in ((left, right), (right, left)):
        if isinstance(one, exp.Not):
            return bool(one.this.unnest() == other)
    pairs = ((exp.EQ, exp.NEQ), (exp.LT, exp.GTE), (exp.GT, exp.LTE))
    opposite = any(isinstance(a, x) and isinstance(b, y) for x, y in pairs for a, b in ((left, right), (right, left)))
    return opposite and left.this == right.this and left.expression == right.expression


def _compared(node: Any, tables: tuple[str, ...]) -> bool | None:
    from sqlglot import exp

    comparisons: dict[type, Callable[[Any, Any], Any]] = {
        exp.EQ: lambda a, b: a == b, exp.NullSafeEQ: lambda a, b: a == b, exp.NEQ: lambda a, b: a != b,
        exp.LT: lambda a, b: a < b, exp.LTE: lambda a, b: a <= b, exp.GT: lambda a, b: a > b,
        exp.GTE: lambda a, b: a >= b,
    }  # fmt: skip
    left, right = node.this, node.expression
    if isinstance(node, exp.Like | exp.ILike):
        pattern = _value(right)
        return True if isinstance(pattern, str) and pattern and set(pattern) == {"%"} else None
    if isinstance(node, exp.RegexpLike | exp.RegexpILike):
        return True if _value(right) in ("", ".*", "^", "^.*$", ".*$", "^.*") else None
    compare = comparisons.get(type(node))
    if compare is None:
        return None
    if isinstance(node, exp.EQ | exp.LTE | exp.GTE | exp.NullSafeEQ) and left == right:
        return True
    one, other = _value(left), _value(right)
    if _UNKNOWN not in (one, other):
        try:
            return bool(compare(one, other))
        except TypeError:
            return None
    above = (isinstance(node, exp.GT) and other in (0, -1)) or (isinstance(node, exp.GTE) and other in (0, 1))
    return True if above and _is_key(left, tables) else None


def _is_in(node: exp.Expr, tables: tuple[str, ...]) -> bool | None:
    """`1 in (1, 2)`, and a column among all that its own table has."""
    from sqlglot import exp

    value = _value(node.this)
    if value is not _UNKNOWN:
        return True if value in [_value(one) for one in node.expressions] else None
    query = node.args.get("query")
    query = query.unnest() if query is not None else None
    if not isinstance(query, exp.Select) or any(query.args.get(part) for part in ("where", "limit", "having", "joins")):
        return None
    same = [exp.column(node.this.name)] == query.expressions
    return True if same and [table.name.lower() for table in query.find_all(exp.Table)] == list(tables[:1]) else None


def _exists(node: exp.Expr) -> bool | None:
    """`exists (select 1)` holds; with a table within, rows matter."""
    from sqlglot import exp

    query = node.this
    bare = isinstance(query, exp.Select) and not any(query.args.get(part) for part in ("from_", "from", "where"))
    return True if bare else None


_UNKNOWN = object()


def _value(node: exp.Expr) -> Any:
    from sqlglot import exp

    if isinstance(node, exp.Paren):
        return _value(node.this)
    if isinstance(node, exp.Neg):
        inner = _value(node.this)
        return -inner if isinstance(inner, int | float) else _UNKNOWN
    if isinstance(node, exp.Boolean):
        return bool(node.this)
    if not isinstance(node, exp.Literal):
        return _UNKNOWN
    if node.is_string:
        return node.this
    try:
        return float(node.this)
    except ValueError:
        return _UNKNOWN


def _is_key(node: exp.Expr, tables: tuple[str, ...]) -> bool:
    """Whether a column is by its name the key of one of the tables: `id`, and `order_id` of orders."""
    from sqlglot import exp

    if not isinstance(node, exp.Column):
        return False
    name = node.name.lower()
    return name == "id" or any(name in (f"{table}_id", f"{table.removesuffix('s')}_id") for table in tables)
