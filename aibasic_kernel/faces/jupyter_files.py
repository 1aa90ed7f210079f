"""The kernelspec and JupyterLab's extension in a data folder of Jupyter, beside those that pip placed."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

import aibasic_kernel
from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.faces.kernel_start import kernel_command

DISTRIBUTION, KERNEL, EXTENSION = "aibasic-kernel", "aibasic", "aibasic-labextension"
_KERNEL_FOLDER = f"share/jupyter/kernels/{KERNEL}/"
_EXTENSION_FOLDER = f"share/jupyter/labextensions/{EXTENSION}/"


class JupyterFiles:
    """What Jupyter reads in `data` (a `share/jupyter`) of a kernel called `name`."""

    def __init__(self, data: Path, name: str = KERNEL) -> None:
        self._data = data
        self._name = name
        self._kernels = KernelSpecManager(kernel_dirs=[str(data / "kernels")], ensure_native_kernel=False)
        self._kernel = data / "kernels" / name.lower()
        self._extension = data / "labextensions" / EXTENSION

    def place(self) -> Iterator[str]:
        """Write what is not there; what was done, for people. Raises AIBasicError for another kernel of that name."""
        if self._is_ours(self._kernel):
            yield f"{self._kernel}: is there already"
        else:
            self._refuse_another()
            yield f"{self._place_kernel()}: placed, it starts {sys.executable}"
        source = _placed(_EXTENSION_FOLDER)
        if self._extension.is_dir():
            yield f"{self._extension}: is there already"
        elif source:
            for relative, file in source.items():
                target = self._extension / relative
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)
            yield f"{self._extension}: placed"
        else:
            yield "JupyterLab's extension did not come along with this installation: the kernel works without it"

    def remove(self) -> Iterator[str]:
        """Take away what `place` wrote; what pip placed stays. What was done, for people."""
        for folder, prefix in ((self._kernel, _KERNEL_FOLDER), (self._extension, _EXTENSION_FOLDER)):
            if not folder.is_dir():
                yield f"{folder}: is not there"
            elif any(folder.resolve() in file.resolve().parents for file in _placed(prefix).values()):
                yield f"{folder}: pip placed it, and takes it away: pip uninstall {DISTRIBUTION}"
            elif folder == self._kernel and not self._is_ours(folder):
                yield f"{folder}: starts another program, and stays"
            else:
                shutil.rmtree(folder)
                yield f"{folder}: removed"

    def _place_kernel(self) -> str:
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder)
            (source / "kernel.json").write_text(json.dumps(kernel_spec(self._name), indent=1) + "\n", encoding="utf-8")
            for name, file in _placed(_KERNEL_FOLDER).items():
                if name != "kernel.json":
                    shutil.copyfile(file, source / name)
            prefix = self._data.parent.parent
            if prefix / "share" / "jupyter" == self._data:
                return self._kernels.install_kernel_spec(str(source), self._name, prefix=str(prefix))
            return self._kernels.install_kernel_spec(str(source), self._name, user=True)

    def _is_ours(self, folder: Path) -> bool:
        """Whether the kernel there is this engine in this Python."""
        try:
            argv = self._kernels.get_kernel_spec(folder.name).argv
        except NoSuchKernel:
            return False
        if not any("aibasic_kernel" in part for part in argv):
            return False
        is_here = folder.resolve().is_relative_to(Path(sys.prefix).resolve())
        return is_this_python(argv[0]) or (argv[0] == "python" and is_here)

    def _refuse_another(self) -> None:
        if self._kernel.exists():
            raise AIBasicError(
                f"{self._kernel} is a kernel of that name that starts another Python",
                "name this one otherwise: --name; or take that one away first, with --remove of its own aibasic",
            )


def is_this_python(program: str) -> bool:
    """Whether a path is a Python of this environment; where it leads says nothing, for environments share that."""
    return Path(program).parent.resolve() == Path(sys.executable).parent.resolve()


def kernel_spec(name: str = KERNEL) -> dict[str, Any]:
    """The content of kernel.json for a Jupyter of another environment: it names this Python in full."""
    return {
        "argv": kernel_command(),
        "display_name": "AIBasic" if name == KERNEL else f"AIBasic ({name})",
        "language": "aibasic",
        "interrupt_mode": "signal",
        "metadata": {"debugger": False},
    }


def _placed(folder: str) -> dict[str, Path]:
    """The files that pip placed below a folder of the environment, by their path there.

    `pip install --target` places them beside the package, and records another place.
    """
    # A checkout that was built in may stand on the path too, with a record of its own.
    recorded = [each for made in distributions(name=DISTRIBUTION) for each in made.files or ()]
    found = {str(each).partition(folder)[2]: Path(str(each.locate())) for each in recorded if folder in str(each)}
    beside = Path(aibasic_kernel.__file__).parent.parent / folder
    found.update((str(file.relative_to(beside)), file) for file in beside.rglob("*"))
    return {name: file for name, file in found.items() if file.is_file()}
