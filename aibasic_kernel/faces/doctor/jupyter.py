"""What Jupyter sees of this package: the kernel, and the extension of JupyterLab."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from jupyter_core.paths import ENV_JUPYTER_PATH, jupyter_config_dir, jupyter_config_path, jupyter_path

from aibasic_kernel import __version__
from aibasic_kernel.faces.doctor.finding import Finding, note, ok, problem
from aibasic_kernel.faces.jupyter_files import EXTENSION, KERNEL, is_this_python

_INSTALL = "aibasic install"


def findings() -> Iterator[Finding]:
    """The kernel that Jupyter would start, and the front end that JupyterLab would load."""
    yield _kernel()
    yield _extension()


def _kernel() -> Finding:
    try:
        spec = KernelSpecManager().get_kernel_spec(KERNEL)
    except NoSuchKernel:
        return problem("Jupyter lists no kernel aibasic", _INSTALL)
    if not spec.argv or shutil.which(spec.argv[0]) is None:
        return problem(f"the kernel in {spec.resource_dir} starts {' '.join(spec.argv[:1])}, not there", _INSTALL)
    started = Path(spec.argv[0])
    if started.is_absolute() and not is_this_python(spec.argv[0]):
        return note(f"the kernel in {spec.resource_dir} starts another Python: {started}", _INSTALL)
    return ok(f"kernel: {spec.resource_dir}")


def _extension() -> Finding:
    places = (Path(folder) / EXTENSION / "package.json" for folder in jupyter_path("labextensions"))
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        text = "JupyterLab's extension is not placed: no highlighting, no code under cells"
        return (
            problem(text, _INSTALL) if find_spec("jupyterlab") else note(f"{text}; JupyterLab is not installed either")
        )
    try:
        version = json.loads(found.read_text(encoding="utf-8"))["version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        return problem(f"{found} cannot be read: {error}", f"rm -r {found.parent}; {_INSTALL}")
    if version != __version__:
        text = f"JupyterLab's extension in {found.parent} is {version}, the kernel {__version__}"
        return problem(text, f"rm -r {found.parent}; {_INSTALL}")
    if off := _disabled():
        text = f"JupyterLab's extension in {found.parent} is turned off, by {' and '.join(map(str, off.values()))}"
        return problem(text, "; ".join(_enabling(name, file) for name, file in off.items()))
    return ok(f"JupyterLab's extension: {found.parent}")


def _disabled() -> dict[str, Path]:
    """The extension, and those of its plugins, that a configuration of JupyterLab turns off, each with the file."""
    judged: dict[str, Path | None] = {}
    for file in _page_configurations():
        for name, is_off in _turned_off(file).items():
            judged.setdefault(name, file if is_off else None)
    return {name: file for name, file in judged.items() if file is not None and name.partition(":")[0] == EXTENSION}


def _enabling(name: str, file: Path) -> str:
    """The command that turns an extension on in the file that turns it off."""
    level = " --level=user" if file.is_relative_to(jupyter_config_dir()) else ""
    return f"jupyter labextension enable{level} {name}"


def _page_configurations() -> Iterator[Path]:
    """Where JupyterLab's page configuration may lie, the one that counts most first."""
    yield from (Path(folder) / "labconfig" / "page_config.json" for folder in jupyter_config_path())
    yield from (Path(folder) / "lab" / "settings" / "page_config.json" for folder in ENV_JUPYTER_PATH)


def _turned_off(file: Path) -> dict[str, bool]:
    """What a page configuration says of each extension; {} where it says nothing, or is none: JupyterLab tells that."""
    try:
        named = json.loads(file.read_text(encoding="utf-8"))["disabledExtensions"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return dict.fromkeys(named, True) if isinstance(named, list) else {name: bool(named[name]) for name in named}
