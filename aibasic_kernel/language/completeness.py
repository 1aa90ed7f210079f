"""Whether a text that is being typed wants another line."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Collection

from aibasic_kernel.language.errors import ParseError, UnfinishedError
from aibasic_kernel.language.importable import is_importable
from aibasic_kernel.language.instruction import Instruction, Magic, Python, Sentence
from aibasic_kernel.language.layout import wants_more
from aibasic_kernel.language.marks import without_comment
from aibasic_kernel.language.parser import parse
from aibasic_kernel.language.source import Line, split_lines

INDENT = "    "
_LEAVES_BLOCK = (ast.Return, ast.Raise, ast.Pass, ast.Break, ast.Continue)


def is_complete(
    text: str,
    names: Collection[str] = frozenset(),
    importable: Callable[[str], bool] = is_importable,
    tasks: Collection[str] = frozenset(),
) -> tuple[str, str]:
    """`complete`, `incomplete` or `invalid`, and the indentation of the line that would go on.

    The arguments are those of `parse`. A text that ends in an empty line is never incomplete.
    """
    lines = split_lines(text)
    ended = not lines or _ends_in_empty_line(text, lines)
    try:
        instructions = parse(text, names, importable, tasks)
    except UnfinishedError:
        return ("invalid", "") if ended else ("incomplete", INDENT)
    except ParseError:
        return "invalid", ""
    if ended or not instructions:
        return "complete", ""
    return _last_is_complete(instructions[-1], lines[-1])


def _ends_in_empty_line(text: str, lines: list[Line]) -> bool:
    return lines[-1].blank or text.endswith(("\n", "\r"))


def _last_is_complete(instruction: Instruction, last: Line) -> tuple[str, str]:
    text = last.text.rstrip()
    if isinstance(instruction, Python):
        return _python_is_complete(instruction)
    if isinstance(instruction, Magic):
        goes_on = text.endswith("\\") or instruction.text.startswith("%%")
        return ("incomplete" if goes_on else "complete"), ""
    if isinstance(instruction, Sentence):
        in_block = instruction.task and instruction.source.count("\n") and last.indent
        if in_block or wants_more(without_comment(text)):
            return "incomplete", text[: len(text) - len(text.lstrip())] or INDENT
    return "complete", ""


def _python_is_complete(python: Python) -> tuple[str, str]:
    """Below a block of several lines another line may belong to it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        outer = ast.parse(python.code).body[-1]
    if not hasattr(outer, "body") or outer.lineno == outer.end_lineno:
        return "complete", ""
    inner = [node for node in ast.walk(outer) if isinstance(node, ast.stmt)]
    last = max(inner, key=lambda statement: (statement.lineno, -statement.col_offset))
    leaves = isinstance(last, _LEAVES_BLOCK)
    return "incomplete", " " * max(0, last.col_offset - leaves * len(INDENT))
