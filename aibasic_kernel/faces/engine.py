"""Loading what runs lines: late, for its imports must not slow a face's start, and on one thread at a time."""

from __future__ import annotations

import importlib
import threading

_LOADING = threading.Lock()


def load_engine() -> None:
    """Import the session and all that it needs; wait where another thread is at it.

    Two threads that import modules which import each other, each from another end, may see them half made, and fail.
    """
    with _LOADING:
        importlib.import_module("aibasic_kernel.session.session")
