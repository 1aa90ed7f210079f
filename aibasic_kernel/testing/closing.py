"""Clause 4, its second half: closing twice, from another thread, at exit, and what a forked child leaves alone."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aibasic_kernel.testing.service import ServiceUnderTest
from aibasic_kernel.testing.waiting import eventually

Connect = Callable[..., Any]

_PROGRAM = """
import importlib, sys
module = getattr(importlib.import_module(sys.argv[1]), sys.argv[2]).from_config(sys.argv[3])
print(module.get_connection_info()["section"])
"""


class Closing:
    """No connection is left, and none is taken from somebody else."""

    def test_closing_twice_and_from_another_thread_leaves_no_connection(
        self, service: ServiceUnderTest, connect: Connect
    ) -> None:
        for from_thread in (False, True):
            module = connect()
            service.read(module)
            assert service.connections() > 0, "connections() sees none, although the module has just read"
            for _ in range(2):
                if from_thread:
                    thread = threading.Thread(target=module.close)
                    thread.start()
                    thread.join()
                else:
                    module.close()
            assert_none_left(service)

    def test_a_process_that_ends_closes_quietly(self, service: ServiceUnderTest, tmp_path: Path) -> None:
        file = tmp_path / "aibasic.conf"
        file.write_text(service.conf())
        module = service.module
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", _PROGRAM, module.__module__, module.__name__, str(file)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, f"{module.task}\n", "")
        assert_none_left(service)

    @pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
    def test_a_forked_child_has_connections_of_its_own_and_leaves_the_parents_alone(
        self, service: ServiceUnderTest, connect: Connect
    ) -> None:
        if not service.network:
            module = connect()
            service.read(module)
            assert _in_child(lambda: (service.read(module), module.close())) == "done"
            service.read(module)
            return
        with service.proxied() as (proxy, keys):
            module = connect(**keys)
            service.read(module)
            before = proxy.accepted
            assert _in_child(lambda: (service.read(module), module.close())) == "done"
            during = proxy.accepted
            service.read(module)
            assert during > before, "the child used the parent's connection"
            assert proxy.accepted == during, "the parent's connection was gone"


def assert_none_left(service: ServiceUnderTest) -> None:
    """Every connection is closed, or is within half a minute."""
    eventually(lambda: service.connections() == 0)
    assert service.connections() == 0, f"{service.connections()} connections are left, all modules being closed"


def _in_child(work: Callable[[], object]) -> str:
    """Do some work in a forked child; `done`, or the error's text."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        said = "done"
        try:
            work()
        except BaseException as error:
            said = repr(error)
        finally:
            os.write(writing, said.encode()[:4000])
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(child, 0)
    return said
