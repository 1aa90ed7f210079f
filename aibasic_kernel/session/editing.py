"""EDIT: a line's Python in the user's own hands. The next cell holds it under a mark, and running that cell keeps it.

The mark carries a ticket that this session gave out and remembers: such a cell in a notebook that came from
elsewhere is Python like any other, and cannot put code behind a sentence.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aibasic_kernel.compiler.compiler import Served
from aibasic_kernel.language.instruction import Sentence, Span
from aibasic_kernel.session.line import Line, checked
from aibasic_kernel.session.messages import NextInput

if TYPE_CHECKING:
    from aibasic_kernel.compiler.scope import Scope
    from aibasic_kernel.session.session import Session

MARK = "#@ edit"
_MARKED = re.compile(rf"{MARK} (?P<ticket>[0-9a-f]+)\b[^\n]*(?:\n|$)(?P<python>.*)", re.DOTALL)


@dataclass(frozen=True)
class _Edited:
    """A sentence whose code the user has changed."""

    sentence: Sentence
    old: Served
    python: str = ""


class Editing:
    """The lines of one session that are in the user's hands."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._tickets: dict[str, _Edited] = {}
        self._running: dict[int, _Edited] = {}

    def next_input(self, line: Line) -> NextInput:
        """The cell in which the Python of a compiled line can be changed."""
        sentence, old = line.instruction, line.served
        assert isinstance(sentence, Sentence) and old is not None
        ticket = secrets.token_hex(4)
        self._tickets[ticket] = _Edited(replace(sentence, span=Span(0, 0, 1)), old)
        head = f"{MARK} {ticket}: {' '.join(line.sentence.split())}"
        return NextInput(f"{head}\n{old.compilation.python.rstrip()}")

    def read(self, text: str) -> tuple[Sentence, ...]:
        """The sentence whose code a cell holds, () for any other cell."""
        marked = _MARKED.fullmatch(text.strip())
        edited = self._tickets.get(marked["ticket"]) if marked else None
        if marked is None or edited is None:
            return ()
        self._running = {id(edited.sentence): replace(edited, python=marked["python"].rstrip() + "\n")}
        return (edited.sentence,)

    def is_of_another_session(self, text: str) -> bool:
        """Whether a cell has a mark that this session did not give out: it runs as Python, and is not kept."""
        marked = _MARKED.fullmatch(text.strip())
        return marked is not None and marked["ticket"] not in self._tickets

    def take(self, sentence: Sentence, scope: Scope) -> Served | None:
        """The user's own code for a sentence that `read` gave. Raises SyntaxError for what is no Python."""
        edited = self._running.pop(id(sentence), None)
        if edited is None:
            return None
        old = edited.old.compilation
        bound = checked(edited.python, "<edited>").stores
        result = old.result if old.result in bound else ""
        made = self._session.compiler.compilation(sentence, edited.python, result, ("user", "by hand"), scope)
        return Served(made, replaces=old)
