"""Clause 2: every way to connect works; what cannot connect says why in time, and never shows a secret."""

from __future__ import annotations

import logging
import pickle
import time
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from aibasic_kernel.testing.instances import nowhere
from aibasic_kernel.testing.raising import raised
from aibasic_kernel.testing.service import NO_NETWORK, Keys, Refusal, ServiceUnderTest

Connect = Callable[..., Any]
Applies = Callable[[bool, str], bool]

TIMEOUT = 3
WRONG = "wr0ng-hunter2"
"""Stands in passwords that must be refused, and must not be shown."""
_LATE = 15
"""Seconds beyond TIMEOUT that a busy machine may take."""


class Configured:
    """How a section connects, and what is said where it does not."""

    def test_every_way_to_connect_works(self, service: ServiceUnderTest, connect: Connect) -> None:
        for name, keys in service.ways().items():
            module = connect(**keys)
            try:
                service.read(module)
            except Exception as error:
                raise AssertionError(f"{name}: {error}") from error
            assert service.secret not in repr(module.get_connection_info()), name

    def test_a_wrong_host_or_port_is_said(
        self, service: ServiceUnderTest, connect: Connect, applies: Applies, caplog: pytest.LogCaptureFixture
    ) -> None:
        if not applies(service.network, NO_NETWORK):
            return
        caplog.set_level(logging.DEBUG)
        unknown = Refusal(service.at("no.such.host.invalid", 1), service.words.unknown_host)
        _refuses(service, connect, "an unknown host", unknown, caplog)
        _refuses(service, connect, "a closed port", Refusal(nowhere(service), service.words.closed_port), caplog)

    def test_wrong_credentials_and_certificates_are_said(
        self, service: ServiceUnderTest, connect: Connect, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        cases = service.refused()
        wanted = {"auth": "wrong password", "tls": "wrong CA"}
        for part, name in wanted.items():
            assert part not in service.module.has or name in cases, f"`has` names {part}: refused() lacks {name!r}"
        for name, refusal in cases.items():
            _refuses(service, connect, name, refusal, caplog)

    def test_an_expired_certificate_is_said(
        self, service: ServiceUnderTest, connect: Connect, applies: Applies, caplog: pytest.LogCaptureFixture
    ) -> None:
        if not applies("tls" in service.module.has, "the service has no TLS"):
            return
        caplog.set_level(logging.DEBUG)
        with service.expired() as refusal:
            _refuses(service, connect, "an expired certificate", refusal, caplog)

    def test_a_server_that_never_answers_is_given_up(
        self, service: ServiceUnderTest, connect: Connect, applies: Applies, caplog: pytest.LogCaptureFixture
    ) -> None:
        if not applies(service.network, NO_NETWORK):
            return
        caplog.set_level(logging.DEBUG)
        with service.proxied() as (proxy, keys):
            proxy.deaf = True
            _refuses(service, connect, "a server that never answers", Refusal(keys, service.words.silence), caplog)

    def test_nothing_of_a_living_module_shows_a_secret(
        self, service: ServiceUnderTest, connect: Connect, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        module = connect()
        service.read(module)
        shown = [repr(module), str(module), repr(module.get_connection_info()), caplog.text]
        seen: set[int] = set()
        _walk(module, shown, seen, depth=4)
        assert [text for text in shown if service.secret in text] == []


def _refuses(
    service: ServiceUnderTest, connect: Connect, what: str, refusal: Refusal, caplog: pytest.LogCaptureFixture
) -> None:
    """It does not connect: the error says what `refusal` wants, in time, and nothing shows the secret."""
    keys: Keys = {"TIMEOUT": TIMEOUT, **refusal.keys}
    began = time.monotonic()
    error = raised(RuntimeError, refusal.says, lambda: connect(**keys), f"from_config with {what}")
    took = time.monotonic() - began
    assert took < TIMEOUT + _LATE, f"{what} is said after {took:.0f} s, with TIMEOUT = {TIMEOUT}"
    shown = [*_everything_of(error), caplog.text]
    telling = [text for text in shown if service.secret in text or WRONG in text]
    assert telling == [], f"the error for {what} shows the secret"


def _everything_of(error: BaseException) -> list[str]:
    """All that tools show of an error: its text, its traceback with the variables of the module's frames, its pickle.

    Variables of the test's own frames are left out: they hold the configuration.
    """
    shown = [str(error), repr(error), *traceback.format_exception(error), str(pickle.dumps(error))]
    chain: BaseException | None = error
    while chain is not None:
        frames = [frame for frame, _ in traceback.walk_tb(chain.__traceback__)]
        inside = [frame for frame in frames if not frame.f_globals["__name__"].startswith(("aibasic_kernel.testing",))]
        for frame in inside:
            if "pytest" not in frame.f_globals["__name__"]:
                shown += [repr(value) for value in frame.f_locals.values()]
        chain = chain.__cause__ or chain.__context__
    return shown


def _walk(thing: Any, shown: list[str], seen: set[int], depth: int) -> None:
    """The repr of everything that `vars()` reaches from a thing."""
    if depth == 0 or id(thing) in seen or isinstance(thing, type):
        return
    seen.add(id(thing))
    for value in getattr(thing, "__dict__", {}).values():
        shown.append(repr(value))
        _walk(value, shown, seen, depth - 1)
