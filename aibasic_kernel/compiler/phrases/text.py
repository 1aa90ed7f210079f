"""Phrases over text."""

from __future__ import annotations

from aibasic.modules.phrases import Phrase

_INTO = "[(into|as|called) {new:newname}]"
_NEW = "{new|result}"


def _changed(method: str) -> str:
    return f"{_NEW} = {{text}}.{method}"


PHRASES = (
    Phrase(
        f"(convert|change|turn) {{text:text}} (to|into) (uppercase|upper case|capitals) {_INTO}",
        _changed("upper()"),
        "convert title to uppercase",
        "writes a text in capitals",
        _NEW,
    ),
    Phrase(
        f"(convert|change|turn) {{text:text}} (to|into) (lowercase|lower case) {_INTO}",
        _changed("lower()"),
        "convert title to lowercase",
        "writes a text in small letters",
        _NEW,
    ),
    Phrase(
        f"replace {{old:text}} (with|by) {{to:text}} in {{text:text}} {_INTO}",
        _changed("replace({old}, {to})"),
        'replace "cat" with "dog" in title',
        "replaces a part of a text wherever it stands",
        _NEW,
    ),
    Phrase(
        f"(trim|strip) {{text:text}} {_INTO}",
        _changed("strip()"),
        "trim title",
        "takes white space from both ends",
        _NEW,
    ),
    Phrase(
        f"split {{text:text}} (by|at|on) {{mark:text}} {_INTO}",
        f"{_NEW} = {{text}}.split({{mark}})",
        'split title by " "',
        "cuts a text into a list",
        _NEW,
    ),
    Phrase(
        f"join [the] {{items:name collection}} with {{mark:text}} {_INTO}",
        f"{_NEW} = {{mark}}.join(str(item) for item in {{items}})",
        'join words with ", "',
        "makes one text of a list",
        _NEW,
    ),
    Phrase(
        f"(count the characters|length|get the length|show the length) (of|in) {{text:text}} {_INTO}",
        f"{_NEW} = len({{text}})",
        "length of title",
        "counts the characters",
        _NEW,
    ),
    Phrase(
        f"count [the] words (of|in) {{text:text}} {_INTO}",
        f"{_NEW} = len({{text}}.split())",
        "count the words in title",
        "counts the words",
        _NEW,
    ),
)
