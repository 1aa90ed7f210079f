"""How a program's failure reads in a terminal or a log: the line, the error, the user's own Python that failed."""

from __future__ import annotations

import linecache
import traceback
from collections.abc import Iterator
from typing import TYPE_CHECKING

from aibasic_kernel.errors import Refused, TwoLines, text_of
from aibasic_kernel.faces.origins import is_library, is_ours
from aibasic_kernel.faces.traceback import tidy
from aibasic_kernel.session.file_names import FILE_PREFIX

if TYPE_CHECKING:
    from aibasic_kernel.session.line import Line

AROUND = 4
"""Lines of Python that are shown above and below the one that failed."""

BEFOREHAND = "  or agree to it beforehand: aibasic run --help, at --yes-from"


def report(error: BaseException, line: Line, file: str) -> str:
    """The failure of a line of the program in `file`."""
    place = place_in(line, file)
    if isinstance(error, KeyboardInterrupt):
        return f"{place}: {text_of(error) or 'stopped'}"
    if isinstance(error, TwoLines):
        beforehand = [BEFOREHAND] if isinstance(error, Refused) and error.remedy else []
        return "\n".join([f"{place}: {_indented(str(error))}", *beforehand, f"  {line.sentence}"])
    parts = [f"{place}: {_said(error)}", *_python(error, line)]
    cause = error.__cause__
    while cause is not None:
        parts.append(f"  caused by {_said(cause)}")
        cause = cause.__cause__
    return "\n".join(parts)


def place_in(line: Line, file: str) -> str:
    """`line 30` by its number, else `line 3 of etl.aib` by its position."""
    instruction = line.instruction
    return line.place if instruction.number is not None else f"line {instruction.span.line} of {file}"


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {_indented(text_of(error))}".removesuffix(": ")


def _indented(text: str) -> str:
    return text.rstrip().replace("\n", "\n  ")


def _python(error: BaseException, line: Line) -> Iterator[str]:
    """The user's own frames, the newest last; of a compiled line the sentence above its Python."""
    if not line.typed:
        yield f"  {line.sentence}"
    if isinstance(error, SyntaxError) and (error.filename or "").startswith(FILE_PREFIX):
        yield from _excerpt(error.filename or "", error.lineno or 1)
        return
    tidy(error, lambda name: is_ours(name) or is_library(name))
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename.startswith(FILE_PREFIX):
            yield from _excerpt(frame.filename, frame.lineno or 1)
        else:
            yield f"  in {frame.name}, line {frame.lineno} of {frame.filename}: {frame.line}"


def _excerpt(filename: str, failed: int) -> Iterator[str]:
    lines = linecache.getlines(filename)
    for number, text in enumerate(lines, start=1):
        if abs(number - failed) <= AROUND:
            yield f"  {'→' if number == failed else '│'} {text}".rstrip()
