"""What an expression in a sentence means: the one tree that is written as Python, over a data frame, or as SQL."""

from __future__ import annotations

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
class Boolean:
    """true or false."""

    value: bool


@dataclass(frozen=True)
class Nothing:
    """null or none."""


@dataclass(frozen=True)
class Column:
    """A column of the table or frame that the expression is about."""

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
class Missing:
    """`operand` is NULL."""

    operand: Expression


@dataclass(frozen=True)
class Empty:
    """`operand` has no length."""

    operand: Variable


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
    | Boolean
    | Nothing
    | Column
    | Variable
    | Item
    | Call
    | Negative
    | Arithmetic
    | Comparison
    | Between
    | Among
    | Missing
    | Empty
    | Matches
    | Not
    | Junction
)
CONDITIONS = (Comparison, Between, Among, Missing, Empty, Matches, Not, Junction, Boolean)
FUNCTIONS = {"abs": "abs", "round": "round", "lower": "lower", "upper": "upper", "length": "length", "len": "length"}
