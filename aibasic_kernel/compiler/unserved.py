"""Why neither lock nor phrase serves a sentence that no model may be asked about, and what would help."""

from __future__ import annotations

import re
from collections.abc import Collection

from aibasic.modules import config

from aibasic_kernel.compiler.configuration.settings import Settings
from aibasic_kernel.compiler.locks.lock import Lock
from aibasic_kernel.compiler.phrasing.gap import Miss
from aibasic_kernel.compiler.phrasing.match import alike
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.task_types import resolve
from aibasic_kernel.compiler.traces.trace import problem_with
from aibasic_kernel.errors import CompileError
from aibasic_kernel.language.instruction import Sentence

_UNCONFIGURED = re.compile(r"\[([^]]+)\] is not configured now")
_MODEL = (
    "to use a model, set ANTHROPIC_API_KEY, or BASE_URL under [aibasic] in aibasic.conf to a local "
    "server that speaks the Messages API"
)


_BRANCH = re.compile(r"if\s+(?P<condition>\S.*?)(?:\s*,)?\s+then\s+(?P<work>\S.*)", re.IGNORECASE | re.DOTALL)
_CALL = re.compile(r"(?:call|gosub)\b", re.IGNORECASE)


def unserved(sentence: Sentence, scope: Scope, settings: Settings, lock: Lock, wrong: Collection[Miss]) -> CompileError:
    """The error; `wrong` are the names that keep the sentence from being a phrase."""
    branch = "" if sentence.section else _branch(sentence.text)
    wrong = () if branch else wrong
    outdated = dict.fromkeys(lock.find(sentence.text, sentence.section, scope).reasons)
    head = "".join(f"{each}\n" for each in (*_not_configured(outdated, scope), *wrong))
    reasons = outdated or [*_missing_lock(settings, lock), *_faults(sentence, scope)]
    why = f" ({'; '.join(reasons)})" if reasons else ""
    help_ = _corrected(sentence, wrong)
    if settings.frozen and outdated:
        remedy = help_ or "make it as it was, or run the line once without FROZEN to have it compiled anew"
        return CompileError(f"{head}frozen: what the lock has for this line does not fit any more{why}", remedy)
    help_ = help_ or branch or _nearest(sentence, scope)
    if settings.frozen:
        return CompileError(f"{head}frozen: neither the lock nor a phrase serves this line{why}", help_)
    if settings.phrases == "only":
        return CompileError(f"{head}PHRASES = only: no phrase serves this line{why}", help_)
    told = "PHRASES is off" if settings.phrases == "off" else "no phrase serves this line"
    return CompileError(f"{head}{told}{why}, and there is no language model to ask", f"{help_}\n{_MODEL}")


def _not_configured(outdated: Collection[str], scope: Scope) -> list[str]:
    """The services that what the lock has for the line needs, and which file has them not."""
    file = config.find()
    where = f"{file} has no such section" if file else _no_file(scope)
    sections = dict.fromkeys(found[1] for reason in outdated if (found := _UNCONFIGURED.match(reason)))
    return [f"[{section}] is not configured: {where}" for section in sections]


def _no_file(scope: Scope) -> str:
    return f"there is no {config.FILE_NAME} in {scope.folder} or a folder above it"


def _missing_lock(settings: Settings, lock: Lock) -> list[str]:
    """That nothing can be locked where the lock should lie: a program was copied without it."""
    if not settings.frozen or lock.path is None or lock.path.exists():
        return []
    return [f"there is no {lock.path}"]


def _faults(sentence: Sentence, scope: Scope) -> list[str]:
    """What keeps the services' phrases from fitting: that there is none, or that one does not answer."""
    task = resolve(sentence.task) if sentence.task else None
    if task is not None and task.module_class is None:
        return []
    if not scope.services:
        where = "" if config.find() else f"{_no_file(scope)}; "
        return [f"no service is configured: {where}the one that `aibasic new NAME` writes says how"]
    meant = [service for section, service in scope.services.items() if sentence.section in ("", section)]
    return [problem for service in meant if (problem := problem_with(service))]


def _corrected(sentence: Sentence, wrong: Collection[Miss]) -> str:
    """The sentence as a phrase would fit it, "" where nobody knows."""
    task = f"({sentence.section}) " if sentence.section else ""
    remedies = [miss.remedy for miss in wrong if miss.remedy]
    lines = [f"  {task}{miss.sentence}" for miss in wrong if miss.sentence]
    return "\n".join([*remedies, *(["did you mean:", *lines] if lines else [])])


def _branch(text: str) -> str:
    """What to write for `if CONDITION then SENTENCE`, "" for all else."""
    found = _BRANCH.fullmatch(text)
    if found is None:
        return ""
    call = _CALL.match(found["work"])
    around = f"if not ({found['condition']}) then N, in front of {found['work']}, N being the line behind it"
    remedy = f"write: {around}" if call else "write: if CONDITION then N, with the work at line N"
    return f"if ... then takes a line number; {remedy}"


def _nearest(sentence: Sentence, scope: Scope) -> str:
    examples = [phrase.example for phrase in alike(sentence.text, sentence.section, scope)]
    if not examples:
        return "no phrase comes near it: PHRASES shows the sentences that need no model"
    return "the phrases that come nearest are like these:\n" + "\n".join(f"  {example}" for example in examples)
