"""AGAIN: a line that ran, but not as meant, is compiled anew with its old code and the user's remark."""

from __future__ import annotations

import difflib
import re
from collections.abc import Generator
from dataclasses import replace
from typing import TYPE_CHECKING

from aibasic_kernel.compiler.prompts.again import told_unwanted
from aibasic_kernel.compiler.providers.provider import Reply
from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.language.instruction import Sentence
from aibasic_kernel.session.line import Line
from aibasic_kernel.session.messages import Listing, Note
from aibasic_kernel.session.steps import Ask, Outcome, Show, Step

if TYPE_CHECKING:
    from aibasic_kernel.compiler.compiler import Served
    from aibasic_kernel.compiler.scope import Scope
    from aibasic_kernel.session.session import Session

_ARGUMENT = re.compile(r'(?P<number>\d*)\s*(?:"(?P<remark>[^"]*)")?')


def read_argument(argument: str) -> tuple[str, str]:
    """Number and remark of `10 "what was wrong"`, each "" where it is left out."""
    match = _ARGUMENT.fullmatch(argument.strip())
    return (match["number"], (match["remark"] or "").strip()) if match else ("", "")


def again(session: Session, line: Line, remark: str) -> Generator[Step, Outcome | None, None]:
    """Compile the line of a sentence anew, show what changed, run it; then it takes the old code's place."""
    sentence, old = line.instruction, line.served
    assert isinstance(sentence, Sentence) and old is not None
    _check(session, old, remark)
    scope = _scope_then(session, old)
    told = told_unwanted(old.compilation.python if session.compiler.may_tell(old, scope) else "", remark)
    question = session.compiler.question_again(sentence, scope, map(session.redact, told), session.settings.model)
    anew = Line(sentence, stands_for=line.stands_for)
    outcome = yield Ask(anew, question.model, question.start, remark)
    assert outcome is not None
    reply = outcome.result()
    assert isinstance(reply, Reply)
    served = replace(session.compiler.accept(sentence, scope, reply), replaces=old.compilation)
    difference = _difference(old.compilation.python, served.compilation.python)
    if not difference and served.compilation.result == old.compilation.result:
        yield Show(Note(f"{question.model} gives the same code again: it was not run ({reply.bill})"))
        session.compiler.spending.tell(reply.bill) if reply.bill is not None else None
        return
    yield Show(Listing(f"{line.sentence}: what changed", difference, open=True))
    session.runner.forget(sentence)
    yield from session.sentences.repair.run(anew, sentence, scope, served)


def _check(session: Session, old: Served, remark: str) -> None:
    """Raise AIBasicError where nothing can come of it."""
    if old.compilation.origin[0] == "phrase" and not remark:
        raise AIBasicError(
            "a phrase serves this line, and always gives this code",
            'say what is wrong with it, and a model writes other: AGAIN "..."; or say the line in other words',
        )
    require_model(session, "AGAIN", "EDIT puts the line's Python into your own hands")


def require_model(session: Session, command: str, remedy: str) -> None:
    """Raise AIBasicError where no model may or can be asked, as the command does."""
    if not session.compiler.can_ask:
        why = "FROZEN says that none is asked" if session.settings.frozen else "there is none to ask"
        raise AIBasicError(f"{command} asks a language model, and {why}", remedy)


def _scope_then(session: Session, old: Served) -> Scope:
    """What may be known now, with "it" for what the line took it for, where that is still there."""
    scope = session.scope()
    meant = old.compilation.trace.it
    return replace(scope, last_output=meant) if meant is not None and meant in scope.names else scope


def _difference(old: str, new: str) -> str:
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), "before", "now", lineterm="")
    return "\n".join(lines)
