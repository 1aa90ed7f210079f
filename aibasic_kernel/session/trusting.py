"""Code from a lock that this user has not agreed to yet: who says the sentence is shown it and asked.

Only what a person types agrees; a cell cannot, nor can a program or a notebook that is run where nobody answers.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from typing import TYPE_CHECKING

from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.compiler import Served
from aibasic_kernel.compiler.locks.review import counted, news, said, trust_command
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.errors import LockError, UntrustedError
from aibasic_kernel.language.instruction import Instruction, Sentence
from aibasic_kernel.session.messages import Note
from aibasic_kernel.session.review import agreed
from aibasic_kernel.session.steps import Outcome, Show, Step

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session


class Trusting:
    """What one session asks its user about the code in its lock."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._cell: set[tuple[str, str]] = set()
        self._declined = False

    def new_cell(self) -> None:
        """Forget what was said and declined in the cell before."""
        self._cell.clear()
        self._declined = False

    def says(self, instructions: Iterable[Instruction]) -> None:
        """Take note of the sentences of the running cell."""
        self._cell |= {said(each.text, each.section) for each in instructions if isinstance(each, Sentence)}

    def serve(self, sentence: Sentence, scope: Scope) -> Generator[Step, Outcome | None, Served | None]:
        """As `Compiler.serve`, but asks about code that is not trusted. Raises UntrustedError for what may not run."""
        compiler = self._session.compiler
        try:
            return compiler.serve(sentence, scope)
        except UntrustedError:
            if self._declined:
                raise _declined() from None
            met = said(sentence.text, sentence.section)
            self._cell.add(met)
            if (yield from self._asked(met)) is None:
                raise
        try:
            return compiler.serve(sentence, scope)
        except UntrustedError:
            self._declined = True
            raise _declined() from None

    def command(self) -> Iterator[object]:
        """TRUST: ask about all that is new in the lock. Raises LockError where nobody can answer."""
        lock = self._session.compiler.lock
        found = news(lock, self._cell)
        if not found.entries:
            yield Note("there is nothing new in the lock: all of its code is trusted already")
            return
        trusted = yield from agreed(found, self._session.ask)
        if trusted is None:
            why = f"{found.title}, and nobody can be asked here: a cell never trusts by itself"
            raise LockError(why, trust_command(lock.untrusted_files()))
        lock.trust(trusted)
        yield Note(f"trusted: {len(trusted)} of {counted(len(found.entries))}")

    def _asked(self, met: tuple[str, str]) -> Generator[Step, Outcome | None, list[Compilation] | None]:
        """Ask about all that is new and needs trust; trust what the user agrees to; None where nobody can answer."""
        lock = self._session.compiler.lock
        conversation = agreed(news(lock, self._cell, met), self._session.ask)
        while True:
            try:
                yield Show(next(conversation))
            except StopIteration as end:
                trusted: list[Compilation] | None = end.value
                break
        if trusted is not None:
            lock.trust(trusted)
        return trusted


def _declined() -> UntrustedError:
    return UntrustedError(
        "you have not agreed to the code that the lock holds for this line; it was not run",
        "run the cell again to be asked again, or say the line in other words to have it compiled anew",
    )
