"""What an expression in a sentence means: the one tree that is written as Python, over a data frame, or as SQL."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True)
class Number:
    """A number, as written."""

    text: str


@dataclass(frozen=True)
class Text:
    """Text in quotes: what stands between them."""

    value: str


@dataclass(frozen=True)
class Date:
    """A day, or a point of time on one."""

    value: datetime.date | datetime.datetime


@dataclass(frozen=True)
class Exact:
    """A number, or a variable of one, as a decimal.Decimal."""

    operand: Number | Variable


@dataclass(frozen=True)
class Boolean:
    """true or false."""

    value: bool


@dataclass(frozen=True)
class Nothing:
    """null or none."""


@dataclass(frozen=True)
class Column:
    """A column of the table or frame that the expression is about. `kind` may be finer than a column's in the schema:
    a table's `date`; a frame's `decimal`, `float`, `zoned` (times of several zones) and `duration`.
    """

    name: str
    kind: str


@dataclass(frozen=True)
class Variable:
    """A Python variable."""

    name: str


@dataclass(frozen=True)
class Item:
    """`container[index]`."""

    container: Expression
    index: Expression


@dataclass(frozen=True)
class Derived:
    """What plain Python makes of some values; `how` is a key of `derived_forms.FORMS`."""

    how: str
    operands: tuple[Expression, ...]


@dataclass(frozen=True)
class Day:
    """The day on which the times of a column are."""

    operand: Column


@dataclass(frozen=True)
class Part:
    """One of `PARTS` of a time, as a number."""

    part: str
    operand: Expression


@dataclass(frozen=True)
class Call:
    """One of `FUNCTIONS`, of one argument."""

    function: str
    argument: Expression


@dataclass(frozen=True)
class Negative:
    """`-operand`."""

    operand: Expression


@dataclass(frozen=True)
class Arithmetic:
    """`operator` is one of + - * / // % **."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Comparison:
    """`operator` is one of = <> < <= > >=."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Between:
    """`operand` is within `low` and `high`, both included."""

    operand: Expression
    low: Expression
    high: Expression


@dataclass(frozen=True)
class Among:
    """`operand` is one of `options`; a single variable holds them all."""

    operand: Expression
    options: tuple[Expression, ...] | Variable


@dataclass(frozen=True)
class Recent:
    """The operand is on one of the last days, today being the last of them."""

    operand: Day
    days: int


@dataclass(frozen=True)
class Missing:
    """`operand` is NULL."""

    operand: Expression


@dataclass(frozen=True)
class Empty:
    """The length of `operand` is 0."""

    operand: Expression


@dataclass(frozen=True)
class Matches:
    """`how` is contains, starts, ends, like or ilike."""

    how: str
    operand: Expression
    pattern: Expression


@dataclass(frozen=True)
class Not:
    """The operand does not hold."""

    operand: Expression


@dataclass(frozen=True)
class Junction:
    """All (`and`) or some (`or`) of the parts hold."""

    word: str
    parts: tuple[Expression, ...]


Expression = (
    Number
    | Text
    | Date
    | Exact
    | Boolean
    | Nothing
    | Column
    | Variable
    | Item
    | Derived
    | Day
    | Part
    | Call
    | Negative
    | Arithmetic
    | Comparison
    | Between
    | Among
    | Recent
    | Missing
    | Empty
    | Matches
    | Not
    | Junction
)
CONDITIONS = (Comparison, Between, Among, Recent, Missing, Empty, Matches, Not, Junction, Boolean)
FUNCTIONS = {"abs": "abs", "round": "round", "lower": "lower", "upper": "upper", "length": "length", "len": "length"}
PARTS = ("year", "quarter", "month", "day", "hour", "minute")
