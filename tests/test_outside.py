"""A module from outside: a package of its own beside this one, known by its entry point and under the contract."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

OUTSIDE = Path(__file__).parent / "outside"


@pytest.fixture(scope="module")
def memcached() -> None:
    if shutil.which("memcached") is None:
        pytest.skip("no memcached: apt-get install memcached")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which pip has installed the package."""
    target = tmp_path_factory.mktemp("site")
    source = tmp_path_factory.mktemp("source")
    for file in OUTSIDE.glob("*.*"):
        (source / file.name).write_bytes(file.read_bytes())
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--target"]
    subprocess.run([*pip, str(target), str(source)], check=True, capture_output=True)
    return target


def run(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the package installed."""
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=OUTSIDE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(installed), str(OUTSIDE.parent.parent)])},
    )


def test_it_is_shorter_than_120_lines() -> None:
    assert len((OUTSIDE / "aibasic_memcached.py").read_text().splitlines()) < 120


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("memcached")
def test_it_keeps_the_contract(installed: Path) -> None:
    contract = str(OUTSIDE / "test_contract.py")
    done = run(installed, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(OUTSIDE), contract)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_prompt_phrases_completion_and_configuration_know_it(installed: Path) -> None:
    program = (
        "from aibasic_kernel.compiler.task_types import task_types\n"
        "from aibasic_kernel.compiler.prompts.stubs import stub\n"
        "task = task_types()['memcached']\n"
        "print(task.setup_code); print(len(task.phrases)); print(stub(task.module_class, 'memcached'))"
    )
    done = run(installed, "-c", program)
    assert "from aibasic_memcached import MemcachedModule" in done.stdout
    assert "memcached = MemcachedModule.from_config('aibasic.conf')" in done.stdout
    assert "memcached.set(key, value, expire=0)" in done.stdout
