"""Putting the magics into an IPython, and taking them out."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from aibasic_kernel.faces import working_folder
from aibasic_kernel.faces.engine import load_engine
from aibasic_kernel.faces.screens import NotebookScreen

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from aibasic_kernel.faces.magic.magics import AIBasicMagics

_NAME = "aibasic"
_REGISTERED = "AIBasicMagics"


def load(shell: InteractiveShell) -> None:
    """Put the magics in, where they are not; in the kernel AIBasic every cell is theirs, which is said."""
    if _is_ours(shell):
        from aibasic_kernel.session.messages import Note

        note = Note("this is the kernel AIBasic: all cells are AIBasic's, and need no %%aibasic")
        NotebookScreen(shell).publish(note._repr_mimebundle_())
        return
    if _loaded(shell) is not None:
        return
    with working_folder.guarded():
        load_engine()
        from aibasic_kernel.faces.magic.extension import Extension
        from aibasic_kernel.faces.magic.magics import AIBasicMagics
    shell.register_magics(AIBasicMagics(shell, Extension(shell)))


def unload(shell: InteractiveShell) -> None:
    """Take the magics out, and all that came with them; their session ends."""
    magics = _loaded(shell)
    if magics is None:
        return
    manager = shell.magics_manager
    for kind in ("line", "cell"):
        manager.magics[kind].pop(_NAME, None)
    del manager.registry[_REGISTERED]
    magics.extension.close()


def _loaded(shell: InteractiveShell) -> AIBasicMagics | None:
    """The magics that are in."""
    magics: AIBasicMagics | None = shell.magics_manager.registry.get(_REGISTERED)
    return magics


def _is_ours(shell: InteractiveShell) -> bool:
    """Whether it is the shell of the kernel AIBasic."""
    module = sys.modules.get("aibasic_kernel.faces.shell")
    return module is not None and isinstance(shell, module.AIBasicShell)
