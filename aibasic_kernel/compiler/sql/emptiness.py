"""Why a statement found no rows: which of its conditions is met by none, or which ones by no row together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from aibasic_kernel.compiler.sql.conditions import conjuncts

if TYPE_CHECKING:
    from sqlglot import exp

MOST_CONDITIONS = 8
COUNTED = 1000
"""Rows up to which are counted."""
TEXT_LIMIT = 100
DEEPEST = 3

Count = Callable[[str], "int | None"]
"""The number that a query gives, None where that cannot be told in time."""
_WITHOUT_ROWS_OF = (
    "distinct", "group", "having", "order", "limit", "offset", "locks", "into", "windows", "qualify", "match", "sort",
    "cluster", "distribute", "operation_modifiers",
)  # fmt: skip


def why_empty(statement: exp.Expr, dialect: str, count: Count) -> list[str]:
    """Sentences about what emptied the result of a statement that found, changed or counted no row; [] if unknown.

    `count` runs queries that are made of the statement's own tables and conditions, and of functions that sqlglot knows
    to compute only.
    """
    from sqlglot import exp

    if statement.find(exp.Anonymous) or any(part is not statement for part in statement.find_all(exp.DML)):
        return []
    search = _Search(dialect, count)
    return [said for select in _selects(statement) if (said := search.explain(select, DEEPEST))]


def _selects(statement: exp.Expr) -> Iterator[exp.Select]:
    """The queries whose rows the statement is about."""
    from sqlglot import exp

    node = statement.unnest()
    if isinstance(node, exp.Select):
        yield node
    elif isinstance(node, exp.SetOperation):
        for side in (node.left, node.right):
            for select in _selects(side):
                yield _with(select, node)
    elif isinstance(node, exp.Insert) and isinstance(node.expression, exp.Query):
        yield from _selects(node.expression)
    elif isinstance(node, (exp.Update, exp.Delete)) and not (node.args.get("from_") or node.args.get("using")):
        select = exp.select("1").from_(node.this.copy())
        select.set("where", node.args["where"].copy() if node.args.get("where") else None)
        yield _with(select, node)


def _with(select: exp.Select, around: exp.Expr) -> exp.Select:
    """The select with the common table expressions of what stands around it."""
    if around.args.get("with_") and not select.args.get("with_"):
        select = select.copy()
        select.set("with_", around.args["with_"].copy())
    return select


class _Search:
    def __init__(self, dialect: str, count: Count) -> None:
        self._dialect = dialect
        self._count = count

    def explain(self, select: exp.Select, depth: int) -> str:
        """What left no row of a select, "" where nothing can be said."""
        conditions = conjuncts(select)
        left = self._rows(select, conditions)
        if left is None or len(conditions) > MOST_CONDITIONS:
            return ""
        if left:
            return self._after_where(select)
        alone = [self._rows(select, [condition]) for condition in conditions]
        none = [condition for condition, rows in zip(conditions, alone, strict=True) if rows == 0]
        if len(none) == len(conditions) and not self._rows(select, []):
            return self._source(select, depth)
        if none:
            return f"no row has {' and none has '.join(map(self._text, none))}"
        if None in alone:
            return f"no row has {' and '.join(map(self._text, conditions))} together"
        return self._together(select, conditions, [rows or 0 for rows in alone])

    def _together(self, select: exp.Select, conditions: Sequence[exp.Expr], alone: Sequence[int]) -> str:
        """Each condition has rows: which ones, left out, would leave some."""
        each = ", ".join(f"{self._text(c)} has {_rows_text(n)}" for c, n in zip(conditions, alone, strict=True))
        if len(conditions) > 2:
            without = []
            for condition in conditions:
                rows = self._rows(select, [other for other in conditions if other is not condition])
                if rows:
                    without.append(f"without {self._text(condition)} there would be {_rows_text(rows)}")
            if without:
                return f"no row meets all conditions: {'; '.join(without)}"
        return f"no row meets {'both' if len(conditions) == 2 else 'all'} conditions: {each}"

    def _after_where(self, select: exp.Select) -> str:
        """The conditions leave rows: what takes them away after that."""
        if having := select.args.get("having"):
            groups = select.copy()
            for part in ("having", "order", "limit", "offset", "locks"):
                groups.set(part, None)
            count = self._count(self._counting(groups))
            return f"no group has {self._text(having.this)}: there are {_rows_text(count, 'group')}" if count else ""
        if offset := select.args.get("offset"):
            return f"OFFSET {self._text(offset.expression)} is behind the last row"
        return ""

    def _source(self, select: exp.Select, depth: int) -> str:
        """There is no row before any condition: which table is empty, or what joins none."""
        from sqlglot import exp

        start = select.args.get("from_")
        if start is None or not depth:
            return ""
        joins = select.args.get("joins") or []
        inner = _inner(select, start.this)
        if not joins and inner is not None:
            return self.explain(inner, depth - 1)
        must = [start.this, *(join.this for join in joins if join.side not in ("LEFT", "FULL"))]
        for table in must:
            if isinstance(table, exp.Table) and self._rows(_with(exp.select("1").from_(table.copy()), select), []) == 0:
                return f"{table.name} has no rows"
        if not joins:
            return ""
        on = [self._text(join.args["on"]) for join in joins if join.args.get("on")]
        names = " and ".join(node.alias_or_name for node in must)
        return f"no rows of {names} belong together{': none has ' + ' and '.join(on) if on else ''}"

    def _rows(self, select: exp.Select, conditions: Sequence[exp.Expr]) -> int | None:
        """How many rows of a select's tables meet conditions."""
        from sqlglot import exp

        rows = select.copy()
        for part in _WITHOUT_ROWS_OF:
            rows.set(part, None)
        rows.set("expressions", [exp.alias_(exp.Literal.number(1), "one")])
        every = exp.and_(*(condition.copy() for condition in conditions)) if conditions else None
        rows.set("where", exp.Where(this=every) if every is not None else None)
        return self._count(self._counting(rows))

    def _counting(self, select: exp.Select) -> str:
        bounded = select.limit(COUNTED + 1, copy=True)
        return f"SELECT COUNT(*) FROM ({bounded.sql(dialect=self._dialect)}) AS counted"

    def _text(self, condition: exp.Expr) -> str:
        text = " ".join(condition.sql(dialect=self._dialect, comments=False).split())
        return text if len(text) <= TEXT_LIMIT else text[: TEXT_LIMIT - 3] + "..."


def _inner(select: exp.Select, source: exp.Expr) -> exp.Select | None:
    """The select that stands for a table in FROM: in parentheses, or defined by WITH."""
    from sqlglot import exp

    if isinstance(source, exp.Subquery):
        inner = source.unnest()
        return _with(inner, select) if isinstance(inner, exp.Select) else None
    for cte in select.ctes:
        if isinstance(source, exp.Table) and not source.db and cte.alias == source.name:
            return _with(cte.this, select) if isinstance(cte.this, exp.Select) else None
    return None


def _rows_text(count: int, noun: str = "row") -> str:
    if count > COUNTED:
        return f"more than {COUNTED:,} {noun}s"
    return f"1 {noun}" if count == 1 else f"{count:,} {noun}s"
