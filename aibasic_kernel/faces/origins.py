"""Whose code it is, by the file names of code objects: ours, a library's, the user's, or a compiled sentence's."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

import aibasic_kernel

_KERNEL = str(Path(aibasic_kernel.__file__).parent) + os.sep
_STANDARD = tuple({sysconfig.get_path(kind) + os.sep for kind in ("stdlib", "platstdlib")})
_INSTALLED = tuple(f"{os.sep}{folder}{os.sep}" for folder in ("site-packages", "dist-packages"))


def is_ours(filename: str) -> bool:
    """Whether it is code of the engine or of its modules."""
    modules = sys.modules.get("aibasic.modules")  # what is not imported has no code that runs
    folders = (_KERNEL, *(path + os.sep for path in modules.__path__)) if modules is not None else (_KERNEL,)
    return filename.startswith(folders)


def is_library(filename: str) -> bool:
    """Whether it is code of the standard library or of an installed package; ours may be installed too."""
    return filename.startswith(_STANDARD) or any(folder in filename for folder in _INSTALLED)
