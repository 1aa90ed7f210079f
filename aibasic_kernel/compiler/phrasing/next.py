"""What may come next in a sentence that is being written, by the forms of phrases.

A form is walked along the words that are there; every slot on the way must be closed, as it must be for the phrase to
fit in the end. Where the words end, the walk stands before a word of the form or in a slot: that is what may follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from aibasic.modules.phrases import Phrase
from aibasic.modules.schema import Column, Table

from aibasic_kernel.compiler.kinds import is_frame, is_rows
from aibasic_kernel.compiler.phrasing.form import Choice, Form, Row, Slot, Word, parse_form
from aibasic_kernel.compiler.phrasing.slots import WIDEST, Filled, Moment, close
from aibasic_kernel.compiler.phrasing.tokens import Piece, Token
from aibasic_kernel.compiler.shapes import known_columns
from aibasic_kernel.compiler.sql.statement import VERBS

MOST_TOKENS = 80
"""Of a longer sentence nothing is expected: it is hardly a phrase."""
_MOST_STEPS = 20_000
_UNKNOWN = Filled("")
"""Fills a slot whose words cannot be judged: the tables of its service are not known."""


@dataclass(frozen=True)
class Expected:
    """Something that may follow: `node` is the next word, or the slot that begins or goes on here.

    `start` is the token with which that slot began, the number of all tokens where none of it is there yet. `rest` is
    what the form has behind it, `filled` what the slots before it hold.
    """

    phrase: Phrase
    node: Word | Slot
    start: int
    rest: Row
    filled: Mapping[str, Filled]


class Sentence:
    """The words of a sentence up to the cursor, for one moment. `later` are the words behind the cursor."""

    def __init__(self, text: str, tokens: Sequence[Token], moment: Moment, later: Sequence[Token] = ()) -> None:
        self.text = text
        self.tokens = tuple(tokens)
        self.moment = moment
        self._later = later
        self._closed: dict[tuple[object, ...], Filled | None] = {}
        self._steps = 0

    def expected(self, phrases: Iterable[Phrase]) -> Iterator[Expected]:
        """What may follow by each of the phrases; bounded work, whatever the text."""
        if len(self.tokens) > MOST_TOKENS:
            return
        for phrase in phrases:
            form = parse_form(phrase.form)
            if self._may_fit(form):
                self._steps = 0
                for node, start, rest, filled in self._walk(form.row, 0, {}):
                    yield Expected(phrase, node, start, rest, filled)

    def owners(self, slot: Slot, filled: Mapping[str, Filled]) -> list[Filled]:
        """What the slot is `of`: the tables and values that were named, else all that may yet be named."""
        return [filled.get(name) or self._any_owner for name in slot.of.split("+")] if slot.of else []

    def _may_fit(self, form: Form) -> bool:
        if not self.tokens:
            return True
        first = self.tokens[0].lower
        if form.first is not None:
            return first in form.first
        begins = form.row[0]
        return not (isinstance(begins, Slot) and begins.kind == "sql") or first in VERBS

    def _walk(
        self, row: Row, at: int, filled: Mapping[str, Filled]
    ) -> Iterator[tuple[Word | Slot, int, Row, Mapping[str, Filled]]]:
        self._steps += 1
        if not row or self._steps > _MOST_STEPS:
            return
        node, rest = row[0], row[1:]
        if isinstance(node, Choice):
            for option in node.options:
                yield from self._walk(option + rest, at, filled)
        elif isinstance(node, Word):
            if at == len(self.tokens):
                yield node, at, rest, filled
            elif self.tokens[at].lower == node.text and self.tokens[at].kind != "text":
                yield from self._walk(rest, at + 1, filled)
        else:
            yield node, at, rest, filled
            for stop in self._stops(node, at):
                held = self._fill(node, at, stop, filled)
                if held is not None:
                    yield from self._walk(rest, stop, {**filled, node.name: held})

    def _stops(self, slot: Slot, at: int) -> range:
        count = len(self.tokens)
        if slot.kind == "sql":  # takes all that follows
            return range(0)
        return range(at + 1, min(count, at + WIDEST.get(slot.kind, count)) + 1)

    def _fill(self, slot: Slot, at: int, stop: int, filled: Mapping[str, Filled]) -> Filled | None:
        """What the slot holds with these tokens, None where they do not close it."""
        owners = self.owners(slot, filled)
        key = (slot.kind, slot.details, at, stop, *(id(owner.of) for owner in owners))
        if key not in self._closed:
            self._closed[key] = self._close(slot, Piece(self.text, self.tokens[at:stop]), owners)
        return self._closed[key]

    def _close(self, slot: Slot, piece: Piece, owners: Sequence[Filled]) -> Filled | None:
        if _UNKNOWN in owners:
            return _UNKNOWN
        if slot.kind == "table" and not self.moment.tables:
            return _UNKNOWN if piece.tokens[0].kind in ("word", "text") else None
        held = close(slot, piece, self.moment, owners[0] if owners else None)
        others = all(close(slot, piece, self.moment, owner) is not None for owner in owners[1:])
        return held if others else None

    @cached_property
    def _any_owner(self) -> Filled:
        """Stands for a table or a value that the sentence has not named yet: it has the columns of all.

        Those that the words behind the cursor name are preferred.
        """
        tables: Mapping[str, object] = self.moment.tables
        if self.moment.service is None:
            names = self.moment.scope.names
            tables = {name: value for name, value in names.items() if is_frame(value) or is_rows(value)}
        named = [tables[token.text] for token in self._later if token.text in tables]
        columns = {column.name: column for table in named or tables.values() for column in columns_in(table)}
        return Filled("", of=Table("", tuple(columns.values()))) if columns else _UNKNOWN


def columns_in(owner: object) -> Sequence[Column]:
    """The columns of a table, or of a live frame or rows, whose types are then no more than kinds."""
    if isinstance(owner, Table):
        return owner.columns
    return [Column(name, kind, kind) for name, kind in known_columns(owner).items()]


def shortest(row: Row, fill: Callable[[Slot], str | None]) -> str | None:
    """The shortest sentence of a form's row, with each slot filled by `fill`; None where one cannot be."""
    parts: list[str] = []
    for node in row:
        if isinstance(node, Choice):
            options = (shortest(option, fill) for option in node.options if option)
            part = "" if () in node.options else next((option for option in options if option is not None), None)
        else:
            part = node.text if isinstance(node, Word) else fill(node)
        if part is None:
            return None
        parts.append(part)
    return " ".join(filter(None, parts))
