"""LOAD: a program from a file, in place of the one that there is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.session.messages import Note
from aibasic_kernel.session.program.clearing import forget_program, require_yes_to_lose
from aibasic_kernel.session.program.file_text import instructions_of
from aibasic_kernel.session.program.memory import PROMPT
from aibasic_kernel.session.program.ranges import count
from aibasic_kernel.session.program.saving import file_named
from aibasic_kernel.session.program.text_file import read_text

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session


def load(session: Session, argument: str) -> Iterator[object]:
    """LOAD "file.aib": read a program, whatever the order of its lines. Nothing runs."""
    path = file_named(argument)
    text, digest = read_text(path)
    instructions = instructions_of(text, path.name, session.parse)
    numbers = [instruction.number for instruction in instructions if instruction.number is not None]
    if not numbers:
        raise AIBasicError(f"{path.name} has no lines of a program", "each begins with its number")
    require_yes_to_lose(session, "LOAD")
    forget_program(session)
    session.program.enter(PROMPT, path.name, instructions)
    session.program.saved(path, digest)
    yield Note(f"loaded: {count(len(numbers))}, {numbers[0]} to {numbers[-1]}, from {path.name}. RUN runs them")
