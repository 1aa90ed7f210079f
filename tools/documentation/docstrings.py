"""Docstrings as reStructuredText: this project writes them as plain text with `code` in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

_CODE = re.compile(r"(`[^`]+`)")
_MARKS = re.compile(r"([*|\\]|_(?=\W|$))")
_EXAMPLE = re.compile(r"^(\s*)Example: (.*)$")


def process(app: object, what: str, name: str, thing: object, options: object, lines: list[str]) -> None:
    """What autodoc calls for each docstring: `lines` are changed in place."""
    lines[:] = converted(lines)


def converted(lines: list[str]) -> list[str]:
    """The lines with code as literals, drawings and examples as blocks, and no mark that the text does not mean."""
    return list(_converted(lines))


def _converted(lines: list[str]) -> Iterator[str]:
    before = ""
    for line in lines:
        is_block = line.startswith("    ")
        if is_block and before != "::":
            yield from ("", "::", "")
            before = "::"
        if before == "::" and (is_block or not line.strip()):
            yield line
            continue
        if example := _EXAMPLE.match(line):
            yield from ("", "Example::", "", f"    {example[2]}")
            before = "::"
            continue
        if before == "::":
            yield ""
        yield _escaped(line)
        before = line


def _escaped(line: str) -> str:
    parts = _CODE.split(line)
    return "".join(f"`{part}`" if part.startswith("`") else _MARKS.sub(r"\\\1", part) for part in parts)
