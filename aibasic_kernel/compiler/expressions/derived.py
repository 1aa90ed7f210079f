"""Reads what is derived from a value: `the length of names`, `item 3 of names`, `the first 2 letters of title`.

Python alone has these, neither SQL nor a condition over the rows of a data frame. Positions count from 1.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping

from aibasic_kernel.compiler.expressions.expression import (
    Arithmetic,
    Call,
    Derived,
    Expression,
    Item,
    Negative,
    Number,
    Text,
    Variable,
)
from aibasic_kernel.compiler.expressions.token_reader import NotClosed, TokenReader
from aibasic_kernel.compiler.phrasing.names import find_name, shapes

_IN_ORDER = ("list", "rows", "records", "collection", "text")
_SIZED = ("sized",)
_OPERATORS = frozenset({"and", "by", "divided", "is", "minus", "mod", "modulo", "multiplied", "or", "plus", "times"})
_FUNCTIONS = frozenset({"float", "int", "max", "min", "sorted", "str", "sum"})
_PARTS = dict.fromkeys(("character", "letter", "item", "element", "row", "message"), "")
_PARTS |= {"word": "words", "line": "lines", "key": "keys", "value": "values"}
"""What something consists of, and how that is taken out of it; "" where it is there by its position."""
_SUMS = {"sum": "sum", "total": "sum", "average": "average", "mean": "average"}
_SUMS |= dict.fromkeys(("minimum", "smallest", "lowest"), "min")
_SUMS |= dict.fromkeys(("maximum", "largest", "highest", "biggest"), "max")
_OF_COLUMNS = {"smallest": "lowest", "largest": "highest", "biggest": "highest"}
"""What the phrases over a data frame's columns call it."""
_CHANGES = {"uppercase": "upper", "lowercase": "lower"}
_OPERANDS: dict[str, tuple[str, ...]] = {"": _IN_ORDER}
_OPERANDS |= dict.fromkeys(("words", "lines", "characters"), ("text",))
_OPERANDS |= dict.fromkeys(("keys", "values"), ("mapping",))


def without_column(name: str, word: str = "total") -> tuple[str, str]:
    """Why rows have no sum, and what has one."""
    word = _OF_COLUMNS.get(word, word)
    return (
        f"{name} holds rows: which column is meant?",
        f"write: convert {name} to dataframe into table, then: {word} COLUMN of table, with the column's name",
    )


def position(number: Expression) -> Expression:
    """The index in Python of the place that a number says, from 1 on. Raises NotClosed for one before the first."""
    if isinstance(number, Negative) or (isinstance(number, Number) and not number.text.strip("0")):
        raise NotClosed
    if isinstance(number, Number) and number.text.isdigit():
        return Number(str(int(number.text) - 1))
    if isinstance(number, Arithmetic) and number.operator == "+" and number.right == Number("1"):
        return number.left
    return Arithmetic("-", number, Number("1"))


