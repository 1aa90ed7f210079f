"""NEW, and the question before lines are lost that are in no file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.session.asking import is_yes
from aibasic_kernel.session.messages import Note
from aibasic_kernel.session.program.ranges import count

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session


def clear(session: Session, argument: str) -> Iterator[object]:
    """NEW: forget the program, end what is open on connections. Variables stay."""
    forgotten = len(list(session.program.lines()))
    require_yes_to_lose(session, "NEW")
    for said in session.end_transactions():
        yield Note(said)
    forget_program(session)
    yield Note(f"the program is empty: {count(forgotten)} forgotten. Variables stay")


def forget_program(session: Session) -> None:
    """Forget the lines, what they were compiled to, and where runs of them stopped or were to stop."""
    session.program.clear()
    session.lines.clear()
    session.runner.stopped = None
    session.runner.breakpoints.clear()


def require_yes_to_lose(session: Session, command: str) -> None:
    """Ask before a command takes lines away that are in no file. Raises AIBasicError where that is not agreed to."""
    if session.program.is_saved:
        return
    lines = count(len(list(session.program.lines())))
    told = f"the program ({lines}) is in no file as it is now, and {command} forgets it"
    require_yes(session, told, 'SAVE "name.aib" first')


def require_yes(session: Session, told: str, otherwise: str) -> None:
    """Ask whether a command is to go on. Raises AIBasicError where it is not; `otherwise` is what to do instead."""
    answer = session.ask(f"{told}\ngo on? yes, no: ")
    if answer is None:
        raise AIBasicError(f"{told}, and nobody can be asked here: nothing was done", otherwise)
    if not is_yes(answer):
        raise AIBasicError("you did not say yes: nothing was done", otherwise)
