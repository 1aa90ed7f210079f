"""The gate: whether compiled code may do what it is about to do, asked of the user where the configuration says so.

In two layers. Before a line runs, its code is judged: what will happen is told, and asked about once. While it runs,
what the modules announce and what the audit hook sees is judged again, which has the last word: names can be computed.
It is a seat belt against mistakes and no sandbox: code that means to evade it can.
"""

from __future__ import annotations

import functools
import importlib
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from aibasic.modules import effects
from aibasic.modules.base import Module
from aibasic.modules.effects import Effect, Kind

from aibasic_kernel.compiler.gate import (
    Consequence,
    judge_python,
    judge_sql,
    judge_statement,
    temporary_tables,
    unparameterised,
)
from aibasic_kernel.errors import Refused, ReplyError
from aibasic_kernel.session.gating.audit import Audit, apart
from aibasic_kernel.session.gating.audit_hosts import Hosts, named_around
from aibasic_kernel.session.gating.callers import Callers
from aibasic_kernel.session.gating.confirmation import Confirmation
from aibasic_kernel.session.gating.effects_heard import EffectsHeard, dialect_of
from aibasic_kernel.session.gating.grants import Grants, nothing
from aibasic_kernel.session.gating.sqlite import SqliteWatch

if TYPE_CHECKING:
    from aibasic_kernel.compiler.compiler import Served
    from aibasic_kernel.session.line import Line
    from aibasic_kernel.session.session import Session

_ASKED_AT = {
    "never": frozenset[Kind](),
    "destructive": frozenset({Kind.DESTRUCTIVE, Kind.STATEMENT}),
    "writes": frozenset({Kind.DESTRUCTIVE, Kind.STATEMENT, Kind.WRITE}),
    "always": frozenset(Kind),
}
"""What each CONFIRM asks about; STATEMENT is what cannot be judged."""
_MAKES_TEMPORARY = re.compile(r"\btemp(?:orary)?\b", re.IGNORECASE)


@functools.lru_cache(maxsize=512)
def _judged(effect: Effect, temporary: frozenset[str]) -> tuple[Consequence, ...]:
    return judge_statement(effect, dialect_of(effect.service), temporary)


