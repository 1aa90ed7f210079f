"""Goes along the tokens of an expression."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aibasic_kernel.compiler.expressions.expression import CONDITIONS, Boolean, Column, Expression
from aibasic_kernel.compiler.phrasing.tokens import Token
from aibasic_kernel.compiler.scope import Scope

_DEEPEST = 40


class NotClosed(Exception):
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


class TokenReader:
    """Stands before the token `at`."""

    def __init__(self, tokens: tuple[Token, ...], names: Names) -> None:
        self.tokens = tokens
        self.names = names
        self.at = 0
        self._depth = 0
        self.refusal: tuple[str, str, str] | None = None

    def take(self, *words: str) -> bool:
        """Go past these words if they come next."""
        following = self.tokens[self.at : self.at + len(words)]
        if tuple(token.lower for token in following) != words or any(token.kind == "text" for token in following):
            return False
        self.at += len(words)
        return True

    def refuse(self, said: str, why: str, remedy: str) -> NotClosed:
        """What to raise where all is read but makes no sense: the word that it is about, why not, and what to write."""
        self.refusal = self.refusal or (said, why, remedy)
        return NotClosed()

    def expect(self, word: str) -> None:
        """Go past the word, which must come next."""
        if not self.take(word):
            raise NotClosed

    def next(self) -> Token:
        """Go past a token, which there must be."""
        if self.at == len(self.tokens):
            raise NotClosed
        self.at += 1
        return self.tokens[self.at - 1]

    def mark(self) -> tuple[int, int]:
        """Where it stands, for `go_back`."""
        return self.at, self._depth

    def go_back(self, mark: tuple[int, int]) -> None:
        """Stand where it stood."""
        self.at, self._depth = mark

    def touches(self) -> bool:
        """Whether the next token touches the one before."""
        return 0 < self.at < len(self.tokens) and self.tokens[self.at - 1].end == self.tokens[self.at].start

    def deeper(self) -> None:
        """Count a level of nesting, up to a bound."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NotClosed

    def plain(self, expression: Expression) -> Expression:
        """The expression, which must not be a comparison or a junction."""
        if isinstance(expression, CONDITIONS) and not isinstance(expression, Boolean):
            raise NotClosed
        return expression
