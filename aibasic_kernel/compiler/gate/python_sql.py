"""The SQL that Python hands to a service: judged as far as its text is known, and how it is put together."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from aibasic_kernel.compiler.gate.consequence import Consequence
from aibasic_kernel.compiler.gate.sql import judge_sql
from aibasic_kernel.compiler.gate.values import Holed

_SQL = re.compile(
    r"\s*(?:--[^\n]*\n\s*|/\*.*?\*/\s*|\(\s*)*(?:select|with|values|table|insert|update|delete|merge|replace|truncate|drop|"
    r"create|alter|grant|revoke|copy|explain|analyze|call|do|execute|prepare|vacuum|load|rename|set|reset|kill|declare|"
    r"reassign|refresh|lock|begin|purge|flush|install|uninstall|shutdown|/\*!)\b(?!\s*[=<>!.+])",
    re.IGNORECASE | re.DOTALL,
)
_BEFORE_NAME = re.compile(
    r"(?:\b(?:from|into|update|table|join|exists|only|index|view|schema|database|sequence|truncate|user|role|function|"
    r"trigger|column|constraint|by|using|on|select|where|and|or|not|in|like|set|between|limit|offset|then|else|when)|"
    r"[^\w\s)\]'\"`])\s*$|[\w.]*[.\"`'_]$",
    re.IGNORECASE,
)


_WORD_AT_BEGIN = re.compile(r"^\w*")
_WORD_AT_END = re.compile(r"\w*$")
_BEFORE_ONLY_NAME = re.compile(
    r"\b(?:from|into|update|table|join|exists|only|index|view|schema|database|sequence|truncate|column|order\s+by|"
    r"group\s+by)\s*[\"`]?$|\binsert\s+into\s+[\w.\"`]+\s*\(\s*$",
    re.IGNORECASE,
)
TAKES_SQL = frozenset(
    """
    execute executemany executescript execute_query execute_many execute_batch execute_values query read_sql
    read_sql_query fetch fetchrow fetchval mogrify copy_expert exec_driver_sql sql run_query
    """.split()  # noqa: SIM905
)
"""Methods that take SQL, of modules, drivers and pandas."""


def ends_before_name(text: str) -> bool:
    """Whether what follows a piece of SQL can only be a name."""
    return _BEFORE_ONLY_NAME.search(text) is not None


def is_sql(value: Any) -> bool:
    """Whether a value is a text that begins like a statement."""
    first = value.pieces[0] if isinstance(value, Holed) else value
    return isinstance(first, str) and _SQL.match(first) is not None


def judge_text(value: Any, dialect: str, temporary: Collection[str]) -> tuple[Consequence, ...]:
    """What a text would do that is handed over; () also where what it does hangs on what only running tells."""
    if isinstance(value, str):
        return judge_sql(value, dialect, temporary)
    text = _with_names(value, "`" if dialect == "mysql" else '"')
    return judge_sql(text, dialect, temporary) if text is not None else ()


def _with_names(text: Holed, quote: str) -> str | None:
    """The text with a name for each hole; None where one may be more than a name or a value."""
    whole = text.pieces[0]
    for hole, piece in zip(text.holes, text.pieces[1:], strict=True):
        if _BEFORE_NAME.search(whole) is None:
            return None
        before, begin = _cut(whole, _WORD_AT_END)
        end, behind = _cut(piece, _WORD_AT_BEGIN)
        marks = "" if before.endswith((quote, "'")) else quote
        name = f"{{{hole}}}".replace(quote, "").replace("'", "")
        whole = f"{before}{marks}{begin}{name}{end}{marks}{behind}"
    return whole


def _cut(text: str, place: re.Pattern[str]) -> tuple[str, str]:
    found = place.search(text)
    at = 0 if found is None else found.start() if place is _WORD_AT_END else found.end()
    return text[:at], text[at:]
