"""Who may import modules from the working folder.

A notebook's folder stands first on the path of imports, and may be somebody else's. So a file in it that is named like
a library must not be taken for that library by the engine, nor by a library that the engine uses, nor by a compiled
sentence. Python that the user typed, and the modules beside the notebook, import as they do in any Python.
"""

from __future__ import annotations

import enum
import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import FrameType, ModuleType

from aibasic_kernel.faces.origins import is_library, is_ours
from aibasic_kernel.session.file_names import COMPILED_PREFIX, FILE_PREFIX

_TYPED = (FILE_PREFIX, "<ipython", "<magic", "<timed")
_IMPORTLIB = str(Path(importlib.__file__).parent)
_ASKS_FOR_THE_USER = str(Path(__file__).parents[1] / "language" / "importable.py")
_HERE = ("", ".")


class _Place(enum.Enum):
    """Where the working folder stands for an importer."""

    AS_IT_IS = enum.auto()
    LAST = enum.auto()
    NOWHERE = enum.auto()


class WorkingFolderFinder(PathFinder):
    """Finds top-level modules on `sys.path`, from which it leaves out the working folder as the importer demands."""

    @classmethod
    def find_spec(
        cls, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """As PathFinder's."""
        # A module that is loaded again was found before.
        place = _Place.AS_IT_IS if path is not None or target is not None else _place(sys._getframe(1))
        if place is not _Place.AS_IT_IS:
            path = [entry for entry in sys.path if entry not in _HERE]
            if place is _Place.LAST and len(path) < len(sys.path):
                path.append("")
        return super().find_spec(fullname, path, target)


def guard() -> None:
    """Put the finder in the place of Python's own."""
    sys.meta_path[sys.meta_path.index(PathFinder)] = WorkingFolderFinder


@contextmanager
def guarded() -> Iterator[None]:
    """Have the finder in the place of Python's own during the block, where that is there."""
    if PathFinder not in sys.meta_path:
        yield
        return
    guard()
    try:
        yield
    finally:
        if WorkingFolderFinder in sys.meta_path:
            sys.meta_path[sys.meta_path.index(WorkingFolderFinder)] = PathFinder


def _place(frame: FrameType | None) -> _Place:
    """By the innermost code that is no library's: what a library imports, it imports for that."""
    through_library = False
    while frame is not None:
        filename = frame.f_code.co_filename
        if filename.startswith(COMPILED_PREFIX):
            return _Place.NOWHERE if through_library else _Place.LAST
        if is_ours(filename):
            return _Place.AS_IT_IS if filename == _ASKS_FOR_THE_USER else _Place.NOWHERE
        if is_library(filename):
            through_library |= not filename.startswith(_IMPORTLIB)
        elif not filename.startswith("<") or filename.startswith(_TYPED):
            return _Place.LAST if through_library else _Place.AS_IT_IS
        frame = frame.f_back
    return _Place.LAST
