"""The kinds of live values and of what they hold: number, text, boolean, time and so on, never a dtype, never a value.

Libraries are recognised without importing them: a value of a class of pandas exists only where pandas is loaded. On
scalars, lists and dicts no method is called that a user's class could have redefined.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable
from itertools import islice
from typing import Any

SAMPLE = 64
"""How many elements are looked at, at most, to learn what a column or a collection holds."""

UNKNOWN = "unknown"
"""The kind of a column or collection that holds nothing yet: it agrees with every kind."""

_KINDS: dict[tuple[str, str], str] = {
    ("builtins", "bool"): "boolean",
    ("builtins", "int"): "number",
    ("builtins", "float"): "number",
    ("builtins", "complex"): "number",
    ("builtins", "str"): "text",
    ("builtins", "NoneType"): "none",
    ("decimal", "Decimal"): "number",
    ("fractions", "Fraction"): "number",
    ("datetime", "date"): "time",
    ("datetime", "time"): "time",
    ("datetime", "timedelta"): "time",
    ("numpy", "bool"): "boolean",
    ("numpy", "bool_"): "boolean",
    ("numpy", "datetime64"): "time",
    ("numpy", "timedelta64"): "time",
    ("numpy", "number"): "number",
}
_DTYPE_KINDS = {"i": "number", "u": "number", "f": "number", "c": "number", "b": "boolean", "M": "time", "m": "time"}


def scalar_kind(cls: type) -> str | None:
    """number, text, boolean, time or none for a class of such values, None for any other class."""
    for base in cls.__mro__:
        kind = _KINDS.get((base.__module__, base.__name__))
        if kind is not None:
            return kind
    return None


def class_name(cls: type) -> str:
    """The class's own name, whatever its metaclass makes of it."""
    name = type.__getattribute__(cls, "__name__")
    return name if isinstance(name, str) else "object"


def is_frame(value: object) -> bool:
    """Whether `value` is a pandas DataFrame."""
    return _is_pandas(value, "DataFrame")


def is_series(value: object) -> bool:
    """Whether `value` is a pandas Series or Index."""
    return _is_pandas(value, "Series") or _is_pandas(value, "Index")


def is_rows(value: object) -> bool:
    """Whether `value` is a query's result: a list that knows its columns."""
    cls = type(value)
    return cls is not list and issubclass(cls, list) and hasattr(value, "columns")


def columns_of(value: Any, wanted: Collection[str] | None = None) -> dict[str, str]:
    """The kinds of the columns of a frame or rows, of the text keys of a dict or of a list's first dict; {} for others.

    Only those of `wanted` that are there, unless it is None. Raises what a class of the user's raises when looked at.
    """
    if is_frame(value):
        return _frame_columns(value, wanted)
    if is_rows(value):
        return _rows_columns(value, wanted)
    if issubclass(type(value), list):
        value = next(list.__iter__(value), None)
    if not issubclass(type(value), dict):
        return {}
    if wanted is None:
        return {key: element_kind(held) or UNKNOWN for key, held in dict.items(value) if type(key) is str}
    return {key: element_kind(dict.get(value, key)) or UNKNOWN for key in wanted if dict.__contains__(value, key)}


def dtypes_of(frame: Any) -> list[Any]:
    """The dtypes of a frame's columns, in their order."""
    try:
        return frame._mgr.get_dtypes().tolist()  # type: ignore[no-any-return]
    except AttributeError:  # the public way, which builds a Series, takes sixty times as long
        return frame.dtypes.tolist()  # type: ignore[no-any-return]


def series_kind(series: Any) -> str:
    """The kind of a pandas Series or Index, whose values are looked at only where the dtype does not tell."""
    return _known_dtype(series.dtype) or kind_of_first(series.array[:SAMPLE], "other")


def kind_of_first(values: Iterable[object], otherwise: str = "") -> str:
    """The kind of the first value that is not null, within the sample; `otherwise` where that is no scalar."""
    for value in islice(values, SAMPLE):
        kind = element_kind(value)
        if kind is not None:
            return otherwise if otherwise and scalar_kind(type(value)) is None else kind
    return UNKNOWN


def element_kind(value: object) -> str | None:
    """The kind of one value without its columns, None for a null."""
    cls = type(value)
    if value is None or (cls is float and value != value) or cls.__name__ in ("NaTType", "NAType"):
        return None
    kind = scalar_kind(cls)
    if kind is not None:
        return kind
    if is_frame(value):
        return "frame"
    if issubclass(cls, list):
        return "rows" if is_rows(value) else "list"
    return "dict" if issubclass(cls, dict) else class_name(cls)


def agree(one: str, other: str) -> bool:
    """Whether two kinds may be the same: what holds nothing yet agrees with everything."""
    if one == other:
        return True
    words, others = one.split(" "), other.split(" ")
    return len(words) == len(others) and all(a == b or UNKNOWN in (a, b) for a, b in zip(words, others, strict=True))


def _frame_columns(frame: Any, wanted: Collection[str] | None) -> dict[str, str]:
    dtypes, labels = dtypes_of(frame), frame.columns
    if wanted is None:
        return {
            str(label): _dtype_kind(dtype, frame, at)
            for at, (label, dtype) in enumerate(zip(labels.tolist(), dtypes, strict=True))
        }
    kinds = {}
    for name in wanted:
        if name in labels:
            at = labels.get_loc(name)
            kinds[name] = _dtype_kind(dtypes[at], frame, at) if type(at) is int else "other"  # a label used twice
    return kinds


def _dtype_kind(dtype: Any, frame: Any, at: int) -> str:
    return _known_dtype(dtype) or series_kind(frame.iloc[:, at])


def _known_dtype(dtype: Any) -> str | None:
    kind = _DTYPE_KINDS.get(dtype.kind)
    if kind is not None or dtype.kind != "O":
        return kind or ("text" if dtype.kind in "UST" else "other")
    name = type(dtype).__name__
    if name == "StringDtype":
        return "text"
    if name == "PeriodDtype":
        return "time"
    if name == "CategoricalDtype":
        return series_kind(dtype.categories)
    return None


def _rows_columns(rows: Any, wanted: Collection[str] | None) -> dict[str, str]:
    names = [str(name) for name in rows.columns]
    sample = list(islice(list.__iter__(rows), SAMPLE))
    return {
        name: kind_of_first((row[at] for row in sample), "other")
        for at, name in enumerate(names)
        if wanted is None or name in wanted
    }


def _is_pandas(value: object, name: str) -> bool:
    pandas = sys.modules.get("pandas")
    # the attribute is missing while another thread is still importing pandas
    cls = getattr(pandas, name, None) if pandas is not None else None
    return cls is not None and issubclass(type(value), cls)
