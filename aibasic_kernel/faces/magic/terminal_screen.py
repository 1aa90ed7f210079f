"""A terminal as what cells show things on: text below text, of which only the newest can be written anew."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Any

from aibasic_kernel.faces.screens import NotebookScreen

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

_ABOVE = 1
_SPARE = 2
"""Rows of the terminal that a text which is written anew leaves free."""


class TerminalScreen(NotebookScreen):
    """The terminal of an IPython. What only passes is shown where it can be taken away again."""

    keeps_places = False

    def __init__(self, shell: InteractiveShell, above: str = "") -> None:
        super().__init__(shell, above)
        self._newest = ""
        """The place that can be written anew, "" for none."""
        self._rows = 0

    def publish(
        self,
        data: dict[str, Any],
        display_id: str | None = None,
        *,
        update: bool = False,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        """Show a MIME bundle; with `update` in that place, if it is the newest, else below."""
        if update:
            self._take_away(display_id)
        self._newest = ""
        if data.get("text/plain") or len(data) > 1:
            super().publish(data, metadata=metadata)
        sys.stdout.flush()

    def publish_passing(self, data: dict[str, Any], display_id: str, *, update: bool = False) -> None:
        """Show it as the newest, where the terminal can take it away again."""
        if self.is_captured or not sys.stdout.isatty():
            return
        self._take_away(display_id)
        width, height = shutil.get_terminal_size()
        first, *rest = data["text/plain"].splitlines()
        lines = [first, *rest[-max(1, height - _ABOVE - _SPARE) :]]
        lines = [line if len(line) < width else f"{line[: width - 2]}…" for line in lines]
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
        self._newest, self._rows = display_id, len(lines)

    def _take_away(self, display_id: str | None) -> None:
        if self._newest and display_id == self._newest:
            sys.stdout.write(f"\x1b[{self._rows}A\r\x1b[J")
