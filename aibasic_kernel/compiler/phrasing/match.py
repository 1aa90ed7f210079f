"""Finds the phrase that a sentence fits, and the Python that it then stands for.

A phrase fits when every slot is closed and no word is left over. A sentence that as a whole is SQL over the service's
tables is run as it is written. Otherwise, where several fit, the one with the most fixed words in the sentence is
meant; if then two still give different Python, the sentence is ambiguous and none fits. A sentence without a task type
is tried on the phrases that need no service, then on those of the services: what is at hand comes before what is far,
unless the sentence names a service.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, islice
from types import ModuleType

from aibasic.modules.phrases import Phrase
from aibasic.modules.schema import Table
from aibasic.modules.sql_names import sql_name

from aibasic_kernel.compiler.phrasing.columns import CALLS, number_key, only_frame
from aibasic_kernel.compiler.phrasing.form import Slot, Spans, parse_form
from aibasic_kernel.compiler.phrasing.names import shapes
from aibasic_kernel.compiler.phrasing.slots import WIDEST, Filled, Moment, close
from aibasic_kernel.compiler.phrasing.template import fill, with_imports
from aibasic_kernel.compiler.phrasing.tokens import Piece, Token, tokenise
from aibasic_kernel.compiler.scope import Scope, Service
from aibasic_kernel.compiler.sql.text import python_text
from aibasic_kernel.compiler.task_types import BASICS, CONTROL, TaskType, resolve, task_types

# A form lies over a sentence in a handful of ways; this bounds the work on texts made to have many.
_MOST_WAYS = 64
_LOOKED_AT = 40
"""Of so many phrases that come nearest it is asked whether a sentence has their words."""
_SMALL_WORDS = frozenset({"a", "an", "and", "by", "from", "in", "into", "is", "of", "on", "the", "to", "with"})
_PLAIN = frozenset({"number", "text", "boolean", "time"})
_NAME = re.compile(r"[^\W\d]\w*")
_IMPORT = re.compile(r"^import (\w+)(?:\.\w+)*(?: as (\w+))?$", re.MULTILINE)


@dataclass(frozen=True)
class Match:
    """A sentence's Python by a phrase. `result` names the variable that holds the result, "" for none.

    `meant` says for each pronoun or noun of the sentence that is no variable's name which variable it stands for.
    """

    phrase: Phrase
    task: str
    section: str
    python: str
    result: str
    meant: Mapping[str, str] = field(default_factory=dict)


def match(sentence: str, section: str, scope: Scope, types: Mapping[str, TaskType]) -> Match | None:
    """The phrase that `sentence` fits, or None. `section` is its task type (with its instance), "" for none.

    Raises what the service's module raises where a line with a task type needs its tables and they cannot be had.
    """
    tokens = tokenise(sentence)
    if not tokens:
        return None
    for tasks, tolerant in groups(section, {token.lower for token in tokens}, types):
        found = _fits(tasks, section, sentence, tokens, scope, tolerant)
        if found:
            return found[0] if len({fit.python for fit in found}) == 1 else None
    return None


def groups(section: str, said: set[str], types: Mapping[str, TaskType]) -> Iterator[tuple[list[TaskType], bool]]:
    """The task types to be tried, in order, and whether one whose service does not answer is passed over."""
    if section:
        task = resolve(section.partition(":")[0])
        yield from (([each], False) for each in dict.fromkeys((task, types[BASICS])) if each is not None)
        return
    yield [CONTROL], False
    far = [task for task in types.values() if task.module is not None]
    yield [task for task in far if not said.isdisjoint((task.name, *task.other_words))], False
    yield [task for task in types.values() if task.module is None], True
    yield far, True


def nearest(sentence: str, section: str, scope: Scope, n: int = 3) -> list[Phrase]:
    """The `n` phrases whose examples are most like the sentence, of its task type and the basics, or of all at hand.

    At hand are the libraries and the services that are configured. Of phrases with the same example one is enough.
    """
    task = resolve(section.partition(":")[0]) if section else None
    configured = {name.partition(":")[0] for name in scope.services}
    at_hand = [each for each in task_types().values() if each.module is None or each.name in configured]
    types = at_hand if task is None else [task, task_types()[BASICS]]
    phrases = {phrase.example: phrase for each in types for phrase in each.phrases}.values()
    said = [token.lower for token in tokenise(sentence)]

    def likeness(phrase: Phrase) -> float:
        return difflib.SequenceMatcher(None, said, [token.lower for token in tokenise(phrase.example)]).ratio()

    return sorted(phrases, key=likeness, reverse=True)[:n]


def alike(sentence: str, section: str, scope: Scope, n: int = 3) -> list[Phrase]:
    """Those of the nearest phrases that have most of their own words in the sentence, `n` at most.

    Where the sentence says its task type and none has, the nearest of that are at least of use.
    """
    said = {token.lower for token in tokenise(sentence)}
    held = (phrase for phrase in nearest(sentence, section, scope, _LOOKED_AT) if _is_said(phrase, said))
    return list(islice(held, n)) or (nearest(sentence, section, scope, n) if section else [])


def _is_said(phrase: Phrase, said: set[str]) -> bool:
    """Whether more than half of the fixed words of its example are said, small ones aside."""
    words = _own_words(phrase)
    return 2 * len(words & said) > len(words)


@lru_cache(maxsize=1024)
def _own_words(phrase: Phrase) -> frozenset[str]:
    """The words of its example that are the form's, not a slot's."""
    tokens = tokenise(phrase.example)
    _, spans = max(parse_form(phrase.form).lay_over(tokens, WIDEST), default=(0, ()), key=lambda way: way[0])
    in_slots = {at for _, start, stop in spans for at in range(start, stop)}
    own = {token.lower for at, token in enumerate(tokens) if at not in in_slots and token.kind == "word"}
    return frozenset(own - _SMALL_WORDS)


def phrases_for(task: str) -> tuple[Phrase, ...]:
    """The phrases of a task type, by its name or another word for it; () for an unknown one."""
    found = resolve(task)
    return found.phrases if found is not None else ()


@dataclass(frozen=True)
class Way:
    """A phrase laid over the sentence, its slots not closed yet."""

    words: int
    phrase: Phrase
    spans: Spans
    task: TaskType
    moment: Moment

    @property
    def rank(self) -> tuple[bool, int]:
        """What is meant first: a sentence that is nothing but SQL of known tables, then the most fixed words."""
        return _is_verbatim(self.phrase), self.words


def _is_verbatim(phrase: Phrase) -> bool:
    """Whether a phrase is SQL alone that reads or changes rows: what defines tables names none that need be known."""
    first, *others = parse_form(phrase.form).row
    return isinstance(first, Slot) and not others and first.kind == "sql" and "defines" not in first.details


def _fits(
    tasks: Iterable[TaskType], section: str, sentence: str, tokens: tuple[Token, ...], scope: Scope, tolerant: bool
) -> list[Match]:
    """What fits with the highest rank, at most one match a phrase. Slots are closed only as far as that takes."""
    ways = [way for task in tasks for way in ways_of(task, section, tokens, scope)]
    found: dict[Phrase, Match] = {}
    highest = (False, 0)
    for way in sorted(ways, key=lambda way: way.rank, reverse=True):
        if found and way.rank < highest:
            break
        if way.phrase not in found:
            filled = _close_all(way.spans, sentence, tokens, way.moment, tolerant)
            made = None if filled is None else _as_match(way, filled, sentence, tokens)
            if made is not None and not hidden(made.python, scope):
                highest = way.rank
                found[way.phrase] = made
    return list(found.values())


def ways_of(task: TaskType, section: str, tokens: tuple[Token, ...], scope: Scope) -> Iterator[Way]:
    """Every way in which a phrase of the task type lies over the tokens, without a service's `;` at the end."""
    if task.module is not None and len(tokens) > 1 and tokens[-1].text == ";":
        tokens = tokens[:-1]
    service = _service(task, section, scope)
    if task.module is not None and service is None:
        return
    moment = Moment(scope, service)
    for phrase in _candidates(task, tokens[0].lower, frozenset(token.lower for token in tokens)):
        if not hidden(phrase.python, scope):
            for words, spans in islice(parse_form(phrase.form).lay_over(tokens, WIDEST), _MOST_WAYS):
                yield Way(words, phrase, spans, task, moment)


