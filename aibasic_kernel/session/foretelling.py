"""Lines foretold: the later lines of a cell are asked for together with the first that has to be.

Each is asked with what is there now and with the sentences that will have run before it. When its turn comes, what its
code relies on is compared with what is there then: where it came true the code runs at once, else this one line is
asked for again with the truth, and the later ones keep theirs. Nothing is asked for that the lock or a phrase will
serve, nor a line that leaves open what those before it make.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from aibasic.modules.base import Module

from aibasic_kernel.compiler.compiler import Question, Served
from aibasic_kernel.compiler.locks.review import untrusted_error
from aibasic_kernel.compiler.prompts.assumptions import Before, Foretold, files_named, shapes_in, unmet
from aibasic_kernel.compiler.prompts.prompt import CELL_LIMIT
from aibasic_kernel.compiler.providers.provider import Job, Reply, unheard
from aibasic_kernel.compiler.scope import Ahead, Scope
from aibasic_kernel.compiler.traces.newest import with_newest
from aibasic_kernel.errors import BudgetError, ProviderError, ReplyError
from aibasic_kernel.language.instruction import BareNumber, Instruction, Python, Remark, Sentence
from aibasic_kernel.session.outlook import Outlook
from aibasic_kernel.session.steps import Outcome

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session

_CODE_LIMIT = 240
"""Characters of a served line's code that later requests are told; of longer code, the name of its result."""