class DerivedReader(TokenReader, ABC):
    """Reads one derived value; the values in it are read by who inherits."""

    @abstractmethod
    def sum(self) -> Expression:
        """Terms, added and subtracted."""

    @abstractmethod
    def primary(self) -> Expression:
        """One value."""

    @abstractmethod
    def name(self) -> Expression:
        """A variable, with or without an index."""

    def derived(self) -> Expression | None:
        """What the next words derive from a value; None where they derive nothing, and then nothing is read."""
        if self.names.columns or not self._may_begin():
            return None
        begin = self.mark()
        for rule in (self._field, self._by_first_word):
            try:
                self.deeper()
                found = rule()
            except NotClosed:
                self.go_back(begin)
            else:
                self._depth = begin[1]
                return found
        return None

    def _may_begin(self) -> bool:
        """Whether words follow that could say more: behind a sign or another operator a name stands alone."""
        at = self.at + (self.tokens[self.at].lower == "the")
        following = self.tokens[at + 1 : at + 2]
        if not following or following[0].lower in _OPERATORS:
            return False
        return following[0].kind in ("word", "number", "text") or following[0].text == "("

    def _field(self) -> Expression:
        """`price of row`, where the row is a dictionary that has it."""
        self.take("the")
        key = self.next()
        self.expect("of")
        owner = self.name()
        held = self.names.scope.names.get(owner.name) if isinstance(owner, Variable) else None
        name = key.unquoted if key.kind == "text" else key.text
        if not isinstance(held, Mapping) or name not in held:
            raise NotClosed
        return Item(owner, Text(name))

    def _by_first_word(self) -> Expression:
        if self.tokens[self.at].text in _FUNCTIONS and self.tokens[self.at + 1].text == "(":
            return self._function(self.next().text)
        self.take("the")
        word = self.next().lower
        if word in _SUMS:
            return Derived(_SUMS[word], (self._values(word),))
        if word in _CHANGES:
            return Call(_CHANGES[word], self._of("text"))
        if word in _PARTS:
            return self._item(_PARTS[word], position(self._number()))
        if (part := _PARTS.get(word.removesuffix("s"))) is not None:
            return self._parts(word, part)
        rule = _RULES.get(word)
        if rule is None:
            raise NotClosed
        return rule(self)

    # Positions -------------------------------------------------------------------------------------------------------

    def _item(self, part: str, index: Expression) -> Expression:
        """`item 3 of names`, `word 2 of line`, behind the number."""
        return Item(self._cut(part), index)

    def _first(self) -> Expression:
        if (part := self._singular()) is not None:
            return self._item(part, Number("0"))
        count = self._number()
        return Derived("head", (self._several(), count))

    def _last(self) -> Expression:
        if (part := self._singular()) is not None:
            return self._item(part, Negative(Number("1")))
        count = self._number()
        return Derived("tail" if isinstance(count, Number) else "end", (self._several(), count))

    def _singular(self) -> str | None:
        """The part that the next word names in the singular, if it does."""
        part = _PARTS.get(self.tokens[self.at].lower) if self.at < len(self.tokens) else None
        if part is not None:
            self.at += 1
        return part

    def _several(self) -> Expression:
        """`letters of title`, behind how many."""
        return self._cut(_PARTS.get(self.next().lower.removesuffix("s"), "none"))

    def _parts(self, word: str, part: str) -> Expression:
        """`words of line`, or `characters 2 to 4 of title`, behind the first word."""
        if self.at < len(self.tokens) and self.tokens[self.at].lower == "of":
            return self._cut(part or ("characters" if word in ("characters", "letters") else "none"))
        first = position(self._number())
        self.expect("to")
        last = self._number()
        return Derived("slice", (self._cut(part), first, last))

    def _cut(self, part: str) -> Expression:
        """What stands behind `of`, cut into such parts."""
        if part not in _OPERANDS:
            raise NotClosed
        operand = self._of(*_OPERANDS[part])
        return Derived(part, (operand,)) if part else operand

    # Measures --------------------------------------------------------------------------------------------------------

    def _length(self) -> Expression:
        return Derived("length", (self._of(*_SIZED),))

    def _count(self) -> Expression:
        """`number of words in line`, `number of rows`, `number of names`, behind the first word."""
        self.expect("of")
        word = self.next()
        part = _PARTS.get(word.lower.removesuffix("s"))
        if part is None or self.at == len(self.tokens) or self.tokens[self.at].lower not in ("in", "of"):
            return Derived("length", (self.sized(word.text),))
        self.at += 1
        operand = self._operand(*(_OPERANDS[part] if part else _SIZED))
        return Derived("length", (Derived(part, (operand,)) if part else operand,))

    def sized(self, word: str) -> Variable:
        """The variable with a length that a word names or, as a noun, stands for."""
        wanted = ("frame", "rows", "records", "list", "collection", "mapping", "text")
        name = find_name((word,), wanted, self.names.scope)
        if name is None:
            raise NotClosed
        return Variable(name)

    def _position(self) -> Expression:
        """`position of "a" in title`, behind the first word: 0 where a text has it not."""
        self.expect("of")
        wanted = self.plain(self.sum())
        self.expect("in")
        whole = self._operand("text", "list", "records")
        return Derived("find" if self._shapes(whole) & {"text"} else "index", (whole, wanted))

    def _reverse(self) -> Expression:
        return Derived("reverse", (self._of("text", "list", "records", "rows"),))

    def _square(self) -> Expression:
        self.expect("root")
        return Derived("square root", (self._of("number"),))

    def _random(self) -> Expression:
        """`random number from 1 to 6`, `random number between 1 and 6`, behind the first word."""
        self.expect("number")
        ending = "to" if self.take("from") else "and"
        if ending == "and":
            self.expect("between")
        low = self._number()
        self.expect(ending)
        return Derived("random", (low, self._number()))

    def _a(self) -> Expression:
        self.expect("random")
        return self._random()

    # Operands --------------------------------------------------------------------------------------------------------

    def _function(self, name: str) -> Expression:
        """`int(answer)`, `max(a, b)`, behind the name."""
        if name in self.names.scope.names:
            raise NotClosed
        self.expect("(")
        arguments = [self._number()]
        while self.take(","):
            arguments.append(self._number())
        self.expect(")")
        return Derived(name, tuple(arguments))

    def _number(self) -> Expression:
        return self.plain(self.sum())

    def _of(self, *wanted: str) -> Expression:
        self.expect("of")
        return self._operand(*wanted)

    def _values(self, word: str) -> Expression:
        """What stands behind `sum of`: no rows, of which one would have to know the column."""
        operand = self._of("collection")
        if isinstance(operand, Variable) and not self._shapes(operand).isdisjoint(("rows", "records")):
            raise self.refuse(operand.name, *without_column(operand.name, word))
        return operand

    def _operand(self, *wanted: str) -> Expression:
        """A value that may have one of the shapes, as far as one can tell without running anything."""
        operand = self.plain(self.primary())
        if isinstance(operand, Variable):
            if self._shapes(operand).isdisjoint(wanted):
                raise NotClosed
        elif not isinstance(operand, (Item, Derived, Text, Call)) and "number" not in wanted:
            raise NotClosed
        return operand

    def _shapes(self, operand: Expression) -> frozenset[str]:
        return shapes(self.names.scope.names.get(operand.name)) if isinstance(operand, Variable) else frozenset()


_RULES: dict[str, Callable[[DerivedReader], Expression]] = {
    "first": DerivedReader._first,
    "last": DerivedReader._last,
    "length": DerivedReader._length,
    "len": DerivedReader._length,
    "size": DerivedReader._length,
    "count": DerivedReader._length,
    "number": DerivedReader._count,
    "position": DerivedReader._position,
    "reverse": DerivedReader._reverse,
    "square": DerivedReader._square,
    "random": DerivedReader._random,
    "a": DerivedReader._a,
}
