"""Checks against drift: versions that agree, imports that run one way, a kernel that starts light."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import metadata
from pathlib import Path

import pytest

import aibasic_kernel

ROOT = Path(__file__).parent.parent
ENGINE = ROOT / "aibasic_kernel"
MODULES = ROOT / "modules"


def imported_names(file: Path) -> Iterator[str]:
    """The dotted names of every module that a file imports, `a.b.c` for `from a.b import c` too."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} imports by a relative name"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def files_of(*folders: Path) -> list[Path]:
    """Every Python file of the folders, however deep."""
    files = sorted(file for folder in folders for file in folder.rglob("*.py"))
    assert files
    return files


def offenders(files: list[Path], forbidden: tuple[str, ...]) -> list[str]:
    """`file: name` for each import of a forbidden package or of something in it."""
    return [
        f"{file.relative_to(ROOT)}: {name}"
        for file in files
        for name in imported_names(file)
        if any(name == package or name.startswith(f"{package}.") for package in forbidden)
    ]


@pytest.mark.parametrize(
    ("room", "later_rooms"),
    [
        ("language", ("compiler", "session", "faces")),
        ("compiler", ("session", "faces")),
        ("session", ("faces",)),
    ],
)
def test_imports_run_from_the_faces_to_the_language(room: str, later_rooms: tuple[str, ...]) -> None:
    forbidden = tuple(f"aibasic_kernel.{later}" for later in later_rooms)
    assert offenders(files_of(ENGINE / room), forbidden) == []


def test_the_engine_knows_no_face() -> None:
    engine = files_of(ENGINE / "language", ENGINE / "compiler", ENGINE / "session")
    assert offenders(engine, ("ipykernel", "jupyter_client", "prompt_toolkit")) == []


def test_the_language_needs_only_the_standard_library() -> None:
    allowed = {*sys.stdlib_module_names, "aibasic_kernel"}
    others = [
        f"{file.name}: {name}"
        for file in files_of(ENGINE / "language")
        for name in imported_names(file)
        if name.split(".")[0] not in allowed
    ]
    assert [other for other in others if not other.startswith("lexer.py: pygments.")] == []
    script = "import sys, aibasic_kernel.language; print('pygments' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout == "False\n"


def test_modules_never_import_the_engine() -> None:
    assert offenders(files_of(MODULES), ("aibasic_kernel",)) == []


SLOW = ("adbc_driver_postgresql", "anthropic", "matplotlib", "openpyxl", "pandas", "psycopg2", "pyarrow", "sqlglot")


def test_the_kernel_starts_without_slow_packages() -> None:
    """The kernel's class brings with it all that is imported before it answers `kernel_info`."""
    script = "import sys, aibasic_kernel.faces.kernel; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert "ipykernel" in loaded
    assert sorted(set(SLOW) & set(loaded)) == []


def declared() -> str:
    return (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_the_version_is_said_once() -> None:
    version = aibasic_kernel.__version__
    assert f'version = "{version}"' in declared()
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest and newest[1] == version


def test_every_package_folder_is_installed() -> None:
    listed = set(re.findall(r'^    "(aibasic[\w.]*)",$', declared(), re.MULTILINE))
    engine = {".".join(file.parent.relative_to(ROOT).parts) for file in ENGINE.rglob("__init__.py")}
    modules = {".".join(("aibasic", *file.parent.relative_to(ROOT).parts)) for file in MODULES.rglob("__init__.py")}
    assert listed == engine | modules


def test_every_module_names_an_extra_that_exists() -> None:
    extras = metadata("aibasic-kernel").get_all("Provides-Extra") or []
    package = import_module("aibasic.modules")
    classes = [getattr(package, name) for name in package.__all__ if name != "Module"]
    assert {f"aibasic.modules.{file.parent.name}.module" for file in MODULES.glob("*/module.py")} == {
        found.__module__ for found in classes
    }
    assert [found.__name__ for found in classes if found.extra not in extras] == []
