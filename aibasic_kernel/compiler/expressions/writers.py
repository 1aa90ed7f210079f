"""Writes an expression as plain Python over variables."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from aibasic_kernel.compiler.expressions.derived_forms import FORMS
from aibasic_kernel.compiler.expressions.expression import (
    Among,
    Arithmetic,
    Between,
    Boolean,
    Call,
    Comparison,
    Date,
    Derived,
    Empty,
    Exact,
    Expression,
    Item,
    Junction,
    Matches,
    Missing,
    Negative,
    Not,
    Nothing,
    Number,
    Part,
    Text,
    Variable,
)
from aibasic_kernel.compiler.sql.text import python_text

OR, AND, NOT, COMPARE, BIT, SUM, PRODUCT, SIGN, POWER, ATOM = range(10)
LEVELS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "//": PRODUCT, "%": PRODUCT, "**": POWER}
COMPARING = {"=": "==", "<>": "!="}


class CannotWrite(Exception):
    """The expression has no meaning in that language."""


@dataclass(frozen=True)
class _Operand:
    """An operand as it may stand alone, in a sum, and beside what binds tightly."""

    whole: str
    sum: str
    term: str


class PythonWriter:
    """`imports` are the statements that what was written needs."""

    def __init__(self) -> None:
        self.imports: set[str] = set()

    def write(self, node: Expression, level: int = OR) -> str:
        """The node, in brackets where it binds less than `level` asks for."""
        text, own = self._write(node)
        return f"({text})" if own < level else text

    def _write(self, node: Expression) -> tuple[str, int]:
        match node:
            case Number(text):
                return text, ATOM
            case Text(value):
                return python_text(value), ATOM
            case Date(value):
                return self._date(value), ATOM
            case Exact(operand):
                return self._exact(operand), ATOM
            case Boolean(value):
                return str(value), ATOM
            case Nothing():
                return "None", ATOM
            case Variable(name):
                return name, ATOM
            case Item(container, index):
                return f"{self.write(container, ATOM)}[{self.write(index)}]", ATOM
            case Negative(operand):
                return f"-{self.write(operand, SIGN)}", SIGN
            case Arithmetic(operator, left, right):
                own = LEVELS[operator]
                first, second = (own + 1, own) if operator == "**" else (own, own + 1)
                return f"{self.write(left, first)} {operator} {self.write(right, second)}", own
            case Derived(how, operands):
                return self._derived(how, operands)
            case Empty(operand):
                return f"len({self.write(operand)}) == 0", COMPARE
            case Not(Empty(operand)):
                return f"len({self.write(operand)}) > 0", COMPARE
            case _:
                return self._condition(node)

    def _condition(self, node: Expression) -> tuple[str, int]:
        match node:
            case Call(function, argument):
                return self._call(function, argument), ATOM
            case Part(part, operand):
                return self._part(part, operand), ATOM
            case Comparison(operator, left, right):
                sign = COMPARING.get(operator, operator)
                return f"{self.write(left, BIT)} {sign} {self.write(right, BIT)}", COMPARE
            case Between(operand, low, high):
                return f"{self.write(low, BIT)} <= {self.write(operand, BIT)} <= {self.write(high, BIT)}", COMPARE
            case Among(operand, options):
                return self._among(operand, "in", options), COMPARE
            case Missing(operand):
                return f"{self.write(operand, BIT)} is None", COMPARE
            case Matches(how, operand, pattern):
                return self._matches(how, operand, pattern)
            case Not(Missing(operand)):
                return f"{self.write(operand, BIT)} is not None", COMPARE
            case Not(Among(operand, options)):
                return self._among(operand, "not in", options), COMPARE
            case Not(operand):
                return f"not {self.write(operand, NOT)}", NOT
            case Junction(word, parts):
                own = AND if word == "and" else OR
                return f" {word} ".join(self.write(part, own + 1) for part in parts), own
        raise CannotWrite

    def _derived(self, how: str, operands: tuple[Expression, ...]) -> tuple[str, int]:
        form = FORMS[how]
        self.imports.update(filter(None, [form.imports]))
        written = [
            _Operand(self.write(operand), self.write(operand, SUM), self.write(operand, ATOM)) for operand in operands
        ]
        text = form.python.format(*written, arguments=", ".join(operand.whole for operand in written))
        return text, ATOM if form.is_atom else SUM

    def _date(self, value: datetime.date) -> str:
        self.imports.add("import datetime")
        parts = [value.year, value.month, value.day]
        if not isinstance(value, datetime.datetime):
            return f"datetime.date({', '.join(map(str, parts))})"
        parts += [value.hour, value.minute] + ([value.second] if value.second else [])
        return f"datetime.datetime({', '.join(map(str, parts))})"

    def _exact(self, operand: Number | Variable) -> str:
        self.imports.add("import decimal")
        if isinstance(operand, Number):
            return f"decimal.Decimal({python_text(operand.text)})"
        return f"decimal.Decimal(str({operand.name}))"

    def _part(self, part: str, operand: Expression) -> str:
        if part == "quarter":
            raise CannotWrite
        return f"{self.write(operand, ATOM)}.{part}"

    def _among(self, operand: Expression, sign: str, options: tuple[Expression, ...] | Variable) -> str:
        if isinstance(options, Variable):
            return f"{self.write(operand, BIT)} {sign} {options.name}"
        listed = ", ".join(self.write(option) for option in options) + ("," if len(options) == 1 else "")
        return f"{self.write(operand, BIT)} {sign} ({listed})"

    def _call(self, function: str, argument: Expression) -> str:
        if function in ("lower", "upper"):
            return f"{self.write(argument, ATOM)}.{function}()"
        return f"{'len' if function == 'length' else function}({self.write(argument)})"

    def _matches(self, how: str, operand: Expression, pattern: Expression) -> tuple[str, int]:
        if how == "contains":
            return f"{self.write(pattern, BIT)} in {self.write(operand, BIT)}", COMPARE
        if how in ("starts", "ends"):
            return f"{self.write(operand, ATOM)}.{how}with({self.write(pattern)})", ATOM
        raise CannotWrite
