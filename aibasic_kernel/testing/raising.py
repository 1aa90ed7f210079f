"""Errors that a clause asks for, and what it says where they do not come."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

Wanted = TypeVar("Wanted", bound=BaseException)


def raised(kind: type[Wanted], says: str, call: Callable[[], object], what: str) -> Wanted:
    """The error of a call: of that kind, with a text in which the regular expression `says` is found.

    AssertionError names the call, as `what`, and what was wanted of it.
    """
    wanted = f"{what} should raise {kind.__name__} with /{says}/ in its text"
    try:
        call()
    except Exception as error:
        if not isinstance(error, kind) or re.search(says, str(error)) is None:
            raise AssertionError(f"{wanted}, but raises {type(error).__name__}: {error}") from error
        return error
    raise AssertionError(f"{wanted}, but goes through")
