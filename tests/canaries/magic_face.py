"""The magic as a face of a trial: every byte that a kernel of Python's sends with the extension loaded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.canaries.kernel_face import KernelFace


class MagicFace(KernelFace):
    """A kernel of Python's in a folder, in which each program is a cell of `%%aibasic`."""

    kernel = "python3"
    # What was typed stands in the history of an IPython as it was typed: that is the user's own file.
    arguments = ("--HistoryManager.enabled=False",)

    @contextmanager
    def running(self) -> Iterator[MagicFace]:
        """Start it and load the extension."""
        with super().running():
            super().run("%load_ext aibasic_kernel")
            yield self

    def run(self, code: str, answer: str = "", **options: Any) -> None:
        """Run a cell of the magic."""
        super().run(f"%%aibasic\n{code}", answer, **options)
