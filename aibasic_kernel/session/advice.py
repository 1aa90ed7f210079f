"""What a compiled line's queries did not find: values that occur nowhere, and the condition that left no row.

All of it is looked up on the machine, beside the user's work, and shown to nobody but the user.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from numbers import Number
from typing import TYPE_CHECKING, Any

from aibasic.modules import effects

from aibasic_kernel.compiler.sql import conditions as sql_conditions
from aibasic_kernel.compiler.sql import emptiness as sql_emptiness
from aibasic_kernel.session.services.missing_values import Look, missing

if TYPE_CHECKING:
    from aibasic.modules.effects import Answer

    from aibasic_kernel.compiler.scope import Service
    from aibasic_kernel.compiler.sql.conditions import Comparison
    from aibasic_kernel.session.line import Line

SECONDS_A_STATEMENT = 1.5
SECONDS_A_CELL = 3.0
MOST_STATEMENTS = 20
"""Statements of a line that are remembered."""

_log = logging.getLogger(__name__)
_HAS_CONDITIONS = re.compile(r"[\s(]*(?:select|with|update|delete|insert)\b", re.IGNORECASE)


class Advisor:
    """Hears what the statements of a line gave, and says more about those that found nothing.

    A statement is looked into once a cell, and all of them together for a few seconds, so that a loop pays nothing.
    """

    def __init__(self, find: Callable[[str], Service | None]) -> None:
        """`find` gives the service of a section."""
        self._find = find
        self._seconds = SECONDS_A_CELL
        self._said: set[tuple[str, str]] = set()
        self._heard: dict[tuple[str, str], bool] = {}

    def new_cell(self) -> None:
        """Begin anew with the time, and with what has been said."""
        self._seconds = SECONDS_A_CELL
        self._said.clear()

    def watching(self) -> AbstractContextManager[None]:
        """Hear the statements that run in the block."""
        self._heard.clear()
        return effects.hearing(self._hear)

    def advice(self, line: Line, is_new: bool) -> Iterator[str]:
        """What to say of the statements of a line that ran.

        Values are looked up where the line `is_new`, and wherever nothing was found; the reason for that always.
        """
        for (section, statement), empty in self._heard.items():
            if (empty or is_new) and self._seconds > 0 and (section, statement) not in self._said:
                self._said.add((section, statement))
                begun = time.monotonic()
                try:
                    yield from self._of(section, statement, empty, line)
                except Exception as error:  # whatever a driver raises: the line itself went well
                    _log.debug("nothing more can be said of a statement: %s", error)
                self._seconds -= time.monotonic() - begun

    def _hear(self, answer: Answer) -> None:
        key = (answer.service, answer.statement)
        if len(self._heard) < MOST_STATEMENTS and _HAS_CONDITIONS.match(answer.statement):
            self._heard[key] = self._heard.get(key, True) and found_nothing(answer.result)

    def _of(self, section: str, sql: str, empty: bool, line: Line) -> Iterator[str]:
        from sqlglot import exp

        service = self._find(section)
        dialect = service.module_class.dialect if service is not None else ""
        statement = sql_conditions.parsed(sql, dialect) if dialect else None
        if service is None or statement is None or (not empty and not isinstance(statement, exp.Query)):
            return
        module = service.module()
        look = Look(module, min(self._seconds, SECONDS_A_STATEMENT))
        compared = sql_conditions.comparisons(statement, module.describe(), dialect)
        if not empty:  # what every row of the result meets is there
            compared = [each for each in compared if not each.required or each.condition != each.whole]
        lacking = missing(compared, look)
        yield from (each.text(lambda old, new: edited(line.sentence, old, new)) for each in lacking)
        if empty and not _is_explained(compared, [each.comparison for each in lacking]):
            yield from sql_emptiness.why_empty(statement, dialect, look.count)


def _is_explained(compared: Sequence[Comparison], lacking: Sequence[Comparison]) -> bool:
    """Whether a condition that every row must meet is one of texts that all occur nowhere."""
    there = {each.whole for each in compared if each not in lacking}
    return any(each.required and each.whole not in there for each in lacking)


def found_nothing(result: Any) -> bool:
    """Whether a result has no rows, or one row of nothing but zeros and NULLs, as a count of nothing gives."""
    if isinstance(result, int):
        return result == 0
    rows = result.values.tolist() if hasattr(result, "dtypes") and len(result) < 2 else result
    if not isinstance(rows, list) or len(rows) > 1:
        return False
    return not rows or all(map(_is_nothing, rows[0]))


def _is_nothing(value: Any) -> bool:
    if issubclass(type(value), Number):
        return bool(value == 0 or value != value)
    return value is None or type(value).__name__ in ("NAType", "NaTType")


def edited(sentence: str, old: str, new: str) -> str:
    """The sentence with `new` in the place of `old`, "" unless that stands in it just once, in whichever case."""
    pattern = re.compile(rf"(?<!\w){re.escape(old)}(?!\w)", re.IGNORECASE)
    return pattern.sub(lambda match: new, sentence) if len(pattern.findall(sentence)) == 1 else ""
