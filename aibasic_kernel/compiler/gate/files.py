"""What becomes of files: which removals and overwritings are a loss, told from constant paths."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path, PurePath
from typing import Any

from aibasic.modules.effects import Kind

from aibasic_kernel.compiler.gate.consequence import Consequence

_OF_SYSTEM = ("/etc", "/usr", "/bin", "/sbin", "/lib", "/boot", "/dev", "/proc", "/sys", "/var", "/opt", "/root")
_PASSING = re.compile(r"/dev/(?:null|stdout|stderr|tty|shm/.*)")


def removes(path: Any, what: str) -> Consequence:
    """Removal of a file or folder; an unknown path is said to be that."""
    said = _text(path)
    return Consequence(Kind.DESTRUCTIVE, f"removes the {what} {said}" if said else f"removes a {what}")


def overwrites(path: Any) -> Consequence | None:
    """A file is opened to be written anew: no loss where it is in the working folder, temporary or not there yet.

    Hidden files of the home folder and the system's are never written without a word.
    """
    said = _text(path)
    if not said or "://" in said:
        return None
    real = os.path.realpath(Path(said).expanduser())
    if _is_in(real, os.path.realpath(Path.cwd())) or _PASSING.fullmatch(real):
        return None
    if is_temporary(said) and not _is_hidden(real):
        return None
    if _is_sensitive(real):
        return Consequence(Kind.DESTRUCTIVE, f"writes the file {said}")
    return Consequence(Kind.DESTRUCTIVE, f"overwrites the file {said}") if os.path.lexists(real) else None


def moves(path: Any) -> Consequence | None:
    """A file is moved away: no loss, but where it is one of the system's or a hidden one."""
    said = _text(path)
    if not said or not _is_sensitive(os.path.realpath(Path(said).expanduser())):
        return None
    return None if is_temporary(said) else Consequence(Kind.DESTRUCTIVE, f"moves the file {said} away")


def appends(path: Any) -> Consequence | None:
    """Something is written behind a file's end: no loss, but where a file of the system or a hidden one grows."""
    said = _text(path)
    real = os.path.realpath(Path(said).expanduser()) if said else ""
    if not real or _is_in(real, os.path.realpath(Path.cwd())) or _PASSING.fullmatch(real) or not _is_sensitive(real):
        return None
    return Consequence(Kind.DESTRUCTIVE, f"appends to the file {said}")


def is_temporary(path: Any) -> bool:
    """Whether a path lies where temporary files do, unless one works there."""
    said = _text(path)
    temporary = os.path.realpath(tempfile.gettempdir())
    return (
        bool(said) and _is_in(os.path.realpath(said), temporary) and not _is_in(os.path.realpath(Path.cwd()), temporary)
    )


def _is_hidden(real: str) -> bool:
    """Whether it is a hidden file of the home folder, or in a hidden folder there."""
    home = os.path.realpath(Path.home())
    return _is_in(real, home) and any(part.startswith(".") for part in PurePath(os.path.relpath(real, home)).parts)


def _is_sensitive(real: str) -> bool:
    if _is_in(real, os.path.realpath(Path.home())):
        return _is_hidden(real)
    return any(_is_in(real, folder) for folder in _OF_SYSTEM)


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _text(path: Any) -> str:
    return os.fsdecode(path) if isinstance(path, str | bytes | PurePath) else ""
