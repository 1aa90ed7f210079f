"""The request for one sentence.

First what is the same for a whole session, to the byte, and therefore cached by the provider: rules, task types, the
modules of the configured services. Then what was observed: services, tables, variables, the cell. Last the line
itself. No request needs the conversation before it, so cells can be edited, reordered and run again.

What comes from data (names, comments) is kept on its line and inside its tags, so that it cannot pass for an
instruction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from aibasic.modules.schema import Table

from aibasic_kernel.compiler.configuration.settings import Settings
from aibasic_kernel.compiler.prompts.data_labels import Mentioned, schema_names
from aibasic_kernel.compiler.prompts.files import files_text
from aibasic_kernel.compiler.prompts.marked_data import harmless
from aibasic_kernel.compiler.prompts.rules import EXAMPLES, RULES
from aibasic_kernel.compiler.prompts.samples import rows_of_variables, sample_of_tables, sample_of_value
from aibasic_kernel.compiler.prompts.stubs import stub
from aibasic_kernel.compiler.prompts.table_choice import choose, most_joined
from aibasic_kernel.compiler.prompts.tables import bounded, tables_in_full, tables_text
from aibasic_kernel.compiler.providers.provider import Block, Request
from aibasic_kernel.compiler.scope import Scope, Service
from aibasic_kernel.compiler.shapes import describe
from aibasic_kernel.compiler.traces.trace import known_tables
from aibasic_kernel.compiler.words import words
from aibasic_kernel.language.instruction import Sentence

if TYPE_CHECKING:
    from aibasic_kernel.compiler.task_types import TaskType

INSTRUCTION = "Compile this line:"
DETAILED_NAMES = 25
"""Variables that are described; of more, those near the sentence."""
NAME_LIMIT = 600
OTHER_NAMES_LIMIT = 2000
CELL_LIMIT = 6000
MOST_TABLES_AHEAD = 2
"""Tables that a line is told of which is only about what other lines make of them."""
CELL_WEIGHT = 0.3
"""What a word of the cell counts against one of the sentence when tables are chosen."""
NAME = re.compile(r"[^\W\d]\w*")
DATABASE_WORDS = words("database databases table tables sql query db")


class Prefix:
    """The part of every request that stays the same to the byte for as long as the configured services do."""

    def __init__(self) -> None:
        self._made_for: tuple[object, ...] | None = None
        self._text = ""

    def text(self, task_types: Mapping[str, TaskType], services: Mapping[str, Service]) -> str:
        """The text; made anew only where other services are configured."""
        wanted = tuple((service.section, service.variable, service.module_class) for service in services.values())
        if wanted != self._made_for:
            self._text = "\n".join([RULES, _libraries(task_types), _modules(services.values()), EXAMPLES])
            self._made_for = wanted
        return self._text


def request_for(
    sentence: Sentence,
    scope: Scope,
    task_types: Mapping[str, TaskType],
    settings: Settings,
    prefix: Prefix,
    now: datetime | None = None,
    also: Iterable[str] = (),
) -> Request:
    """The request that compiles `sentence`. `now` is the local time with its zone, by default the clock's.

    `also` is what stands in front of the line, as `prompts.again` makes it.
    """
    stable = Block(prefix.text(task_types, scope.services), cache=True)
    parts = [*observed(sentence, scope, settings, now), *also, INSTRUCTION, line_of(sentence)]
    return Request((stable,), "\n".join(parts), settings.model, settings.max_tokens, sentence.section)


def tells_code(scope: Scope, settings: Settings) -> bool:
    """Whether SHARE lets out code that no model has seen: a phrase's, or the user's own, has columns in it."""
    return settings.shares("schema") and all(settings.shares("schema", section) for section in scope.services)


def observed(sentence: Sentence, scope: Scope, settings: Settings, now: datetime | None = None) -> list[str]:
    """What a request tells of the moment and of the cell."""
    scope = replace(scope, names=dict(scope.names.items()))  # other threads may bind and delete names meanwhile
    near = words(" ".join((sentence.text, *scope.cell)))
    services = _services(sentence, scope, settings)
    telling = _Telling(sentence, scope, settings, services)
    context = [
        _today(now or datetime.now().astimezone()),
        *services,
        *files_text(sentence, scope.folder, near, harmless, telling.may_tell if settings.shares("schema") else None),
        *_variables(sentence, scope, near, telling),
    ]
    return ["<context>", *context, "</context>", *_cell(scope, tells_code(scope, settings))]


# The stable part ------------------------------------------------------------------------------------------------------


def _libraries(task_types: Mapping[str, TaskType]) -> str:
    served = (task for task in task_types.values() if task.libraries and not task.module)
    return (
        "# Task types\nThe task type in front of a line says what it is about, and which libraries its code may use "
        "beside the standard library:\n"
        + "; ".join(f"({task.name}) {', '.join(task.libraries)}" for task in served)
        + "\n"
    )


def _modules(services: Iterable[Service]) -> str:
    lines = ["# Services"]
    first: dict[type, str] = {}
    for service in services:
        known = first.setdefault(service.module_class, service.variable)
        if known == service.variable:
            lines.append(f"({service.section}) {stub(service.module_class, service.variable)}")
        else:
            lines.append(f"({service.section}) {service.variable}: has the methods of {known}, on a server of its own.")
    if not first:
        lines.append("None is configured: a line that needs one cannot be compiled.")
    return "\n".join(lines) + "\n"


# The context ----------------------------------------------------------------------------------------------------------


def _today(now: datetime) -> str:
    offset = now.strftime("%z")
    return f"today: {now:%A} {now:%Y-%m-%d}, time zone {now.tzname()} (UTC{offset[:3]}:{offset[3:]})"


def _services(sentence: Sentence, scope: Scope, settings: Settings) -> list[str]:
    near = dict.fromkeys(words(" ".join(scope.cell)), CELL_WEIGHT) | dict.fromkeys(words(sentence.text), 1.0)
    lines = []
    for service in scope.services.values():
        if not settings.shares("schema", service.section):
            continue
        if not _concerns(sentence, service):
            lines += _tables_ahead(service, scope)
            continue
        try:
            tables = service.tables()
            state = service.module().state() if tables else ""
        except Exception:
            if _is_meant(sentence, service):
                raise
            continue  # another service may serve this line; this one says what is wrong with it when it is used
        if state:
            lines.append(f"{service.variable}: {harmless(state)}")
        if tables:
            chosen = tables_in_full(tables, near)
            if not chosen and _is_meant(sentence, service):  # it may be said in another language than the names
                chosen = most_joined(tables)
            values = service.module().categories(chosen) if settings.shares("categories", service.section) else {}
            dialect = service.module_class.dialect
            lines += [f"tables of {service.variable}:", *tables_text(tables, chosen, near, harmless, values, dialect)]
            if rows := settings.sample_rows(service.section):
                for name, sample in sample_of_tables(service.module(), chosen, rows, harmless).items():
                    lines += [f"rows of {harmless(name)}:", *(f"  {row}" for row in sample)]
    return lines


def _tables_ahead(service: Service, scope: Scope) -> list[str]:
    """The tables that lines to be run before this one are about: what they make has the columns of these."""
    ahead = scope.ahead
    if ahead is None or service.section not in ahead.sections:
        return []
    near = dict.fromkeys(words(" ".join(scope.cell[ahead.first : ahead.line])), 1.0)
    nearest = choose(known_tables(service) or {}, near)
    chosen = [table for table in nearest if words(table.name) <= near.keys()][:MOST_TABLES_AHEAD] or nearest[:1]
    return [f"table {harmless(table.name)} of {service.variable}: {_columns_and_kinds(table)}" for table in chosen]


def _columns_and_kinds(table: Table) -> str:
    return bounded((f"{harmless(column.name)} {column.kind}" for column in table.columns), NAME_LIMIT)


def _is_meant(sentence: Sentence, service: Service) -> bool:
    """Whether the task type in front of the sentence is this service."""
    task, _, instance = service.section.partition(":")
    return sentence.task in (task, *service.module_class.other_words) and sentence.instance == instance


def _concerns(sentence: Sentence, service: Service) -> bool:
    """Whether the sentence may be about this service's tables, so that asking for them is worth a connection."""
    if "sql" not in service.module_class.has:
        return False
    if not sentence.task or _is_meant(sentence, service):
        return True
    named = words(f"{service.section} {service.variable} {' '.join(service.module_class.other_words)}")
    return sentence.task != service.section.partition(":")[0] and bool(words(sentence.text) & (DATABASE_WORDS | named))


