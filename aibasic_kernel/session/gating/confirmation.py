"""The question whether a line may do what it is about to do, and what was answered."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from aibasic.modules.base import Module
from aibasic.modules.effects import Kind

from aibasic_kernel.compiler.gate import Consequence
from aibasic_kernel.compiler.locks.review import WIDTH
from aibasic_kernel.compiler.privacy.visible import visible, visible_lines
from aibasic_kernel.errors import Refused
from aibasic_kernel.session.gating.coverage import is_covered
from aibasic_kernel.session.messages import PRODUCTION

if TYPE_CHECKING:
    from aibasic_kernel.session.line import Line
    from aibasic_kernel.session.session import Session

YES = ("y", "yes")
FROM_NOW_ON = "from now on"
BEFOREHAND = "granted beforehand"
EDIT = "edit"
SECONDS_TO_COUNT = 0.5
_ANSWERS = "run it? yes, no, from now on, edit: "
_GRAVEST_FIRST = (Kind.DESTRUCTIVE, Kind.STATEMENT, Kind.WRITE, Kind.READ)
_MOST_TOLD = 3
"""Consequences that a question names; of further ones it tells how many there are."""
_log = logging.getLogger(__name__)


class Edited(Refused):
    """The user took the line's code to change it instead of running it."""


class Confirmation:
    """Asks the user of one session, and remembers the answers: a yes for this run of a line, or for all to come.

    A yes from now on is bound to the sentence, the code, what it does, the server and how its section protects that
    (CONFIRM, PRODUCTION), and ends with the session.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._process = os.getpid()
        self._allowed: dict[str, dict[str, set[Consequence]]] = {}
        """What this run of a line may do: file name of the line -> server -> consequences."""
        self._from_now_on: set[str] = set()

    def begin(self, line: Line) -> None:
        """A line is about to run anew: a yes to its run before does not count."""
        self._allowed[line.filename] = {}

    def require(self, line: Line, found: Sequence[Consequence], place: str = "") -> None:
        """Ask whether a line may do this, unless that was answered; `place` is the server where it is known.

        Raises Refused where the answer is no yes, and where nobody can answer.
        """
        allowed = self._allowed.setdefault(line.filename, {})
        places = {section: place or self._place(section) for section in {each.section for each in found}}
        new = [each for each in found if not is_covered(each, _allowed_at(places[each.section], allowed))]
        open_ = [each for each in new if not self._session.gate.grants(line, each)]
        keys = {self._key(line, each, places[each.section]) for each in open_}
        if keys:
            line.answer = FROM_NOW_ON if keys <= self._from_now_on else self._answer(line, open_, places)
        elif new:
            line.answer = BEFOREHAND
        if line.answer == FROM_NOW_ON:
            self._from_now_on |= keys
        for each in new:
            allowed.setdefault(places[each.section], set()).add(each)

    def _answer(self, line: Line, found: Sequence[Consequence], places: dict[str, str]) -> str:
        """What the user typed, where that allows it."""
        told = "; ".join(self._told(found, places))
        question = f"{visible(line.sentence)}  ·  {told}{self._code(line, found)}\n{_ANSWERS}"
        # A forked process has the front end's connection, and no answer would come to it.
        said = self._session.ask(self._session.redact(question)) if os.getpid() == self._process else None
        if said is None:
            raise Refused(f"{told}: nobody can be asked here, so this was not done", self._remedy(found))
        answer = " ".join(said.lower().split())
        if answer == EDIT:
            raise Edited(f"{told}: this was not done", "its code is yours now: change it and run it")
        if answer not in (*YES, FROM_NOW_ON):
            raise Refused(f"{told}: you did not say yes, so this was not done")
        return answer

    def _told(self, found: Sequence[Consequence], places: dict[str, str]) -> Iterator[str]:
        for each in sorted(found, key=lambda each: _GRAVEST_FIRST.index(each.kind))[:_MOST_TOLD]:
            mark = f"{PRODUCTION} " if self._session.settings.is_production(each.section) else ""
            where = f" on {mark}{places[each.section]}" if places[each.section] else ""
            yield visible(f"{each.words}{self._count(each)}{where}")
        if len(found) > _MOST_TOLD:
            yield f"and {len(found) - _MOST_TOLD} things more"

    def _code(self, line: Line, found: Sequence[Consequence]) -> str:
        """The code, where it is that what is asked about and it was not shown."""
        if self._session.settings.show == "code" or all(each.kind is not Kind.READ for each in found):
            return ""
        return "".join(f"\n{text}" for text in visible_lines(line.python.rstrip("\n"), WIDTH, "  │ ", "  ┆ "))

    def _count(self, consequence: Consequence) -> str:
        """How much there is of what is spoken of, where that can be told soon."""
        module = self.module(consequence.section)
        if module is None or not consequence.table:
            return ""
        try:
            found = module.how_many(consequence.table, SECONDS_TO_COUNT)
        except Exception as error:  # whatever a driver raises: the question is asked without it
            _log.debug("not counted: %s", error)
            return ""
        return f" ({found})" if found else ""

    def _place(self, section: str) -> str:
        module = self.module(section)
        return module.place if module is not None else ""

    def module(self, section: str) -> Module | None:
        """The instance that the line is about to use, None where there is no service or it cannot be reached."""
        services = self._session.services
        try:
            return services.at_hand(section) if section in services else None
        except Exception as error:  # the line itself will say it
            _log.debug("[%s] is not there: %s", section, error)
            return None

    def _remedy(self, found: Sequence[Consequence]) -> str:
        section = next((each.section for each in found if each.section), "aibasic")
        if self._session.settings.is_production(section):
            return f"run it where you can answer: [{section}] has PRODUCTION = true"
        return f"run it where you can answer, or allow it in your own configuration: CONFIRM = never under [{section}]"

    def _key(self, line: Line, consequence: Consequence, place: str) -> str:
        """What an answer from now on is bound to."""
        section, settings = consequence.section, self._session.settings
        protected = (settings.confirm_for(section), PRODUCTION if settings.is_production(section) else "")
        bound = (line.sentence, line.python, consequence.kind.value, consequence.words, section, place, *protected)
        return hashlib.sha256("\0".join(bound).encode()).hexdigest()


def _allowed_at(place: str, allowed: Mapping[str, set[Consequence]]) -> Iterator[Consequence]:
    """What was allowed at a server, and of what no service does."""
    yield from allowed.get(place, ())
    if place:
        yield from (each for each in allowed.get("", ()) if not each.section)