class Gate:
    """Lets the compiled lines of one session do what the configuration allows, and what the user agrees to."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._callers = Callers(session.names)
        self._audit = Audit(self._callers, self._seen)
        self._sqlite = SqliteWatch(self._sent_to_sqlite)
        self._confirmation = Confirmation(session)
        self._lines: dict[str, Line] = {}
        self._refusals: dict[str, Refused] = {}
        self._temporary: WeakKeyDictionary[Module, frozenset[str]] = WeakKeyDictionary()
        """The temporary tables that were made: what happens to them is no loss. They end with their connections."""
        self._listening = ExitStack()
        self._is_open = False
        self._heard = EffectsHeard()
        self.grants: Grants = nothing
        """What the user has agreed to beforehand."""

    def close(self) -> None:
        """Listen no more."""
        self._listening.close()
        self._is_open = False

    def admit(self, line: Line, served: Served) -> None:
        """Judge a compiled line before it runs, and ask about it where that is to be. Raises Refused.

        ReplyError for SQL in a model's first answer that is put together from variables: the model may mend it.
        """
        pieced = unparameterised(line.python) if served.reply is not None else ""
        if pieced and not line.failed and self._session.settings.repair and self._session.compiler.can_ask:
            raise ReplyError(pieced)
        for section in self._used(line):
            self._session.settings.check(section)
        self._open()
        if "sqlite" in line.python:
            importlib.import_module("sqlite3")
        self._sqlite.start()
        self._lines[line.filename] = line
        self._refusals.pop(line.filename, None)
        self._confirmation.begin(line)
        judged = self.judged(line)
        if pieced:
            judged = (*judged, Consequence(Kind.STATEMENT, f"sends SQL that is put together from variables: {pieced}"))
        found = self.asked_about(line, judged)
        if found:
            self._confirmation.require(line, found)

    def judged(self, line: Line) -> tuple[Consequence, ...]:
        """What a line would do, as far as its code tells."""
        services = self._session.services.values()
        return judge_python(
            line.python,
            {service.variable: service.module_class for service in services},
            {service.variable: service.section for service in services},
        )

    def asked_about(self, line: Line, judged: Iterable[Consequence]) -> list[Consequence]:
        """What of that is asked about before the line runs."""
        asked = (each for each in judged if self.is_asked(each) and not self._is_temporary(each))
        return [each for each in asked if not self._is_refused(each)] or self._always_asked(line)

    @contextmanager
    def watching(self, line: Line) -> Iterator[EffectsHeard]:
        """Hear what an admitted line does until the block ends; what was refused meanwhile ends the line, whatever its
        code made of that.
        """
        self._audit.begin(Hosts(lambda: self._texts_around(line)))
        self._heard = line.heard = EffectsHeard()
        try:
            with self._heard.listening(), self._callers.adopting(apart()):
                yield self._heard
        except GeneratorExit:
            raise
        except BaseException:
            if line.filename not in self._refusals:
                raise
        self.uphold(line)

    def uphold(self, line: Line) -> None:
        """Raise what was refused to a line that runs, whatever its code made of that."""
        if refusal := self._refusals.pop(line.filename, None):
            raise refusal from None

    def is_production(self, line: Line) -> bool:
        """Whether a line's code names a service that others depend on."""
        return any(map(self._session.settings.is_production, self._used(line)))

    def _open(self) -> None:
        if not self._is_open:
            self._is_open = True
            self._listening.enter_context(effects.listening(self._announced))
            self._audit.start()
            self._listening.callback(self._audit.stop)
            self._listening.callback(self._sqlite.stop)

    def _announced(self, effect: Effect) -> None:
        """A module is about to send something."""
        if effect.kind is Kind.READ:
            return
        temporary = self._temporary_of(effect.service)
        filename = self._callers.line(sys._getframe(1))
        if filename and _ASKED_AT[self._confirm(effect.service)]:
            judged = _judged(effect, temporary)
            self._require(filename, [each for each in judged if not self._is_refused(each, sent=True)], effect.instance)
        if effect.kind is Kind.STATEMENT and _MAKES_TEMPORARY.search(effect.statement):
            module = self._confirmation.module(effect.service)
            if module is not None:
                made = temporary_tables(effect.statement, dialect_of(effect.service))
                self._temporary[module] = temporary | made

    def _seen(self, consequence: Consequence, filename: str) -> None:
        """Python itself is about to do something."""
        if consequence.words not in self._heard.events:
            self._heard.events.append(consequence.words)
        self._require(filename, (consequence,), "")

    def _sent_to_sqlite(self, statement: str, frame: FrameType) -> None:
        """A statement is about to be sent to a file of SQLite."""
        if isinstance(statement, str) and (filename := self._callers.line(frame)):
            for consequence in judge_sql(statement, "sqlite"):
                self._seen(consequence, filename)

    def _require(self, filename: str, judged: Iterable[Consequence], place: str) -> None:
        found = [consequence for consequence in judged if self.is_asked(consequence)]
        line = self._lines.get(filename)
        if not found or line is None:
            return
        if refusal := self._refusals.get(filename):
            raise refusal
        try:
            self._confirmation.require(line, found, place)
        except Refused as refusal:
            self._refusals[filename] = refusal
            raise

    def is_asked(self, consequence: Consequence) -> bool:
        """Whether CONFIRM asks about it."""
        return consequence.kind in _ASKED_AT[self._confirm(consequence.section)]

    def _always_asked(self, line: Line) -> list[Consequence]:
        """That a line runs at all, for each of its services that asks about everything."""
        words = "runs the code that is shown above" if self._session.settings.show == "code" else "runs this code"
        sections = self._used(line) or [""]
        return [Consequence(Kind.READ, words, section) for section in sections if self._confirm(section) == "always"]

    def _is_refused(self, consequence: Consequence, sent: bool = False) -> bool:
        """Whether READONLY surely refuses it: a module what it calls a write itself, which is told to nobody; a server
        with SQL what a statement, `sent` or to be, does to the rows of a table.
        """
        if consequence.kind not in (Kind.WRITE, Kind.DESTRUCTIVE):
            return False
        if not self._session.settings.is_read_only(consequence.section):
            return False
        module = self._confirmation.module(consequence.section)
        if module is None or not module.read_only:
            return False
        return bool(consequence.table) if "sql" in module.has else not sent

    def _used(self, line: Line) -> list[str]:
        """The sections whose modules the line's code names."""
        assert line.code is not None
        return [each.section for each in self._session.services.values() if each.variable in line.code.loads]

    def _is_temporary(self, consequence: Consequence) -> bool:
        return consequence.table.lower() in self._temporary_of(consequence.section)

    def _temporary_of(self, section: str) -> frozenset[str]:
        """The temporary tables of the connections that are in use now."""
        module = self._confirmation.module(section) if self._temporary else None
        return self._temporary.get(module, frozenset()) if module is not None else frozenset()

    def _texts_around(self, line: Line) -> Iterator[str]:
        """What may name hosts for a line: its sentence and the texts that this names, the configuration."""
        yield line.sentence
        for word in line.words:
            yield from _texts_in(self._session.user_names.get(word))
        yield from named_around(self._session.environ)

    def _confirm(self, section: str) -> str:
        return self._session.settings.confirm_for(section)


def _texts_in(value: Any) -> Iterable[str]:
    """A text, or the texts of a list."""
    parts = (value,) if isinstance(value, str) else value if isinstance(value, list | tuple | set) else ()
    return (part for part in parts if isinstance(part, str))
