"""Labels that are data: the keys of a dict, the columns of a pivoted table.

They look like names of columns and are values: `{"Alice": 3}`, a column for each carrier. Which of them a program
itself names, its author has written down; the others are told by their number and kinds alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import islice
from typing import Any

from aibasic_kernel.compiler.kinds import SAMPLE, is_frame, is_rows

_WORD = re.compile(r"\w+")


class Mentioned:
    """Knows which labels stand in texts that are told anyway, or are among `names`."""

    def __init__(self, texts: Iterable[str], names: Iterable[str] = ()) -> None:
        self._text = "\n".join(texts).casefold()
        self._words = frozenset(_WORD.findall(self._text))
        self._names = frozenset(names)

    def __call__(self, label: str) -> bool:
        """Whether this label may be told: as a whole word, or as words in their order."""
        if label in self._names:
            return True
        folded = label.casefold()
        if _WORD.fullmatch(folded):
            return folded in self._words
        return bool(folded.strip()) and re.search(rf"(?<!\w){re.escape(folded)}(?!\w)", self._text) is not None


def are_data(value: Any) -> bool:
    """Whether the columns or keys of `value` may be values of data; names of a schema are not."""
    if is_frame(value):
        return _is_pivoted(value.columns)
    if issubclass(type(value), list):
        return _first_is_dict(value) and not _are_records(value)
    return issubclass(type(value), dict)


def schema_names(value: Any) -> Collection[str]:
    """The columns of a frame, of rows or of records, none where they may be data."""
    try:
        if are_data(value):
            return ()
        if is_frame(value) or is_rows(value):
            return [name for name in value.columns if type(name) is str]
        return dict.keys(value[0]) if issubclass(type(value), list) and _first_is_dict(value) else ()
    except Exception:  # a class of the user's may raise anything when it is looked at
        return ()


def field_of(value: Any) -> str:
    """The field whose values the columns of a pivoted table are, "" where that is not known."""
    names = value.columns.names if is_frame(value) else ()
    return ", ".join(name for name in names if isinstance(name, str))


def summed_up(kinds: Collection[str], field: str) -> str:
    """What is told of labels that are not: `3 others by carrier (number)`."""
    others = "1 other" if len(kinds) == 1 else f"{len(kinds):,} others"
    return f"{others}{f' by {field}' if field else ''} ({', '.join(sorted(set(kinds)))})"


def _is_pivoted(labels: Any) -> bool:
    """Whether the labels of a frame's columns have a field of their own, or are other things than texts."""
    if any(name is not None for name in labels.names):
        return True
    if type(labels).__name__ == "RangeIndex":
        return False
    parts = (part for label in labels for part in (label if labels.nlevels > 1 else (label,)))
    return any(type(part) is not str for part in parts)


def _first_is_dict(values: list[Any]) -> bool:
    return issubclass(type(next(list.__iter__(values), None)), dict)


def _are_records(values: list[Any]) -> bool:
    """Whether several dicts have the same keys, which then are names."""
    some = list(islice(list.__iter__(values), SAMPLE))
    first = dict.keys(some[0])
    return len(some) > 1 and all(issubclass(type(value), dict) and dict.keys(value) == first for value in some)
