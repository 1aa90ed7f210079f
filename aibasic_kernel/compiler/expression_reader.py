"""Reads conditions and arithmetic as people write them: `age is at least 18 and country = 'Italy'`, `price * 1.2`.

SQL's and Python's signs and English words mean the same. What is read is closed: every name is a column or a variable
that exists, text stands in quotes, and nothing is left over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aibasic_kernel.compiler.expression import (
    CONDITIONS,
    FUNCTIONS,
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
from aibasic_kernel.compiler.expression_words import COMPARING, FLIPPED, MATCHING, SIGNS
from aibasic_kernel.compiler.phrase_names import find_name, shapes
from aibasic_kernel.compiler.phrase_tokens import NUMBER_WORDS, Piece, Token
from aibasic_kernel.compiler.scope import Scope

_DEEPEST = 40
_LEADING_ZEROS = re.compile(r"^0+(?=[0-9])")


class _NotClosed(Exception):
    """The text is no expression, or names something that does not exist."""


@dataclass(frozen=True)
class Names:
    """What an expression may refer to: columns (kind by name), which come first, and the variables of a scope."""

    scope: Scope
    columns: Mapping[str, str]

    def column(self, word: str, exactly: bool = False) -> Column | None:
        """The column of that name; in any case of letters where only one fits."""
        if word in self.columns:
            return Column(word, self.columns[word])
        fitting = [name for name in self.columns if name.lower() == word.lower()]
        return Column(fitting[0], self.columns[fitting[0]]) if len(fitting) == 1 and not exactly else None


def read_condition(piece: Piece, names: Names) -> Expression | None:
    """The condition that all of `piece` says, or None where it is not closed."""
    return _read(piece, names, lambda reader: reader.truth(reader.disjunction()))


def read_value(piece: Piece, names: Names) -> Expression | None:
    """The literal, name or arithmetic that all of `piece` says, or None where it is not closed."""
    return _read(piece, names, lambda reader: reader.plain(reader.sum()))


def _read(piece: Piece, names: Names, rule: Callable[[_Reader], Expression]) -> Expression | None:
    reader = _Reader(piece.tokens, names)
    try:
        expression = rule(reader)
    except _NotClosed:
        return None
    return expression if reader.at == len(piece.tokens) else None


class _Reader:
    """Recursive descent: one method a level of precedence, from `or` down to a name."""

    def __init__(self, tokens: tuple[Token, ...], names: Names) -> None:
        self.tokens = tokens
        self.names = names
        self.at = 0
        self._depth = 0

    def disjunction(self) -> Expression:
        return self._junction("or", self._conjunction)

    def _conjunction(self) -> Expression:
        return self._junction("and", self._negation)

    def _junction(self, word: str, rule: Callable[[], Expression]) -> Expression:
        parts = [rule()]
        while self._take(word):
            parts.append(rule())
        if len(parts) == 1:
            return parts[0]
        return Junction(word, tuple(self.truth(part) for part in parts))

    def _negation(self) -> Expression:
        if self._take("not"):
            self._deeper()
            operand = self.truth(self._negation())
            self._depth -= 1
            return Not(operand)
        return self._comparison()

    def _comparison(self) -> Expression:
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

    def _verb(self) -> tuple[bool, bool]:
        """Whether a form of "to be" stands here, and whether the comparison is denied."""
        if self._take("isn't") or self._take("aren't"):
            return True, True
        if self._take("doesn't"):
            return False, True
        copula = any(self._take(word) for word in ("is", "are", "was", "were"))
        if not copula:
            self._take("does")
        return copula, self._take("not")

    def _test(self, left: Expression, copula: bool) -> Expression | None:
        if copula and self._take("missing"):
            return Missing(left)
        if copula and self._take("empty"):
            return self._empty(left)
        if self._take("between"):
            low = self.plain(self.sum())
            self._expect("and")
            return Between(left, low, self.plain(self.sum()))
        if (copula and self._take("one", "of")) or self._take("in"):
            return Among(left, self._options())
        for words, how in MATCHING.items():
            if self._take(*words):
                return Matches(how, left, self.plain(self.sum()))
        operator = self._operator()
        return None if operator is None else self._compare(operator, left)

    def _compare(self, operator: str, left: Expression) -> Expression:
        right = self.plain(self.sum())
        if not isinstance(right, (Boolean, Nothing)):
            return Comparison(operator, left, right)
        if operator not in ("=", "<>"):
            raise _NotClosed
        if isinstance(right, Nothing):
            return Missing(left) if operator == "=" else Not(Missing(left))
        return self.truth(left) if (operator == "=") == right.value else Not(self.truth(left))

    def _operator(self) -> str | None:
        for words, operator in COMPARING:
            if self._take(*words):
                return operator
        if self.at < len(self.tokens) and self.tokens[self.at].text in SIGNS:
            self.at += 1
            return SIGNS[self.tokens[self.at - 1].text]
        return None

    def _empty(self, left: Expression) -> Expression:
        if isinstance(left, Variable) and "sized" in shapes(self.names.scope.names.get(left.name)):
            return Empty(left)
        raise _NotClosed

    def _options(self) -> tuple[Expression, ...] | Variable:
        if not self._take("("):
            options = self._name()
            if isinstance(options, Variable) and "collection" in shapes(self.names.scope.names.get(options.name)):
                return options
            raise _NotClosed
        found = [self.plain(self.sum())]
        while self._take(",") or self._take("or"):
            found.append(self.plain(self.sum()))
        self._expect(")")
        return tuple(found)

    def sum(self) -> Expression:
        left = self._product()
        while True:
            if self._take("+") or self._take("plus"):
                left = self._arithmetic("+", left, self._product())
            elif self._take("-") or self._take("minus"):
                left = self._arithmetic("-", left, self._product())
            else:
                return left

    def _product(self) -> Expression:
        left = self._signed()
        while True:
            if self._take("*") or self._take("times") or self._take("multiplied", "by"):
                left = self._arithmetic("*", left, self._signed())
            elif self._take("/") or self._take("divided", "by"):
                left = self._arithmetic("/", left, self._signed())
            elif self._take("//"):
                left = self._arithmetic("//", left, self._signed())
            elif self._take("%") or self._take("mod") or self._take("modulo"):
                left = self._arithmetic("%", left, self._signed())
            else:
                return left

    def _signed(self) -> Expression:
        if self._take("-") or self._take("minus"):
            self._deeper()
            operand = self.plain(self._signed())
            self._depth -= 1
            return Negative(operand)
        base = self._primary()
        if self._take("**"):
            self._deeper()
            exponent = self._signed()
            self._depth -= 1
            return self._arithmetic("**", base, exponent)
        return base

    def _primary(self) -> Expression:
        if self._take("("):
            self._deeper()
            inner = self.disjunction()
            self._depth -= 1
            self._expect(")")
            return inner
        token = self._next()
        if token.kind == "number":
            return Number(_LEADING_ZEROS.sub("", token.text))
        if token.kind == "text":
            return self.names.column(token.unquoted, exactly=True) or Text(token.unquoted)
        if token.kind != "word":
            raise _NotClosed
        self.at -= 1
        return self._call() or self._literal_word() or self._name()

    def _call(self) -> Expression | None:
        token = self.tokens[self.at]
        function = FUNCTIONS.get(token.lower)
        if function is None or self.at + 1 >= len(self.tokens) or self.tokens[self.at + 1].text != "(":
            return None
        self.at += 2
        self._deeper()
        argument = self.plain(self.sum())
        self._depth -= 1
        self._expect(")")
        return Call(function, argument)

    def _literal_word(self) -> Expression | None:
        token = self.tokens[self.at]
        if token.text in self.names.scope.names or self.names.column(token.text):
            return None
        literal: Expression | None = None
        if token.lower in ("true", "false"):
            literal = Boolean(token.lower == "true")
        elif token.lower in ("null", "none"):
            literal = Nothing()
        elif token.lower in NUMBER_WORDS:
            literal = Number(NUMBER_WORDS[token.lower])
        if literal is not None:
            self.at += 1
        return literal

    def _name(self) -> Expression:
        token = self._next()
        column = self.names.column(token.text) if token.kind == "word" else None
        if column is not None:
            return column
        article = token.lower == "the" and self.at < len(self.tokens)
        name = find_name((token.text, self._next().text) if article else (token.text,), (), self.names.scope)
        if name is None:
            raise _NotClosed
        found: Expression = Variable(name)
        while self._touches() and self._take("["):
            self._deeper()
            found = Item(found, self.plain(self.sum()))
            self._depth -= 1
            self._expect("]")
        return found

    def _touches(self) -> bool:
        return 0 < self.at < len(self.tokens) and self.tokens[self.at - 1].end == self.tokens[self.at].start

    def _arithmetic(self, operator: str, left: Expression, right: Expression) -> Expression:
        return Arithmetic(operator, self.plain(left), self.plain(right))

    def plain(self, expression: Expression) -> Expression:
        """The expression, which must not be a comparison or a junction."""
        if isinstance(expression, CONDITIONS) and not isinstance(expression, Boolean):
            raise _NotClosed
        return expression

    def truth(self, expression: Expression) -> Expression:
        """The expression, which must be a condition or hold a truth value."""
        if isinstance(expression, CONDITIONS):
            return expression
        if isinstance(expression, Column) and expression.kind == "boolean":
            return expression
        if isinstance(expression, Variable) and "boolean" in shapes(self.names.scope.names.get(expression.name)):
            return expression
        raise _NotClosed

    def _take(self, *words: str) -> bool:
        following = self.tokens[self.at : self.at + len(words)]
        if tuple(token.lower for token in following) != words or any(token.kind == "text" for token in following):
            return False
        self.at += len(words)
        return True

    def _expect(self, word: str) -> None:
        if not self._take(word):
            raise _NotClosed

    def _next(self) -> Token:
        if self.at == len(self.tokens):
            raise _NotClosed
        self.at += 1
        return self.tokens[self.at - 1]

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _NotClosed


def _deny(condition: Expression) -> Expression:
    if isinstance(condition, Comparison):
        return Comparison(FLIPPED[condition.operator], condition.left, condition.right)
    return Not(condition)
