"""Tracebacks for people: the sentence, its Python with the failing line marked, their own frames and none of ours."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import aibasic_kernel

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from aibasic_kernel.session.line import Line


def user_traceback(shell: InteractiveShell, error: BaseException, line: Line | None) -> list[str]:
    """IPython's traceback of `error` without our frames, under the sentence that it belongs to."""
    tidy(error)
    formatter: Any = shell.SyntaxTB if isinstance(error, SyntaxError) and _is_of_line(error) else shell.InteractiveTB
    parts: list[str] = formatter.structured_traceback(type(error), error, error.__traceback__, tb_offset=0)
    return parts if line is None else [line.heading, *parts]


def tidy(error: BaseException) -> None:
    """Drop the frames of ours from an error's traceback and from those of its causes."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        current.__traceback__ = _without_ours(current.__traceback__)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)


def _without_ours(traceback: TracebackType | None) -> TracebackType | None:
    kept: list[TracebackType] = []
    while traceback is not None:
        if not _is_ours(traceback.tb_frame.f_code.co_filename):
            kept.append(traceback)
        traceback = traceback.tb_next
    rebuilt: TracebackType | None = None
    for entry in reversed(kept):
        rebuilt = TracebackType(rebuilt, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return rebuilt


def _is_ours(filename: str) -> bool:
    from aibasic import modules

    folders = (Path(aibasic_kernel.__file__).parent, *map(Path, modules.__path__))
    return any(Path(filename).is_relative_to(folder) for folder in folders)


def _is_of_line(error: SyntaxError) -> bool:
    return bool(error.filename and error.filename.startswith("<aibasic "))
