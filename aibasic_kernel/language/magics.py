"""Lines that are IPython's: magics, shell commands and questions about a name."""

from __future__ import annotations

import builtins
import re
from collections.abc import Container, Sequence

from aibasic_kernel.language.source import Line

_ASSIGNMENT = re.compile(r"[^\W\d][\w.]*(?:\s*,\s*[^\W\d]\w*)*\s*=\s*(?:!\S|%[A-Za-z])")
_HELP = re.compile(r"([^\W\d]\w*)(?:\.[^\W\d]\w*)*\?{1,2}")


def is_magic(text: str, names: Container[str]) -> bool:
    """Whether a statement is IPython's: `%time x`, `!ls`, `?x`, `files = !ls`, and `df?` where `df` exists."""
    if text.startswith(("%", "!", "?")) or _ASSIGNMENT.match(text):
        return True
    match = _HELP.fullmatch(text)
    return match is not None and (match[1] in names or hasattr(builtins, match[1]))


def cell_magic(text: str) -> tuple[str, str]:
    """The name of a `%%name` cell and its body, as far down as it stands in the cell; "" for other magics."""
    head, _, body = text.partition("\n")
    return (head[2:].split(" ", 1)[0], "\n" + body) if head.startswith("%%") else ("", "")


def magic_end(lines: Sequence[Line], first: int) -> int:
    """Behind the magic that begins on line `first`: a backslash at the end of a line takes the next one."""
    end = first + 1
    while end < len(lines) and lines[end - 1].text.rstrip().endswith("\\"):
        end += 1
    return end


def begins_cell_magic(lines: Sequence[Line], first: int) -> bool:
    """Whether `%%name` stands on line `first` with nothing but blank lines above it."""
    return lines[first].text.lstrip().startswith("%%") and all(line.blank for line in lines[:first])
