"""The form of a phrase: read once into a tree, then laid over sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from aibasic_kernel.compiler.phrasing.tokens import Token

_PART = re.compile(r"\{[^}]*\}|[\[\]()|]|[^\s\[\]()|{}]+")
_SLOT = re.compile(r"\{(\w+):(\w+)((?: [^ }]+)*?)(?: of ([\w+]+))?\}")
LONGEST_SLOT = 120


@dataclass(frozen=True)
class Word:
    """A word that the sentence must have here."""

    text: str


@dataclass(frozen=True)
class Slot:
    """A place to be closed: see `aibasic.modules.phrases` for the kinds and their details."""

    name: str
    kind: str
    details: tuple[str, ...] = ()
    of: str = ""


@dataclass(frozen=True)
class Choice:
    """One of several sequences; an optional part is a choice whose last option is empty."""

    options: tuple[Row, ...]


Node = Word | Slot | Choice
Row = tuple[Node, ...]
Spans = tuple[tuple[Slot, int, int], ...]


@dataclass(frozen=True)
class Form:
    """A form, ready to be laid over sentences.

    `needed` are the words that every sentence of this form has. `first` are the words that it may begin with, or None
    where it may begin with a slot.
    """

    row: Row
    needed: frozenset[str]
    first: frozenset[str] | None

    def lay_over(self, tokens: Sequence[Token], widest: dict[str, int]) -> Iterator[tuple[int, Spans]]:
        """Every way to lay the form over all tokens: how many fixed words it took, and where each slot begins and ends.

        A full stop at the end may be left over. `widest` tells for a kind how many tokens it takes at most; kind `sql`
        always takes all that are left.
        """
        for position, words, spans in _walk(self.row, tokens, 0, widest):
            left = len(tokens) - position
            if left == 0 or (left == 1 and tokens[-1].text == "."):
                yield words, spans


@cache
def parse_form(form: str) -> Form:
    """Read a form. Raises ValueError for one that breaks the grammar."""
    parts = _PART.findall(form)
    row, rest = _parse_row(parts, form)
    if rest:
        raise ValueError(f"unbalanced {rest[0]} in the form {form!r}")
    return Form(row, _needed(row), _first(row))


def _parse_row(parts: list[str], form: str) -> tuple[Row, list[str]]:
    row: list[Node] = []
    while parts and parts[0] not in ("]", ")", "|"):
        part, parts = parts[0], parts[1:]
        if part in ("[", "("):
            options, parts = _parse_options(parts, "]" if part == "[" else ")", form)
            row.append(Choice((*options, ()) if part == "[" else options))
        elif part.startswith("{"):
            row.append(_parse_slot(part, form))
        else:
            row.append(Word(part.lower()))
    return tuple(row), parts


def _parse_options(parts: list[str], closing: str, form: str) -> tuple[tuple[Row, ...], list[str]]:
    options: list[Row] = []
    while True:
        row, parts = _parse_row(parts, form)
        options.append(row)
        if not parts or parts[0] not in ("|", closing):
            raise ValueError(f"no {closing} in the form {form!r}")
        end, parts = parts[0], parts[1:]
        if end == closing:
            return tuple(options), parts


def _parse_slot(part: str, form: str) -> Slot:
    match = _SLOT.fullmatch(part)
    if match is None:
        raise ValueError(f"{part} is no slot, in the form {form!r}")
    return Slot(match[1], match[2], tuple(match[3].split()), match[4] or "")


def _needed(row: Row) -> frozenset[str]:
    words: frozenset[str] = frozenset()
    for node in row:
        if isinstance(node, Word):
            words |= {node.text}
        elif isinstance(node, Choice):
            words |= frozenset.intersection(*(_needed(option) for option in node.options))
    return words


def _first(row: Row) -> frozenset[str] | None:
    words: frozenset[str] = frozenset()
    for node in row:
        if isinstance(node, Word):
            return words | {node.text}
        if isinstance(node, Slot):
            return None
        for option in node.options:
            first = _first(option)
            if first is None:
                return None
            words |= first
        if all(node.options):
            return words
    return words


def _walk(row: Row, tokens: Sequence[Token], at: int, widest: dict[str, int]) -> Iterator[tuple[int, int, Spans]]:
    if not row:
        yield at, 0, ()
        return
    node, rest = row[0], row[1:]
    if isinstance(node, Word):
        if at < len(tokens) and tokens[at].lower == node.text and tokens[at].kind != "text":
            for end, words, spans in _walk(rest, tokens, at + 1, widest):
                yield end, words + 1, spans
    elif isinstance(node, Choice):
        for option in node.options:
            yield from _walk(option + rest, tokens, at, widest)
    else:
        for stop in _stops(node, len(tokens), at, widest):
            for end, words, spans in _walk(rest, tokens, stop, widest):
                yield end, words, ((node, at, stop), *spans)


def _stops(slot: Slot, count: int, at: int, widest: dict[str, int]) -> range:
    if slot.kind == "sql":
        return range(max(at + 1, count), count + 1)
    return range(at + 1, min(count, at + widest.get(slot.kind, LONGEST_SLOT)) + 1)
