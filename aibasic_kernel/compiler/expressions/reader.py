"""Reads conditions and arithmetic as people write them: `age is at least 18 and country = 'Italy'`, `price * 1.2`.

SQL's and Python's signs and English words mean the same. What is read is closed: every name is a column or a variable
that exists, text stands in quotes, and nothing is left over.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from aibasic_kernel.compiler.expressions.dates import against_a_date, dated, days_in
from aibasic_kernel.compiler.expressions.expression import (
    CONDITIONS,
    Among,
    Arithmetic,
    Between,
    Boolean,
    Column,
    Comparison,
    Day,
    Derived,
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
    Recent,
    Text,
    Variable,
)
from aibasic_kernel.compiler.expressions.token_reader import Names as Names
from aibasic_kernel.compiler.expressions.token_reader import NotClosed
from aibasic_kernel.compiler.expressions.values import ValueReader
from aibasic_kernel.compiler.expressions.words import COMPARING, FLIPPED, MATCHING, SIGNS
from aibasic_kernel.compiler.phrasing.names import shapes
from aibasic_kernel.compiler.phrasing.tokens import Piece

_Thing = TypeVar("_Thing")
_COPULAS = ("is", "are", "was", "were")


def read_condition(piece: Piece, names: Names) -> Expression | None:
    """The condition that all of `piece` says, or None where it is not closed."""
    return _read(piece, names, lambda reader: reader.truth(reader.disjunction()))


def read_value(piece: Piece, names: Names) -> Expression | None:
    """The literal, name or arithmetic that all of `piece` says, or None where it is not closed."""
    return _read(piece, names, lambda reader: reader.plain(reader.sum()))


def refusal_of(piece: Piece, names: Names) -> tuple[str, str, str] | None:
    """Why a condition or value that can be read makes no sense: the word that it is about, why, and what to write."""
    reader = _Reader(piece.tokens, names)
    with suppress(NotClosed):
        reader.disjunction()
    return reader.refusal


def _read(piece: Piece, names: Names, rule: Callable[[_Reader], Expression]) -> Expression | None:
    reader = _Reader(piece.tokens, names)
    try:
        expression = rule(reader)
    except NotClosed:
        return None
    return expression if reader.at == len(piece.tokens) else None


class _Reader(ValueReader):
    """Goes on from `or` down to a comparison of two values."""

    def disjunction(self) -> Expression:
        return self._junction("or", self._conjunction)

    def _conjunction(self) -> Expression:
        return self._junction("and", self._negation)

    def _junction(self, word: str, rule: Callable[[], Expression]) -> Expression:
        parts = [rule()]
        while self.take(word):
            parts.append(rule())
        if len(parts) == 1:
            return parts[0]
        return Junction(word, tuple(self.truth(part) for part in parts))

    def _negation(self) -> Expression:
        if self.take("not"):
            self.deeper()
            operand = self.truth(self._negation())
            self._depth -= 1
            return Not(operand)
        return self._comparison()

    def _comparison(self) -> Expression:
        if not self.names.columns and (found := self._existence()) is not None:
            return found
        left = self.sum()
        if isinstance(left, CONDITIONS) and not isinstance(left, Boolean):
            return left
        begin = self.at
        copula, denied = self._verb()
        found = self._test(left, copula)
        if found is None and copula:
            found = self._compare("=", left)
        if found is None:
            self.at = begin
            return left
        return _deny(found) if denied else found

    def _existence(self) -> Expression | None:
        """`there are rows`, `there are no messages`, `there are more than 5 items in names`."""
        begin = self.mark()
        if not self.take("there") or not any(self.take(word) for word in _COPULAS):
            self.go_back(begin)
            return None
        denied = self.take("not") or self.take("no")
        if not denied:
            any(self.take(word) for word in ("any", "some", "a", "an", "still"))
        operator = self._operator()
        least = self.plain(self.sum()) if operator is not None else None
        self.take("more")
        held = self._what_exists()
        if operator is not None and least is not None:
            found: Expression = Comparison(operator, Derived("length", (held,)), least)
        elif isinstance(held, Variable) and "sized" not in shapes(self.names.scope.names.get(held.name)):
            found = Not(Missing(held))
        else:
            found = Not(Empty(held))
        return _deny(found) if denied else found

    def _what_exists(self) -> Expression:
        """`rows`, `message`, `items in names`, `items left in queue`."""
        noun = self.next().text
        self.take("left")
        if self.take("in") or self.take("of"):
            return self.plain(self.primary())
        return Variable(noun) if noun in self.names.scope.names else self.sized(noun)

    def _verb(self) -> tuple[bool, bool]:
        """Whether a form of "to be" stands here, and whether the comparison is denied."""
        if self.take("isn't") or self.take("aren't"):
            return True, True
        if self.take("doesn't"):
            return False, True
        copula = any(self.take(word) for word in _COPULAS)
        if not copula:
            self.take("does")
        return copula, self.take("not")

    def _test(self, left: Expression, copula: bool) -> Expression | None:
        if copula and self.take("missing"):
            return Missing(left)
        if copula and self.take("empty"):
            return self._empty(left)
        if not self.names.columns and (found := self._quality(left, copula)) is not None:
            return found
        if self.take("between"):
            low = self.plain(self.sum())
            self.expect("and")
            high = self.plain(self.sum())
            self._number_of(left, low, ">=")
            return _between(left, low, high)
        if self.take("in", "the", "last") or self.take("within", "the", "last"):
            return self._recent(left)
        if (copula and self.take("one", "of")) or self.take("in"):
            return self._one_of(left, self._options())
        for words, how in MATCHING.items():
            if self.take(*words):
                return Matches(how, left, self._against(left))
        operator = self._operator()
        return None if operator is None else self._compare(operator, left)

    def _quality(self, left: Expression, copula: bool) -> Expression | None:
        """`is even`, `is divisible by 3`, `exists in prices`: of single values only."""
        if self.take("exists", "in") or self.take("occurs", "in"):
            return _among(left, self._options())
        if self.take("has"):
            self.take("key")
            return Matches("contains", left, self.plain(self.sum()))
        if not copula:
            return None
        if self.take("divisible", "by") or self.take("a", "multiple", "of"):
            return _remainder(left, self.plain(self.sum()), "=")
        if self.take("even") or self.take("odd"):
            odd = self.tokens[self.at - 1].lower == "odd"
            return _remainder(left, Number("2"), "<>" if odd else "=")
        for word, operator in (("positive", ">"), ("negative", "<"), ("zero", "=")):
            if self.take(word):
                return Comparison(operator, left, Number("0"))
        if self.take("a", "number") or self.take("numeric"):
            return self._digits(left)
        return None

    def _digits(self, left: Expression) -> Expression:
        """Whether a text is a whole number."""
        if isinstance(left, Variable) and "text" not in shapes(self.names.scope.names.get(left.name)):
            raise NotClosed
        return Derived("is digits", (left,))

    def _compare(self, operator: str, left: Expression) -> Expression:
        right = self._against(left)
        for text, number in ((left, right), (right, left)):
            if (said := self._number_of(text, number, operator)) is not None:
                return Comparison(operator, Derived("strip", (text,)), Text(said))
        if not isinstance(right, (Boolean, Nothing)):
            return _meant(against_a_date(operator, left, right))
        if operator not in ("=", "<>"):
            raise NotClosed
        if isinstance(right, Nothing):
            return Missing(left) if operator == "=" else Not(Missing(left))
        return self.truth(left) if (operator == "=") == right.value else Not(self.truth(left))

    def _one_of(self, left: Expression, options: tuple[Expression, ...] | Variable) -> Expression:
        numbers = [] if isinstance(options, Variable) else [self._number_of(left, each, "=") for each in options]
        if not numbers or None in numbers:
            return _among(left, options)
        return Among(Derived("strip", (left,)), tuple(Text(number) for number in numbers if number is not None))

    def _number_of(self, left: Expression, right: Expression, operator: str) -> str | None:
        """The number that a variable of text is compared with, as text; None for all else.

        Raises NotClosed where one is to be greater than the other.
        """
        negative = isinstance(right, Negative)
        number = right.operand if isinstance(right, Negative) else right
        if self.names.columns or not isinstance(left, Variable) or not isinstance(number, Number):
            return None
        if "text" not in shapes(self.names.scope.names.get(left.name)):
            return None
        if operator not in ("=", "<>"):
            raise self.refuse(
                left.name,
                f"{left.name} is text, not a number",
                f'to read it as a number, write: input "..." into {left.name} as a number',
            )
        return f"-{number.text}" if negative else number.text

    def _against(self, left: Expression) -> Expression:
        """The other side of a comparison: `name = name` compares the column with the variable, never with itself."""
        begin = self.at
        right = self.plain(self.sum())
        return self.other_than(left, self.tokens[begin]) if right == left else right

    def _recent(self, operand: Expression) -> Expression:
        """What stands behind `in the last`: `30 days`, `week`."""
        count = self.next()
        several = count.kind == "number"
        days = days_in(count.text, self.next().lower) if several else days_in("1", count.lower)
        if days is None or not isinstance(operand, Column) or operand.kind not in ("time", "date"):
            raise NotClosed
        return Recent(Day(operand), days)

    def _operator(self) -> str | None:
        for words, operator in COMPARING:
            if self.take(*words):
                return operator
        if self.at < len(self.tokens) and self.tokens[self.at].text in SIGNS:
            self.at += 1
            return SIGNS[self.tokens[self.at - 1].text]
        return None

    def _empty(self, left: Expression) -> Expression:
        if isinstance(left, Variable):
            value = self.names.scope.names.get(left.name)
            if "sized" not in shapes(value) and value is not None:
                raise NotClosed
            return Missing(left) if value is None else Empty(left)
        if isinstance(left, (Item, Derived)):
            return Empty(left)
        raise NotClosed

    def _options(self) -> tuple[Expression, ...] | Variable:
        if not self.take("("):
            options = self.name()
            held = ("collection",) if self.names.columns else ("collection", "mapping", "text")
            if isinstance(options, Variable) and shapes(self.names.scope.names.get(options.name)).intersection(held):
                return options
            raise NotClosed
        found = [self.plain(self.sum())]
        while self.take(",") or self.take("or"):
            found.append(self.plain(self.sum()))
        self.expect(")")
        return tuple(found)


def _between(operand: Expression, low: Expression, high: Expression) -> Expression:
    operand, (low, high) = _meant(dated(operand, (low, high)))
    return Between(operand, low, high)


def _among(operand: Expression, options: tuple[Expression, ...] | Variable) -> Expression:
    if isinstance(options, Variable):
        return Among(operand, options)
    operand, options = _meant(dated(operand, options))
    if not isinstance(operand, Day):
        return Among(operand, options)
    return Junction("or", tuple(Comparison("=", operand, option) for option in options))


def _remainder(operand: Expression, divisor: Expression, operator: str) -> Expression:
    return Comparison(operator, Arithmetic("%", operand, divisor), Number("0"))


def _meant(found: _Thing | None) -> _Thing:
    if found is None:
        raise NotClosed
    return found


def _deny(condition: Expression) -> Expression:
    if isinstance(condition, Not):
        return condition.operand
    if isinstance(condition, Comparison):
        return Comparison(FLIPPED[condition.operator], condition.left, condition.right)
    return Not(condition)