def _service(task: TaskType, section: str, scope: Scope) -> Service | None:
    if task.module is None:
        return None
    if section:
        return scope.services.get(":".join(filter(None, (task.name, section.partition(":")[2]))))
    own = [name for name in scope.services if name.partition(":")[0] == task.name]
    name = task.name if task.name in own else own[0] if len(own) == 1 else ""
    return scope.services.get(name)


@lru_cache(maxsize=256)
def _by_first_word(task: TaskType) -> dict[str | None, list[Phrase]]:
    """The phrases of a task type by the words that they may begin with; under None those that may begin with a slot."""
    index: dict[str | None, list[Phrase]] = {None: []}
    for phrase in task.phrases:
        first = parse_form(phrase.form).first
        for word in [None] if first is None else first:
            index.setdefault(word, []).append(phrase)
    return index


def _candidates(task: TaskType, first: str, said: frozenset[str]) -> Iterator[Phrase]:
    index = _by_first_word(task)
    for phrase in (*index.get(first, ()), *index[None]):
        if parse_form(phrase.form).needed <= said:
            yield phrase


def _as_match(way: Way, filled: dict[str, Filled], sentence: str, tokens: tuple[Token, ...]) -> Match:
    phrase, service = way.phrase, way.moment.service
    meant = _meant(filled, way.spans, sentence, tokens)
    if "{sentence}" in phrase.python:
        filled = {**filled, "sentence": Filled(_with_values(sentence, filled, way.moment.scope))}
    for name, call in CALLS.items():
        if f"{{{name}}}" in phrase.python:
            filled = {**filled, name: Filled(call((filled.get("frame") or filled["source"]).columns))}
    if "{table_key}" in phrase.python and isinstance(table := filled["table"].of, Table):
        filled = {**filled, "table_key": Filled("", (sql_name(number_key(table) or "", way.moment.dialect),))}
    if service is not None:
        filled = {**filled, "module": Filled(service.variable)}
    section = way.task.name if service is None else service.section
    python = with_imports(fill(phrase.python, filled), filled)
    result = fill(phrase.result, filled)
    return Match(phrase, way.task.name, section, python, result, meant)


