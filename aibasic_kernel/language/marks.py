"""Quotes, brackets and comments in English text."""

from __future__ import annotations

import re

_CLOSING = {'"': '"', '"""': '"""', "'''": "'''", "\N{LEFT DOUBLE QUOTATION MARK}": "\N{RIGHT DOUBLE QUOTATION MARK}"}
_MARK = r"\"\"\"|'''|[\"“”(){}\[\]]|\\.|(?<!\S)#(?!\S)"
_BEFORE, _BEHIND = r"\s(\[{,;:=<>+*/|%!~-", r"\s)\]},;:.?=<>+*/|%!~-"
SINGLE_QUOTED = rf"(?<![^{_BEFORE}])'(?!'')(?:[^']|'')*'(?![^{_BEHIND}])"
_IN_QUOTE = re.compile(_MARK)
_OUTSIDE = re.compile(rf"(?P<quoted>{SINGLE_QUOTED})|{_MARK}")


class Marks:
    """What is open after the lines read so far.

    Text between single quotes is one where both stand as quotes do: `name = 'A # B'`. A lone apostrophe opens nothing
    (`don't`), nor does the inch sign behind a digit (`5" pipes`).
    `brackets` are the offsets of those still open, `quote` is the text that would close an open quote, "" if none is.
    """

    def __init__(self) -> None:
        self.brackets: list[int] = []
        self.quote = ""
        self.quote_offset = 0

    @property
    def open_offset(self) -> int | None:
        """Where the mark begins that is open now: the quote, else the innermost bracket."""
        if self.quote:
            return self.quote_offset
        return self.brackets[-1] if self.brackets else None

    def read(self, text: str, offset: int) -> int:
        """Read one line, which begins at `offset` of the source; return the column where its comment begins."""
        position = 0
        while match := self._next_mark(text, position):
            mark, position = match[0], match.end()
            if self.quote:
                position = self._read_quoted(mark, match.start(), position)
            elif mark == "#":
                return match.start()
            elif mark in _CLOSING:
                self._open_quote(mark, text, match.start(), offset)
            elif mark in ("(", "[", "{"):
                self.brackets.append(offset + match.start())
            elif mark in (")", "]", "}") and self.brackets:
                self.brackets.pop()
        return len(text)

    def _next_mark(self, text: str, position: int) -> re.Match[str] | None:
        """The next mark that counts: outside quotes, one that no single quotes enclose."""
        if self.quote:
            return _IN_QUOTE.search(text, position)
        return next((match for match in _OUTSIDE.finditer(text, position) if match["quoted"] is None), None)

    def _read_quoted(self, mark: str, start: int, end: int) -> int:
        """Close the quote where `mark` does so; return the position to read on from."""
        if not mark.startswith(self.quote):
            return end
        closed = start + len(self.quote)
        self.quote = ""
        return closed

    def _open_quote(self, mark: str, text: str, start: int, offset: int) -> None:
        inches = mark == '"' and text[max(start - 1, 0) : start].isdigit()
        if not inches:
            self.quote = _CLOSING[mark]
            self.quote_offset = offset + start


def without_comment(text: str) -> str:
    """One line without its comment and surrounding blanks."""
    return text[: Marks().read(text, 0)].strip()
