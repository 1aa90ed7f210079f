"""Text for a terminal that breaks lines wherever its right edge is."""

from __future__ import annotations

import re

_PIECE = re.compile(r"(?P<colour>\x1b\[[0-9;:]*m)|(?P<gap>[ \t]+)|(?:(?!\x1b\[)\S)+|\S")
_INDENT = re.compile(r"[ \t]*")


def wrapped(text: str, columns: int) -> str:
    """`text` with its lines broken between words, so that none is wider; what goes on stands below what it belongs to.

    A word that is wider than the terminal is left to the terminal. Colours have no width.
    """
    from prompt_toolkit.utils import get_cwidth

    lines = text.split("\n")
    return "\n".join("\n".join(_rows(line, columns)) if get_cwidth(line) > columns else line for line in lines)


def _rows(line: str, columns: int) -> list[str]:
    from prompt_toolkit.utils import get_cwidth

    found = _INDENT.match(line)
    indent = found.group() if found is not None and found.end() < columns // 2 else ""
    rows, row, gap, width = list[str](), indent, "", get_cwidth(indent)
    is_begun = False
    for piece in _PIECE.finditer(line, len(indent)):
        part = piece.group()
        if piece["colour"]:
            row += gap + part
            width += get_cwidth(gap)
            gap = ""
            continue
        if piece["gap"]:
            gap += part
            continue
        if is_begun and width + get_cwidth(gap + part) > columns:
            rows.append(row)
            row, gap, width = indent, "", get_cwidth(indent)
        row += gap + part
        width += get_cwidth(gap + part)
        gap, is_begun = "", True
    return [*rows, row + gap]
