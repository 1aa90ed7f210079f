"""Writes an expression as SQL with parameters."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Mapping

from aibasic.modules.sql_names import sql_name, sql_text

from aibasic_kernel.compiler.expressions.expression import (
    Among,
    Arithmetic,
    Between,
    Boolean,
    Call,
    Column,
    Comparison,
    Date,
    Day,
    Expression,
    Junction,
    Matches,
    Missing,
    Negative,
    Not,
    Nothing,
    Number,
    Part,
    Recent,
    Text,
    Variable,
)
from aibasic_kernel.compiler.expressions.writers import (
    AND,
    ATOM,
    BIT,
    COMPARE,
    LEVELS,
    NOT,
    OR,
    POWER,
    SIGN,
    CannotWrite,
)
from aibasic_kernel.compiler.sql.text import Param, Sql

_NEXT = {">": ">=", "<=": "<"}
"""Compared with the day before, and with the day itself."""
_DAYS = {"postgres": "{}", "mysql": "INTERVAL {} DAY"}
"""By dialect, so many days as they are added to a date."""
_DAY = datetime.timedelta(days=1)


class SqlWriter:
    """SQL of a dialect over the columns of one table; variables of `names` become parameters."""

    def __init__(self, names: Mapping[str, object], dialect: str = "") -> None:
        self._names = names
        self._dialect = dialect

    def write(self, node: Expression, level: int = OR) -> Sql:
        """The node, in brackets where it binds less than `level` asks for."""
        pieces, own = self._write(node)
        return ("(", *pieces, ")") if own < level else pieces

    def _write(self, node: Expression) -> tuple[Sql, int]:
        match node:
            case Number(text):
                return (text,), ATOM
            case Text(value):
                return (_checked(sql_text(value, self._dialect), value),), ATOM
            case Boolean(value):
                return (str(value).upper(),), ATOM
            case Date(value):
                kind = "TIMESTAMP" if isinstance(value, datetime.datetime) else "DATE"
                return (f"{kind} {_literal(value)}",), ATOM
            case Nothing():
                return ("NULL",), ATOM
            case Column(name):
                return (sql_name(name, self._dialect),), ATOM
            case Variable(name):
                return (Param(_parameter(name, self._names[name])),), ATOM
            case Negative(operand):
                return ("-", *self.write(operand, POWER)), SIGN
            case Arithmetic(_, Date(), _) | Arithmetic(_, _, Date()) if self._dialect != "postgres":
                raise CannotWrite
            case Arithmetic(operator, left, right) if operator in "+-*/%":
                own = LEVELS[operator]
                return (*self.write(left, own), f" {operator} ", *self.write(right, own + 1)), own
            case Call(function, argument):
                return (f"{function.upper()}(", *self.write(argument), ")"), ATOM
            case Part(part, operand):
                return (f"EXTRACT({part.upper()} FROM ", *self.write(operand), ")"), ATOM
            case _:
                return self._condition(node)

    def _condition(self, node: Expression) -> tuple[Sql, int]:
        match node:
            case Comparison(operator, Day(column), Date(day)):
                return self._of_day(operator, self.write(column), day)
            case Comparison(operator, left, right):
                return (*self._side(left), f" {operator} ", *self._side(right)), COMPARE
            case Between(Day(column), Date(low), Date(high)):
                name = self.write(column)
                return (*name, f" >= {_literal(low)} AND ", *name, f" < {_literal(high + _DAY)}"), AND
            case Between(operand, low, high):
                bounds = (*self._side(low), " AND ", *self._side(high))
                return (*self.write(operand, BIT), " BETWEEN ", *bounds), COMPARE
            case Recent(Day(column), days):
                return self._recent(self.write(column), days)
            case Among(operand, options):
                return self._among(operand, options)
            case Missing(operand):
                return (*self.write(operand, BIT), " IS NULL"), COMPARE
            case Matches(how, operand, pattern):
                return self._matches(how, operand, pattern)
            case Not(Missing(operand)):
                return (*self.write(operand, BIT), " IS NOT NULL"), COMPARE
            case Not(operand):
                return ("NOT ", *self.write(operand, NOT)), NOT
            case Junction(word, parts):
                own = AND if word == "and" else OR
                pieces: Sql = ()
                for part in parts:
                    pieces += ((f" {word.upper()} ",) if pieces else ()) + self.write(part, own + 1)
                return pieces, own
        raise CannotWrite

    def _side(self, node: Expression) -> Sql:
        """A side of a comparison: a date is written so that it takes the type of what it is compared with."""
        return (_literal(node.value),) if isinstance(node, Date) else self.write(node, BIT)

    def _of_day(self, operator: str, column: Sql, day: datetime.date) -> tuple[Sql, int]:
        """What holds for all times of a day, as bounds of the column, so that an index serves."""
        first, behind = _literal(day), _literal(day + _DAY)
        if operator == "=":
            return (*column, f" >= {first} AND ", *column, f" < {behind}"), AND
        if operator == "<>":
            return (*column, f" < {first} OR ", *column, f" >= {behind}"), OR
        if operator in (">", "<="):
            return (*column, f" {_NEXT[operator]} {behind}"), COMPARE
        return (*column, f" {operator} {first}"), COMPARE

    def _recent(self, column: Sql, days: int) -> tuple[Sql, int]:
        pattern = _DAYS.get(self._dialect)
        if pattern is None:
            raise CannotWrite
        first = f" - {pattern.format(days - 1)}" if days > 1 else ""
        return (*column, f" >= CURRENT_DATE{first} AND ", *column, f" < CURRENT_DATE + {pattern.format(1)}"), AND

    def _among(self, operand: Expression, options: tuple[Expression, ...] | Variable) -> tuple[Sql, int]:
        left = self.write(operand, BIT)
        if isinstance(options, Variable):
            listed = Param(f"list({options.name})")
            return ((*left, " IN ", listed) if self._dialect == "mysql" else (*left, " = ANY(", listed, ")")), COMPARE
        pieces: Sql = ()
        for option in options:
            pieces += ((", ",) if pieces else ()) + self._side(option)
        return (*left, " IN (", *pieces, ")"), COMPARE

    def _matches(self, how: str, operand: Expression, pattern: Expression) -> tuple[Sql, int]:
        left = self.write(operand, BIT)
        if how in ("like", "ilike"):
            # In MySQL the column's collation says whether case matters.
            word = "LIKE" if self._dialect == "mysql" else how.upper()
            return (*left, f" {word} ", *self.write(pattern, BIT)), COMPARE
        if not isinstance(pattern, Text):
            raise CannotWrite
        escaped = pattern.value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        wanted = ("%" if how != "starts" else "") + escaped + ("%" if how != "ends" else "")
        return (*left, " LIKE ", _checked(sql_text(wanted, self._dialect), wanted)), COMPARE


def _parameter(name: str, value: object) -> str:
    """The Python that hands a variable to a driver; a number of numpy's is made one of Python's, which drivers know."""
    if type(value).__module__.partition(".")[0] == "numpy" and hasattr(value, "item"):
        return f"{name}.item()"
    if value is None or isinstance(value, (str, bool, int, float, decimal.Decimal, datetime.date, datetime.time)):
        return name
    raise CannotWrite


def _checked(literal: str, text: str) -> str:
    if "\0" in text:
        raise CannotWrite
    return literal


def _literal(value: datetime.date) -> str:
    return sql_text(str(value))
