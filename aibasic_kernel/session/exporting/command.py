"""EXPORT: the session's program as a file of plain Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.session.exporting.sources import MARK, of_session
from aibasic_kernel.session.messages import Note
from aibasic_kernel.session.program.clearing import require_yes
from aibasic_kernel.session.program.saving import file_named
from aibasic_kernel.whole_file import replace_file

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session


def export(session: Session, argument: str) -> Iterator[object]:
    """EXPORT "file.py": write the program as plain Python, which needs no engine and no model."""
    path = file_named(argument)
    python, notes = of_session(session)
    yield from map(Note, notes)
    write(
        path, python, lambda told: require_yes(session, f"{told}: EXPORT writes over it", "EXPORT under another name")
    )
    lines = len(python.splitlines())
    yield Note(f"exported: {lines} lines of Python in {path.name}. It needs Python, aibasic.modules and their drivers")


def write(path: Path, python: str, agree: Callable[[str], None]) -> None:
    """Write the file; `agree` is asked where it holds anything but an exported program. Raises AIBasicError."""
    if path.exists() and not _is_exported(path):
        agree(f"{path.name} holds something else")
    try:
        replace_file(path, python.encode())
    except OSError as error:
        raise AIBasicError(f"{path} cannot be written: {error.strerror}", "name another file") from error


def _is_exported(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8") as file:
            return MARK in file.readline()
    except (OSError, UnicodeDecodeError):
        return False
