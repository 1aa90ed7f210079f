"""How a failure leaves a magic, so that IPython shows it once, as we say, and counts the cell as failed."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from IPython.core.error import UsageError

from aibasic_kernel.errors import text_of
from aibasic_kernel.faces.failure import presentable
from aibasic_kernel.faces.failure_display import failure_lines
from aibasic_kernel.faces.wrapping import wrapped

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from aibasic_kernel.session.line import Line

_SHOWN_OTHERWISE = (SyntaxError, UsageError)
"""What IPython shows in its own way, whatever the error says of itself."""


def raisable(shell: InteractiveShell, error: BaseException, line: Line | None) -> BaseException:
    """What is to be raised for `error`: itself, with what is to be shown of it, else one of its name."""
    if isinstance(error, SystemExit):
        return error
    lines = failure_lines(shell, error, line)
    if getattr(shell, "kernel", None) is None:
        lines = wrapped("\n".join(lines), shutil.get_terminal_size().columns).split("\n")
    shown = presentable(error)
    if not isinstance(shown, _SHOWN_OTHERWISE) and not _has_group(shown):
        vars(shown)["_render_traceback_"] = lambda: lines
        return shown
    members = {"_render_traceback_": lambda self: lines}
    stand_in: type[Exception] = type(type(error).__name__, (Exception,), members)
    return stand_in(text_of(error))


def _has_group(error: BaseException | None) -> bool:
    """Whether there is a group of errors in the chain: IPython leaves those to Python."""
    while error is not None:
        if any(each.__name__ == "BaseExceptionGroup" for each in type(error).__mro__):
            return True
        error = error.__context__
    return False
