"""Writes conditions and arithmetic over all rows of a data frame. As in SQL, a condition on NULL never holds."""

from __future__ import annotations

from aibasic_kernel.compiler.expressions.expression import (
    Among,
    Between,
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
    Part,
    Recent,
    Text,
    Variable,
)
from aibasic_kernel.compiler.expressions.parts import has_column
from aibasic_kernel.compiler.expressions.words import FLIPPED
from aibasic_kernel.compiler.expressions.writers import (
    ATOM,
    BIT,
    COMPARE,
    COMPARING,
    NOT,
    OR,
    PRODUCT,
    SIGN,
    CannotWrite,
    PythonWriter,
)
from aibasic_kernel.compiler.sql.text import python_text


class FrameWriter(PythonWriter):
    """Python over the data frame called `frame`."""

    def __init__(self, frame: str) -> None:
        super().__init__()
        self._frame = frame

    def condition(self, node: Expression) -> str:
        """The mask of the rows for which a condition holds. Raises CannotWrite for one that is about no column."""
        if not has_column(node):
            raise CannotWrite
        return self._truth(node)

    def _truth(self, node: Expression, level: int = OR) -> str:
        """A condition; a column of booleans that is one may hold NULL."""
        return f"{self.write(node, ATOM)}.eq(True)" if isinstance(node, Column) else self.write(node, level)

    def _write(self, node: Expression) -> tuple[str, int]:
        match node:
            case Column(name):
                return f"{self._frame}[{python_text(name)}]", ATOM
            case Day(column):
                return f"{self._times(column)}.dt.normalize()", ATOM
            case Negative(Column(_, "decimal") as column):  # pandas has no sign for what may be None
                return f"-1 * {self.write(column)}", PRODUCT
            case _:
                return super()._write(node)

    def _condition(self, node: Expression) -> tuple[str, int]:
        match node:
            case Comparison(operator, left, right):
                return self._compared(operator, left, right)
            case Between(operand, low, high):
                bounds = f"{self._side(low, operand, OR)}, {self._side(high, operand, OR)}"
                return f"{self._side(operand, low, ATOM)}.between({bounds})", ATOM
            case Among(operand, options):
                return self._among_rows(operand, options), ATOM
            case Recent(Day(column), days):
                return self._recent(column, days), ATOM
            case Missing(operand):
                return f"{self.write(operand, ATOM)}.isna()", ATOM
            case Not(operand):
                return self._denied(operand)
            case Junction(word, parts):
                return f" {'&' if word == 'and' else '|'} ".join(self._truth(part, SIGN) for part in parts), BIT
            case Call() | Part():
                return super()._condition(node)
            case Matches(how, operand, pattern):
                return self._matching(how, operand, pattern, missing=False), ATOM
        raise CannotWrite

    def _denied(self, node: Expression) -> tuple[str, int]:
        """The opposite of a condition, which does not hold for NULL either."""
        match node:
            case Comparison(operator, left, right):
                return self._write(Comparison(FLIPPED[operator], left, right))
            case Between(operand, low, high):
                outside = (Comparison("<", operand, low), Comparison(">", operand, high))
                return self._write(Junction("or", outside))
            case Among(operand, options):
                return f"~{self._among_rows(operand, options)} & {self.write(operand, ATOM)}.notna()", BIT
            case Recent(Day(column), days):
                return f"~{self._recent(column, days)} & {self.write(column)}.notna()", BIT
            case Missing(operand):
                return f"{self.write(operand, ATOM)}.notna()", ATOM
            case Matches(how, operand, pattern):
                return f"~{self._matching(how, operand, pattern, missing=True)}", SIGN
            case Not(operand):
                return self._write(operand)
            case Junction(word, parts):
                return self._write(Junction("or" if word == "and" else "and", tuple(Not(part) for part in parts)))
            case Column():
                return f"{self.write(node, ATOM)}.eq(False)", ATOM
        return f"not {self.write(node, NOT)}", NOT

    def _compared(self, operator: str, left: Expression, right: Expression) -> tuple[str, int]:
        first, second = self._side(left, right, BIT), self._side(right, left, BIT)
        compared = f"{first} {COMPARING.get(operator, operator)} {second}"
        columns = [side for side in (left, right) if has_column(side)]
        if operator != "<>" or not columns:
            return compared, COMPARE
        sides = [side.operand if isinstance(side, Day) else side for side in columns]
        return " & ".join([f"({compared})", *(f"{self.write(side, ATOM)}.notna()" for side in sides)]), BIT

    def _side(self, node: Expression, other: Expression, level: int) -> str:
        """One side of a comparison; times of any type are made comparable with dates in text."""
        if isinstance(node, Date) and isinstance(other, (Column, Day)):
            return python_text(str(node.value))
        if _is_time(other) and isinstance(node, Text):
            raise CannotWrite
        if _is_time(other) and isinstance(node, Variable):
            return f"str({node.name})"
        if _is_time(node) and isinstance(node, Column) and isinstance(other, (Date, Variable, Column)):
            return self._times(node)
        return self.write(node, level)

    def _times(self, column: Column) -> str:
        self.imports.add("import pandas as pd")
        return f"pd.to_datetime({self.write(column)})"

    def _recent(self, column: Column, days: int) -> str:
        day = f"{self._times(column)}.dt.tz_localize(None).dt.normalize()"
        today = "pd.Timestamp.today().normalize()"
        return f"{day}.between({today} - pd.Timedelta(days={days - 1}), {today})"

    def _among_rows(self, operand: Expression, options: tuple[Expression, ...] | Variable) -> str:
        listed = options.name if isinstance(options, Variable) else f"[{', '.join(map(self.write, options))}]"
        return f"{self.write(operand, ATOM)}.isin({listed})"

    def _part(self, part: str, operand: Expression) -> str:
        if not isinstance(operand, Column):
            return super()._part(part, operand)
        return f'{self._times(operand)}.dt.{part}.astype("Int64")'

    def _call(self, function: str, argument: Expression) -> str:
        if not isinstance(argument, Column):
            if has_column(argument) and function not in ("abs", "round"):
                raise CannotWrite
            return super()._call(function, argument)
        method = {"lower": "str.lower", "upper": "str.upper", "length": "str.len"}.get(function, function)
        return f"{self.write(argument, ATOM)}.{method}()"

    def _matching(self, how: str, operand: Expression, pattern: Expression, *, missing: bool) -> str:
        """Whether the text of each row matches; `missing` is what a missing text gives."""
        column = self.write(operand, ATOM)
        if how == "contains":
            return f"{column}.str.contains({self.write(pattern)}, regex=False, na={missing})"
        if how in ("starts", "ends"):
            return f"{column}.str.{how}with({self.write(pattern)}, na={missing})"
        raise CannotWrite


def _is_time(node: Expression) -> bool:
    return isinstance(node, Day) or (isinstance(node, Column) and node.kind == "time")
