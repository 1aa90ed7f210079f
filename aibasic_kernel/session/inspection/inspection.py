"""Inspection at a cursor: what the thing there is, its shape, its documentation and examples.

As with completion, no key press waits for a service: tables are those that its module has read already, and a module
that was not used yet is described by its class.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import TYPE_CHECKING

from aibasic.modules.schema import Table

from aibasic_kernel.compiler.phrasing.match import match
from aibasic_kernel.compiler.phrasing.names import find_name
from aibasic_kernel.compiler.phrasing.tokens import Token, tokenise
from aibasic_kernel.compiler.scope import Service
from aibasic_kernel.compiler.task_types import known_words, resolve, task_types
from aibasic_kernel.compiler.traces.trace import table_named
from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.language.commands import COMMANDS, read_command
from aibasic_kernel.language.instruction import Command, Sentence, Span
from aibasic_kernel.language.tasks import read_task
from aibasic_kernel.session.completion.methods import open_call, service_of
from aibasic_kernel.session.completion.statement_at import StatementAt, statement_at
from aibasic_kernel.session.inspection.card import Card
from aibasic_kernel.session.inspection.commands import command_card
from aibasic_kernel.session.inspection.names import file_card, variable_card
from aibasic_kernel.session.inspection.sentence import line_card, sentence_card
from aibasic_kernel.session.inspection.services import method_card, module_card, task_card
from aibasic_kernel.session.inspection.tables import column_card, table_card
from aibasic_kernel.session.services.known_services import known_scope

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session

_MOST_MEANINGS = 3
"""A word may be a column of many tables: of as many it is said what it is."""
_CHUNK = re.compile(r"[^\s,;()]+")
_WORD = re.compile(r"\w+")
_OWNER = re.compile(r"(?<![\w.])(\w+)\.\Z")
_OF_PYTHON = (type, FunctionType, BuiltinFunctionType, ModuleType)
"""What is documented where it was written, and so inspected as Python."""


def inspect(session: Session, code: str, cursor: int, *, source: bool = False) -> str | None:
    """What stands at `cursor` (in characters), with the `source` of a method where that is wanted.

    None where Python is to inspect it, or nothing is there.
    """
    cursor = max(0, min(cursor, len(code)))
    statement = statement_at(code, cursor)
    if statement is None:
        return None
    cards = list(islice(_Place(session, statement, source).cards(), _MOST_MEANINGS))
    return session.redact("\n\n".join(map(str, cards))) if cards else None


class _Place:
    """One key press: the statement, and what is known at this moment."""

    def __init__(self, session: Session, statement: StatementAt, source: bool) -> None:
        self._session = session
        self._statement = statement
        self._source = source
        self._scope = known_scope(session)
        self._text, self._at = statement.text, max(0, statement.cursor)

    def cards(self) -> Iterator[Card]:
        """What is at the cursor, the likeliest first."""
        statement = self._statement
        if task := self._task():
            yield task
        elif statement.cursor < 0:
            yield from self._whole()
        elif (command := self._command()) is not None:
            yield command
        elif statement.section is None and (service := self._called()) is not None:
            yield from self._of_call(service)
        elif (sentence := self._sentence()) is not None:
            yield from self._in_sentence(sentence)

    # Before the sentence ---------------------------------------------------------------------------------------------

    def _task(self) -> Card | None:
        """The task type whose brackets the cursor stands in or touches."""
        statement = self._statement
        begun = statement.section if statement.cursor < 0 else None
        if statement.section is None:
            blanks = len(self._text) - len(self._text.lstrip())
            head = read_task(self._text[blanks:])
            touched = head is not None and self._at < blanks + head.length
            begun = head.name if head is not None and touched else statement.task_begun
        task = resolve((begun or "").partition(":")[0])
        return task_card(task, self._scope) if task is not None else None

    def _whole(self) -> Iterator[Card]:
        """The cursor stands on the number, or in front of everything."""
        if (sentence := self._sentence()) is not None:
            yield sentence_card(self._session, sentence, self._scope)

    def _command(self) -> Card | None:
        if self._statement.section is not None or self._statement.numbered:
            return None
        read = read_command(self._text.strip(), self._session.user_names, known_words())
        if read is None:
            return None
        word_end = len(self._text) - len(self._text.lstrip()) + len(read.name)
        return (self._argument(read) if self._at > word_end else None) or command_card(read.name)

    def _argument(self, command: Command) -> Card | None:
        argument = command.argument
        if argument.isdigit() and (line := self._session.lines.get(int(argument))) is not None:
            return line_card(line)
        if argument.upper() in COMMANDS:
            return command_card(argument.upper())
        task = resolve(argument)
        return task_card(task, self._scope) if task is not None else None

    # Python of modules -----------------------------------------------------------------------------------------------

    def _called(self) -> Service | None:
        """The service whose variable the cursor touches, or whose method it touches or calls."""
        name, attribute = self._dotted()
        if attribute or service_of(name, self._scope) is not None:
            return service_of(name, self._scope)
        call = open_call(self._text[: self._at])
        if call is None or (call.literal is None and name in self._session.names):
            return None
        return service_of(call.variable, self._scope)

    def _of_call(self, service: Service) -> Iterator[Card]:
        name, attribute = self._dotted()
        call = open_call(self._text[: self._at])
        found: Card | None
        if attribute and name == service.variable:
            found = method_card(service, attribute, source=self._source)
        elif name == service.variable:
            found = module_card(service, self._session.names.get(name))
        else:
            assert call is not None
            cards = list(self._in_tables([service], name)) if call.literal is not None and name else []
            yield from cards
            found = None if cards else method_card(service, call.method, source=self._source)
        if found is not None:
            yield found

    def _dotted(self) -> tuple[str, str]:
        """The word at the cursor: as a name, or as an attribute behind the name that owns it."""
        for word in _WORD.finditer(self._text):
            if word.start() <= self._at <= word.end():
                owner = _OWNER.search(self._text, 0, word.start())
                return (owner[1], word[0]) if owner else (word[0], "")
        return "", ""

    # Sentences -------------------------------------------------------------------------------------------------------

    def _sentence(self) -> Sentence | None:
        """The statement as a sentence; None where it is Python."""
        section = self._statement.section
        if section is not None:
            task, _, instance = section.partition(":")
            return Sentence(Span(0, 0, 1), "", None, " ".join(self._text.split()), task, instance)
        try:
            read = self._session.parse(self._text.strip())
        except (AIBasicError, OSError, ValueError, LookupError):
            return None
        return read[0] if len(read) == 1 and isinstance(read[0], Sentence) else None

    def _in_sentence(self, sentence: Sentence) -> Iterator[Card]:
        token = self._token()
        if hasattr(builtins, self._text.strip()):  # it is a sentence only as long as nothing of that name was made
            return
        told = False
        if token is not None:
            word = token.unquoted if token.kind == "text" else token.text
            if isinstance(self._scope.names.get(word), _OF_PYTHON):
                return
            for found in self._meanings(word, sentence):
                told = True
                yield found
        if not told:
            yield sentence_card(self._session, sentence, self._scope)

    def _token(self) -> Token | None:
        touched = [token for token in tokenise(self._text) if token.start <= self._at <= token.end]
        return max(touched, key=lambda token: (token.kind != "mark", token.start), default=None)

    def _meanings(self, word: str, sentence: Sentence) -> Iterator[Card]:
        """All that a word may be, in the order in which its task type looks for it."""
        task = resolve(sentence.task) if sentence.task else None
        services = [
            service
            for section, service in self._scope.services.items()
            if sentence.section in ("", section) or (task is not None and task.module is None)
        ]
        variable = [found] if (found := self._variable(word, sentence)) is not None else []
        of_service = task is not None and task.module is not None
        chunk = self._chunk()
        yield from () if of_service else variable
        yield from self._file(chunk) if chunk != word else ()
        yield from self._in_tables(services, word)
        yield from variable if of_service else ()
        yield from self._file(word)

    def _variable(self, word: str, sentence: Sentence) -> Card | None:
        names = self._scope.names
        if word in names:
            return variable_card(word, names[word], word)
        if (service := service_of(word, self._scope)) is not None:
            return module_card(service, self._session.names.get(word))
        fits = match(sentence.text, sentence.section, self._scope, task_types())
        meant = dict(fits.meant) if fits is not None else {}
        name = meant.get(word) or meant.get(f"the {word}") or find_name((word,), (), self._scope)
        return variable_card(name, names[name], word) if name is not None and name in names else None

    def _in_tables(self, services: list[Service], word: str) -> Iterator[Card]:
        """Tables of that name, then columns: of the tables that the statement names, else of any."""
        chunk = self._chunk()
        for service in services:
            tables = service.tables()
            table = _table(tables, chunk) or _table(tables, word)
            if table is not None:
                yield table_card(service, table)
        for service in services:
            tables = service.tables()
            named = self._named(tables)
            for table in named or tables.values():
                column = table.column(word) or table.column(word.lower())
                if column is not None:
                    yield column_card(service, table, column)

    def _named(self, tables: Mapping[str, Table]) -> list[Table]:
        said = [token.unquoted if token.kind == "text" else token.text for token in tokenise(self._text)]
        said += _WORD.findall(self._text) + _CHUNK.findall(self._text)
        found = (_table(tables, word) for word in dict.fromkeys(said))
        return list({table.name: table for table in found if table is not None}.values())

    def _chunk(self) -> str:
        """What stands at the cursor between blanks: `sales.orders`, `reports/march.csv`."""
        at = (chunk for chunk in _CHUNK.finditer(self._text) if chunk.start() <= self._at <= chunk.end())
        return next((chunk[0].strip("\"'.:") for chunk in at), "")

    def _file(self, said: str) -> Iterator[Card]:
        path = self._scope.folder / said
        try:
            if said and path.exists():
                yield file_card(path, said)
        except (OSError, ValueError):  # a name that no file can have, a file that has just gone
            return


def _table(tables: Mapping[str, Table], word: str) -> Table | None:
    return (table_named(tables, word) or table_named(tables, f'"{word}"')) if word else None
