"""What the command returns to the shell that called it."""

from __future__ import annotations

import signal
import sys

from aibasic_kernel.errors import BudgetError, ProviderError, Refused, ReplyError, UntrustedError
from aibasic_kernel.faces.standard_streams import OutputGone
from aibasic_kernel.faces.stops import Ended

DONE, FAILED, USAGE, REFUSED, PROVIDER = range(5)
_BY_SIGNAL = 128
"""What shells add to the number of the signal that ended a command."""


def exit_code(error: BaseException) -> int:
    """The code for a program that ended with `error`; the text of an `exit("...")` is written."""
    if isinstance(error, SystemExit):
        if isinstance(error.code, int | None):
            return error.code or DONE
        sys.stderr.write(f"{error.code}\n")
        return FAILED
    if isinstance(error, KeyboardInterrupt):
        gone = signal.SIGPIPE if isinstance(error, OutputGone) else signal.SIGINT
        return _BY_SIGNAL + (error.number if isinstance(error, Ended) else gone)
    if isinstance(error, Refused | UntrustedError):
        return REFUSED
    return PROVIDER if isinstance(error, ProviderError | BudgetError | ReplyError) else FAILED
