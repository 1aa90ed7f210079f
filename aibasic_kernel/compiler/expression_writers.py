"""Writes an expression as Python, as Python over the columns of a data frame, and as SQL with parameters."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Mapping

from aibasic_kernel.compiler.expression import (
    Among,
    Arithmetic,
    Between,
    Boolean,
    Call,
    Column,
    Comparison,
    Empty,
    Expression,
    Item,
    Junction,
    Matches,
    Missing,
    Negative,
    Not,
    Nothing,
    Number,
    Text,
    Variable,
)
from aibasic_kernel.compiler.sql_text import Param, Sql, python_text, sql_name, sql_text

_OR, _AND, _NOT, _COMPARE, _BIT, _SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(10)
_LEVELS = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "//": _PRODUCT, "%": _PRODUCT, "**": _POWER}
_COMPARING = {"=": "==", "<>": "!="}


class CannotWrite(Exception):
    """The expression has no meaning in that language."""


class PythonWriter:
    """Plain Python over variables."""

    def write(self, node: Expression, level: int = _OR) -> str:
        """The node, in brackets where it binds less than `level` asks for."""
        text, own = self._write(node)
        return f"({text})" if own < level else text

    def _write(self, node: Expression) -> tuple[str, int]:
        match node:
            case Number(text):
                return text, _ATOM
            case Text(value):
                return python_text(value), _ATOM
            case Boolean(value):
                return str(value), _ATOM
            case Nothing():
                return "None", _ATOM
            case Variable(name):
                return name, _ATOM
            case Item(container, index):
                return f"{self.write(container, _ATOM)}[{self.write(index)}]", _ATOM
            case Negative(operand):
                return f"-{self.write(operand, _SIGN)}", _SIGN
            case Arithmetic(operator, left, right):
                own = _LEVELS[operator]
                first, second = (own + 1, own) if operator == "**" else (own, own + 1)
                return f"{self.write(left, first)} {operator} {self.write(right, second)}", own
            case Empty(operand):
                return f"len({operand.name}) == 0", _COMPARE
            case _:
                return self._condition(node)

    def _condition(self, node: Expression) -> tuple[str, int]:
        match node:
            case Call(function, argument):
                return self._call(function, argument), _ATOM
            case Comparison(operator, left, right):
                sign = _COMPARING.get(operator, operator)
                return f"{self.write(left, _BIT)} {sign} {self.write(right, _BIT)}", _COMPARE
            case Between(operand, low, high):
                return f"{self.write(low, _BIT)} <= {self.write(operand, _BIT)} <= {self.write(high, _BIT)}", _COMPARE
            case Among(operand, options):
                return self._among(operand, "in", options), _COMPARE
            case Missing(operand):
                return f"{self.write(operand, _BIT)} is None", _COMPARE
            case Matches(how, operand, pattern):
                return self._matches(how, operand, pattern)
            case Not(Missing(operand)):
                return f"{self.write(operand, _BIT)} is not None", _COMPARE
            case Not(Among(operand, options)):
                return self._among(operand, "not in", options), _COMPARE
            case Not(operand):
                return f"not {self.write(operand, _NOT)}", _NOT
            case Junction(word, parts):
                own = _AND if word == "and" else _OR
                return f" {word} ".join(self.write(part, own + 1) for part in parts), own
        raise CannotWrite

    def _among(self, operand: Expression, sign: str, options: tuple[Expression, ...] | Variable) -> str:
        if isinstance(options, Variable):
            return f"{self.write(operand, _BIT)} {sign} {options.name}"
        listed = ", ".join(self.write(option) for option in options) + ("," if len(options) == 1 else "")
        return f"{self.write(operand, _BIT)} {sign} ({listed})"

    def _call(self, function: str, argument: Expression) -> str:
        if function in ("lower", "upper"):
            return f"{self.write(argument, _ATOM)}.{function}()"
        return f"{'len' if function == 'length' else function}({self.write(argument)})"

    def _matches(self, how: str, operand: Expression, pattern: Expression) -> tuple[str, int]:
        if how == "contains":
            return f"{self.write(pattern, _BIT)} in {self.write(operand, _BIT)}", _COMPARE
        if how in ("starts", "ends"):
            return f"{self.write(operand, _ATOM)}.{how}with({self.write(pattern)})", _ATOM
        raise CannotWrite


class FrameWriter(PythonWriter):
    """Conditions and arithmetic over all rows of the data frame called `frame`."""

    def __init__(self, frame: str) -> None:
        self._frame = frame

    def _write(self, node: Expression) -> tuple[str, int]:
        if isinstance(node, Column):
            return f"{self._frame}[{python_text(node.name)}]", _ATOM
        return super()._write(node)

    def _condition(self, node: Expression) -> tuple[str, int]:
        match node:
            case Between(operand, low, high):
                return f"{self.write(operand, _ATOM)}.between({self.write(low)}, {self.write(high)})", _ATOM
            case Among(operand, Variable(name)):
                return f"{self.write(operand, _ATOM)}.isin({name})", _ATOM
            case Among(operand, tuple() as options):
                listed = ", ".join(self.write(option) for option in options)
                return f"{self.write(operand, _ATOM)}.isin([{listed}])", _ATOM
            case Missing(operand):
                return f"{self.write(operand, _ATOM)}.isna()", _ATOM
            case Not(Missing(operand)):
                return f"{self.write(operand, _ATOM)}.notna()", _ATOM
            case Not(operand):
                return f"~{self.write(operand, _ATOM)}", _SIGN
            case Junction(word, parts):
                return f" {'&' if word == 'and' else '|'} ".join(self.write(part, _SIGN) for part in parts), _BIT
            case Comparison() | Call() | Matches():
                return super()._condition(node)
        raise CannotWrite

    def _call(self, function: str, argument: Expression) -> str:
        if not isinstance(argument, Column):
            return super()._call(function, argument)
        method = {"lower": "str.lower", "upper": "str.upper", "length": "str.len"}.get(function, function)
        return f"{self.write(argument, _ATOM)}.{method}()"

    def _matches(self, how: str, operand: Expression, pattern: Expression) -> tuple[str, int]:
        column = self.write(operand, _ATOM)
        if how == "contains":
            return f"{column}.str.contains({self.write(pattern)}, regex=False, na=False)", _ATOM
        if how in ("starts", "ends"):
            return f"{column}.str.{how}with({self.write(pattern)}, na=False)", _ATOM
        raise CannotWrite


class SqlWriter:
    """SQL over the columns of one table; variables of `names` become parameters."""

    def __init__(self, names: Mapping[str, object]) -> None:
        self._names = names

    def write(self, node: Expression, level: int = _OR) -> Sql:
        """The node, in brackets where it binds less than `level` asks for."""
        pieces, own = self._write(node)
        return ("(", *pieces, ")") if own < level else pieces

    def _write(self, node: Expression) -> tuple[Sql, int]:
        match node:
            case Number(text):
                return (text,), _ATOM
            case Text(value):
                return (_checked(sql_text(value), value),), _ATOM
            case Boolean(value):
                return (str(value).upper(),), _ATOM
            case Nothing():
                return ("NULL",), _ATOM
            case Column(name):
                return (sql_name(name),), _ATOM
            case Variable(name):
                return (Param(_parameter(name, self._names[name])),), _ATOM
            case Negative(operand):
                return ("-", *self.write(operand, _POWER)), _SIGN
            case Arithmetic(operator, left, right) if operator in "+-*/%":
                own = _LEVELS[operator]
                return (*self.write(left, own), f" {operator} ", *self.write(right, own + 1)), own
            case Call(function, argument):
                return (f"{function.upper()}(", *self.write(argument), ")"), _ATOM
            case _:
                return self._condition(node)

    def _condition(self, node: Expression) -> tuple[Sql, int]:
        match node:
            case Comparison(operator, left, right):
                return (*self.write(left, _BIT), f" {operator} ", *self.write(right, _BIT)), _COMPARE
            case Between(operand, low, high):
                bounds = (*self.write(low, _BIT), " AND ", *self.write(high, _BIT))
                return (*self.write(operand, _BIT), " BETWEEN ", *bounds), _COMPARE
            case Among(operand, options):
                return self._among(operand, options)
            case Missing(operand):
                return (*self.write(operand, _BIT), " IS NULL"), _COMPARE
            case Matches(how, operand, pattern):
                return self._matches(how, operand, pattern)
            case Not(Missing(operand)):
                return (*self.write(operand, _BIT), " IS NOT NULL"), _COMPARE
            case Not(operand):
                return ("NOT ", *self.write(operand, _NOT)), _NOT
            case Junction(word, parts):
                own = _AND if word == "and" else _OR
                pieces: Sql = ()
                for part in parts:
                    pieces += ((f" {word.upper()} ",) if pieces else ()) + self.write(part, own + 1)
                return pieces, own
        raise CannotWrite

    def _among(self, operand: Expression, options: tuple[Expression, ...] | Variable) -> tuple[Sql, int]:
        left = self.write(operand, _BIT)
        if isinstance(options, Variable):
            return (*left, " = ANY(", Param(f"list({options.name})"), ")"), _COMPARE
        pieces: Sql = ()
        for option in options:
            pieces += ((", ",) if pieces else ()) + self.write(option)
        return (*left, " IN (", *pieces, ")"), _COMPARE

    def _matches(self, how: str, operand: Expression, pattern: Expression) -> tuple[Sql, int]:
        left = self.write(operand, _BIT)
        if how in ("like", "ilike"):
            return (*left, f" {how.upper()} ", *self.write(pattern, _BIT)), _COMPARE
        if not isinstance(pattern, Text):
            raise CannotWrite
        escaped = pattern.value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        wanted = ("%" if how != "starts" else "") + escaped + ("%" if how != "ends" else "")
        return (*left, " LIKE ", _checked(sql_text(wanted), wanted)), _COMPARE


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
