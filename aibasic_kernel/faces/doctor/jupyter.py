"""What Jupyter sees of this package: the kernel, and the extension of JupyterLab."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from jupyter_core.paths import jupyter_path

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
    return ok(f"JupyterLab's extension: {found.parent}")
