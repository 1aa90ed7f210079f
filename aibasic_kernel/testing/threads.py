"""Clause 5: eight threads, right answers, no connection above the limit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from aibasic_kernel.testing.closing import assert_none_left
from aibasic_kernel.testing.recovery import write
from aibasic_kernel.testing.service import ServiceUnderTest

Connect = Callable[..., Any]
Applies = Callable[[bool, str], bool]

THREADS = 8
CALLS = 1000
"""Calls of each thread, every other one a write."""


class Threads:
    """Many threads share one module."""

    def test_eight_threads_get_right_answers_within_the_limit(
        self, service: ServiceUnderTest, connect: Connect, applies: Applies
    ) -> None:
        service.prepare()
        keys, most = service.limit or ({}, 0)
        module = connect(**keys)

        def work(number: int) -> None:
            for _ in range(CALLS // 2):
                write(service, module, f"thread-{number}")
                service.read(module)

        with _watching(service) as seen, ThreadPoolExecutor(THREADS) as threads:
            list(threads.map(work, range(THREADS)))
        counts = service.counts()
        assert [counts.get(f"thread-{number}") for number in range(THREADS)] == [CALLS // 2] * THREADS
        if applies(service.limit is not None, "the module has no limit of connections"):
            assert 0 < max(seen) <= most, f"{max(seen)} connections, with a limit of {most}"
        module.close()
        assert_none_left(service)


@contextmanager
def _watching(service: ServiceUnderTest) -> Iterator[list[int]]:
    """Asks the server again and again how many connections it has."""
    seen: list[int] = []
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            seen.append(service.connections())

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()
        seen.append(service.connections())
