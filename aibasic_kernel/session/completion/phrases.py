"""Completion of sentences: the words, slots and whole phrases that may follow what is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from aibasic_kernel.compiler.phrasing.form import Slot, Word
from aibasic_kernel.compiler.phrasing.next import Expected, Sentence, columns_in
from aibasic_kernel.compiler.phrasing.slots import Moment
from aibasic_kernel.compiler.phrasing.tokens import Token, tokenise
from aibasic_kernel.compiler.scope import Scope, Service
from aibasic_kernel.compiler.task_types import BASICS, TaskType, resolve, task_types
from aibasic_kernel.session.completion.offers import Known, Offer, matching
from aibasic_kernel.session.completion.slots import Gap, slot_offers
from aibasic_kernel.session.completion.whole import whole_phrases

_Found = tuple[Expected, Sentence]
_FILLERS = frozenset(
    ["the", "a", "an", "all", "me", "of", "rows", "one", "value", "new", "table", "file", "are", "columns"]
)
"""Words that a form allows rather than wants: offered last."""


@dataclass(frozen=True)
class Place:
    """Where in a sentence something is asked for: `text` up to the word being written, that `fragment`, and `later`,
    the words behind the cursor. `section` is the task type as written, "" for none."""

    text: str
    fragment: str
    later: Sequence[Token]
    section: str
    scope: Scope
    known: Known


def phrase_offers(place: Place) -> Iterator[Offer]:
    """What may follow, the likeliest first; whole phrases only where a sentence begins."""
    tokens = tokenise(place.text)
    found = [
        (expected, sentence)
        for task, moment in _tasks(place)
        for sentence in [Sentence(place.text, tokens, moment, place.later)]
        for expected in sentence.expected(task.phrases)
    ]
    begins = not tokens
    if begins and not place.fragment:
        yield from whole_phrases(found, place.fragment, place.known)
    by_form = list(_by_form(found, place))
    yield from by_form
    if not matching(by_form, place.fragment):
        yield from _slots(found, place, lambda slot, owned: slot.kind == "sql" and "known" in slot.details)
    if begins and place.fragment:
        yield from whole_phrases(found, place.fragment, place.known)


def _by_form(found: Sequence[_Found], place: Place) -> Iterator[Offer]:
    """What fills slots, then words, then columns of whatever table or frame will be named."""
    yield from _slots(found, place, lambda slot, owned: owned and slot.kind != "word" and "known" not in slot.details)
    texts = [expected.node.text for expected, _ in found if isinstance(expected.node, Word)]
    for text in sorted(dict.fromkeys(texts), key=lambda text: text in _FILLERS):
        yield Offer(text, "word")
    yield from _slots(found, place, lambda slot, owned: slot.kind == "word" or not owned)


def _slots(found: Sequence[_Found], place: Place, wanted: Callable[[Slot, bool], bool]) -> Iterator[Offer]:
    """What fills the wanted slots. `wanted` is told of each whether what it belongs to has been named."""
    seen: set[tuple[object, ...]] = set()
    for expected, sentence in found:
        slot = expected.node
        if not isinstance(slot, Slot) or not wanted(slot, all(name in expected.filled for name in _owners(slot))):
            continue
        gap = _gap(expected, slot, sentence, place)
        key = (slot.kind, slot.details, expected.start, id(gap.moment), tuple(column.name for column in gap.columns))
        if key not in seen:
            seen.add(key)
            yield from slot_offers(gap)


def _owners(slot: Slot) -> list[str]:
    return slot.of.split("+") if slot.of else []


def _tasks(place: Place) -> Iterator[tuple[TaskType, Moment]]:
    """The task types whose phrases may be meant, each with its service where it needs one."""
    word, _, instance = place.section.partition(":")
    types = task_types()
    wanted = types.values() if not word else (resolve(word), types[BASICS])
    for task in wanted:
        if task is not None and task.module is None:
            yield task, Moment(place.scope)
        elif task is not None and (service := _service(task, instance, place.scope)) is not None:
            yield task, Moment(place.scope, service)


def _service(task: TaskType, instance: str, scope: Scope) -> Service | None:
    return scope.services.get(f"{task.name}:{instance}" if instance else task.name)


def _gap(expected: Expected, slot: Slot, sentence: Sentence, place: Place) -> Gap:
    owned = [columns_in(owner.of) for owner in sentence.owners(slot, expected.filled)]
    shared = [{column.name for column in columns} for columns in owned[1:]]
    columns = [column for column in (owned[0] if owned else ()) if all(column.name in names for names in shared)]
    inside = sentence.tokens[expected.start :]
    return Gap(slot, place.text, inside, tuple(columns), sentence.moment, place.known, place.fragment)
