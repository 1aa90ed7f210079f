"""Clause 3, its second half: a write that is cut anywhere is there once or not at all, and its error knows which."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from aibasic_kernel.testing.fault_proxy import Direction, FaultProxy
from aibasic_kernel.testing.recovery import NOT_DONE, UNKNOWN, said_of_loss, write
from aibasic_kernel.testing.service import NO_NETWORK, ServiceUnderTest

Connect = Callable[..., Any]
Applies = Callable[[bool, str], bool]

CUTS = 200
"""Places at which the connection is cut, shared by the ways to write."""


class Writes:
    """The network fails within a write."""

    def test_a_write_that_is_cut_anywhere_is_there_once_or_not_at_all(
        self, service: ServiceUnderTest, connect: Connect, applies: Applies
    ) -> None:
        if not applies(service.network, NO_NETWORK):
            return
        service.prepare()
        ways = service.writes()
        with service.proxied() as (proxy, keys):
            module = connect(**keys)
            for name, way in ways.items():
                _cut_everywhere(service, module, proxy, name, way, CUTS // len(ways))

    def test_a_connection_that_ends_while_it_is_made_has_sent_nothing(
        self, service: ServiceUnderTest, connect: Connect, applies: Applies
    ) -> None:
        if not applies(service.network, NO_NETWORK):
            return
        service.prepare()
        with service.proxied() as (proxy, keys):
            module = connect(**keys)
            service.read(module)
            for number, passed in enumerate((0, 20)):
                proxy.cut()
                proxy.cut_after("request", passed)
                said = _said(lambda number=number: write(service, module, f"early-{number}"))  # type: ignore[misc]
                done = service.counts().get(f"early-{number}", 0)
                assert done == (0 if said else 1), said
                assert said == "" or said_of_loss(said) in NOT_DONE, said

    def test_a_slow_network_only_delays(self, service: ServiceUnderTest, connect: Connect, applies: Applies) -> None:
        if not applies(service.network, NO_NETWORK):
            return
        service.prepare()
        with service.proxied() as (proxy, keys):
            module = connect(**keys)
            service.read(module)
            proxy.hold()
            releasing = threading.Thread(target=_release_after_request, args=(proxy,))
            releasing.start()
            write(service, module, "slow")
            releasing.join()
            assert service.counts().get("slow") == 1


def _cut_everywhere(
    service: ServiceUnderTest, module: Any, proxy: FaultProxy, name: str, way: Callable[[Any, str], object], cuts: int
) -> None:
    way(module, f"{name}-first")
    proxy.watch()
    way(module, f"{name}-whole")
    told: dict[str, str] = {}
    missed = 0
    for number, (direction, passed) in enumerate(_places(proxy, cuts)):
        marker = f"{name}-{number}"
        proxy.watch()
        service.read(module)
        proxy.cut_after(direction, passed)
        told[marker] = _said(lambda marker=marker: way(module, marker))  # type: ignore[misc]
        missed += not proxy.has_cut
        proxy.watch()
    there = service.counts()
    assert there.get(f"{name}-first") == there.get(f"{name}-whole") == 1
    # A client may say more at one time than at another (Kafka asks again who leads).
    assert missed < cuts / 2, f"{missed} of {cuts} cuts came behind the write's last byte"
    for marker, said in told.items():
        count = there.get(marker, 0)
        assert count in (0, 1), f"{marker} was done {count} times: {said}"
        if not said:
            assert count == 1, f"{marker} is said to be done, and is not"
        elif said_of_loss(said) in NOT_DONE:
            assert count == 0, f"{marker} is said not to be done, and is: {said}"
        else:
            assert said_of_loss(said) == UNKNOWN, said
    assert any(there.get(marker) for marker in told), "no cut came after the server had got all"
    assert service.heals or any(told.values()), "no cut was noticed"


def _release_after_request(proxy: FaultProxy) -> None:
    proxy.wait_for("request")
    proxy.release()


def _places(proxy: FaultProxy, cuts: int) -> list[tuple[Direction, int]]:
    """Evenly spread over all bytes that a write sends and receives, the first and the last among them."""
    request, reply = proxy.passed["request"], proxy.passed["reply"]
    offsets = [at * (request + reply - 1) // (cuts - 1) for at in range(cuts)]
    return [("request", at) if at < request else ("reply", at - request) for at in offsets]


def _said(call: Callable[[], object]) -> str:
    """The error that a call raises, "" where it succeeds."""
    try:
        call()
    except Exception as error:
        return str(error) or type(error).__name__
    return ""