class _Relay:
    """Passes on what comes from a job to a listener that joins late, who gets all that came before."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._said: list[str] = []
        self._listener: Callable[[str], None] | None = None

    def __call__(self, text: str) -> None:
        with self._lock:
            self._said.append(text)
            if self._listener is not None:
                self._listener(text)

    def listen(self, listener: Callable[[str], None]) -> None:
        with self._lock:
            self._listener = listener
            for text in self._said:
                listener(text)


class Early:
    """A request that is under way before its line has its turn."""

    def __init__(self, question: Question, then: Before | None = None) -> None:
        self.then = then
        self._texts, self._notices = _Relay(), _Relay()
        self.job = question.start(self._texts, self._notices)
        self.question = replace(question, start=self._joined)

    def _joined(self, on_text: Callable[[str], None] = unheard, on_notice: Callable[[str], None] = unheard) -> Job:
        """As `Start`: the request has been sent."""
        self._texts.listen(on_text)
        if not self.job.future.done():
            self._notices.listen(on_notice)
        return self.job


@dataclass(frozen=True)
class _Place:
    """A line of the cell that is to come: its instruction, and its position among the sentences of the cell."""

    instruction: Instruction
    position: int


@dataclass
class _Plan:
    """A walk over the lines to come: what they will find, and which of them are to be asked for."""

    scope: Scope
    first: int
    outlook: Outlook
    makes: dict[int, str] = field(default_factory=dict)

    def scope_of(self, place: _Place, sentence: Sentence) -> Scope:
        """What is there now, for a request for that line."""
        sections = self.outlook.sections if self.outlook.needs_columns(sentence) else frozenset[str]()
        ahead = Ahead(self.first, place.position, dict(self.makes), sections)
        return replace(self.scope, ahead=ahead)


class Foretelling:
    """The requests of one session that are ahead of their lines."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._instructions: Sequence[Instruction] = ()
        self._places: list[_Place] = []
        self._at = 0
        self._early: dict[int, Early] = {}
        """By the `id` of their instructions, which `_places` keeps alive."""

    def begin(self, instructions: Sequence[Instruction], at: int, cell: Sequence[str]) -> None:
        """The instruction at `at` is to run now; the sentences of `instructions` are the last ones of `cell`."""
        self._at = at
        if instructions is self._instructions:
            return
        before = len(cell) - sum(isinstance(each, Sentence) for each in instructions)
        self._instructions, self._places = instructions, []
        for instruction in instructions:
            self._places.append(_Place(instruction, before))
            before += isinstance(instruction, Sentence)

    def end(self) -> None:
        """The cell is over: stop what is still under way."""
        for early in self._early.values():
            early.job.cancel()
        self._early.clear()

    def forgo(self, sentence: Sentence) -> None:
        """The line needs no request any more: stop one that is under way."""
        if early := self.take(sentence):
            early.job.cancel()

    def take(self, sentence: Sentence) -> Early | None:
        """The request for a line whose turn has come, where it is under way."""
        return self._early.pop(id(sentence), None)

    def ask(self, sentence: Sentence, scope: Scope) -> Question:
        """The question for a line whose turn has come; lines after it are asked for with it.

        Raises what `Compiler.question` raises.
        """
        session = self._session
        question = session.compiler.question(sentence, scope)
        goes_elsewhere = self._places[self._at].instruction is not sentence or sentence.then_goto is not None
        if session.settings.parallel == 1 or self._at + 1 >= len(self._places) or goes_elsewhere:
            return question
        own = Early(question)
        self._early[id(sentence)] = own  # so that it is stopped where the plan is interrupted
        self._ask_ahead(scope)
        del self._early[id(sentence)]
        return own.question

    def judge(self, sentence: Sentence, scope: Scope, early: Early, outcome: Outcome) -> tuple[Served | None, str]:
        """What an early reply gives, now that its line has its turn; else why the line is to be asked for again.

        Raises StepError for an interrupt, and for what will not be mended by asking again.
        """
        if isinstance(outcome.error, BudgetError):  # what was set aside for others may be free by now
            return None, ""
        if isinstance(outcome.error, ProviderError) and outcome.error.retry_after is not None:
            return None, outcome.error.message
        reply = outcome.result()
        assert isinstance(reply, Reply) and early.then is not None
        compiler = self._session.compiler
        try:
            answer = with_newest(compiler.answer(reply, ahead=True), scope.last_output)
        except ReplyError as error:
            return None, error.message
        code = Foretold(answer.python, sentence.text, answer.assumed)
        reason = unmet(code, early.then, scope, self._states())
        if reason is not None:
            return None, reason
        origin = ("model", reply.model)
        made = compiler.compilation(sentence, answer.python, answer.result, origin, scope)
        return Served(made, reply=reply), ""

    # The plan --------------------------------------------------------------------------------------------------------

    def _ask_ahead(self, scope: Scope) -> None:
        """Ask for each line to come that may be asked for now.

        Whatever goes wrong with one, that line will say when its turn comes; those behind it are not looked at.
        """
        plan = _Plan(scope, self._places[self._at].position, Outlook(scope))
        current = self._places[self._at].instruction
        assert isinstance(current, Sentence)
        plan.outlook.asked(current)
        names, states = shapes_in(scope.names), self._states()
        for place, sentence in self._to_ask(plan):
            then = Before(names, states, files_named(sentence.text, scope.folder))
            try:
                question = self._session.compiler.question(sentence, plan.scope_of(place, sentence))
                self._early[id(sentence)] = Early(question, then)
            except Exception:
                return

    def _to_ask(self, plan: _Plan) -> Iterator[tuple[_Place, Sentence]]:
        for place in self._places[self._at + 1 :]:
            instruction = place.instruction
            if isinstance(instruction, Remark | BareNumber):
                continue
            if isinstance(instruction, Python):
                plan.outlook.typed(instruction.code)
                continue
            if not isinstance(instruction, Sentence) or instruction.then_goto is not None:
                return  # what a command or a magic changes, nobody knows
            try:
                is_served = self._is_served(plan, place, instruction)
            except Exception:
                return
            if is_served:
                continue
            under_way = id(instruction) in self._early
            waits = not under_way and (plan.outlook.has_to_wait(instruction) or self._is_cut_off(plan.scope, place))
            if not under_way and not waits:
                yield place, instruction
            plan.outlook.asked(instruction, waits)

    def _is_served(self, plan: _Plan, place: _Place, sentence: Sentence) -> bool:
        """Whether a line needs no model at its turn; the plan then knows what it leaves.

        Raises UntrustedError where its user will be asked first: nobody else is told what that code says.
        """
        outlook, compiler = plan.outlook, self._session.compiler
        if not sentence.task:
            again = self._session.parse(sentence.source, outlook.names)
            if all(isinstance(part, Python | Remark) for part in again):
                for part in again:
                    outlook.typed(part.code if isinstance(part, Python) else "")
                return True
        held = [
            entry for entry in compiler.lock.entries(sentence.text, sentence.section) if outlook.may_hold(entry.trace)
        ]
        found = [(entry.python, entry.result) for entry in held if compiler.lock.is_trusted(entry)]
        if not found:
            fits = (compiler.by_phrase(sentence, scope) for scope in outlook.scopes(sentence))
            found = [(fit.python, fit.result) for fit in fits if fit is not None][:1]
            if held and not any((entry.python, entry.result) in found for entry in held):
                raise untrusted_error(compiler.lock)
        if found:
            plan.makes[place.position] = _told(*found[0])
            outlook.served(sentence, *found[0])
        return bool(found)

    def _is_cut_off(self, scope: Scope, place: _Place) -> bool:
        """Whether a request has no room for all the sentences before the line."""
        return sum(map(len, scope.cell[: place.position + 1])) > CELL_LIMIT

    def _states(self) -> dict[str, str]:
        """What the modules in use say of themselves, by section."""
        return {
            service.section: module.state()
            for service in self._session.services.values()
            if isinstance(module := self._session.names.get(service.variable), Module)
        }


def _told(python: str, result: str) -> str:
    """What later requests are told of a served line: its code, of longer code what it makes."""
    lines = [line for line in python.splitlines() if line.strip() and not line.startswith(("import ", "from "))]
    code = "; ".join(lines)
    return code if len(code) <= _CODE_LIMIT else result
