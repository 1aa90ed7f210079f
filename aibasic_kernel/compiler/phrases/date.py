"""Phrases over dates and times."""

from __future__ import annotations

from aibasic.modules.phrases import Phrase

_INTO = "[(into|as|called) {new:newname}]"
_IMPORT = "import datetime\n\n"

PHRASES = (
    Phrase(
        f"[(get|show)] (today|[the] date of today|[the] current date|today's date) {_INTO}",
        _IMPORT + "{new|result} = datetime.date.today()",
        "get the current date",
        "the date of today",
        "{new|result}",
    ),
    Phrase(
        f"[(get|show)] (now|[the] current time|[the] current date and time) {_INTO}",
        _IMPORT + "{new|result} = datetime.datetime.now()",
        "get the current time",
        "the date and time of now",
        "{new|result}",
    ),
    Phrase(
        "set {new:newname} to (today|the current date|today's date)",
        _IMPORT + "{new} = datetime.date.today()",
        "set start to today",
        "keeps the date of today",
        "{new}",
    ),
    Phrase(
        "set {new:newname} to (now|the current time)",
        _IMPORT + "{new} = datetime.datetime.now()",
        "set begin to now",
        "keeps the date and time of now",
        "{new}",
    ),
    Phrase(
        "[(get|count|compute|calculate|show)] [the] [number of] days between {first:name time} and {second:name time} "
        f"{_INTO}",
        "{new|result} = ({second} - {first}).days",
        "days between arrival and departure",
        "counts the days from one date to another",
        "{new|result}",
    ),
    Phrase(
        f"add {{n:number}} (day|days) to {{day:name time}} {_INTO}",
        _IMPORT + "{new|result} = {day} + datetime.timedelta(days={n})",
        "add 30 days to arrival into due",
        "a date some days later",
        "{new|result}",
    ),
    Phrase(
        f"(parse|read) [the] date {{text:text}} {_INTO}",
        _IMPORT + "{new|result} = datetime.date.fromisoformat({text})",
        "parse the date '2013-07-04'",
        "a date from a text like 2013-07-04",
        "{new|result}",
    ),
    Phrase(
        f"format {{day:name time}} as {{pattern:text}} {_INTO}",
        "{new|result} = {day}.strftime({pattern})",
        "format arrival as '%d %B %Y'",
        "a date or time as text, by a pattern of strftime",
        "{new|result}",
    ),
)
