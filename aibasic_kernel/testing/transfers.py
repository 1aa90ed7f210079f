"""Clause 9: a large transfer shows how far it is, and says how much went through when it is interrupted."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from aibasic.modules import progress
from aibasic.modules.progress import Progress

from aibasic_kernel.testing.interrupts import interrupted
from aibasic_kernel.testing.service import Bulk, ServiceUnderTest

Connect = Callable[..., Any]
Applies = Callable[[bool, str], bool]

_HOW_MANY = re.compile(r"([\d,]+) of ([\d,]+)")


class Transfers:
    """Many rows, messages or documents at once."""

    def test_a_large_transfer_shows_progress_and_an_interrupt_says_how_many_went_through(
        self, service: ServiceUnderTest, connect: Connect, applies: Applies, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bulk = service.bulk()
        if not applies(bulk is not None, "it sends nothing in bulk"):
            return
        assert bulk is not None
        service.prepare()
        shown = _shown(monkeypatch)
        said = (_stopped_halfway if service.network else _stopped_once_shown)(service, connect, bulk, shown)
        told = _HOW_MANY.search(said)
        assert told, f"the interrupt of a transfer is to say how many of how many went through; it says {said!r}"
        assert int(told[2].replace(",", "")) == bulk.size
        counts = service.counts()
        assert counts.get("whole") == bulk.size
        assert counts.get("stopped", 0) <= bulk.size


def _stopped_halfway(service: ServiceUnderTest, connect: Connect, bulk: Bulk, shown: threading.Event) -> str:
    """What the interrupt of a transfer says of which the network has let half pass."""
    with service.proxied() as (proxy, keys):
        module = connect(TIMEOUT=60, **keys)
        proxy.watch()
        bulk.send(module, "whole")
        shown.clear()
        proxy.hold("request", after=proxy.passed["request"] // 2)
        said, _ = interrupted(lambda: bulk.send(module, "stopped"), shown.is_set)
        proxy.release()
        service.read(module)
    return said


def _stopped_once_shown(service: ServiceUnderTest, connect: Connect, bulk: Bulk, shown: threading.Event) -> str:
    """What the interrupt of a transfer says that has just shown how far it is."""
    module = connect()
    bulk.send(module, "whole")
    shown.clear()
    said, _ = interrupted(lambda: bulk.send(module, "stopped"), shown.is_set)
    service.read(module)
    return said


def _shown(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set once progress is shown, which is at once."""
    shown = threading.Event()
    show = Progress.show

    def showing(self: Progress) -> None:
        show(self)
        shown.set()

    monkeypatch.setattr(Progress, "show", showing)
    monkeypatch.setattr(progress, "AFTER", 0.05)
    return shown
