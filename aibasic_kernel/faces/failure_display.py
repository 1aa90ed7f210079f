"""A failure as an IPython shell shows it: once, with the sentence it belongs to and no frame of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aibasic_kernel.errors import TwoLines, text_of
from aibasic_kernel.faces.traceback import user_traceback

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from aibasic_kernel.session.line import Line


def failure_lines(shell: InteractiveShell, error: BaseException, line: Line | None) -> list[str]:
    """The parts of what is shown of `error`, which ended `line`; None for one of the whole cell."""
    heading = [line.heading] if line else []
    if isinstance(error, TwoLines):
        return [*heading, f"{type(error).__name__}: {error}"]
    if isinstance(error, KeyboardInterrupt):
        return [f"KeyboardInterrupt: {text_of(error) or 'stopped'}" + (f" ({line.place})" if line else "")]
    try:
        return user_traceback(shell, error, line)
    except BaseException:  # an error of the user's that raises, SystemExit even, when it is formatted
        return [*heading, f"{type(error).__name__}: {text_of(error)}"]
