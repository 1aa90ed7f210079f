"""What is installed: Python, the packages that this one needs, and those of its extras."""

from __future__ import annotations

import importlib.util
import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, version

from packaging.requirements import Requirement

from aibasic_kernel import __version__
from aibasic_kernel.faces.doctor.finding import Finding, note, ok, problem

NAME = "aibasic-kernel"
_SHOWN = ("ipykernel", "jupyter_client", "anthropic", "jupyterlab", "jupyter_console")
_SETS = frozenset(("all", "demo", "docs", "test"))
"""Extras that only gather others, or serve who works on this package."""


def findings() -> Iterator[Finding]:
    """Python and the packages."""
    yield ok(f"{NAME} {__version__}, Python {platform.python_version()} on {platform.system()} {platform.machine()}")
    if shown := [f"{name} {found}" for name in _SHOWN if (found := _version(name))]:
        yield ok(", ".join(shown))
    requirements = [Requirement(text) for text in distribution(NAME).requires or ()]
    yield from _needed([each for each in requirements if _extra(each) == ""])
    yield from _extras(requirements)
    yield from _original()


def _needed(requirements: list[Requirement]) -> Iterator[Finding]:
    for each in requirements:
        if each.marker is not None and not each.marker.evaluate({"extra": ""}):
            continue
        if (fault := _fault(each)) is not None:
            yield problem(fault, f"pip install '{each.name}{each.specifier}'")


def _extras(requirements: list[Requirement]) -> Iterator[Finding]:
    """Which extras are there, which not, and which are only half there."""
    there: list[str] = []
    missing: list[str] = []
    for extra in sorted({_extra(each) for each in requirements} - {"", *_SETS}):
        faults = [fault for each in requirements if _extra(each) == extra and (fault := _fault(each)) is not None]
        (missing if faults else there).append(extra)
    if there:
        yield ok(f"extras: {', '.join(there)}")
    if missing:
        listed = ",".join(missing)
        yield note(
            f"extras that are not installed, or not whole: {', '.join(missing)}", f"pip install '{NAME}[{listed}]'"
        )


def _original() -> Iterator[Finding]:
    """The original AIBasic, whose package has the name of the folder that `aibasic.modules` lies in."""
    found, version = importlib.util.find_spec("aibasic"), _version("aibasic")
    if version or (found is not None and found.origin is not None):
        where = f" at {found.origin}" if found is not None and found.origin is not None else ""
        yield note(
            f"the original AIBasic {version or 'package'}{where} is installed beside this one: both bring files of the "
            f"package aibasic, and `aibasic` may start either",
            f"pip uninstall aibasic && pip install --force-reinstall --no-deps {NAME}",
        )


def _extra(requirement: Requirement) -> str:
    """The extra that brings a requirement, "" for what is always needed."""
    _, found, name = str(requirement.marker or "").partition("extra == ")
    return name.strip("\"'") if found else ""


def _fault(requirement: Requirement) -> str | None:
    found = _version(requirement.name)
    if not found:
        return f"{requirement.name} is not installed"
    if not requirement.specifier.contains(found, prereleases=True):
        return f"{requirement.name} {found} is installed, and {requirement.specifier} is needed"
    return None


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
