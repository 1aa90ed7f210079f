"""A column of a result as a pandas Series, whose dtype follows from the column's type and from NULLs in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timezone, tzinfo
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    import pandas

# pg_type.oid, https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat
BOOL, BYTES, TEXT, FLOAT4, DATE, TIMESTAMP, TIMESTAMPTZ = 16, 17, 25, 700, 1082, 1114, 1184
INTEGERS = frozenset({20, 21, 23, 26})
FLOATS = frozenset({FLOAT4, 701})
STRINGS = frozenset({19, TEXT, 1042, 1043})
PLAIN = INTEGERS | FLOATS | {BOOL, DATE, TIMESTAMP, TIMESTAMPTZ}
"""The types that have one meaning in every library."""


def series(values: Any, oid: int, text: bool, zone: str) -> Any:
    """From an Arrow array or a list of Python values. `text`: they are strings. `zone`: for times that have one."""
    if isinstance(values, list):
        return _from_list(values, oid, text, zone)
    return _times(_from_arrow(values, oid), oid, zone)


def _from_arrow(values: Any, oid: int) -> Any:
    import pandas

    nullable: dict[int, Any] = {BOOL: pandas.BooleanDtype(), **dict.fromkeys(INTEGERS, pandas.Int64Dtype())}
    if values.null_count and oid in nullable:
        return values.to_pandas(types_mapper=lambda _: nullable[oid])
    return values.to_pandas()


def _from_list(values: list[Any], oid: int, text: bool, zone: str) -> Any:
    import pandas

    if oid in INTEGERS:
        return pandas.Series(values, dtype="Int64" if None in values else "int64")
    if oid in FLOATS:
        return pandas.Series(values, dtype="float64")
    if oid == BOOL:
        return pandas.Series(values, dtype="boolean" if None in values else "bool")
    if oid in (TIMESTAMP, TIMESTAMPTZ):
        try:
            times: Any = pandas.Series(pandas.to_datetime(values, utc=oid == TIMESTAMPTZ))
            return _times(times.dt.tz_localize(None).astype("datetime64[us]"), oid, zone)
        except (OverflowError, ValueError):  # 'infinity', which no clock of pandas has
            return pandas.Series(values, dtype=object)
    if oid == BYTES:
        values = [None if value is None else bytes(value) for value in values]
    return pandas.Series(values, dtype=pandas.Series([""]).dtype if text and oid != DATE else object)


def _times(times: Any, oid: int, zone: str) -> Any:
    return times.dt.tz_localize("UTC").dt.tz_convert(_zone(zone)) if oid == TIMESTAMPTZ else times


def _zone(name: str) -> tzinfo:
    """The session's time zone; UTC where Python has none of its name."""
    try:
        return timezone.utc if name in ("UTC", "Etc/UTC", "GMT") else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return timezone.utc


def columns(names: Sequence[str], made: Sequence[Any]) -> pandas.DataFrame:
    """A frame of the columns; two may have the same name."""
    import pandas

    frame: pandas.DataFrame = pandas.DataFrame(dict(enumerate(made)))
    frame.columns = pandas.Index(names)
    return frame
