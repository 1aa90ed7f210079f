"""What the driver makes of a value's text, for the types that a data frame's columns do not hold by themselves."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from aibasic.modules.postgres.series import PLAIN, TEXT
from psycopg2.extensions import DECIMAL, string_types
from psycopg2.extensions import cursor as _Cursor

Reader = Callable[["str | None", Any], Any]


def reader(oid: int) -> Reader | None:
    """What reads a value of a type; None where Arrow does the same, and for text."""
    if oid in PLAIN:
        return None
    found = string_types.get(oid)
    return None if found is None or found is string_types.get(TEXT) else found


def read_all(texts: Sequence[str | None], oid: int, cursor: _Cursor) -> list[Any]:
    """Each of the texts as the driver reads a value of that type."""
    found: Any = string_types[oid]
    if found is DECIMAL:  # the same values in half of the time
        return list(map(Decimal, texts)) if None not in texts else [None if t is None else Decimal(t) for t in texts]  # type: ignore[arg-type]
    return list(map(found, texts, itertools.repeat(cursor)))
