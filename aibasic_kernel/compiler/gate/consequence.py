"""What a piece of code or a statement would do, as people read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aibasic.modules.effects import Kind


@dataclass(frozen=True)
class Consequence:
    """One thing that would happen. `words` begin with a verb: "deletes all rows of orders".

    `kind` is WRITE, DESTRUCTIVE, or STATEMENT for what cannot be judged. `section` is the section of aibasic.conf whose
    service it happens to, `table` the table of which rows could be counted; "" where there is none.
    """

    kind: Kind
    words: str
    section: str = ""
    table: str = ""


def unique(found: Iterable[Consequence]) -> tuple[Consequence, ...]:
    """Each consequence once, in the order in which they were found."""
    return tuple(dict.fromkeys(found))
