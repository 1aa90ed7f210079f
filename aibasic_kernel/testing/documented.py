"""Clause 7: methods and phrases are documented, run on the server, and the engine learns of them from the class."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable
from typing import Any

from aibasic_kernel.compiler.phrase_form import parse_form
from aibasic_kernel.compiler.stubs import members, stub
from aibasic_kernel.compiler.task_types import task_types
from aibasic_kernel.testing.sentences import run
from aibasic_kernel.testing.service import ServiceUnderTest

Connect = Callable[..., Any]

_EXAMPLE = re.compile(r"Example: (.*)\Z", re.DOTALL)
_METHOD = re.compile(r"\{module\}\.(\w+)")


class Documented:
    """What people, the prompt and completion are told."""

    def test_every_public_method_is_documented_with_an_example(self, service: ServiceUnderTest) -> None:
        wanting = [f"{name}: {lack}" for name, member in members(service.module) for lack in _lacks(member)]
        assert wanting == []

    def test_every_phrase_fits_its_example_and_runs(self, service: ServiceUnderTest, connect: Connect) -> None:
        module = connect()
        assert module.phrases
        for phrase in module.phrases:
            parse_form(phrase.form)
            assert phrase.does, phrase.example
            service.prepare()
            service.before(phrase, module)
            try:
                run(phrase.example, module, service.names(), phrase)
            finally:
                module.end_transaction()

    def test_every_method_that_a_phrase_calls_is_documented(self, service: ServiceUnderTest) -> None:
        called = {name for phrase in service.module.phrases for name in _METHOD.findall(phrase.python)}
        assert called - {name for name, _ in members(service.module)} == set()

    def test_the_engine_learns_of_it_from_the_class(self, service: ServiceUnderTest) -> None:
        module = service.module
        task = task_types()[module.task]
        assert task.module_class is module
        assert (task.phrases, task.does, task.extra) == (module.phrases, module.service, module.extra)
        assert f"{module.variable} = {module.__name__}.from_config('aibasic.conf')" in task.setup_code
        told = stub(module, module.variable)
        assert [name for name, _ in members(module) if f"{module.variable}.{name}" not in told] == []


def _lacks(member: object) -> list[str]:
    """What the docstring of a method or property does not say."""
    doc = inspect.cleandoc(getattr(member, "__doc__", None) or "")
    if not doc:
        return ["a docstring"]
    if isinstance(member, property):
        return []
    lacking = []
    example = _EXAMPLE.search(doc)
    if example is None:
        lacking.append("an example")
    elif not _is_python(inspect.cleandoc(example[1])):
        lacking.append("an example that is Python")
    return lacking


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True
