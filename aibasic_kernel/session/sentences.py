"""How a sentence of a cell becomes code and runs: the compilation, its load, its run, and what is kept of it."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from aibasic_kernel.compiler.compiler import Served
from aibasic_kernel.compiler.providers.provider import Reply
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.errors import ReplyError
from aibasic_kernel.language.instruction import Sentence
from aibasic_kernel.session.foretelling import Foretelling
from aibasic_kernel.session.line import Line
from aibasic_kernel.session.messages import Header, Note
from aibasic_kernel.session.repair import Repair
from aibasic_kernel.session.steps import Ask, Outcome, Show, Step, StepError

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session


class Sentences:
    """Compiles and runs the sentences of one session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.foretelling = Foretelling(session)
        self.repair = Repair(session, self)

    def run(self, line: Line, sentence: Sentence, cell: tuple[str, ...]) -> Generator[Step, Outcome | None, None]:
        """Run one sentence; `cell` are all sentences of its cell."""
        session = self._session
        scope = session.scope(cell)
        served = session.editing.take(sentence, scope) or (yield from session.trusting.serve(sentence, scope))
        if served is None and session.compiler.is_missing_name(sentence, scope):
            yield from session.run_typed(line, sentence.text)
            return
        yield from self.repair.run(line, sentence, scope, served)

    def asked(self, line: Line, sentence: Sentence, scope: Scope) -> Generator[Step, Outcome | None, Served]:
        """What the provider makes of the sentence. Raises ReplyError for an answer that is no compilation."""
        early, reason = self.foretelling.take(sentence), ""
        if early is not None:
            outcome = yield Ask(line, early.question.model, early.question.start)
            assert outcome is not None
            served, reason = self.foretelling.judge(sentence, scope, early, outcome)
            if served is not None:
                return served
        question = self.foretelling.ask(sentence, scope)
        if early is not None:
            question.bill.charges[:0] = early.question.bill.charges
        outcome = yield Ask(line, question.model, question.start, reason)
        assert outcome is not None
        reply = outcome.result()
        assert isinstance(reply, Reply)
        return self._session.compiler.accept(sentence, scope, reply)

    def execute(self, line: Line, sentence: Sentence, served: Served) -> Generator[Step, Outcome | None, None]:
        """Run what the sentence was compiled to, and keep it where it ran well."""
        session = self._session
        self.foretelling.forgo(sentence)
        line.origin = served.compilation.origin[0]
        code = session.load(line, served.compilation)
        if line.is_expression and (code.body is not None or code.value is None):
            raise ReplyError("the answer is not one expression, which a condition or a bound has to be")
        yield from session.show_pending(code.loads)
        session.last_line = line
        if sentence.number is not None:
            session.lines[sentence.number] = line
        if session.settings.show != "nothing" and not (line.is_expression and line.origin == "phrase"):
            whole = session.settings.show == "code"
            yield Show(Header(line, served, whole, production=session.gate.is_production(line)))
        if served.reply is not None and served.reply.bill is not None:
            session.compiler.spending.tell(served.reply.bill)
        session.gate.admit(line, served)
        try:
            with session.advisor.watching(), session.gate.watching(line):
                if line.is_expression:
                    yield from session.evaluate(line)
                else:
                    yield from session.execute(line, served.compilation.result)
        except StepError as failure:
            if isinstance(failure.error, Exception):
                session.compiler.failed(served, failure.error)
            raise
        session.compiler.keep(served)
        for text in session.advisor.advice(line, is_new=not served.from_lock):
            yield Show(Note(text))
