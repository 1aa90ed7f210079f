"""EXPLAIN [N] [WITH MODEL]: from the engine's own knowledge, or asked of the model."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import TYPE_CHECKING

from aibasic_kernel.compiler.privacy.error_description import describe_error
from aibasic_kernel.compiler.providers.provider import Reply
from aibasic_kernel.errors import AIBasicError, ReplyError
from aibasic_kernel.language.instruction import Sentence
from aibasic_kernel.session.again import require_model
from aibasic_kernel.session.explaining.explanation import explained, failure_blocks, listing
from aibasic_kernel.session.explaining.target import Target, find
from aibasic_kernel.session.steps import Ask, Outcome, Show, Step

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session

Steps = Generator[Step, Outcome | None, None]
_WITH_MODEL = re.compile(r"\s*WITH\s+MODEL$", re.IGNORECASE)
_ITSELF = "EXPLAIN without WITH MODEL says what the engine knows itself"


def explain(session: Session, argument: str) -> Steps:
    """Explain the line of that number, else the newest failure or line."""
    digits = _WITH_MODEL.sub("", argument).strip()
    number, with_model = int(digits) if digits else None, _WITH_MODEL.search(argument) is not None
    failure = session.ran.newest_failure
    if number is None and failure is not None and failure.line is None:
        if with_model:
            raise AIBasicError("a cell that was not run has no code that a model could explain", _ITSELF)
        yield Show(listing(session, "the cell above", failure_blocks(session, failure)))
        return
    target = find(session, number)
    if with_model:
        yield from _asked(session, target)
    else:
        yield Show(explained(session, target))


def _asked(session: Session, target: Target) -> Steps:
    line = target.line
    if line is None or line.served is None:
        raise AIBasicError(f"a model explains the code of a sentence, and this line has none: {_what(target)}", _ITSELF)
    require_model(session, "EXPLAIN WITH MODEL", _ITSELF)
    sentence = line.instruction
    assert isinstance(sentence, Sentence)
    python, scope = line.served.compilation.python, session.scope()
    if not session.compiler.may_tell(line.served, scope):
        raise AIBasicError(
            "no model has seen this line's code in this session, and SHARE keeps it on this machine",
            f"{_ITSELF}; SET SHARE = schema lets columns out",
        )
    error = target.failure.error if target.failure is not None else None
    texts = (sentence.text, python)
    said = describe_error(error, scope, session.settings, texts) if error is not None else ""
    question = session.compiler.question_explaining(sentence, scope, python, said)
    outcome = yield Ask(line, question.model, question.start, "to explain it")
    assert outcome is not None
    reply = outcome.result()
    assert isinstance(reply, Reply)
    if reply.bill is not None:
        session.compiler.spending.tell(reply.bill)
    if not reply.text.strip():
        raise ReplyError(f"{question.model} gave no explanation")
    title = "  ·  ".join((line.sentence, f"explained by {question.model}", *([str(reply.bill)] if reply.bill else ())))
    yield Show(listing(session, title, [reply.text.strip()]))


def _what(target: Target) -> str:
    if isinstance(target.instruction, Sentence):
        return "it was not compiled yet"
    return "it is Python of yours, or control flow, and neither is sent"