def _close_all(
    spans: Spans, sentence: str, tokens: tuple[Token, ...], moment: Moment, tolerant: bool
) -> dict[str, Filled] | None:
    """What all slots hold, or None. Slots that stand by themselves are closed first, then those that are `of` them."""
    filled = _implied(spans, moment)
    for slot, start, stop in sorted(spans, key=lambda span: bool(span[0].of)):
        piece = Piece(sentence, tokens[start:stop])
        owners = [filled.get(name) for name in slot.of.split("+")] if slot.of else [None]
        if slot.of and None in owners:
            return None
        try:
            closed = [close(slot, piece, moment, owner) for owner in owners]
        except Exception:  # whatever the driver raises when a service that was not named does not answer
            if not tolerant:
                raise
            return None
        if closed[0] is None or None in closed:
            return None
        filled[slot.name] = closed[0]
    return filled


def _implied(spans: Spans, moment: Moment) -> dict[str, Filled]:
    """The data frame that a sentence leaves out (`sort by age`), where it can be only one."""
    named = {slot.name for slot, _, _ in spans}
    owners = {name for slot, _, _ in spans if slot.of for name in slot.of.split("+")}
    name = only_frame(moment.scope) if owners - named == {"frame"} else None
    return {} if name is None else {"frame": Filled(name, of=moment.scope.names[name])}


def _with_values(sentence: str, filled: Mapping[str, Filled], scope: Scope) -> str:
    """A Python literal that says the sentence and, when it runs, the plain values that its conditions are about."""
    said = (_NAME.findall(held.python) for held in filled.values())
    names = [name for name in dict.fromkeys(chain.from_iterable(said)) if _PLAIN & shapes(scope.names.get(name))]
    if not names:
        return python_text(sentence)
    values = ", ".join(f"{name} = {{{name}!r}}" for name in names)
    return "f" + python_text(f"{sentence.replace('{', '{{').replace('}', '}}')}: {values}")


def hidden(python: str, scope: Scope) -> list[str]:
    """The variables of the user's whose place an import of a phrase's Python would take."""
    bound = (alias or name for name, alias in _IMPORT.findall(python))
    return [name for name in bound if name in scope.names and not isinstance(scope.names[name], ModuleType)]


def _meant(filled: Mapping[str, Filled], spans: Spans, sentence: str, tokens: tuple[Token, ...]) -> dict[str, str]:
    said = {slot.name: Piece(sentence, tokens[start:stop]).source for slot, start, stop in spans if slot.kind == "name"}
    return {words: filled[name].python for name, words in said.items() if words != filled[name].python}
