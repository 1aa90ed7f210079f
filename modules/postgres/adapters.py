"""Parameters that psycopg2 by itself does not take: dicts as JSON, UUIDs, the scalars of NumPy and pandas."""

from __future__ import annotations

import sys
import uuid
from typing import Any

from psycopg2.extensions import AsIs, adapt, register_adapter
from psycopg2.extras import Json, UUID_adapter

_registered: set[str] = set()


def register() -> None:
    """Teach psycopg2 the types of the libraries that are loaded by now. Cheap to repeat."""
    if "builtins" not in _registered:
        _registered.add("builtins")
        register_adapter(dict, Json)
        register_adapter(uuid.UUID, UUID_adapter)
    if "numpy" in sys.modules and "numpy" not in _registered:
        _registered.add("numpy")
        _register_numpy(sys.modules["numpy"])
    if "pandas" in sys.modules and "pandas" not in _registered:
        _registered.add("pandas")
        _register_pandas(sys.modules["pandas"])


def _register_numpy(numpy: Any) -> None:
    # NumPy's float64 is a float to psycopg2, which would write its repr: np.float64(1.5).
    integers = (f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64))
    for name in ("bool_", "float16", "float32", "float64", *integers):
        register_adapter(getattr(numpy, name), lambda value: adapt(value.item()))
    register_adapter(numpy.ndarray, lambda value: adapt(value.tolist()))


def _register_pandas(pandas: Any) -> None:
    for missing in (pandas.NaT, pandas.NA):
        register_adapter(type(missing), lambda value: AsIs("NULL"))
    register_adapter(pandas.Timestamp, lambda value: adapt(value.to_pydatetime(warn=False)))
