"""Dates in expressions: how they are read, and what comparing something with one means.

A date, in quotes or not, means the whole day: `placed <= 2013-01-31` holds for every time of that day. With a time of
day behind it, it means that point of time.
"""

from __future__ import annotations

import datetime
import re

from aibasic_kernel.compiler.expressions.expression import Column, Comparison, Date, Day, Expression, Text, Variable

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?")
_DATED = ("time", "date")
_UNCLEAR = ("zoned", "duration")
_DAYS_OF = {"day": 1, "days": 1, "week": 7, "weeks": 7}


def read_date(text: str) -> Date | None:
    """The date that ISO 8601 writes so, None for other text and for days that do not exist."""
    try:
        if _DATE.fullmatch(text):
            return Date(datetime.date.fromisoformat(text))
        if _DATE_TIME.fullmatch(text):
            return Date(datetime.datetime.fromisoformat(text))
    except ValueError:
        pass
    return None


def days_in(count: str, unit: str) -> int | None:
    """How many days `2 weeks` are; None for months and years, which may be meant by the calendar."""
    if not count.isdigit() or unit not in _DAYS_OF:
        return None
    return int(count) * _DAYS_OF[unit] or None


def read_last_days(words: tuple[str, ...]) -> int | None:
    """How many days `in the last 30 days` or `within the last week` are."""
    if words[:1] not in (("in",), ("within",)) or words[1:3] != ("the", "last"):
        return None
    count = words[3:]
    return days_in("1", count[0]) if len(count) == 1 else days_in(*count) if len(count) == 2 else None


def dated(operand: Expression, others: tuple[Expression, ...]) -> tuple[Expression, tuple[Expression, ...]] | None:
    """A column and what it is compared with, as they are meant where one of them is about time; None where unclear.

    Text that is a date becomes one, and a column compared with nothing but days becomes its day.
    """
    if not isinstance(operand, Column):
        return operand, others
    if operand.kind in (*_DATED, *_UNCLEAR):
        others = tuple((read_date(other.value) or other) if isinstance(other, Text) else other for other in others)
    literals = tuple(other for other in others if isinstance(other, (Date, Text)))
    about_time = any(isinstance(literal, Date) for literal in literals)
    if about_time and operand.kind not in (*_DATED, "text", "other", "unknown"):
        return None
    if operand.kind in _UNCLEAR and literals:
        return None
    days = [_is_day(other) for other in others]
    if operand.kind != "time" or not any(days):
        return operand, others
    return (Day(operand), others) if all(days) else None


def against_a_date(operator: str, left: Expression, right: Expression) -> Comparison | None:
    """The comparison as it is meant where a side is about time; None where that is unclear."""
    if isinstance(right, Column) and not isinstance(left, (Column, Variable)):
        turned = dated(right, (left,))
        return None if turned is None else Comparison(operator, turned[1][0], turned[0])
    meant = dated(left, (right,))
    return None if meant is None else Comparison(operator, meant[0], meant[1][0])


def _is_day(expression: Expression) -> bool:
    return isinstance(expression, Date) and not isinstance(expression.value, datetime.datetime)
