"""Print a module's test under the contract, to be filled in: `python -m aibasic_kernel.testing.skeleton PACKAGE:CLASS`.

It is read off `ServiceUnderTest` and the module's class: every method that an author writes, every public method tried.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Iterator

from aibasic.modules.base import Module

from aibasic_kernel.compiler.prompts.stubs import members, signature_text
from aibasic_kernel.testing.service import ServiceUnderTest

_HEAD = '''"""The contract over {service}."""

import pytest
from aibasic.modules.effects import Kind
from {package} import {module}

from aibasic_kernel.testing import Bulk, Contract, Looking, Operation, Refusal, ServiceUnderTest


class {name}(ServiceUnderTest):
    """A {service} of its own. For the attributes to set see help(ServiceUnderTest)."""

    module = {module}
'''
_FOOT = '''

@pytest.fixture(scope="module")
def service():
    service = {name}()
    service.start()
    service.prepare()
    yield service
    service.kill()


class Test{stem}(Contract):
    """Each clause is a test."""
'''


def skeleton(module: type[Module]) -> str:
    """The Python of a test for a module's class; what raises NotImplementedError is the author's to write."""
    stem = module.__name__.removesuffix("Module")
    names = {"service": module.service, "package": module.__module__, "module": module.__name__, "stem": stem}
    names["name"] = f"{stem}UnderTest"
    methods = "".join(f"\n{text}" for text in _methods(module))
    return _HEAD.format(**names) + methods + _FOOT.format(**names)


def _methods(module: type[Module]) -> Iterator[str]:
    for name in sorted(ServiceUnderTest.__abstractmethods__, key=list(vars(ServiceUnderTest)).index):
        method = getattr(ServiceUnderTest, name)
        first = inspect.cleandoc(method.__doc__ or "").partition("\n")[0]
        parameters = signature_text(method).partition(" -> ")[0].strip("()")
        bare = ", ".join(["self", *(one.partition(":")[0] for one in parameters.split(", ") if one)])
        body = _operations(module) if name == "operations" else "        raise NotImplementedError\n"
        yield f"    def {name}({bare}):\n        # {first}\n{body}"


def _operations(module: type[Module]) -> str:
    calls = [name for name, member in members(module) if inspect.isfunction(member) and name != "get_connection_info"]
    lines = "".join(f'            "{name}": Operation(lambda one: one.{name}(...), Kind.READ),\n' for name in calls)
    return f"        return {{\n{lines}        }}\n"


def main(place: str) -> None:
    """Print the test for `package.file:Class`."""
    path, _, name = place.partition(":")
    sys.stdout.write(skeleton(getattr(importlib.import_module(path), name)))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
