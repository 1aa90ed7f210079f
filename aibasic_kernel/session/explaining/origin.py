"""Who wrote a line's code, and where that is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.compiler import Served
from aibasic_kernel.compiler.phrasing.match import phrases_for
from aibasic_kernel.compiler.task_types import task_types
from aibasic_kernel.errors import LockError

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session


def origin_words(session: Session, served: Served, *, ran: bool = False) -> list[str]:
    """Sentences that say who wrote the code, and whether the lock has it."""
    made = served.compilation
    kind, name = made.origin
    kept = _kept(session, made, ran)
    if kind == "phrase":
        return [_phrase(name, made.section.partition(":")[0]), *kept]
    if kind == "user":
        return ["you wrote its code: EDIT put it into your hands", *kept]
    return [f"{name} wrote its code", *kept]


def _phrase(example: str, said: str) -> str:
    """The phrase of that example: of the task type that the line says, else of the first that has it."""
    for task in sorted(task_types(), key=lambda name: name != said):
        for phrase in phrases_for(task):
            if phrase.example == example:
                return f"a phrase of ({task}), which needs no language model: {phrase.does}, as in `{example}`"
    return f"a phrase that is not installed any more: {example}"


def _kept(session: Session, made: Compilation, ran: bool) -> list[str]:
    """Where the code is kept."""
    lock = session.compiler.lock
    try:
        if made not in lock.entries(made.sentence, made.section):
            return ["it is not in the lock, which keeps what ran well"] if ran else []
        trusted = lock.is_trusted(made)
    except LockError as error:
        return [error.message]
    return ["it is in the lock" if trusted else "it is in the lock, and not trusted: TRUST shows it and asks"]
