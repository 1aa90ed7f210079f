"""Reads values: literals, names, arithmetic and calls. What is read is closed: every name is one that exists."""

from __future__ import annotations

import datetime
import re
from abc import abstractmethod

from aibasic_kernel.compiler.expressions.dates import read_date
from aibasic_kernel.compiler.expressions.derived import DerivedReader
from aibasic_kernel.compiler.expressions.derived_forms import FORMS
from aibasic_kernel.compiler.expressions.expression import (
    CONDITIONS,
    FUNCTIONS,
    PARTS,
    Arithmetic,
    Boolean,
    Call,
    Column,
    Date,
    Derived,
    Expression,
    Item,
    Negative,
    Nothing,
    Number,
    Part,
    Text,
    Variable,
)
from aibasic_kernel.compiler.expressions.token_reader import NotClosed
from aibasic_kernel.compiler.kinds import kind_of_first
from aibasic_kernel.compiler.phrasing.names import find_name, shapes
from aibasic_kernel.compiler.phrasing.tokens import NUMBER_WORDS, Token

_LEADING_ZEROS = re.compile(r"^0+(?=[0-9])")


class ValueReader(DerivedReader):
    """Recursive descent from a sum down to a name: one method a level of precedence."""

    @abstractmethod
    def disjunction(self) -> Expression:
        """What may stand in brackets."""

    def sum(self) -> Expression:
        """Terms, added and subtracted."""
        left = self._product()
        while True:
            if self.take("+") or self.take("plus"):
                left = self._added(left, self._product())
            elif self.take("&"):
                left = self._joined(left, self._product())
            elif self.take("-") or self.take("minus"):
                left = self._arithmetic("-", left, self._product())
            else:
                return left

    def _product(self) -> Expression:
        left = self._signed()
        while True:
            if self.take("*") or self.take("times") or self.take("multiplied", "by"):
                left = self._arithmetic("*", left, self._signed())
            elif self.take("/") or self.take("divided", "by"):
                left = self._arithmetic("/", left, self._signed())
            elif self.take("//"):
                left = self._arithmetic("//", left, self._signed())
            elif self.take("%") or self.take("mod") or self.take("modulo"):
                left = self._arithmetic("%", left, self._signed())
            else:
                return left

    def _signed(self) -> Expression:
        if self.take("-") or self.take("minus"):
            self.deeper()
            operand = self.plain(self._signed())
            self._depth -= 1
            return Negative(operand)
        base = self.primary()
        if self.take("**") or self.take("^"):
            self.deeper()
            exponent = self._signed()
            self._depth -= 1
            return self._arithmetic("**", base, exponent)
        return base

    def primary(self) -> Expression:
        """One value: a literal, a name, a call, something in brackets, or what is derived from a value."""
        if self.take("("):
            self.deeper()
            inner = self.disjunction()
            self._depth -= 1
            self.expect(")")
            return inner
        token = self.next()
        if token.kind == "date":
            return self._date(token)
        if token.kind == "number":
            return Number(_LEADING_ZEROS.sub("", token.text))
        if token.kind == "text":
            return self.names.column(token.unquoted, exactly=True) or Text(token.unquoted)
        if token.kind != "word":
            raise NotClosed
        self.at -= 1
        return self.derived() or self._call() or self._part() or self._literal_word() or self.name()

    def _date(self, token: Token) -> Expression:
        date = read_date(token.text)
        if date is None:
            raise NotClosed
        return date

    def _call(self) -> Expression | None:
        token = self.tokens[self.at]
        function = FUNCTIONS.get(token.lower)
        if function is None or self.at + 1 >= len(self.tokens) or self.tokens[self.at + 1].text != "(":
            return None
        self.at += 2
        self.deeper()
        argument = self.plain(self.sum())
        self._depth -= 1
        self.expect(")")
        return Call(function, argument)

    def _part(self) -> Expression | None:
        """`year of placed`."""
        token = self.tokens[self.at]
        following = [after.lower for after in self.tokens[self.at + 1 : self.at + 3]]
        if token.lower not in PARTS or following[:1] != ["of"]:
            return None
        self.at += 2
        operand = self.name()
        if not self._holds_time(operand):
            raise NotClosed
        return Part(token.lower, operand)

    def _holds_time(self, operand: Expression) -> bool:
        if isinstance(operand, Variable):
            return isinstance(self.names.scope.names.get(operand.name), datetime.date)
        return isinstance(operand, Column) and operand.kind in ("time", "date")

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

    def name(self) -> Expression:
        """A column, or a variable with or without an index."""
        token = self.next()
        column = self.names.column(token.text) if token.kind == "word" else None
        if column is not None:
            return column
        article = token.lower == "the" and self.at < len(self.tokens)
        name = find_name((token.text, self.next().text) if article else (token.text,), (), self.names.scope)
        if name is None:
            raise NotClosed
        found: Expression = Variable(name)
        while self.touches() and self.take("["):
            self.deeper()
            found = Item(found, self.plain(self.sum()))
            self._depth -= 1
            self.expect("]")
        return found

    def other_than(self, column: Expression, token: Token) -> Expression:
        """The variable of a column's name, where the column itself would make no sense."""
        if not isinstance(column, Column):
            return column
        if token.kind != "word" or token.text not in self.names.scope.names:
            raise NotClosed
        return Variable(token.text)

    def _added(self, left: Expression, right: Expression) -> Expression:
        """A sum, or where one side is text in quotes and the other surely no text, both as one text.

        Raises NotClosed where a variable holds the text: it may be a number that was typed.
        """
        if self.names.columns or self._is_text(left) == self._is_text(right):
            return self._arithmetic("+", left, right)
        text, other = (left, right) if self._is_text(left) else (right, left)
        if not self._is_no_text(other):
            return self._arithmetic("+", left, right)
        if isinstance(text, Variable):
            raise self.refuse(
                text.name,
                f"{text.name} is text, not a number",
                f'to join it, write & for +; to read it as a number, write: input "..." into {text.name} as a number',
            )
        return self._joined(left, right)

    def _joined(self, left: Expression, right: Expression) -> Expression:
        """Two values as one text, of which one is surely text."""
        if self.names.columns or not (self._is_text(left) or self._is_text(right)):
            raise NotClosed
        sides = [side if self._is_text(side) else Derived("str", (self.plain(side),)) for side in (left, right)]
        return Arithmetic("+", sides[0], sides[1])

    def _is_text(self, node: Expression) -> bool:
        """Whether it is surely text, as far as one can tell without running anything."""
        if isinstance(node, Arithmetic):
            return node.operator == "+" and self._is_text(node.left) and self._is_text(node.right)
        if isinstance(node, (Variable, Item)):
            return isinstance(self._held(node), str)
        if isinstance(node, Derived):
            return node.how in ("str", "strip")
        return isinstance(node, Text) or (isinstance(node, Call) and node.function in ("lower", "upper"))

    def _is_no_text(self, node: Expression) -> bool:
        """Whether it is surely a number, a truth value, a time or a collection."""
        if isinstance(node, (Variable, Item)):
            return bool(shapes(self._held(node)) - {"text", "frame", "sized"})
        if isinstance(node, Derived):
            return FORMS[node.how].is_number or node.how in ("listed", "keys", "values", "words", "lines")
        if isinstance(node, Arithmetic):
            return self._is_no_text(node.left) and self._is_no_text(node.right)
        return isinstance(node, (Number, Negative, Date, Part)) or (isinstance(node, Call) and not self._is_text(node))

    def _held(self, node: Variable | Item) -> object:
        """The value of a variable, or of a key of one that is a dictionary; None where that is not known."""
        if isinstance(node, Variable):
            return self.names.scope.names.get(node.name)
        held = self._held(node.container) if isinstance(node.container, Variable) else None
        return held.get(node.index.value) if type(held) is dict and isinstance(node.index, Text) else None

    def _arithmetic(self, operator: str, left: Expression, right: Expression) -> Expression:
        if operator not in "+-" and (isinstance(left, Date) or isinstance(right, Date)):
            raise NotClosed
        return Arithmetic(operator, self.plain(left), self.plain(right))

    def truth(self, expression: Expression) -> Expression:
        """The expression, which must be a condition or hold a truth value."""
        if isinstance(expression, CONDITIONS) or (isinstance(expression, Derived) and expression.how == "is digits"):
            return expression
        if isinstance(expression, Column) and expression.kind == "boolean":
            return expression
        if isinstance(expression, Item) and self._holds_truths(expression.container):
            return expression
        if isinstance(expression, Variable) and "boolean" in shapes(self.names.scope.names.get(expression.name)):
            return expression
        raise NotClosed

    def _holds_truths(self, container: Expression) -> bool:
        """Whether a variable is a list of nothing but truth values, as far as its first ones tell."""
        held = self.names.scope.names.get(container.name) if isinstance(container, Variable) else None
        return isinstance(held, list) and kind_of_first(held) == "boolean"
