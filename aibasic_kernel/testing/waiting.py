"""Waiting for what happens elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 30.0
"""Seconds after which what should happen will not."""


def eventually(condition: Callable[[], bool], patience: float = PATIENCE) -> bool:
    """Whether a condition comes true within so many seconds; it is asked 50 times a second."""
    until = time.monotonic() + patience
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True
