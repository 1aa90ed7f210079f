"""Writes the results of a program to standard output, as people read them."""

from __future__ import annotations

import pprint
import sys

from aibasic.modules.results import Affected, Rows, count_text, text_table


def show(value: object) -> None:
    """Print a result of a program; nothing for None. On a terminal only the first rows of a long table."""
    if value is not None:
        print(shown_text(value, whole=not sys.stdout.isatty()))


def shown_text(value: object, *, whole: bool) -> str:
    """A result as text: rows and data frames as a table, with all of their rows where the `whole` is wanted."""
    if isinstance(value, str):
        return value
    if isinstance(value, Affected):
        return count_text(value, value)
    if isinstance(value, Rows):
        return text_table(value.columns, value, len(value)) if whole else str(value)
    if whole and is_pandas(value):
        return str(value.to_string())  # type: ignore[attr-defined]  # pandas' own
    if type(value) is set and value:
        return _set_text(value)
    return pprint.pformat(value, sort_dicts=False) if type(value) in (dict, list, set, tuple) else str(value)


def _set_text(items: set[object]) -> str:
    """A set in the same order in every process."""
    try:
        ordered = sorted(items)  # type: ignore[type-var]  # what has no order raises
    except TypeError:
        ordered = sorted(items, key=repr)
    return "{" + pprint.pformat(ordered)[1:-1] + "}"


def is_pandas(value: object) -> bool:
    """Whether it is a data frame or a series; pandas is not imported for that."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(value, (pandas.DataFrame, pandas.Series))
