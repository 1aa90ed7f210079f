"""Files for output that a notebook or terminal cannot take: in the user's data folder, for nobody else to read."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from aibasic_kernel.whole_file import new_file

KEPT = 20
"""Files that are kept, the newest."""


def new_output(folder: Path, name: str, ending: str = ".txt") -> tuple[Path, IO[bytes]]:
    """An empty file of that name, in place of one that was there; whoever writes to that one goes on undisturbed.

    Raises OSError.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{name}{ending}"
    path.unlink(missing_ok=True)
    file = new_file(path)
    for old in sorted(folder.glob(f"*{ending}"), key=_age, reverse=True)[KEPT:]:
        old.unlink(missing_ok=True)
    return path, file


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # another kernel has deleted it
        return 0
