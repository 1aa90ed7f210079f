"""AIBasic: plain English lines, compiled to Python and run at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__version__ = "0.1.0"


def load_ipython_extension(shell: InteractiveShell) -> None:
    """`%load_ext aibasic_kernel`: `%%aibasic` and `%aibasic` in any IPython."""
    from aibasic_kernel.faces.magic.loading import load

    load(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """`%unload_ext aibasic_kernel`: the magics, and all that belongs to them, are taken out."""
    from aibasic_kernel.faces.magic.loading import unload

    unload(shell)
