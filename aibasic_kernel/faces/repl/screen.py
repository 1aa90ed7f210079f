"""The terminal as the shell writes to it: how wide it is, what escapes it takes, what of it can be taken back."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from typing import TextIO

_COLOUR = re.compile(r"\x1b\[[0-9;:]*m")
_COMMAND = (
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[]PX^_][^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?|[ -/]*[0-~])?|[\x05\x0e\x0f\x80-\x9f]"
)
_COLOUR_OR_MOVE = r"\x1b\[(?:[0-9;:]*[A-HJKm]|\?25[hl])"
_ESCAPE = re.compile(_COMMAND)
_UNLESS_COLOUR = re.compile(f"({_COLOUR.pattern})|{_COMMAND}")
_UNLESS_COLOUR_OR_MOVE = re.compile(f"({_COLOUR_OR_MOVE})|{_COMMAND}")
SIZE = os.terminal_size((80, 24))
"""What counts where a terminal does not tell its size."""


def without_escapes(text: str) -> str:
    """`text` without anything that a terminal takes for a command."""
    return _ESCAPE.sub("", text)


def without_commands(text: str) -> str:
    """`text` with its colours alone: as data of others may be shown."""
    return _UNLESS_COLOUR.sub(_kept, text)


def _without_dangers(text: str) -> str:
    """`text` with colours and what draws progress; nothing that a terminal answers, or that changes it."""
    return _UNLESS_COLOUR_OR_MOVE.sub(_kept, text)


def _kept(match: re.Match[str]) -> str:
    return match[1] or ""


class Screen:
    """Writes to a terminal. One that is `TERM=dumb` gets no escape sequence, with NO_COLOR none gets colours."""

    def __init__(self, file: TextIO | None = None, environ: Mapping[str, str] = os.environ) -> None:
        self._file = file or sys.stdout
        self.is_dumb = environ.get("TERM", "dumb") in ("dumb", "unknown")
        self.has_colours = not (self.is_dumb or environ.get("NO_COLOR"))
        self.is_at_line_start = True

    @property
    def size(self) -> os.terminal_size:
        """Columns and lines as they are now."""
        try:
            found = os.get_terminal_size(self._file.fileno())
        except (OSError, ValueError):
            return SIZE
        return found if found.columns > 0 and found.lines > 0 else SIZE

    def write(self, text: str) -> None:
        """Write, without the escapes that are not wanted, or would do harm."""
        text = _without_dangers(text)
        if not self.has_colours:
            text = (without_escapes if self.is_dumb else _without_colours)(text)
        if text:
            self._file.write(text)
            self._file.flush()
            self.is_at_line_start = text.endswith("\n")

    def write_line(self, text: str) -> None:
        """Write on a line of its own."""
        self.write("\n" * (not self.is_at_line_start) + text.rstrip("\n") + "\n")

    def rows_of(self, text: str) -> int:
        """Rows that a text takes, which begins at the left and ends with a line end, or is to be written over."""
        from prompt_toolkit.utils import get_cwidth

        columns = self.size.columns
        rows = 0
        for line in without_escapes(text).removesuffix("\n").split("\n"):
            width = get_cwidth(line.rstrip("\r").rpartition("\r")[2].expandtabs())
            rows += max(1, -(-width // columns))
        return rows

    def can_take_back(self, text: str) -> bool:
        """Whether all of a text that was written last is still in sight, so that `take_back` reaches it."""
        return not self.is_dumb and self.rows_of(text) < self.size.lines

    def take_back(self, text: str) -> None:
        """Erase a text that was written last."""
        up = self.rows_of(text) - (not text.endswith("\n"))
        self._file.write((f"\x1b[{up}A" if up else "") + "\r\x1b[J")
        self._file.flush()
        self.is_at_line_start = True


def _without_colours(text: str) -> str:
    return _COLOUR.sub("", text)
