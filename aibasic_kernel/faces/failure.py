"""An error's text, whatever its class does when it is asked for it."""

from __future__ import annotations

from aibasic_kernel.errors import text_of


def presentable(error: BaseException) -> BaseException:
    """The error itself, or one of the same name in its place where its text cannot be read."""
    try:
        str(error)
    except BaseException:  # as in text_of, which says so
        stand_in: type[Exception] = type(type(error).__name__, (Exception,), {})
        return stand_in(text_of(error))
    return error


def said_alone(error: BaseException) -> str:
    """What an error says where its class is not told: a KeyError without quotes around it."""
    return str(error.args[0]) if isinstance(error, KeyError) and error.args else text_of(error)
