"""Clause 3, its first half: idle for too long, and the server killed and started again."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aibasic_kernel.testing.fault_proxy import FaultProxy
from aibasic_kernel.testing.instances import renamed
from aibasic_kernel.testing.service import NO_NETWORK, ServiceUnderTest

Connect = Callable[..., Any]
Applies = Callable[[bool, str], bool]


class Recovery:
    """The next call works, whatever happened to the server."""

    def test_idle_past_the_servers_limit_goes_unnoticed(self, service: ServiceUnderTest, tmp_path: Path) -> None:
        service.prepare()
        file = tmp_path / "aibasic.conf"
        file.write_text(service.conf() + renamed(service, "other"))
        # Two, so that the read and the write each come first after one and the same idleness.
        reading, writing = (service.module.from_config(str(file), name) for name in (None, "other"))
        try:
            service.read(reading)
            service.read(writing)
            service.idle_past_limit()
            service.read(reading)
            write(service, writing, "idle")
        finally:
            reading.close()
            writing.close()
        assert service.counts().get("idle") == 1

    def test_a_kill_while_idle_goes_unnoticed(
        self, service: ServiceUnderTest, connect: Connect, applies: Applies
    ) -> None:
        if not applies("restart" in service.module.has, NO_RESTART):
            return
        module = connect()
        service.read(module)
        service.kill()
        service.start()
        service.read(module)
        service.prepare()
        write(service, module, "after")
        assert service.counts().get("after") == 1

    def test_after_a_kill_in_a_read_the_next_one_works(
        self, service: ServiceUnderTest, connect: Connect, applies: Applies
    ) -> None:
        if not _may_be_killed_within_a_call(service, applies):
            return
        with service.proxied() as (proxy, keys):
            module = connect(**keys)
            service.read(module)
            killing = _kill_before_the_reply(service, proxy)
            # A driver may ask again by itself; what it may not do is hang, or answer wrongly.
            with contextlib.suppress(Exception):
                service.read(module)
            killing.join()
            service.read(module)

    def test_a_kill_in_a_write_is_said_and_the_next_one_works(
        self, service: ServiceUnderTest, connect: Connect, applies: Applies
    ) -> None:
        if not _may_be_killed_within_a_call(service, applies):
            return
        service.prepare()
        with service.proxied() as (proxy, keys):
            module = connect(**keys)
            write(service, module, "before")
            killing = _kill_before_the_reply(service, proxy)
            said = ""
            try:
                write(service, module, "killed")
            except Exception as error:
                said = str(error)
            killing.join()
            service.read(module)
            assert service.counts().get("killed", 0) in (0, 1)
            assert said_of_loss(said) or service.counts().get("killed") == 1, said
            service.prepare()
            write(service, module, "after")
            assert service.counts().get("after") == 1


NO_RESTART = "its server is not restarted"
UNKNOWN = "may or may not have been carried out"
NOT_DONE = ("nothing of it was kept", "Nothing was sent")


def said_of_loss(said: str) -> str:
    """Which of the three answers an error gives to what became of a write; "" where it gives none or several."""
    answers = [answer for answer in (UNKNOWN, *NOT_DONE) if answer in said]
    return answers[0] if len(answers) == 1 else ""


def write(service: ServiceUnderTest, module: Any, marker: str) -> None:
    """Write in the quickest way."""
    next(iter(service.writes().values()))(module, marker)


def _may_be_killed_within_a_call(service: ServiceUnderTest, applies: Applies) -> bool:
    return applies("restart" in service.module.has, NO_RESTART) and applies(service.network, NO_NETWORK)


def _kill_before_the_reply(service: ServiceUnderTest, proxy: FaultProxy) -> threading.Thread:
    """Kills the server once it has been asked something whose answer is held back, and starts it again."""
    proxy.hold("reply")

    def kill() -> None:
        proxy.wait_for("reply")
        service.kill()
        proxy.cut()
        proxy.release()
        service.start()

    thread = threading.Thread(target=kill)
    thread.start()
    return thread
