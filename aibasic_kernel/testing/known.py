"""Clause 7, its second half: a session shows the module wherever it shows any, as its class says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aibasic.modules import config
from aibasic.modules.config_syntax import holds_secret

from aibasic_kernel.compiler.prompts.stubs import members, stub
from aibasic_kernel.compiler.task_types import GROUP, task_types
from aibasic_kernel.session.commands import show_modules
from aibasic_kernel.session.completion.completion import complete
from aibasic_kernel.session.inspection.inspection import inspect
from aibasic_kernel.session.session import Session
from aibasic_kernel.testing.service import ServiceUnderTest

Connect = Callable[..., Any]


class Known:
    """What the class declares, and who learns of it."""

    def test_what_the_class_declares_is_complete(self, service: ServiceUnderTest, connect: Connect) -> None:
        cls = service.module
        bare = [one.name for one in cls.settings if holds_secret(one.name, "x") and not one.secret]
        assert bare == [], f"settings that hold a secret and are not declared so: {bare}; Setting(..., secret=True)"
        assert "sql" not in cls.has or cls.dialect, "`has` names sql: set `dialect` to its name in sqlglot"
        assert connect().place, "self.place is empty: __init__ sets it, `user@host:port`; effects name it"

    def test_the_engine_learns_of_it_from_the_class(self, service: ServiceUnderTest) -> None:
        module = service.module
        assert module.task in task_types(), (
            f"no task type ({module.task}): the entry point in the group {GROUP} and `task` must have the same name"
        )
        task = task_types()[module.task]
        assert task.module_class is module
        assert (task.phrases, task.does, task.extra) == (module.phrases, module.service, module.extra)
        assert f"{module.variable} = {module.__name__}.from_config('aibasic.conf')" in task.setup_code
        told = stub(module, module.variable)
        assert [name for name, _ in members(module) if f"{module.variable}.{name}" not in told] == []

    def test_a_session_lists_completes_and_inspects_it(
        self, service: ServiceUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        cls = service.module
        (tmp_path / "aibasic.conf").write_text(service.conf())
        monkeypatch.chdir(tmp_path)
        # A session looks after the configuration of its process; this one is not to outlast the test.
        monkeypatch.setattr(config, "_overseer", None)
        session = Session({}, {"AIBASIC_DATA_DIR": str(tmp_path / "data")})
        session.read_configuration()
        listed = "".join(str(shown) for shown in show_modules(session, ""))
        assert f"{cls.task}  {cls.variable}  {cls.__name__}" in listed
        word = f"({cls.task})"
        assert f"{word}: task type, {cls.service}" in (inspect(session, word, 2) or "")
        assert f"{cls.variable}: {cls.__name__}" in (inspect(session, cls.variable, 1) or "")
        dotted = f"{cls.variable}."
        offered = {offer.text for offer in complete(session, dotted, len(dotted)).offers}
        for name, member in members(cls):
            assert any(text.startswith(name) for text in offered), f"{dotted}{name} is not offered"
            if not isinstance(member, property):
                assert f"{dotted}{name}(" in (inspect(session, dotted + name, len(dotted) + 1) or "")
