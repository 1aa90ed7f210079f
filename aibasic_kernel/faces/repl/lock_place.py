"""Where the lock of a shell lies: in the user's data folder, for its lines belong to no notebook or folder."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from aibasic_kernel.compiler.folders import data_folder

FOLDER, NAME = "shell", "aibasic-repl"


def lock_beside(environ: Mapping[str, str]) -> str:
    """The file that a shell's session takes for its notebook: the lock lies beside it. Its folder is made."""
    folder = data_folder(environ) / FOLDER
    with suppress(OSError):  # the session tells that its lock cannot be written
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return str(folder / NAME)
