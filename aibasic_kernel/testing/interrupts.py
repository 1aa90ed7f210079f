"""Clause 4, its first half: an interrupt ends a long call, and the next one is right."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from aibasic_kernel.testing.service import NO_NETWORK, ServiceUnderTest
from aibasic_kernel.testing.waiting import eventually

Connect = Callable[..., Any]
Applies = Callable[[bool, str], bool]

GOES_ON = "may go on"
"""What the message of an interrupt says of work that the service cannot be made to stop."""
_SOON = 5.0
"""Seconds, of which a busy machine takes most: by itself the call takes 20 and more."""


class Interrupts:
    """Ctrl-C during a call."""

    def test_an_interrupt_ends_a_long_call_and_the_next_is_right(
        self, service: ServiceUnderTest, connect: Connect, applies: Applies
    ) -> None:
        service.prepare()
        module = connect()
        service.read(module)
        said, took = interrupted(lambda: service.long_call(module), service.long_call_runs)
        assert took < _SOON
        service.read(module)
        if applies("cancel" in service.module.has, "the service cannot be told to stop"):
            assert eventually(lambda: not service.long_call_runs()), "`has` names cancel, and the server works on"
        else:
            assert GOES_ON in said, f"without cancel in `has` the interrupt is to say what {GOES_ON}; it says {said!r}"

    def test_an_interrupt_leaves_a_server_that_does_not_answer(
        self, service: ServiceUnderTest, connect: Connect, applies: Applies
    ) -> None:
        if not applies(service.network, NO_NETWORK):
            return
        with service.proxied() as (proxy, keys):
            module = connect(TIMEOUT=60, **keys)
            service.read(module)
            proxy.hold("reply")
            _, took = interrupted(lambda: service.read(module), lambda: proxy.wait_for("reply"))
            assert took < _SOON
            proxy.release()
            service.read(module)


def interrupted(call: Callable[[], object], when: Callable[[], bool]) -> tuple[str, float]:
    """Interrupt a call as soon as `when` comes true. What the interrupt said, and the seconds until it was raised."""
    sent: list[float] = []
    late: list[str] = []
    over = threading.Event()

    def interrupt() -> None:
        if not eventually(lambda: over.is_set() or when()):
            late.append("the call never came to where it is to be interrupted")
        sent.append(time.monotonic())
        if not over.is_set():
            os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    said = None
    try:
        thread.start()
        call()
        over.set()
        thread.join()
    except KeyboardInterrupt as interruption:
        said = str(interruption)
    finally:
        ended = time.monotonic()
        over.set()
        thread.join()
    assert late == []
    assert said is not None, "the call ended before it could be interrupted, or swallowed the KeyboardInterrupt"
    return said, ended - sent[0]
