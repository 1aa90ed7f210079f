"""What the log is told of a session's lines: what each was compiled to, what it did, and how that ended."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from aibasic.modules.effects import Effect, Kind

from aibasic_kernel.compiler.accounts.charges import Sum
from aibasic_kernel.compiler.compiler import Served
from aibasic_kernel.compiler.configuration.journal import Journal, journal_at
from aibasic_kernel.compiler.gate import judge_statement
from aibasic_kernel.compiler.privacy.redaction import HIDDEN, cleaned, has_credential
from aibasic_kernel.errors import Refused
from aibasic_kernel.language.instruction import Sentence
from aibasic_kernel.session.gating.effects_heard import EffectsHeard, dialect_of
from aibasic_kernel.session.steps import Outcome, Step, StepError

if TYPE_CHECKING:
    from aibasic_kernel.session.line import Line
    from aibasic_kernel.session.session import Session

_Result = TypeVar("_Result")
Steps = Generator[Step, Outcome | None, _Result]
REFUSED = "refused"
_WORST_FIRST = (Kind.DESTRUCTIVE, Kind.STATEMENT, Kind.WRITE)


class Recording:
    """Writes the log of one session, where LOG names one; a relative LOG lies in `folder`."""

    def __init__(self, session: Session, folder: Path) -> None:
        self._session = session
        self._folder = folder
        self._journal = Journal(None)
        self._told: set[str] = set()

    def take_notes(self) -> list[str]:
        """Why the log cannot be written, where the user has not been told yet."""
        notes = [self._journal.problem] if self._journal.problem not in ("", *self._told) else []
        self._told.update(notes)
        return notes

    def asking(self, sentence: Sentence, steps: Steps[Served]) -> Steps[Served]:
        """The steps of asking a provider for a sentence: where they fail, the log says so."""
        try:
            return (yield from steps)
        except GeneratorExit:
            raise
        except BaseException as error:
            self._write(sentence, "compilation", outcome=_outcome(error))
            raise

    def running(self, line: Line, sentence: Sentence, served: Served, steps: Steps[None]) -> Steps[None]:
        """The steps of running what a sentence was compiled to, a moment ago or long before."""
        self._compiled(sentence, served)
        line.heard, line.answer, outcome = None, "", "ok"
        try:
            yield from steps
        except BaseException as error:
            outcome = _outcome(error)
            raise
        finally:
            if self._session.settings.log:
                gate = REFUSED if outcome == REFUSED else line.answer or "not asked"
                self._write(sentence, "run", **_code(served), effects=_effects(line.heard), gate=gate, outcome=outcome)

    def repeated(self, line: Line, times: int, error: BaseException | None = None) -> None:
        """A line that a loop has run so many times on end; `error` is how the last of them ended."""
        if line.served is None or not self._session.settings.log:
            return
        assert isinstance(line.instruction, Sentence)
        ran = {**_code(line.served), "effects": _effects(line.heard), "gate": line.answer or "not asked"}
        outcome = "ok" if error is None else _outcome(error)
        self._write(line.instruction, "run", **ran, outcome=outcome, times=times)

    def _compiled(self, sentence: Sentence, served: Served) -> None:
        if served.from_lock:
            return
        reply = served.reply
        asked: dict[str, Any] = {}
        if reply is not None:
            charges = reply.bill.charges if reply.bill is not None else ()
            asked = {"request": reply.request, "seconds": round(reply.seconds, 3), "dollars": Sum.of(charges).dollars}
        self._write(sentence, "compilation", **_code(served), **asked, outcome="ok")

    def _write(self, sentence: Sentence, event: str, **fields: Any) -> None:
        session = self._session
        journal = journal_at(session.settings.log, self._folder)
        if journal.path != self._journal.path:
            self._journal = journal
        if journal.path is None:
            return
        notebook = session.environ.get("JPY_SESSION_NAME", "")
        said = {"event": event, "notebook": notebook, "sentence": sentence.text, "task": sentence.section, **fields}
        self._journal.write(cleaned(said, self._hidden))

    def _hidden(self, text: str) -> str:
        return HIDDEN if has_credential(text) else self._session.redact(text)


def _code(served: Served) -> dict[str, str]:
    kind, name = served.compilation.origin
    return {
        "by": "lock" if served.from_lock else kind,
        "model": name if kind == "model" else "",
        "code": hashlib.sha256(served.compilation.python.encode()).hexdigest(),
    }


def _effects(heard: EffectsHeard | None) -> list[dict[str, Any]]:
    """How many effects of which kind each service was told of; a statement counts as the worst that it does.

    What was done beside the services stands among them in words.
    """
    if heard is None:
        return []
    counts = Counter((effect.service, effect.instance, _kind(effect).value) for effect in heard.effects)
    counts.update(("", "", event) for event in heard.events)
    keys = ("service", "at", "kind", "times")
    return [dict(zip(keys, (*effect, times), strict=True)) for effect, times in counts.items()]


def _kind(effect: Effect) -> Kind:
    if effect.kind is not Kind.STATEMENT:
        return effect.kind
    kinds = {consequence.kind for consequence in judge_statement(effect, dialect_of(effect.service))}
    return next((kind for kind in _WORST_FIRST if kind in kinds), Kind.READ)


def _outcome(error: BaseException) -> str:
    """The class of what a line ended with."""
    cause = error.error if isinstance(error, StepError) else error
    return REFUSED if isinstance(cause, Refused) else type(cause).__name__
