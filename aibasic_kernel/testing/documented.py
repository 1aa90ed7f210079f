"""Clause 7, its first half: methods and phrases are documented, and phrases run on the server."""

from __future__ import annotations

import ast
import difflib
import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aibasic_kernel.compiler.phrasing.form import parse_form
from aibasic_kernel.compiler.phrasing.slots import CLOSERS
from aibasic_kernel.compiler.prompts.stubs import members
from aibasic_kernel.testing.laid_out import LaidOut
from aibasic_kernel.testing.sentences import run
from aibasic_kernel.testing.service import ServiceUnderTest

Connect = Callable[..., Any]

_EXAMPLE = re.compile(r"Example: (.*)\Z", re.DOTALL)
_KIND = re.compile(r"\{\w+:(\w+)")
_METHOD = re.compile(r"\{module\}\.(\w+)")


class Documented:
    """What people, the prompt and completion are told."""

    def test_every_public_method_is_documented_with_an_example(self, service: ServiceUnderTest) -> None:
        wanting = [f"{name}: {lack}" for name, member in members(service.module) for lack in _lacks(member)]
        assert wanting == [], "docstrings end with `Example: ` and a line of Python"

    def test_every_phrase_fits_its_example_and_runs(
        self, service: ServiceUnderTest, connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        module = connect()
        monkeypatch.chdir(tmp_path)  # some write files
        assert module.phrases, f"{service.module.__name__} has no phrases: clause 8 needs four at least"
        laid_out = LaidOut(service)
        for phrase in module.phrases:
            parse_form(phrase.form)
            assert not (unknown := _unknown_kinds(phrase.form)), f"{unknown} in the form {phrase.form!r}"
            assert phrase.does, f"{phrase.example}: the phrase does not say what it `does`"
            laid_out.anew()
            service.before(phrase, module)
            try:
                run(phrase.example, module, service.names(), phrase)
            finally:
                module.end_transaction()

    def test_every_method_that_a_phrase_calls_is_documented(self, service: ServiceUnderTest) -> None:
        called = {name for phrase in service.module.phrases for name in _METHOD.findall(phrase.python)}
        unknown = called - {name for name, _ in members(service.module)}
        assert unknown == set(), f"phrases call what is no public method: {unknown}"


def _unknown_kinds(form: str) -> str:
    """The kinds of a form's slots that are none, each with the nearest that is one; "" where all are."""
    told = []
    for kind in _KIND.findall(form):
        if kind not in CLOSERS:
            nearest = difflib.get_close_matches(kind, CLOSERS, n=1)
            told.append(f"no kind `{kind}`" + (f" (did you mean `{nearest[0]}`?)" if nearest else ""))
    return ", ".join(told)


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
