"""Reads a statement token by token, as far as its first words and names need it."""

from __future__ import annotations

from collections.abc import Iterator

from aibasic_kernel.compiler.gate.sql_tokens import END, NAME, TEXT, WORD, Statement, Token


class Reader:
    """A place in a statement."""

    def __init__(self, statement: Statement, at: int = 0) -> None:
        self._statement = statement
        self._at = at

    @property
    def next(self) -> Token:
        """The next token; one without text at the end."""
        return self._statement[self._at] if self._at < len(self._statement) else END

    @property
    def rest(self) -> Statement:
        """What was not read."""
        return self._statement[self._at :]

    def take(self) -> Token:
        """The next token, read."""
        token = self.next
        self._at += 1
        return token

    def accept(self, *words: str) -> bool:
        """Read these words where they all stand here."""
        here = [token.lower for token in self._statement[self._at : self._at + len(words)]]
        if here != list(words):
            return False
        self._at += len(words)
        return True

    def accept_any(self, *words: str) -> str:
        """Read one of these words and return it; "" where none stands here."""
        return self.take().lower if self.next.lower in words else ""

    def skip_to(self, *words: str) -> bool:
        """Read up to and with the first of these words; False, and nothing read, where there is none."""
        for at in range(self._at, len(self._statement)):
            if self._statement[at].lower in words:
                self._at = at + 1
                return True
        return False

    def name(self) -> str:
        """Read a name, perhaps with dots, as people write it; "" where none stands here."""
        parts: list[str] = []
        while self.next.kind in (WORD, NAME, TEXT):
            parts.append(self.take().named)
            if self.next.text != ".":
                break
            self.take()
        return ".".join(parts)

    def names(self) -> list[str]:
        """Read names between commas; what stands in parentheses or with a star behind each is passed over."""
        found = [self.name()]
        while True:
            if self.next.text == "*":
                self.take()
            if self.next.text == "(":
                self.block()
            if self.next.text != ",":
                return [name for name in found if name]
            self.take()
            self.accept("only")
            found.append(self.name())

    def block(self) -> Statement:
        """Read what stands in parentheses, and return it without them."""
        begin = self._at + 1
        depth = 0
        while self._at < len(self._statement):
            text = self.take().text
            depth += (text == "(") - (text == ")")
            if depth == 0:
                return self._statement[begin : self._at - 1]
        return self._statement[begin:]

    def parts(self) -> Iterator[Reader]:
        """What was not read, cut at the commas outside of parentheses."""
        depth, begin = 0, self._at
        for at in range(self._at, len(self._statement)):
            text = self._statement[at].text
            depth += (text == "(") - (text == ")")
            if text == "," and depth == 0:
                yield Reader(self._statement[begin:at])
                begin = at + 1
        yield Reader(self._statement[begin:])


def listed(names: list[str]) -> str:
    """`a, b and c`."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
