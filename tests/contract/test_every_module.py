"""No module without the contract."""

from __future__ import annotations

from importlib import import_module

import pytest

from aibasic_kernel.compiler.task_types import task_types
from aibasic_kernel.testing import Contract, ServiceUnderTest

MODULES = [task for task in task_types().values() if task.module is not None]


@pytest.mark.parametrize("task", [task.name for task in MODULES])
def test_every_module_keeps_the_contract(task: str) -> None:
    try:
        tests = import_module(f"tests.contract.test_{task}")
    except ModuleNotFoundError as error:
        if error.name != f"tests.contract.test_{task}":
            raise
        pytest.fail(f"tests/contract/test_{task}.py is missing: no server, and nothing tried")
    values = [value for value in vars(tests).values() if isinstance(value, type)]
    assert any(issubclass(value, Contract) and value is not Contract for value in values)
    served = [value.module for value in values if issubclass(value, ServiceUnderTest) and value is not ServiceUnderTest]
    assert task_types()[task].module_class in served
