"""Clause 6: each effect is announced before it is sent, for what it is, and a listener that refuses stops it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from aibasic.modules.effects import Effect, Kind, listening

from aibasic_kernel.compiler.prompts.stubs import members
from aibasic_kernel.testing.laid_out import LaidOut
from aibasic_kernel.testing.service import Operation, ServiceUnderTest

Connect = Callable[..., Any]


class _Refused(BaseException):
    """Nobody's `except Exception` swallows it."""


class Effects:
    """What the listeners hear."""

    def test_every_public_method_is_tried_or_sends_nothing(self, service: ServiceUnderTest) -> None:
        tried = {name.partition(":")[0] for name in service.operations()}
        public = {name for name, _ in members(service.module)}
        untried = sorted(public - service.not_sent - tried)
        assert untried == [], f"public methods that no Operation tries: {untried}; add to operations() or to not_sent"
        assert tried <= public, f"operations() names what is no public method: {sorted(tried - public)}"

    def test_each_operation_is_announced_as_what_it_is(self, service: ServiceUnderTest, connect: Connect) -> None:
        module = connect()
        laid_out = LaidOut(service)
        for name, operation in service.operations().items():
            heard: list[Effect] = []
            with listening(heard.append):
                operation.call(module)
            kinds = {effect.kind for effect in heard}
            assert operation.kind in kinds, f"{name} should be announced as {operation.kind}, and is as {kinds or 'no'}"
            assert all(effect.service == module.section and effect.statement for effect in heard), name
            assert all(service.secret not in repr(effect) for effect in heard), f"{name}: an effect shows the secret"
            if laid_out.anew():
                assert kinds - {Kind.READ}, f"{name} writes, and is announced as a read"

    def test_what_is_declared_to_destroy_is_announced_so(self, service: ServiceUnderTest) -> None:
        destructive = {name for name, one in service.operations().items() if one.kind is Kind.DESTRUCTIVE}
        wanting = set(service.module.destroys) - destructive
        assert not wanting, f"`destroys` names methods without an Operation of Kind.DESTRUCTIVE: {wanting}"
        for name, words in service.module.destroys.items():
            words.format(**dict.fromkeys(inspect.signature(getattr(service.module, name)).parameters, ""))

    def test_a_listener_that_refuses_stops_it(self, service: ServiceUnderTest, connect: Connect) -> None:
        module = connect()
        laid_out = LaidOut(service)
        for name, operation in service.operations().items():
            _refused(name, operation, module)
            assert not laid_out.changed, f"{name} was refused, and has written"
        service.read(module)


def _refused(name: str, operation: Operation, module: Any) -> None:
    """Let reads pass where the operation is to write: what it looks up before is no harm."""
    harmless = {Kind.READ} - {operation.kind}

    def refuse(effect: Effect) -> None:
        if effect.kind not in harmless:
            raise _Refused(effect.statement)

    with listening(refuse):
        try:
            operation.call(module)
        except _Refused:
            return
    pytest.fail(f"{name} was refused, and went on")
