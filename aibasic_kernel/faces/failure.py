"""An error as it leaves the kernel: without secrets, and whatever its class does when it is asked for its text."""

from __future__ import annotations

import re
from collections.abc import Callable

from aibasic_kernel.errors import text_of

Clean = Callable[[str], str]
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def without_secrets(text: str, clean: Clean) -> str:
    """`text` cleaned; a secret that colours cut into pieces costs the colours."""
    plain = _COLOUR.sub("", text)
    cleaned = clean(plain)
    return clean(text) if cleaned == plain else cleaned


def presentable(error: BaseException, clean: Clean) -> BaseException:
    """The error itself, or one of the same name in its place where its text cannot be read or holds a secret."""
    text = clean(text_of(error))
    try:
        if str(error) == text:
            return error
    except BaseException:  # as in text_of; the one below tells it
        pass
    stand_in: type[Exception] = type(type(error).__name__, (Exception,), {})
    return stand_in(text)
