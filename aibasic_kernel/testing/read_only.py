"""Clause 6, its second half: under READONLY nothing is written, statements that nobody here can judge among it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aibasic.modules.effects import Kind

from aibasic_kernel.testing.laid_out import LaidOut
from aibasic_kernel.testing.service import ServiceUnderTest

Connect = Callable[..., Any]


class ReadOnly:
    """READONLY = true, in plain Python."""

    def test_under_readonly_whatever_writes_is_refused(self, service: ServiceUnderTest, connect: Connect) -> None:
        laid_out = LaidOut(service)
        module = connect(READONLY="true")
        service.read(module)
        operations = {name: one for name, one in service.operations().items() if one.kind is not Kind.READ}
        refused = {name for name, one in operations.items() if _raises(one.call, module)}
        assert not laid_out.changed, f"written under READONLY; what did not raise: {sorted(set(operations) - refused)}"
        through = {name: one for name, one in operations.items() if name not in refused}
        for name, operation in through.items():
            assert operation.kind is Kind.STATEMENT, f"{name} goes through under READONLY, and is a {operation.kind}"
        module = connect()
        for name, operation in through.items():
            operation.call(module)
            assert not laid_out.anew(), f"{name} goes through under READONLY, does nothing, and says nothing"


def _raises(call: Callable[[Any], object], module: Any) -> bool:
    try:
        call(module)
    except Exception:
        return True
    return False
