"""The contract: all clauses over one service, and what they share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from aibasic_kernel.testing.closing import Closing
from aibasic_kernel.testing.configured import Configured
from aibasic_kernel.testing.documented import Documented
from aibasic_kernel.testing.effects import Effects
from aibasic_kernel.testing.instances import Instances
from aibasic_kernel.testing.interrupts import Interrupts
from aibasic_kernel.testing.known import Known
from aibasic_kernel.testing.looking import LookingAround
from aibasic_kernel.testing.read_only import ReadOnly
from aibasic_kernel.testing.recovery import Recovery
from aibasic_kernel.testing.service import ServiceUnderTest
from aibasic_kernel.testing.threads import Threads
from aibasic_kernel.testing.transfers import Transfers
from aibasic_kernel.testing.writes import Writes


class Contract(
    Instances,
    Configured,
    Recovery,
    Writes,
    Interrupts,
    Closing,
    Threads,
    Effects,
    ReadOnly,
    Documented,
    Known,
    LookingAround,
    Transfers,
):
    """A subclass with a fixture `service`, of scope module or wider, has a test for each clause of the contract."""

    @pytest.fixture
    def connect(self, service: ServiceUnderTest, tmp_path: Path) -> Iterator[Callable[..., Any]]:
        """Makes the module from the service's section with the given KEYS changed; closed after the test."""
        made: list[Any] = []

        def connect(**keys: object) -> Any:
            file = tmp_path / "aibasic.conf"
            file.write_text(service.conf(**keys))
            made.append(service.module.from_config(str(file)))
            return made[-1]

        yield connect
        for module in made:
            module.close()

    @pytest.fixture
    def applies(self, request: pytest.FixtureRequest, service: ServiceUnderTest) -> Callable[[bool, str], bool]:
        """`applies(condition, reason)`: the condition; a clause that does not apply prints that, with the reason."""

        def applies(condition: bool, reason: str) -> bool:
            reporter = request.config.pluginmanager.getplugin("terminalreporter")
            if not condition and reporter is not None:
                test = request.node.name.removeprefix("test_").replace("_", " ")
                reporter.write_line(f"\n[{service.module.task}] does not apply, {reason}: {test}")
            return condition

        return applies
