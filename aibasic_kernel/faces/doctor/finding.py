"""What the doctor finds."""

from __future__ import annotations

from dataclasses import dataclass

OK, NOTE, PROBLEM = "ok", "note", "problem"


@dataclass(frozen=True)
class Finding:
    """One line of the report. `mark` is OK, NOTE or PROBLEM; `cure` what mends it, "" where nothing needs to; `page`
    where the documentation tells of it, "" where nobody knows.
    """

    mark: str
    text: str
    cure: str = ""
    page: str = ""


def ok(text: str) -> Finding:
    """All is well with this."""
    return Finding(OK, text)


def note(text: str, cure: str = "") -> Finding:
    """Something to know; nothing fails for it."""
    return Finding(NOTE, text, cure)


def problem(text: str, cure: str) -> Finding:
    """Something fails for it."""
    return Finding(PROBLEM, text, cure)


def of_error(error: BaseException, otherwise: str) -> Finding:
    """A problem in an error's own words: the first line says what, the last one what to do, else `otherwise` does."""
    text = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    what, *others = (text.strip() or type(error).__name__).splitlines()
    return problem(what, others[-1].strip() if others else otherwise)
