"""Completion at a cursor: commands, task types, phrases with their slots, tables, columns, names, methods.

A key press never waits for a service: tables are those that its module has read already. Those of the server that
comes along are read behind the first key press in a sentence.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aibasic_kernel.compiler.phrasing.tokens import tokenise
from aibasic_kernel.compiler.shapes import describe
from aibasic_kernel.compiler.task_types import resolve, task_types
from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.session.completion import commands as completion_commands
from aibasic_kernel.session.completion import methods as completion_methods
from aibasic_kernel.session.completion.offers import Known, Offer, column_offer, matching, table_offer
from aibasic_kernel.session.completion.phrases import Place, phrase_offers
from aibasic_kernel.session.completion.sql import sql_offers
from aibasic_kernel.session.completion.statement_at import StatementAt, statement_at
from aibasic_kernel.session.services.known_services import known_scope

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session

_MOST = 1000
_MOST_TOLD = 100
"""So many of them are told with what they are where that has to be looked up."""
_ABOUT = 60
"""Characters of what is said of a variable."""
_WHOLE_IN_PLAIN_LINES = 5
_ADDRESSED = frozenset(["table", "column", "file"])
"""What may be written with quotes, dots and slashes, unlike the words of a sentence."""
_CHUNK = re.compile(r"\S*\Z")
_WORD = re.compile(r"\w*\Z")
_TWO_WORDS = re.compile(r"\s*([^\W\d]\w*)\s+(?:[\w\"'\u201c]|\Z)")
_ATTRIBUTE = re.compile(r"[\w)\]\"']\.\w*\Z")

_Found = tuple[list[Offer], str]
"""The offers that match, and the text before the cursor that they replace."""


@dataclass(frozen=True)
class Completions:
    """What may stand between `start` and `end` (characters of the cell) instead of what is there.

    `python` is the text in which Python's own completions belong beside these, and its offset in the cell; None where
    it is surely English.
    """

    offers: tuple[Offer, ...]
    start: int
    end: int
    python: tuple[str, int] | None = None


def complete(session: Session, code: str, cursor: int) -> Completions:
    """The completions at `cursor`, in characters."""
    cursor = max(0, min(cursor, len(code)))
    statement = statement_at(code, cursor)
    if statement is None:
        return Completions((), cursor, cursor, (code, 0))
    end = statement.offset + len(statement.text)
    python = (code[statement.offset : end], statement.offset) if statement.numbered else (code, 0)
    if statement.cursor < 0:
        return Completions((), cursor, cursor)
    cursor_in = _Cursor(session, statement)
    found = cursor_in.found()
    if cursor_in.is_english:
        cursor_in.learn_ahead()
    if found is None:
        return Completions((), cursor, cursor, None if cursor_in.is_english else python)
    offers, fragment = found
    offers = [*(_told(session, offer) for offer in offers[:_MOST_TOLD]), *offers[_MOST_TOLD:_MOST]]
    exclusive = cursor_in.is_english or any(offer.kind not in _BESIDE_PYTHON for offer in offers)
    return Completions(tuple(offers), cursor - len(fragment), cursor, None if exclusive else python)


def _told(session: Session, offer: Offer) -> Offer:
    """The offer; a variable with what it is."""
    if offer.kind != "name" or offer.text not in session.user_names:
        return offer
    return replace(offer, about=describe(session.user_names[offer.text], _ABOUT))


_BESIDE_PYTHON = frozenset(["name", "word", "phrase", "argument", "command"])


class _Cursor:
    """One key press: the statement, and what is known at this moment."""

    def __init__(self, session: Session, statement: StatementAt) -> None:
        self._session = session
        self._statement = statement
        self._before = statement.before
        self._scope = known_scope(session)
        self._known = Known(self._scope)

    @property
    def is_english(self) -> bool:
        """Whether no Python can be meant: there is a task type, or two words stand side by side as in no Python."""
        if self._statement.section is not None or (self._statement.numbered and not self._before.strip()):
            return True
        words = _TWO_WORDS.match(self._before)
        return words is not None and not keyword.iskeyword(words[1])

    def learn_ahead(self) -> None:
        """Have the next key press know tables that this one did not."""
        with suppress(AIBasicError, OSError, ValueError, LookupError):  # the next cell says what is wrong with it
            self._session.services.learn_ahead(self._statement.section)

    def found(self) -> _Found | None:
        """The first way of completing that finds something."""
        for way in (self._task, self._command, self._member, self._argument, self._sentence, self._anything):
            found = way()
            if found is not None and (matched := matching(*found)):
                return matched, found[1]
        return None

    def _task(self) -> _Found | None:
        begun = self._statement.task_begun
        if begun is None:
            return None
        bracket = "" if self._statement.after.startswith(")") else ")"
        return [Offer(text + bracket, "task", about) for text, about in self._tasks(begun.partition(":")[0])], begun

    def _tasks(self, word: str) -> Iterator[tuple[str, str]]:
        """What may stand in the brackets, and what it does: task types, their instances, other words for them."""
        configured = {section.partition(":")[0] for section in self._scope.services}
        types = sorted(task_types().values(), key=lambda task: task.module is not None and task.name not in configured)
        named = resolve(word)
        instances = [section.split(":", 1) for section in self._scope.services if ":" in section]
        yield from ((task.name, task.does) for task in types)
        for name, instance in instances:
            yield f"{name}:{instance}", task_types()[name].does
            if named is not None and named.name == name != word.lower():
                yield f"{word}:{instance}", named.does
        yield from ((other, task.does) for task in types for other in task.other_words)

    def _command(self) -> _Found | None:
        if self._statement.section is not None or self._statement.numbered:
            return None
        line = self._before.lstrip()
        if line.isidentifier():
            return list(completion_commands.command_words(line)), line
        return completion_commands.arguments(self._session, line)

    def _member(self) -> _Found | None:
        return completion_methods.methods(self._before, self._scope) if self._statement.section is None else None

    def _argument(self) -> _Found | None:
        """A keyword argument of a module's method, or SQL in the literal that it is given."""
        call = completion_methods.open_call(self._before) if self._statement.section is None else None
        service = completion_methods.service_of(call.variable, self._scope) if call is not None else None
        if call is None or service is None:
            return None
        if call.literal is None:
            return completion_methods.arguments(self._before, self._scope)
        fragment = _end(_WORD, call.literal)
        said = [token.lower for token in tokenise(call.literal[: len(call.literal) - len(fragment)])]
        later = [token.lower for token in tokenise(self._statement.after)]
        return list(sql_offers(said, service.tables(), later)), fragment

    def _sentence(self) -> _Found | None:
        """By the phrases: first what may have quotes or dots in it, by all that is written since the last blank."""
        before = self._before
        if self._statement.section is None and _ATTRIBUTE.search(before):
            return None
        quote = _open_quote(before)
        chunk = before[quote:] if quote is not None else _end(_CHUNK, before)
        word = _end(_WORD, before)
        offers = list(self._offers(chunk))
        if chunk == word:
            return offers, word
        addressed = [offer for offer in offers if offer.kind in _ADDRESSED]
        if quote is not None or matching(addressed, chunk):
            return addressed, chunk
        return list(self._offers(word)), word

    def _offers(self, fragment: str) -> Iterator[Offer]:
        text = self._before[: len(self._before) - len(fragment)]
        section = self._statement.section
        plain = section is None and not text.strip()
        if plain and not fragment and not self._statement.numbered:
            return
        later = tokenise(self._statement.after)
        place = Place(text, fragment, later, section or "", self._scope, self._known)
        offers = phrase_offers(place)
        whole = 0
        for offer in offers:
            whole += offer.kind == "phrase"
            if not plain or offer.kind == "word" or (offer.kind == "phrase" and whole <= _WHOLE_IN_PLAIN_LINES):
                yield offer

    def _anything(self) -> _Found | None:
        """In a sentence of no phrase, which a model may compile: whatever has a name."""
        fragment = _end(_WORD, self._before)
        if not self.is_english or not fragment or _open_quote(self._before) is not None:
            return None
        return list(self._names_of_all()), fragment

    def _names_of_all(self) -> Iterator[Offer]:
        task = resolve((self._statement.section or "").partition(":")[0])
        said = {token.text for token in tokenise(self._statement.text)}
        for service in self._scope.services.values():
            if task is None or task.module_class is service.module_class:
                tables = service.tables()
                yield from map(table_offer, tables.values())
                for table in [tables[name] for name in said if name in tables] or tables.values():
                    yield from map(column_offer, table.columns)
        yield from self._known.names(())


def _end(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[0] if match else ""


def _open_quote(text: str) -> int | None:
    """Where a double quote is open at the end of `text`."""
    return text.rindex('"') if text.count('"') % 2 else None
