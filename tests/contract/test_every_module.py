"""No module without the contract."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from aibasic_kernel.compiler.task_types import task_types
from aibasic_kernel.testing import Contract, ServiceUnderTest
from aibasic_kernel.testing.skeleton import skeleton

MODULES = [task for task in task_types().values() if task.module is not None]
EXAMPLE = Path(__file__).parent.parent.parent / "aibasic.conf.example"


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


@pytest.mark.parametrize("task", [task.name for task in MODULES])
def test_the_example_of_a_configuration_has_its_section_with_every_key(task: str) -> None:
    sections = re.split(r"^(?:# )?\[([\w:]+)\]", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    written = dict(zip(sections[1::2], sections[2::2], strict=True))
    keys = set(re.findall(r"^(?:# )?([A-Z_]+) =", written[task], re.MULTILINE))
    cls = task_types()[task].module_class
    assert cls is not None
    assert {setting.name for setting in cls.settings} - keys == set()


@pytest.mark.parametrize("task", [task.name for task in MODULES])
def test_a_test_of_it_can_be_begun_with_what_the_skeleton_prints(task: str) -> None:
    cls = task_types()[task].module_class
    assert cls is not None
    names: dict[str, Any] = {"__name__": "begun"}
    exec(compile(skeleton(cls), "skeleton", "exec"), names)
    begun = next(value for name, value in names.items() if name.endswith("UnderTest") and value.__module__ == "begun")
    assert begun().module is cls
    with pytest.raises(NotImplementedError):
        begun().prepare()
