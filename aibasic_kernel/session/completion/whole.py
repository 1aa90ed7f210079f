"""Whole phrases to begin a line with: in their shortest form, about tables, columns and variables that exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from aibasic.modules.phrases import Phrase
from aibasic.modules.schema import Column
from aibasic.modules.sql_names import sql_name

from aibasic_kernel.compiler.phrasing.form import Choice, Row, Slot, Word, parse_form
from aibasic_kernel.compiler.phrasing.next import Expected, Sentence, columns_in, shortest
from aibasic_kernel.compiler.phrasing.slots import WIDEST, Filled, Moment, close
from aibasic_kernel.compiler.phrasing.tokens import Piece, tokenise
from aibasic_kernel.session.completion.offers import Known, Offer

_MOST_TRIES = 24
"""Tables, names or columns of which one has to fit: a phrase that takes more looking for is not offered."""
_CONDITIONS = {"number": "> 0", "text": "= ''", "time": "is not missing"}


def whole_phrases(found: Iterable[tuple[Expected, Sentence]], fragment: str, known: Known) -> Iterator[Offer]:
    """Each phrase that may begin with `fragment`, once; none whose slots nothing that exists can fill."""
    told: set[str] = set()
    for expected, sentence in found:
        node, phrase = expected.node, expected.phrase
        if not isinstance(node, Word) or phrase.form in told or not node.text.startswith(fragment.casefold()):
            continue
        rest = shortest(expected.rest, _Filling(phrase, sentence.moment, known))
        if rest:
            told.add(phrase.form)
            yield Offer(f"{node.text} {rest}", "phrase", phrase.does)


def retold(phrase: Phrase, moment: Moment, known: Known) -> str | None:
    """The phrase's example, told of what exists; None where nothing that exists can stand in one of its slots."""
    fill = _Filling(phrase, moment, known)
    parts, at = [], 0
    for slot, start, end in _example_spans(phrase):
        held = fill(slot)
        if held is None:
            return None
        parts += [phrase.example[at:start], held]
        at = end
    return "".join(parts) + phrase.example[at:]


class _Filling:
    """Fills the slots of one phrase: as its example does where that holds here, else with the first thing that fits."""

    def __init__(self, phrase: Phrase, moment: Moment, known: Known) -> None:
        self._moment = moment
        self._known = known
        self._example = {slot.name: phrase.example[a:b] for slot, a, b in _example_spans(phrase)}
        self._slots = {slot.name: slot for slot in _slots(parse_form(phrase.form).row)}
        self._filled: dict[str, tuple[str, Filled] | None] = {}

    def __call__(self, slot: Slot) -> str | None:
        found = self._fill(slot)
        return found and found[0]

    def _fill(self, slot: Slot) -> tuple[str, Filled] | None:
        if slot.name not in self._filled:
            self._filled[slot.name] = None  # forms have no circles; a broken one must not go round for ever
            self._filled[slot.name] = next(self._tries(slot), None)
        return self._filled[slot.name]

    def _tries(self, slot: Slot) -> Iterator[tuple[str, Filled]]:
        """The words that close the slot, of those that are worth a try."""
        if slot.kind == "sql":
            return
        owners: list[Filled | None] = [None]
        if slot.of:
            fillings = [self._fill(self._slots[name]) for name in slot.of.split("+")]
            owners = [filling and filling[1] for filling in fillings]
            if None in owners:
                return
        taken = {filling[0] for filling in self._filled.values() if filling}
        for text in islice(self._candidates(slot, owners), _MOST_TRIES):
            if text not in taken:
                closed = [self._close(slot, text, owner) for owner in owners]
                if closed[0] is not None and None not in closed:
                    yield text, closed[0]

    def _close(self, slot: Slot, text: str, owner: Filled | None) -> Filled | None:
        """What the slot holds with these words; asked once for all phrases that have such a slot."""
        service = self._moment.service
        key = (service and service.section, slot.kind, slot.details, text, owner and owner.python)
        if key not in self._known.closed:
            piece = Piece(text, tokenise(text))
            self._known.closed[key] = close(slot, piece, self._moment, owner) if piece.tokens else None
        return self._known.closed[key]

    def _candidates(self, slot: Slot, owners: list[Filled | None]) -> Iterator[str]:
        example = self._example.get(slot.name)
        # No other table may be looked for by a name like it: that takes a look at every name.
        if example is not None and (slot.kind != "table" or example in self._moment.tables):
            yield example
        if slot.kind == "table":
            yield from self._moment.tables
        elif slot.kind == "name":
            yield from (offer.text for offer in self._known.names(slot.details))
        elif slot.kind == "word":
            yield from (detail.partition("=")[0] for detail in slot.details)
        elif owners[0] is not None:
            yield from (_with_column(slot, column) for column in columns_in(owners[0].of))


def _with_column(slot: Slot, column: Column) -> str:
    name = column.name if column.name.isidentifier() else sql_name(column.name)
    if slot.kind == "condition":
        return f"{name} {_CONDITIONS.get(column.kind, 'is missing')}"
    return name


def _slots(row: Row) -> Iterator[Slot]:
    for node in row:
        if isinstance(node, Slot):
            yield node
        elif isinstance(node, Choice):
            for option in node.options:
                yield from _slots(option)


@lru_cache(maxsize=512)
def _example_spans(phrase: Phrase) -> tuple[tuple[Slot, int, int], ...]:
    """The slots in the phrase's own example, each with the offsets between which it stands."""
    tokens = tokenise(phrase.example)
    ways = list(parse_form(phrase.form).lay_over(tokens, WIDEST))
    _, spans = max(ways, key=lambda way: way[0], default=(0, ()))
    return tuple((slot, tokens[a].start, tokens[b - 1].end) for slot, a, b in spans)
