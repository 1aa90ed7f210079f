"""How requests that are made together are let out: not too many at once, and one alone where the others gain by it.

A provider caches the stable part of requests once it has read it. Where it is not cached yet, requests that go out
together would each be charged for it in full; so one goes first, and the others when its answer begins.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

CACHE_SECONDS = 240.0
"""For how long a stable part is taken to be cached: somewhat less than the five minutes that providers promise."""

Listener = Callable[[str], None]


class Admission:
    """Lets at most `width` requests out at once, in the order in which they come; for one event loop.

    Where the provider `caches`, the first request goes alone until text comes or it ends, unless the same stable part
    was answered within `CACHE_SECONDS`.
    """

    def __init__(self, width: int, caches: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._width = width
        self._caches = caches
        self._clock = clock
        self._out: Counter[tuple[str, str]] = Counter()
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._heard: dict[tuple[str, str], float] = {}
        """When an answer last came to a model's stable part."""

    @asynccontextmanager
    async def turn(self, stable: tuple[str, str], on_text: Listener, urgent: bool) -> AsyncIterator[Listener]:
        """Wait until a request to that model with that stable part may go; gives the listener for its text.

        One that somebody waits for already is `urgent`: it goes before those that wait here.
        """
        while not self._may_go(stable):
            await self._wait(urgent)
        self._out[stable] += 1

        def listen(text: str) -> None:
            was_warm, self._heard[stable] = self._is_warm(stable), self._clock()
            if not was_warm:
                self._wake()
            on_text(text)

        try:
            yield listen
        finally:
            self._out[stable] -= 1
            self._wake()

    def _may_go(self, stable: tuple[str, str]) -> bool:
        goes_first = self._out[stable] == 0
        return self._out.total() < self._width and (goes_first or not self._caches or self._is_warm(stable))

    def _is_warm(self, stable: tuple[str, str]) -> bool:
        heard = self._heard.get(stable)
        return heard is not None and self._clock() - heard < CACHE_SECONDS

    async def _wait(self, urgent: bool) -> None:
        place = asyncio.get_running_loop().create_future()
        (self._waiting.appendleft if urgent else self._waiting.append)(place)
        try:
            await place
        except asyncio.CancelledError:
            if place in self._waiting:
                self._waiting.remove(place)
            self._wake()  # the place may have been given to this one
            raise

    def _wake(self) -> None:
        """Let all that wait look again, in their order."""
        waiting, self._waiting = self._waiting, deque()
        for place in waiting:
            if not place.done():
                place.set_result(None)
