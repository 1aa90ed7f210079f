"""A sentence as tokens that remember where they stood."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""(?P<text> "(?:[^"]|"")*" | (?<!\w)'(?:[^']|'')*'(?!\w) | “[^”]*” )
      | (?P<date> (?: [0-9]{4}-[0-9]{2}-[0-9]{2} (?:(?:T|[ ])[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?
                    | (?:19|20)[0-9]{2}-[0-9]{2} | [0-9]{1,2}/[0-9]{1,2}/[0-9]{4} )(?![\w:]|-[0-9]) )
      | (?P<number> [0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?!\w) )
      | (?P<word> \w+(?:['’]\w+)* )
      | (?P<mark> <= | >= | <> | != | == | \*\* | // | \|\| | \S )""",
    re.VERBOSE,
)
_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
NUMBER_WORDS = {word: str(number) for number, word in enumerate(_WORDS.split(), start=1)}


@dataclass(frozen=True)
class Token:
    """`kind` is text (in quotes), date, number, word or mark; `lower` is for comparing; `start` and `end` are offsets.

    A date is 2013-01-05, also with 10:30 or 10:30:00 behind it; 2013-01 and 1/5/2013 too, so that nobody takes them for
    arithmetic.
    """

    kind: str
    text: str
    lower: str
    start: int
    end: int

    @property
    def unquoted(self) -> str:
        """What a text token says: its quotes gone, a doubled quote standing for one, backslashes as they are."""
        inner = self.text[1:-1]
        return inner if self.text[0] == "“" else inner.replace(self.text[0] * 2, self.text[0])


def tokenise(sentence: str) -> tuple[Token, ...]:
    """Every character that is not white space belongs to exactly one token; no text is refused."""
    return tuple(
        Token(match.lastgroup or "mark", match[0], match[0].lower(), match.start(), match.end())
        for match in _TOKEN.finditer(sentence)
    )


@dataclass(frozen=True)
class Piece:
    """Some tokens in a row, at least one, and the sentence that they stand in."""

    sentence: str
    tokens: tuple[Token, ...]

    @property
    def source(self) -> str:
        """The stretch as written."""
        return self.sentence[self.tokens[0].start : self.tokens[-1].end]

    @property
    def words(self) -> tuple[str, ...]:
        """The tokens in lower case."""
        return tuple(token.lower for token in self.tokens)

    def split(self, *separators: str) -> list[Piece] | None:
        """The parts between separators that stand outside brackets, or None where a part is empty."""
        parts: list[Piece] = []
        depth = 0
        begin = 0
        for position, token in enumerate(self.tokens):
            depth += (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}"))
            if depth == 0 and token.kind != "text" and token.lower in separators:
                if begin == position:
                    return None
                parts.append(Piece(self.sentence, self.tokens[begin:position]))
                begin = position + 1
        if begin == len(self.tokens):
            return None
        return [*parts, Piece(self.sentence, self.tokens[begin:])]

    def without_brackets(self) -> Piece | None:
        """What stands between the round brackets that enclose the whole piece, or None where there are none."""
        if len(self.tokens) < 3 or self.tokens[0].text != "(" or self.tokens[-1].text != ")":
            return None
        return Piece(self.sentence, self.tokens[1:-1])
