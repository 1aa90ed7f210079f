"""What a program would do, line by line as it is written, without running any of it or asking a model.

What lines leave is guessed as far as those before them tell: where a line may run by several entries of the lock, all
of them are named.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.gate import Consequence
from aibasic_kernel.language.instruction import (
    CONTROL_FLOW,
    BareNumber,
    For,
    ForEach,
    Instruction,
    OnError,
    Python,
    Remark,
    Sentence,
)
from aibasic_kernel.session.line import Line
from aibasic_kernel.session.outlook import Outlook
from aibasic_kernel.session.running.expressions import expressions_of, python_of, sentence_of

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session

PHRASE = "phrase"
NEVER_COMPILED = "never compiled"
DOES_NOT_FIT = "what the lock holds does not fit any more"
UNTRUSTED = "not trusted, so it would not run"


@dataclass(frozen=True)
class Code:
    """Code that a line may run: its author, what it would do, and of that what would be asked about before it runs."""

    line: Line
    author: str
    effects: tuple[Consequence, ...]
    asked: frozenset[Consequence]


@dataclass(frozen=True)
class Preview:
    """A sentence of the program, or an expression of its control flow, with the code that may serve it.

    `problem` says why none of it would run. `needs_code` is False for control flow that needs none.
    """

    line: Line
    codes: tuple[Code, ...]
    problem: str = ""
    needs_code: bool = True


def preview(session: Session, text: str) -> Iterator[Preview]:
    """What each line would do. Raises ParseError, and what is wrong with the configuration."""
    session.read_configuration()
    walk = _Walk(session)
    for instruction in session.parse(text):
        yield from walk.along(instruction)


class _Walk:
    """Goes along the lines of a program."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._outlook = Outlook(session.scope())

    def along(self, instruction: Instruction) -> Iterator[Preview]:
        """The sentences of the next line, or itself where it is control flow without any."""
        if isinstance(instruction, Python | BareNumber | Remark):
            self._typed(instruction)
        elif isinstance(instruction, CONTROL_FLOW):
            said = [each for each in expressions_of(instruction) if python_of(*each, self._session.user_names) is None]
            for words, text in said:
                yield self._sentence(sentence_of(instruction, words, text), instruction)
            if not said:
                yield Preview(Line(instruction), (), needs_code=False)
            self._outlook.typed(_binds(instruction))
        elif isinstance(instruction, Sentence):
            again = () if instruction.task else self._session.parse(instruction.source, self._outlook.names)
            if again and all(isinstance(part, Python | Remark) for part in again):
                for part in again:
                    self._typed(part)
            else:
                yield self._sentence(instruction)

    def _typed(self, instruction: Instruction) -> None:
        if isinstance(instruction, Python):
            self._outlook.typed(instruction.code)

    def _sentence(self, sentence: Sentence, stands_for: Instruction | None = None) -> Preview:
        try:
            found, problem = self._served(sentence)
        except Exception as error:  # whatever a driver raises: the tables of its service cannot be read
            found, problem = [], self._session.redact(str(error))
        if found:
            self._outlook.served(sentence, found[0].python, found[0].result)
        else:
            self._outlook.asked(sentence, waits=True)
        line = Line(sentence, stands_for=stands_for)
        return Preview(line, tuple(self._code(line, sentence, each) for each in found), problem)

    def _served(self, sentence: Sentence) -> tuple[list[Compilation], str]:
        """What may serve it: as at its turn what is trusted of the lock, then a phrase; else what would be refused."""
        lock = self._session.compiler.lock
        entries = lock.entries(sentence.text, sentence.section)
        held = [entry for entry in entries if self._may_hold(entry)]
        if trusted := [entry for entry in held if lock.is_trusted(entry)]:
            return trusted, ""
        by_phrase = self._by_phrase(sentence)
        if by_phrase and (not held or any(_same(by_phrase[0], entry) for entry in held)):
            return by_phrase, ""
        return held, UNTRUSTED if held else DOES_NOT_FIT if entries else NEVER_COMPILED

    def _by_phrase(self, sentence: Sentence) -> list[Compilation]:
        compiler = self._session.compiler
        for scope in self._outlook.scopes(sentence):
            if (fits := compiler.by_phrase(sentence, scope)) is not None:
                origin = (PHRASE, fits.phrase.example)
                return [compiler.compilation(sentence, fits.python, fits.result, origin, scope)]
        return []

    def _may_hold(self, entry: Compilation) -> bool:
        try:
            return self._outlook.may_hold(entry.trace)
        except Exception:  # whatever a driver raises: nobody can tell that it does not
            return True

    def _code(self, shown: Line, sentence: Sentence, made: Compilation) -> Code:
        session = self._session
        line = Line(sentence, origin=made.origin[0], stands_for=shown.stands_for)
        session.load(line, made)
        judged = session.gate.judged(line)
        asked = session.gate.asked_about(line, judged)
        effects = tuple(dict.fromkeys((*judged, *asked)))
        kind, name = made.origin
        return Code(line, kind if kind == PHRASE else name, effects, frozenset(asked))


def _same(one: Compilation, other: Compilation) -> bool:
    return (one.python, one.result) == (other.python, other.result)


def _binds(instruction: Instruction) -> str:
    """Python that binds the names which a line of control flow makes."""
    match instruction:
        case For(variable=variable):
            return f"{variable} = 1"
        case ForEach(variable=variable):
            return f"{variable} = next({variable})"
        case OnError():
            return "_last_error, _last_error_line = '', 0"
    return ""
