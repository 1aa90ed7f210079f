"""SQL as its server cuts it: tokens without comments, and statements. Literals are told apart, not understood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

WORD, NAME, TEXT, NUMBER, PARAMETER, OTHER = "word", "name", "text", "number", "parameter", "other"
_SHARED = r"""
    (?P<parameter>%s|%\(\w+\)s)
  | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)
  | (?P<word>[^\W\d][\w$]*)
  | (?P<blank>\s+)
  | (?P<other>%%|.)
"""
_POSTGRES = re.compile(
    r"""(?P<comment>--[^\n]*)
      | (?P<open>/\*)
      | (?P<text>[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|\$(?P<tag>[^\W\d]\w*|)\$.*?\$(?P=tag)\$)
      | (?P<name>"(?:[^"]|"")*")
      | """ + _SHARED, re.VERBOSE | re.DOTALL)  # fmt: skip
# What stands in /*! ... */ is carried out: only its marks are comments.
_MYSQL = re.compile(
    r"""(?P<comment>--(?=\s|$)[^\n]*|\#[^\n]*|/\*M?!\d*|/\*.*?\*/|\*/)
      | (?P<text>'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*")
      | (?P<name>`(?:[^`]|``)*`)
      | """ + _SHARED, re.VERBOSE | re.DOTALL)  # fmt: skip
_COMMENT_MARK = re.compile(r"/\*|\*/")
_ROUTINE = frozenset({"function", "procedure", "trigger", "event"})
_LOOPS = frozenset({"if", "loop", "while", "repeat"})
_BLOCKS = frozenset({"begin", "atomic", "case", "end"}) | _LOOPS
_PLAIN_TEXT = re.compile(r"'[\w %.,:+/*^$-]{0,40}'")


class Token(NamedTuple):
    """A piece of SQL. `text` is as written; `lower` the word in lower case, "" for what is no bare word."""

    kind: str
    text: str
    lower: str
    apart: bool
    """Whether blanks or a comment stand before it."""

    @property
    def named(self) -> str:
        """What a word or a quoted name names."""
        if self.kind != NAME:
            return self.text
        quote = self.text[0]
        return self.text[1:-1].replace(quote * 2, quote)


Statement = Sequence[Token]
END = Token(OTHER, "", "", False)
"""What stands behind the last token."""


def in_threes(statement: Statement) -> Iterator[tuple[Token, Token, Token]]:
    """Each token with the two behind it; END where there are none."""
    yield from zip(statement, (*statement[1:], END), (*statement[2:], END, END), strict=False)


def statements(text: str, dialect: str) -> list[list[Token]]:
    """The statements of a text, each without its semicolon; empty ones are left out."""
    found: list[list[Token]] = [[]]
    depth = 0
    for token in _tokens(text, dialect):
        if token.text == ";" and depth <= 0:
            found.append([])
            depth = 0
            continue
        if found[-1] and token.lower in _BLOCKS and _is_routine(found[-1]):
            depth += _deeper(token.lower, found[-1], depth, dialect)
        found[-1].append(token)
    return [statement for statement in found if statement]


def plain_text(statement: Statement) -> str:
    """The statement without comments, in which every literal is one that any parser reads; equal ones stay equal."""
    texts: dict[str, str] = {}
    pieces: list[str] = []
    for token in statement:
        piece = token.text
        if token.kind == TEXT and _PLAIN_TEXT.fullmatch(piece) is None:
            piece = texts.setdefault(piece, f"'text {len(texts)}'")
        elif token.kind == PARAMETER:
            piece = f"parameter_{len(pieces)}" if piece == "%s" else f"parameter_{piece[2:-2]}"
        elif piece == "%%":  # what stands for % beside parameters
            piece = "%"
        pieces.append(f" {piece}" if token.apart else piece)
    return "".join(pieces).strip()


def _tokens(text: str, dialect: str) -> Iterator[Token]:
    pattern = _MYSQL if dialect == "mysql" else _POSTGRES
    apart = False
    at = 0
    while at < len(text):
        match = pattern.match(text, at)
        assert match is not None  # its last part fits any character
        kind = str(match.lastgroup)
        at = match.end()
        if kind == "open":
            at = _end_of_comment(text, at)
        if kind in ("open", "comment", "blank"):
            apart = True
            continue
        piece = match[0]
        kind = TEXT if kind == "tag" else kind
        yield Token(kind, piece, piece.lower() if kind == WORD else "", apart)
        apart = False


def _end_of_comment(text: str, at: int) -> int:
    """Where a comment of PostgreSQL ends that began before `at`: they nest."""
    depth = 1
    for mark in _COMMENT_MARK.finditer(text, at):
        depth += 1 if mark[0] == "/*" else -1
        if depth == 0:
            return mark.end()
    return len(text)


def _is_routine(statement: Statement) -> bool:
    return statement[0].lower == "create" and any(token.lower in _ROUTINE for token in statement[:8])


def _deeper(word: str, before: Statement, depth: int, dialect: str) -> int:
    """By how much a word changes the depth of blocks in a routine's body."""
    after_end = before[-1].lower == "end"
    if word == "end":
        return -1
    if depth:
        if word == "atomic":
            return 0
        return 1 if after_end == (word in _LOOPS) else 0  # `END IF` closes what was not counted
    if dialect != "mysql":
        return 1 if word == "atomic" and before[-1].lower == "begin" else 0
    in_parameters = sum((token.text == "(") - (token.text == ")") for token in before) > 0
    return 1 if word == "begin" and not in_parameters else 0