def _variables(sentence: Sentence, scope: Scope, near: frozenset[str], telling: _Telling) -> list[str]:
    if not scope.names:
        return ["variables: none yet"]
    names = _nearest_first(scope, sentence, near)
    detailed = names[:DETAILED_NAMES]
    lines = [f"last_output: {harmless(scope.last_output)}"] if scope.last_output else []
    lines.append("variables:")
    for name in sorted(detailed):
        lines.append(f"  {harmless(name)}{telling.kind(scope.names[name])}")
        lines += [f"    {row}" for row in telling.rows(scope.names[name])]
    others = sorted(names[DETAILED_NAMES:])
    if others:
        lines.append(f"  others: {harmless(bounded(others, OTHER_NAMES_LIMIT))}")
    return lines


class _Telling:
    """What SHARE lets out of the variables."""

    def __init__(self, sentence: Sentence, scope: Scope, settings: Settings, services: Iterable[str]) -> None:
        self._settings = settings
        # Which service a variable's columns came from is not known: where one keeps its names to itself, only those
        # are told that stand elsewhere.
        self._withholds = any(not settings.shares("schema", section) for section in scope.services)
        columns = (name for value in scope.names.values() for name in schema_names(value))
        known = {*scope.code} if self._withholds else {*scope.code, *columns}
        self.may_tell = Mentioned((sentence.text, *scope.cell, *services), known)
        self._rows = rows_of_variables(settings, scope.services)

    def kind(self, value: object) -> str:
        """What stands behind a variable's name."""
        if self._settings.shares("schema"):
            may_tell = None if self._rows else self.may_tell
            return f": {harmless(describe(value, NAME_LIMIT, may_tell, ask_for_all=self._withholds))}"
        return f": {type(value).__name__}" if self._settings.shares("types") else ""

    def rows(self, value: object) -> list[str]:
        """Some of its rows."""
        return sample_of_value(value, self._rows, harmless) if self._rows else []


