"""Programs of which every line is Python, and what becomes of them: here, and exported."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout

from aibasic_kernel.language import parse
from aibasic_kernel.language.instruction import For, ForEach, If, Instruction, While
from aibasic_kernel.session.exporting.lines import Code, ExportLine, in_order, typed_code
from aibasic_kernel.session.exporting.program import export

NAMES = frozenset("abcdefghijklmnopqrstuvwxyz") | {"_last_error", "_last_error_line"}


def lines_of(text: str, names: frozenset[str] = NAMES) -> list[ExportLine]:
    """The lines of a program in Python; its conditions and bounds are Python as well."""
    return [ExportLine(instruction, _codes(instruction)) for instruction in in_order(parse(text, names))]


def exported(text: str, names: frozenset[str] = NAMES) -> str:
    """The program as plain Python."""
    return export(lines_of(text, names))


def printed(python: str) -> str:
    """What a Python program prints; the class and text of an error that ends it come last."""
    out, limit = io.StringIO(), sys.getrecursionlimit()
    with redirect_stdout(out):
        try:
            exec(compile(python, "<exported>", "exec"), {"__name__": "__main__"})
        except SystemExit:
            pass
        except Exception as error:
            print(f"{type(error).__name__}: {error}")
        finally:
            sys.setrecursionlimit(limit)
    return out.getvalue()


def _codes(instruction: Instruction) -> tuple[Code, ...]:
    match instruction:
        case If(condition=text) | While(condition=text) | ForEach(collection=text):
            return _typed([text])
        case For(start=start, stop=stop, step=step):
            return _typed([start, stop] if step is None else [start, stop, step])
    return typed_code(instruction)


def _typed(texts: Sequence[str]) -> tuple[Code, ...]:
    return tuple(Code(text) for text in texts)
