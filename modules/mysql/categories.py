"""The distinct values of text columns that have few of them, as MySQL can tell them in bounded time."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

from aibasic.modules.categories import LARGE, SECONDS_A_TABLE, Look, Probe, text_columns
from aibasic.modules.schema import Table
from aibasic.modules.sql_names import sql_name

_LARGE_TABLES = f"""
SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_rows > {LARGE}
"""


def read(probe: Probe, tables: Iterable[Table], seconds: float) -> dict[str, Mapping[str, tuple[str, ...]]]:
    """Table -> column -> its distinct values in order. A table of many rows is not read, and has none."""
    until = time.monotonic() + seconds
    wanted = {table.name: columns for table in tables if (columns := text_columns(table))}
    large = {sql_name(name, "mysql") for (name,) in (probe(_LARGE_TABLES, seconds) if wanted else None) or ()}
    look = Look(probe, "CAST(value AS CHAR)", lambda name: sql_name(name, "mysql"))
    found: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for name, columns in wanted.items():
        left = until - time.monotonic()
        if left <= 0:
            break
        if name not in large and (values := look.distinct(name, columns, min(left, SECONDS_A_TABLE))):
            found[name] = values
    return found
