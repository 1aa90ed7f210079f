"""How requests that are made together are let out, without any provider: on one event loop and a clock of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine

from aibasic_kernel.compiler.providers.admission import CACHE_SECONDS, Admission

STABLE = ("model", "rules")


class Yard:
    """Requests that go when they are let, speak and end when they are told to."""

    def __init__(self, width: int, caches: bool = False) -> None:
        self.now = 0.0
        self.admission = Admission(width, caches, lambda: self.now)
        self.out: list[str] = []
        self.heard: list[str] = []
        self._speak: dict[str, asyncio.Event] = {}
        self._end: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    def go(self, name: str, stable: tuple[str, str] = STABLE, urgent: bool = False) -> None:
        """A request wants to go."""
        self._speak[name], self._end[name] = asyncio.Event(), asyncio.Event()
        self.tasks[name] = asyncio.create_task(self._request(name, stable, urgent))

    async def _request(self, name: str, stable: tuple[str, str], urgent: bool) -> None:
        async with self.admission.turn(stable, self.heard.append, urgent) as listener:
            self.out.append(name)
            speaks = asyncio.create_task(self._speak[name].wait())
            ends = asyncio.create_task(self._end[name].wait())
            await asyncio.wait([speaks, ends], return_when=asyncio.FIRST_COMPLETED)
            if speaks.done():
                listener(name)
            await ends

    async def settle(self) -> list[str]:
        """Let everybody go on as far as they can; the requests that went, in order."""
        for _ in range(20):
            await asyncio.sleep(0)
        return self.out

    async def speak(self, name: str) -> list[str]:
        """The first text of an answer comes."""
        self._speak[name].set()
        return await self.settle()

    async def end(self, *names: str) -> list[str]:
        """Answers end."""
        for name in names:
            self._end[name].set()
        return await self.settle()


def played(play: Coroutine[None, None, None]) -> None:
    asyncio.run(asyncio.wait_for(play, 30))


def test_no_more_than_its_width_are_out() -> None:
    async def play() -> None:
        yard = Yard(2)
        for name in "abcd":
            yard.go(name)
        assert await yard.settle() == ["a", "b"]
        assert await yard.end("b") == ["a", "b", "c"]
        assert await yard.end("a", "c", "d") == ["a", "b", "c", "d"]

    played(play())


def test_where_nothing_is_cached_the_first_goes_alone_until_it_speaks() -> None:
    async def play() -> None:
        yard = Yard(8, caches=True)
        for name in "abc":
            yard.go(name)
        assert await yard.settle() == ["a"]
        assert await yard.speak("a") == ["a", "b", "c"]
        assert yard.heard == ["a"]
        await yard.end("a", "b", "c")

    played(play())


def test_where_the_first_ends_without_a_word_the_next_goes_alone() -> None:
    async def play() -> None:
        yard = Yard(8, caches=True)
        for name in "abc":
            yard.go(name)
        await yard.settle()
        assert await yard.end("a") == ["a", "b"]
        assert await yard.speak("b") == ["a", "b", "c"]
        await yard.end("b", "c")

    played(play())


def test_what_is_cached_lets_all_go_until_it_has_run_out_or_is_another() -> None:
    async def play() -> None:
        yard = Yard(8, caches=True)
        yard.go("a")
        await yard.speak("a")
        await yard.end("a")
        yard.now = CACHE_SECONDS - 1
        yard.go("b")
        yard.go("c")
        assert await yard.settle() == ["a", "b", "c"]
        await yard.end("b", "c")
        yard.now = CACHE_SECONDS + 1
        yard.go("d")
        yard.go("e")
        assert await yard.settle() == ["a", "b", "c", "d"]
        await yard.speak("d")
        yard.go("f", ("model", "other rules"))
        yard.go("g", ("model", "other rules"))
        assert (await yard.settle())[-2:] == ["e", "f"]
        await yard.end("d", "e", "f", "g")

    played(play())


def test_who_is_waited_for_goes_before_the_others() -> None:
    async def play() -> None:
        yard = Yard(1)
        for name in "abc":
            yard.go(name)
        await yard.settle()
        yard.go("now", urgent=True)
        await yard.settle()
        assert await yard.end("a") == ["a", "now"]
        await yard.end("now", "b", "c")

    played(play())


def test_one_that_is_cancelled_while_it_waits_is_in_nobodys_way() -> None:
    async def play() -> None:
        yard = Yard(1)
        for name in "abc":
            yard.go(name)
        await yard.settle()
        yard.tasks["b"].cancel()
        assert await yard.end("a") == ["a", "c"]
        yard.tasks["c"].cancel()
        yard.go("d")
        assert await yard.settle() == ["a", "c", "d"]
        await yard.end("d")

    played(play())
