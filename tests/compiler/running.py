"""Runs what a phrase makes of a sentence."""

from __future__ import annotations

from typing import Any

from aibasic_kernel.compiler.phrasing.match import match
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.task_types import task_types


def run(sentence: str, section: str, scope: Scope, **more: object) -> dict[str, Any]:
    """The namespace after the sentence's Python ran in it."""
    found = match(sentence, section, scope, task_types())
    assert found is not None, sentence
    names = {**scope.names, **more}
    exec(compile(found.python, "<phrase>", "exec"), names)
    if found.result:
        assert found.result in names
    return names
