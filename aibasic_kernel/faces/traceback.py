"""Tracebacks for people: the sentence, its Python with the failing line marked, their own frames and none of ours."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any

from aibasic_kernel.faces.origins import is_library, is_ours
from aibasic_kernel.session.file_names import FILE_PREFIX

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from aibasic_kernel.session.line import Line


def user_traceback(shell: InteractiveShell, error: BaseException, line: Line | None) -> list[str]:
    """IPython's traceback of `error` without our frames, under the sentence that it belongs to.

    Of a compiled line, frames of libraries are left out too: its Python and the user's own functions tell more.
    """
    tidy(error, is_ours if line is None or line.typed else _is_no_users)
    formatter: Any = shell.SyntaxTB if isinstance(error, SyntaxError) and _is_of_line(error) else shell.InteractiveTB
    parts: list[str] = formatter.structured_traceback(type(error), error, error.__traceback__, tb_offset=0)
    return parts if line is None else [line.heading, *parts]


def tidy(error: BaseException, is_left_out: Callable[[str], bool]) -> None:
    """Drop frames, by the names of their files, from an error's traceback and from those of its causes."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        current.__traceback__ = _without(is_left_out, current.__traceback__)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)


def _without(is_left_out: Callable[[str], bool], traceback: TracebackType | None) -> TracebackType | None:
    kept: list[TracebackType] = []
    while traceback is not None:
        if not is_left_out(traceback.tb_frame.f_code.co_filename):
            kept.append(traceback)
        traceback = traceback.tb_next
    rebuilt: TracebackType | None = None
    for entry in reversed(kept):
        rebuilt = TracebackType(rebuilt, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return rebuilt


def _is_no_users(filename: str) -> bool:
    return is_ours(filename) or is_library(filename)


def _is_of_line(error: SyntaxError) -> bool:
    return bool(error.filename and error.filename.startswith(FILE_PREFIX))
