"""A model's code that failed goes back to it, with the error and the truth, as long as nothing can have happened twice.

The first time the same model is asked, the second time MODEL_REPAIR; then the user has all errors. Nothing is run again
once anything happened that is not surely a read: told by a module, seen by the audit hook, or done to an object of the
user's in place. Names that the failed code bound hold again what they held before.
"""

from __future__ import annotations

import dis
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from aibasic.modules.base import Module

from aibasic_kernel.compiler.faults import is_fault_of_code
from aibasic_kernel.compiler.in_place import changed_in_place, failing_line
from aibasic_kernel.compiler.privacy.error_description import describe_error
from aibasic_kernel.compiler.prompts.again import Tried, told_failed
from aibasic_kernel.compiler.prompts.marked_data import harmless
from aibasic_kernel.compiler.prompts.what_exists import what_exists
from aibasic_kernel.compiler.providers.provider import Reply
from aibasic_kernel.errors import ReplyError, text_of
from aibasic_kernel.session.gating.effects_heard import is_surely_read
from aibasic_kernel.session.messages import Failed, Note
from aibasic_kernel.session.steps import Ask, Outcome, Show, Step, StepError

if TYPE_CHECKING:
    from aibasic_kernel.compiler.compiler import Served
    from aibasic_kernel.compiler.scope import Scope
    from aibasic_kernel.language.instruction import Sentence
    from aibasic_kernel.session.line import Code, Line
    from aibasic_kernel.session.sentences import Sentences
    from aibasic_kernel.session.session import Session

MOST = 2
"""Attempts, whatever REPAIR says."""
_SHOWN = 300
"""Characters of an error that are shown when it is sent back."""
_NOTHING = object()

Steps = Generator[Step, Outcome | None, None]


@dataclass(frozen=True)
class _Failure:
    """How an answer failed: what was raised, and the error that it stands for."""

    raised: Exception
    error: BaseException
    python: str
    told: str = ""
    """The code as far as a model may be told it."""