def _nearest_first(scope: Scope, sentence: Sentence, near: frozenset[str]) -> list[str]:
    """The newest result, names that the sentence says, those like its words, those like the cell's; newest first."""
    said = set(NAME.findall(sentence.text))
    own = words(sentence.text)
    age = {name: -position for position, name in enumerate(scope.names)}

    def distance(name: str) -> tuple[bool, bool, int, int, int]:
        parts = frozenset(part for part in words(name) if len(part) > 1 and not part.isdigit())
        return name != scope.last_output, name not in said, -len(parts & own), -len(parts & near), age[name]

    return sorted(scope.names, key=distance)


# The cell and the line ------------------------------------------------------------------------------------------------


def _cell(scope: Scope, with_code: bool) -> list[str]:
    if len(scope.cell) < 2:
        return []
    ahead = scope.ahead
    lines: list[str] = []
    room = CELL_LIMIT
    for at, other in enumerate(scope.cell):
        room -= len(other)
        if room < 0:
            lines.append("...")
            break
        if ahead is not None and at in (ahead.first, ahead.line):
            lines.append("<ahead>" if at == ahead.first else "</ahead>")
        lines.append(harmless(other) + (_made(ahead.makes.get(at, "")) if ahead is not None and with_code else ""))
    return ["<cell>", *lines, "</cell>"]


def _made(python: str) -> str:
    return f"  ->  {harmless(python)}" if python else ""


def line_of(sentence: Sentence) -> str:
    """The line as a request says it: with its task type, without its number."""
    return f"({sentence.section}) {sentence.text}" if sentence.section else sentence.text
