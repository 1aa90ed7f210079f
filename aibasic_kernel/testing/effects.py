"""Clause 6: each effect is announced before it is sent, for what it is, and a listener that refuses stops it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from aibasic.modules.effects import Effect, Kind, listening

from aibasic_kernel.compiler.stubs import members
from aibasic_kernel.testing.service import Operation, ServiceUnderTest

Connect = Callable[..., Any]


class _Refused(BaseException):
    """Nobody's `except Exception` swallows it."""


class Effects:
    """What the listeners hear."""

    def test_every_public_method_is_tried_or_sends_nothing(self, service: ServiceUnderTest) -> None:
        tried = {name.partition(":")[0] for name in service.operations()}
        public = {name for name, _ in members(service.module)}
        assert public - service.not_sent - tried == set()
        assert tried - public == set()

    def test_each_operation_is_announced_as_what_it_is(self, service: ServiceUnderTest, connect: Connect) -> None:
        module = connect()
        for name, operation in service.operations().items():
            service.prepare()
            before = service.content()
            heard: list[Effect] = []
            with listening(heard.append):
                operation.call(module)
            kinds = {effect.kind for effect in heard}
            assert operation.kind in kinds, f"{name}: announced {kinds}"
            assert all(effect.service == module.section and effect.statement for effect in heard), name
            assert all(service.secret not in repr(effect) for effect in heard), name
            if service.content() != before:
                assert kinds - {Kind.READ}, f"{name} writes, and is announced as a read"

    def test_what_is_declared_to_destroy_is_announced_so(self, service: ServiceUnderTest) -> None:
        destructive = {name for name, one in service.operations().items() if one.kind is Kind.DESTRUCTIVE}
        assert set(service.module.destroys) <= destructive
        for name, words in service.module.destroys.items():
            words.format(**dict.fromkeys(inspect.signature(getattr(service.module, name)).parameters, ""))

    def test_a_listener_that_refuses_stops_it(self, service: ServiceUnderTest, connect: Connect) -> None:
        module = connect()
        for name, operation in service.operations().items():
            service.prepare()
            before = service.content()
            _refused(name, operation, module)
            assert service.content() == before, f"{name} was refused, and has written"
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