class Repair:
    """Runs the sentences of one session, and has those compiled anew whose code is at fault."""

    def __init__(self, session: Session, sentences: Sentences) -> None:
        self._session = session
        self._sentences = sentences

    def run(self, line: Line, sentence: Sentence, scope: Scope, served: Served | None) -> Steps:
        """Run what a sentence was compiled to; None where a model is yet to be asked.

        Raises the newest failure where nothing more is to be tried.
        """
        before: dict[str, Any] = {}
        try:
            yield from self._tries(line, sentence, scope, served, before)
        finally:
            before.clear()  # the traceback of an error must not keep what the user lets go of

    def can_mend(self, line: Line, error: Exception) -> bool:
        """Whether code that ran well in other rounds of a loop is asked for anew, and may fail once more for that."""
        failure = _Failure(error, error, line.python)
        return self._is_mendable(line, failure, 0) and not self._done_already(line, failure, self._session.names)

    def _tries(
        self, line: Line, sentence: Sentence, scope: Scope, served: Served | None, before: dict[str, Any]
    ) -> Steps:
        """As `run`; `before` takes what stood in the namespace before the newest try."""
        failures: list[_Failure] = []
        replaces = served.replaces if served is not None else None
        while True:
            line.served, line.heard = served, None
            try:
                if failures:
                    anew = yield from self._asked_again(line, sentence, scope, failures)
                    if anew is None:
                        break
                    served = line.served = replace(anew, replaces=replaces)
                elif served is None:
                    asking = self._sentences.asked(line, sentence, scope)
                    served = line.served = yield from self._session.recording.asking(sentence, asking)
                before.clear()
                before.update(self._session.names)
                running = self._sentences.execute(line, sentence, served)
                yield from self._session.recording.running(line, sentence, served, running)
            except (StepError, ReplyError, SyntaxError) as raised:
                failure = self._failure(raised, line, scope)
                if isinstance(raised, SyntaxError) and served is not None:
                    self._session.compiler.failed(served, raised)
            else:
                line.is_repaired = bool(failures)
                return
            if not self._is_mendable(line, failure, len(failures)):
                raise failure.raised
            reason = self._done_already(line, failure, before)
            if reason:
                yield Show(Note(f"{line.place} is not tried again: {reason}"))
                raise failure.raised
            self._give_back(line, before)
            failures.append(failure)
            again = f"asked for again ({len(failures)} of {self._attempts})"
            yield Show(Failed(f"{line.place} failed and is {again}: {_said(failure.error)}", line))
            line.failed += 1
            served = None
        raise failures[-1].raised

    def _asked_again(
        self, line: Line, sentence: Sentence, scope: Scope, failures: list[_Failure]
    ) -> Generator[Step, Outcome | None, Served | None]:
        """The model's next answer; None, and a note, where it cannot be had. Raises ReplyError for one without code."""
        session = self._session
        model = session.settings.model if len(failures) == 1 else session.settings.model_repair
        try:
            question = session.compiler.question_again(sentence, scope, self._told(sentence, scope, failures), model)
            outcome = yield Ask(line, model, question.start, f"{len(failures)} of {self._attempts}")
            assert outcome is not None
            reply = outcome.result()
        except Exception as raised:  # no provider, no money, or a service that went away: its tables are told
            error = raised.error if isinstance(raised, StepError) else raised
            if not isinstance(error, Exception):
                raise
            yield Show(Note(f"{line.place} is not repaired: {text_of(error)}"))
            return None
        assert isinstance(reply, Reply)
        return session.compiler.accept(sentence, scope, reply)

    def _failure(self, raised: StepError | ReplyError | SyntaxError, line: Line, scope: Scope) -> _Failure:
        error = raised.error if isinstance(raised, StepError) else raised
        if line.served is None:
            return _Failure(raised, error, "")
        python = line.served.compilation.python
        return _Failure(raised, error, python, python if self._session.compiler.may_tell(line.served, scope) else "")

    def _told(self, sentence: Sentence, scope: Scope, failures: list[_Failure]) -> list[str]:
        settings = self._session.settings
        newest = failures[-1]
        texts = (sentence.text, *scope.cell, *(failure.told for failure in failures))
        tried = [Tried(each.told, self._described(each.error, scope, texts)) for each in failures]
        try:
            there = what_exists(newest.told, newest.error, scope, settings, harmless)
        except Exception:  # whatever a driver raises: without the truth the error itself still says much
            there = []
        return [self._session.redact(text) for text in told_failed(tried, there)]

    def _described(self, error: BaseException, scope: Scope, texts: Iterable[str]) -> str:
        """An error as it may leave the machine; one of an answer that cannot be read has no words but the model's."""
        if isinstance(error, ReplyError):
            return error.message
        return describe_error(error, scope, self._session.settings, texts)

    # What may be tried again -----------------------------------------------------------------------------------------

    @property
    def _attempts(self) -> int:
        return min(self._session.settings.repair, MOST)

    def _is_mendable(self, line: Line, failure: _Failure, attempts: int) -> bool:
        """Whether another answer is to be asked for, as far as the error and the settings say."""
        if attempts >= self._attempts or not self._session.compiler.can_ask:
            return False
        by_model = line.served is None or line.served.compilation.origin[0] == "model"
        return by_model and is_fault_of_code(failure.error)

    def _done_already(self, line: Line, failure: _Failure, before: Mapping[str, Any]) -> str:
        """What the failed code may have done that would happen twice, "" for nothing."""
        heard = line.heard
        if heard is None:
            return ""
        if heard.wrote:
            done = [*heard.events, *(f"[{each.service}]" for each in heard.effects if not is_surely_read(each))]
            return f"it had done something before it failed that may have changed something: {', '.join(done[:3])}"
        if aborted := self._aborted(line):
            return f"its failure has aborted the transaction that is open on {aborted}, which can only be rolled back"
        users = [name for name, value in before.items() if not name.startswith("_") and not isinstance(value, Module)]
        changed = changed_in_place(failure.python, users, failing_line(failure.error, line.filename))
        return f"it may have changed {', '.join(changed)} before it failed" if changed else ""

    def _aborted(self, line: Line) -> str:
        """The variable of a module that the code used and whose open transaction takes no more statements."""
        names = self._session.names
        used = ((name, names.get(name)) for name in (line.code.loads if line.code is not None else ()))
        return next((name for name, value in used if isinstance(value, Module) and "aborted" in value.state()), "")

    def _give_back(self, line: Line, before: Mapping[str, Any]) -> None:
        """Let the names that the failed code bound hold what they held."""
        names = self._session.names
        for name in _bound(line.code) if line.heard is not None else ():
            held = before.get(name, _NOTHING)
            if held is _NOTHING:
                names.pop(name, None)
            else:
                names[name] = held


def _bound(code: Code | None) -> Iterable[str]:
    """The names of the namespace that code objects bind or delete."""
    parts = (code.body, code.value) if code is not None else ()
    steps = (step for part in parts if part is not None for step in dis.get_instructions(part))
    return {str(step.argval) for step in steps if step.opname in ("STORE_NAME", "STORE_GLOBAL", "DELETE_NAME")}


def _said(error: BaseException) -> str:
    text = " ".join(f"{type(error).__name__}: {text_of(error)}".split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
