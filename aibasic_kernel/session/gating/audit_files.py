"""What Python is about to do to files, told from its audit events: what is removed, and what is overwritten.

Passed over are temporary files and caches, and what the same line has made itself.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from types import FrameType
from typing import Any

from aibasic.modules.effects import Kind

from aibasic_kernel.compiler.gate.consequence import Consequence

WRITING = os.O_WRONLY | os.O_RDWR | os.O_TRUNC
_OF_TREE = ("rmtree", "_rmtree", "move", "copy")
"""Functions of shutil that remove bit by bit what has been told as a whole, or has been copied before."""


class Files:
    """Knows which files are temporary, and which a line has made."""

    def __init__(self) -> None:
        self._temporary: set[str] = set()
        self._made: dict[str, str] = {}

    def note_temporary(self, path: Any) -> None:
        """A file or folder that `tempfile` has made."""
        if text := _text(path):
            self._temporary.add(os.path.realpath(text))

    def made(self, line: str, path: Any) -> None:
        """A folder that a line makes."""
        if (text := _text(path)) and not os.path.lexists(text):
            self._made[os.path.realpath(text)] = line

    def opened(self, line: str, path: Any, flags: int) -> Consequence | None:
        """A file is opened to be written."""
        if flags & os.O_EXCL or not (text := _text(path)):
            return None
        real = os.path.realpath(text)
        if not os.path.exists(real):
            self._made[real] = line
            return None
        if os.path.isdir(real) or not os.path.isfile(real) or real in self._made:
            return None
        verb = "appends to" if flags & os.O_APPEND else "overwrites"
        return self._written(verb, text, real)

    def replaced(self, line: str, source: Any, target: Any) -> Consequence | None:
        """A file gets the name of another one."""
        text, old = _text(target), _text(source)
        if not text or not old:
            return None
        real = os.path.realpath(text)
        line_of_old = self._made.pop(os.path.realpath(old), None)
        if not os.path.exists(real) or real in self._made:
            self._made[real] = line_of_old or self._made.get(real, "")
            return None
        return self._written("overwrites", text, real)

    def removed(self, line: str, path: Any, frame: FrameType | None, what: str = "file") -> Consequence | None:
        """A file, or a folder with what is in it, is removed."""
        text = _text(path)
        if not text or (frame is not None and _is_part(frame)):
            return None
        # What a link points to stays.
        real = os.path.join(os.path.realpath(os.path.dirname(text)), os.path.basename(text))
        if not os.path.lexists(real) or self._made.get(real) == line or self._is_passing(real):
            return None
        return Consequence(Kind.DESTRUCTIVE, f"removes the {what} {text}")

    def _written(self, verb: str, text: str, real: str) -> Consequence | None:
        if self._is_passing(real):
            return None
        inside = verb == "appends to" or _is_in(real, os.path.realpath(os.getcwd()))
        return Consequence(Kind.WRITE if inside else Kind.DESTRUCTIVE, f"{verb} the file {text}")

    def _is_passing(self, real: str) -> bool:
        """Whether a file is temporary, or can be had again by whoever keeps a cache."""
        return any(_is_in(real, place) for place in (*self._temporary, *_passing_folders()))


def _passing_folders() -> Iterator[str]:
    home = os.path.expanduser("~")
    yield os.path.realpath(os.environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache"))
    temporary = os.path.realpath(tempfile.gettempdir())
    # Who works below it keeps there what matters.
    if not _is_in(os.path.realpath(os.getcwd()), temporary):
        yield temporary


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _is_part(frame: FrameType) -> bool:
    """Whether a removal is a step of what was told as a whole, or of what `tempfile` made."""
    code = frame.f_code
    if code.co_filename == shutil.__file__:
        return code.co_name.startswith(_OF_TREE)
    return code.co_filename == tempfile.__file__


def _text(path: Any) -> str:
    """A path as text, "" for a descriptor."""
    if isinstance(path, int) or path is None:
        return ""
    try:
        return os.fsdecode(path)
    except TypeError:
        return ""
