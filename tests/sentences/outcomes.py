"""What the checks of the cases say about values: the same of query rows, frames, lists and dicts."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Sequence
from decimal import Decimal
from importlib import import_module
from math import isclose
from pathlib import Path
from typing import Any


def rows(value: Any) -> list[tuple[Any, ...]]:
    """The rows of a frame, a series (label and element), query rows, a dict (key and value) or a list."""
    import pandas as pd

    if isinstance(value, pd.Series):
        value = value.reset_index()
    if isinstance(value, pd.DataFrame):
        # A label that says something (not a mere count of the rows) is part of the outcome.
        plain = pd.api.types.is_integer_dtype(value.index)
        return list((value if plain else value.reset_index()).itertuples(index=False, name=None))
    if isinstance(value, dict):
        value = value.items()
    return [_row(element) for element in value]


def _row(element: Any) -> tuple[Any, ...]:
    if isinstance(element, dict):
        return tuple(element.values())
    return tuple(element) if isinstance(element, (tuple, list)) else (element,)


def same(value: Any, expected: Sequence[Any], ordered: bool = True) -> bool:
    """Whether there are just as many rows, each with all that is expected of it; a row may have more columns."""
    found = rows(value)
    wanted = [each if isinstance(each, tuple) else (each,) for each in expected]
    if len(found) != len(wanted):
        return False
    if ordered:
        return all(map(holds, found, wanted))
    return all(any(holds(row, each) for row in found) for each in wanted)


def holds(row: Sequence[Any], wanted: Sequence[Any]) -> bool:
    """Whether each wanted value is one of the row's."""
    return all(any(equal(have, want) for have in row) for want in wanted)


def equal(have: Any, want: Any) -> bool:
    """Equal as a reader would say: numbers of any class, NaN for NULL, a date for its midnight."""
    import pandas as pd

    if want is None:
        return have is None or bool(pd.isna(have))
    if _is_number(want):
        return _is_number(have) and isclose(float(have), float(want), rel_tol=1e-9, abs_tol=1e-9)
    return str(have) in (str(want), f"{want} 00:00:00") if not isinstance(want, bool) else have == want


def _is_number(value: Any) -> bool:
    import numpy as np

    return isinstance(value, (int, float, Decimal, np.number)) and not isinstance(value, bool)


def value(found: Any) -> Any:
    """The one value of a result, bare or as a table of one row; of several columns the last."""
    import pandas as pd

    if isinstance(found, (pd.DataFrame, pd.Series, list, tuple)):
        (row,) = rows(found)
        return row[-1]
    return found


def text(path: str) -> str:
    """The text of a file, without a byte order mark."""
    return Path(path).read_text(encoding="utf-8-sig")


def csv_rows(path: str) -> list[list[str]]:
    """The rows of a CSV file, the head among them."""
    return list(csv.reader(text(path).splitlines()))


def helpers() -> dict[str, Any]:
    """The names that a check may use beside those of its case."""
    functions = (csv_rows, equal, holds, rows, same, text, value)
    modules = {name: import_module(name) for name in ("json", "openpyxl", "pandas")}
    return {**modules, **{function.__name__: function for function in functions}, "Path": Path, "date": datetime.date}
