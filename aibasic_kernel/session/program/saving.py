"""SAVE: the program as a text that LOAD reads back, and that a person edits meanwhile."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from aibasic_kernel.compiler.privacy.redaction import has_credential
from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.session.messages import Note
from aibasic_kernel.session.program.clearing import require_yes
from aibasic_kernel.session.program.file_text import program_of, text_for_file
from aibasic_kernel.session.program.memory import ProgramLine
from aibasic_kernel.session.program.numbering import number_anew, stands_in_order
from aibasic_kernel.session.program.ranges import count, lines_of
from aibasic_kernel.whole_file import replace_file

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session

_ELSEWHERE = "SAVE under another name"


def save(session: Session, argument: str) -> Iterator[object]:
    """SAVE "file.aib": write the program, with its comments; numbered anew where its numbers are not one sequence."""
    program, path = session.program, file_named(argument)
    lines = lines_of(program, "")
    numbering = None if stands_in_order(program) else number_anew(program)
    instructions = program_of(program)
    if numbering is not None:
        new = {id(line.instruction): instruction for line, instruction in numbering.instructions.items()}
        instructions = [new.get(id(instruction), instruction) for instruction in instructions]
    data = text_for_file(instructions, session.parse).encode()
    _require_yes_over(session, path, data)
    try:
        replace_file(path, data)
    except OSError as error:
        raise AIBasicError(f"{path} cannot be written: {error.strerror}", _ELSEWHERE) from error
    program.saved(path, hashlib.sha256(data).hexdigest())
    yield Note(f"saved: {count(len(lines))} in {path.name}")
    if numbering is not None:
        yield Note(
            f"the numbers of its cells are no one sequence: in {path.name} the lines have others, and jumps follow. "
            "RENUM does so here too"
        )
        yield from (Note(f"{path.name}: {told}") for told in numbering.doubts())
    if secret := _with_secret(session, lines):
        yield Note(
            f"{secret} holds a password or key, and {path.name} has it as you wrote it: "
            "put the secret into aibasic.conf or the environment"
        )


def file_named(argument: str) -> Path:
    """The file that a command names, in quotes or without."""
    return Path(argument.strip('"')).expanduser().resolve()


def _require_yes_over(session: Session, path: Path, data: bytes) -> None:
    """Ask where the file holds anything but this program as it was loaded or saved last."""
    if path.exists() and not path.is_file():
        raise AIBasicError(f"{path} is no ordinary file", _ELSEWHERE)
    try:
        there = path.read_bytes() if path.exists() else b""
    except OSError:
        there = b"?"  # what cannot be read may be anything
    if there in (b"", data):
        return
    is_ours = path == session.program.file
    if is_ours and hashlib.sha256(there).hexdigest() == session.program.file_digest:
        return
    what = "was changed since this program was in it" if is_ours else "holds something else"
    require_yes(session, f"{path.name} {what}: SAVE writes over it", f"{_ELSEWHERE}, or LOAD what is in it")


def _with_secret(session: Session, lines: Iterable[ProgramLine]) -> str:
    """The first line that holds a secret, "" for none."""
    found = (line for line in lines if has_credential(line.text) or session.redactor.find(line.text))
    return next((line.place for line in found), "")
