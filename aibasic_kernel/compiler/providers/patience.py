"""How long a reply may take: a limit on silence, which each sign of life sets anew, and a limit on the whole."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from typing import TypeVar

Given = TypeVar("Given")


class TooSilent(Exception):
    """Nothing came for as long as silence may last."""


class TooLong(Exception):
    """The whole was not there in time."""


class Patience:
    """Counts from its making. Both limits are seconds."""

    def __init__(self, silence: float, whole: float) -> None:
        now = time.monotonic()
        self._silence = silence
        self._silent_until = now + silence
        self._end = now + whole

    def renew(self) -> None:
        """There was a sign of life."""
        self._silent_until = time.monotonic() + self._silence

    async def wait_for(self, awaited: Awaitable[Given]) -> Given:
        """What `awaited` gives; it is cancelled, and TooSilent or TooLong raised, at the first limit."""
        until, late = min((self._silent_until, TooSilent), (self._end, TooLong), key=lambda limit: limit[0])
        try:
            return await asyncio.wait_for(awaited, max(0.0, until - time.monotonic()))
        except asyncio.TimeoutError:
            raise late from None
