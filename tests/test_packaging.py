"""What pip installs: the wheel's modules run in plain Python with nothing but the driver, and bring the kernelspec."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = ("LICENSE", "README.md", "aibasic_kernel", "kernel", "labextension", "modules", "pyproject.toml", "setup.py")


def run(*command: str | Path, cwd: Path) -> str:
    """What the command printed. A failure shows all that it said."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy: setuptools leaves its own folders in the source tree."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, source / name)
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps", "--no-build-isolation")
    run(*pip, "--wheel-dir", folder, source, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def plain_python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that holds the wheel and a copy of psycopg2, and else only pip."""
    folder = tmp_path_factory.mktemp("plain")
    venv.create(folder / "venv", symlinks=True, with_pip=True)
    python = folder / "venv" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", wheel, cwd=folder)
    ours = Path(sysconfig.get_path("purelib"))
    theirs = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip())
    for name in ("psycopg2", "psycopg2_binary.libs"):
        shutil.copytree(ours / name, theirs / name)
    return python


def test_the_module_runs_in_plain_python(plain_python: Path, tmp_path: Path) -> None:
    (tmp_path / "aibasic.conf").write_text("[aibasic]\n", encoding="utf-8")
    script = """
from aibasic.modules import PostgresModule
try:
    PostgresModule.from_config("aibasic.conf")
except KeyError as error:
    print(error.args[0])
"""
    assert run(plain_python, "-c", script, cwd=tmp_path).startswith("Missing [postgres] section in aibasic.conf")


def test_the_modules_are_imported_without_a_driver(plain_python: Path, tmp_path: Path) -> None:
    script = "import sys, aibasic.modules; print('psycopg2' in sys.modules)"
    assert run(plain_python, "-c", script, cwd=tmp_path) == "False\n"


def test_the_kernelspec_is_where_jupyter_looks(plain_python: Path) -> None:
    """In the prefix of the environment, for a wheel as for the editable installation that runs this test."""
    for prefix in (plain_python.parent.parent, Path(sys.prefix)):
        spec = prefix / "share" / "jupyter" / "kernels" / "aibasic"
        assert json.loads((spec / "kernel.json").read_text(encoding="utf-8"))["language"] == "aibasic"
        assert (spec / "logo-svg.svg").is_file()


def test_jupyterlab_lists_the_front_end_as_enabled(plain_python: Path, tmp_path: Path) -> None:
    """What the wheel placed, as a JupyterLab that has nothing else sees it: all files, and nothing to build."""
    share = plain_python.parent.parent / "share" / "jupyter"
    placed = share / "labextensions" / "aibasic-labextension"
    files = {str(file.relative_to(placed)) for file in placed.rglob("*") if file.is_file()}
    source = ROOT / "labextension"
    assert files == {str(file.relative_to(source)) for file in source.rglob("*") if file.is_file()}
    home = {"HOME": str(tmp_path), "JUPYTER_CONFIG_DIR": str(tmp_path), "JUPYTER_NO_CONFIG": "1"}
    command = (sys.executable, "-m", "jupyter", "labextension", "list")
    environment = {**os.environ, **home, "JUPYTER_PATH": str(share)}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment)
    listed = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)
    assert re.search(
        rf"{share}/labextensions\n\s+aibasic-labextension v\S+ enabled OK \(python, aibasic-kernel\)", listed
    )


def test_the_wheel_holds_every_source_file(wheel: Path) -> None:
    engine = {f"aibasic_kernel/{file.relative_to(ROOT / 'aibasic_kernel')}" for file in source_files("aibasic_kernel")}
    modules = {f"aibasic/modules/{file.relative_to(ROOT / 'modules')}" for file in source_files("modules")}
    names = set(zipfile.ZipFile(wheel).namelist())
    assert engine | modules <= names
    assert not any(name.startswith(("tests/", "tools/")) or name == "aibasic/__init__.py" for name in names)


def source_files(folder: str) -> list[Path]:
    """The Python files and the typing marker of one of our packages."""
    return [file for pattern in ("*.py", "py.typed") for file in (ROOT / folder).rglob(pattern)]
