"""Clause 1: one object for one file and section; what is wrong with a configuration is said, and not kept."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from aibasic.modules.settings import Setting

from aibasic_kernel.testing.raising import raised
from aibasic_kernel.testing.service import Keys, ServiceUnderTest
from aibasic_kernel.testing.unreachable import closed_port

Connect = Callable[..., Any]


class Instances:
    """What `from_config` gives."""

    def test_sixteen_threads_are_given_the_same_object(self, service: ServiceUnderTest, tmp_path: Path) -> None:
        file = tmp_path / "aibasic.conf"
        file.write_text(service.conf() + renamed(service, "other"))
        (tmp_path / "link").symlink_to(tmp_path)
        ways = [str(file), str(tmp_path / "link" / "aibasic.conf")]
        with ThreadPoolExecutor(16) as threads:
            made = set(threads.map(lambda number: service.module.from_config(ways[number % 2]), range(16)))
        other = service.module.from_config(str(file), name="other")
        try:
            assert len(made) == 1
            assert other not in made
            assert (other.section, made.copy().pop().section) == (f"{service.module.task}:other", service.module.task)
        finally:
            for module in (*made, other):
                module.close()

    def test_a_missing_section_or_file_is_a_key_error_that_names_it(
        self, service: ServiceUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        task = service.module.task
        with pytest.raises(KeyError, match=rf"Missing \[{task}\] section in aibasic.conf: no such file"):
            service.module.from_config()
        (tmp_path / "aibasic.conf").write_text("[nothing]\n")
        with pytest.raises(KeyError) as caught:
            service.module.from_config()
        assert str(caught.value) == f"'Missing [{task}] section in aibasic.conf'"
        with pytest.raises(KeyError, match=rf"Missing \[{task}:warehouse\] section"):
            service.module.from_config(name="warehouse")

    def test_a_missing_key_is_a_key_error_that_names_it(self, service: ServiceUnderTest, connect: Connect) -> None:
        says = rf"\[{service.module.task}\] has no {service.required}"
        raised(KeyError, says, lambda: connect(**{service.required: None}), f"from_config without {service.required}")

    def test_a_missing_driver_is_said_with_the_line_that_mends_it(
        self, service: ServiceUnderTest, connect: Connect, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        module = service.module
        monkeypatch.setitem(sys.modules, module.driver, None)
        with pytest.raises(ModuleNotFoundError) as caught:
            connect()
        said = str(caught.value).splitlines()
        assert said[0] == f"No module named '{module.driver}'"
        assert said[1].strip().startswith("pip install '") and module.extra in said[1]

    def test_a_value_of_the_wrong_type_is_said(self, service: ServiceUnderTest, connect: Connect) -> None:
        number = next((setting for setting in service.module.settings if setting.type in (int, float)), _TIMEOUT)
        says = rf"\[{service.module.task}\] {number.name} = abc: expected a .*number"
        raised(ValueError, says, lambda: connect(**{number.name: "abc"}), f"from_config with {number.name} = abc")

    def test_an_unknown_key_is_one_warning_and_the_rest_works(
        self, service: ServiceUnderTest, connect: Connect
    ) -> None:
        with pytest.warns(UserWarning) as caught:
            module = connect(TIMEOTU=1, STATEMENT_TIMEOTU=1)
        said = [str(warning.message) for warning in caught]
        assert said == [
            f"aibasic.conf [{service.module.task}]: unknown key TIMEOTU (did you mean TIMEOUT?), "
            "unknown key STATEMENT_TIMEOTU (did you mean STATEMENT_TIMEOUT?)"
        ]
        service.read(module)

    def test_a_failure_is_not_kept(self, service: ServiceUnderTest, connect: Connect) -> None:
        raised(Exception, "", lambda: connect(TIMEOUT=2, **_failing(service)), "from_config where it cannot connect")
        service.read(connect())

    def test_after_close_or_an_edit_a_new_one_is_made_and_said(
        self, service: ServiceUnderTest, connect: Connect, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO, "aibasic.modules")
        task = service.module.task
        first = connect()
        assert connect() is first
        first.close()
        second = connect()
        assert f"[{task}] was closed: connecting anew" in caplog.messages
        third = connect(TIMEOUT=9)
        assert f"[{task}] was edited: connecting anew" in caplog.messages
        assert len({id(first), id(second), id(third)}) == 3
        assert (first.closed, second.closed, third.closed) == (True, True, False)
        says = rf"\[{task}\].* {service.words.closed}"
        raised(RuntimeError, says, lambda: service.read(second), "a call after close()")
        service.read(third)


_TIMEOUT = Setting("TIMEOUT", float)


def nowhere(service: ServiceUnderTest) -> Keys:
    """The KEYS of a place where nobody listens."""
    return service.at(service.host, closed_port())


def _failing(service: ServiceUnderTest) -> Keys:
    """KEYS that do not connect."""
    if service.network:
        return nowhere(service)
    assert service.refused(), "refused() is empty: without a network it is to name one configuration that fails"
    return next(iter(service.refused().values())).keys


def renamed(service: ServiceUnderTest, name: str) -> str:
    """The service's section as `[task:name]`."""
    return service.conf().replace(f"[{service.module.task}]", f"[{service.module.task}:{name}]")
