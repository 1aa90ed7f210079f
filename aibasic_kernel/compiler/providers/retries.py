"""When a request is sent again: only where nothing of an answer had come, a few times, and never unseen.

A provider marks such failures by `ProviderError.retry_after`. All else, and whatever fails once text has streamed, is
the user's to judge.
"""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from aibasic_kernel.errors import ProviderError

RETRIES = 2
FIRST_PAUSE = 0.5
"""Seconds before the first retry; before each further one it is twice as long."""
LONGEST_PAUSE = 20.0
"""Seconds beyond which the user decides: a service that asks for more is not asked again unbidden."""
JITTER = 0.25
"""The pause is longer by up to this part of it, so that many kernels do not come back at the same moment."""

Given = TypeVar("Given")


async def persistently(
    attempt: Callable[[], Awaitable[Given]], on_notice: Callable[[str], None], within: float
) -> Given:
    """What `attempt` gives, tried again where that may help; `on_notice` is told before each pause.

    No retry begins later than `within` seconds after the first attempt did. Raises the last attempt's error.
    """
    last_start = time.monotonic() + within
    for retry in range(1, RETRIES + 1):
        try:
            return await attempt()
        except ProviderError as error:
            pause = _pause(error, retry)
            if pause is None or time.monotonic() + pause > last_start:
                raise
            on_notice(f"{error.message} Trying again in {pause:.1f} s ({retry} of {RETRIES})")
        await asyncio.sleep(pause)
    return await attempt()


def _pause(error: ProviderError, retry: int) -> float | None:
    """Seconds to wait before that retry, counted from 1; None where there is to be none."""
    if error.retry_after is None or error.retry_after > LONGEST_PAUSE:
        return None
    least = max(error.retry_after, math.ldexp(FIRST_PAUSE, retry - 1))
    return least * (1 + JITTER * random.random())
