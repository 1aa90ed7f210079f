"""A JupyterLab of one's own: its folders are in one place, and its front end is that of this source tree."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from aibasic_kernel.testing import eventually

FRONT_END = Path(__file__).parent.parent.parent / "labextension"
FOREIGN = ("AIBASIC_", "ANTHROPIC_", "JPY_", "JUPYTER", "PYTEST_", "XDG_")
PATIENCE = 60.0
"""Seconds in which the server has to be up."""


class JupyterLab:
    """`with JupyterLab(folder, environment) as lab`: serves `lab.root`; its kernels see `environment` too.

    `lab.environment` is all that they see.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.root = folder / "notebooks"
        self._folder = folder
        self._runtime = folder / "runtime"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        own = {"HOME": folder, "JUPYTER_RUNTIME_DIR": self._runtime, "XDG_DATA_HOME": folder / "data"}
        self.environment = {**kept, **{name: str(value) for name, value in own.items()}, **environment}

    def __enter__(self) -> JupyterLab:
        self.root.mkdir()
        extensions = self._folder / "extensions"
        extensions.mkdir()
        (extensions / json.loads((FRONT_END / "package.json").read_text())["name"]).symlink_to(FRONT_END)
        settings = self._folder / "settings" / "@jupyterlab" / "apputils-extension"
        settings.mkdir(parents=True)
        (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false", "checkForUpdates": false}')
        options = (
            "--no-browser",
            "--allow-root",
            "--ServerApp.ip=127.0.0.1",
            "--ServerApp.port=0",
            "--IdentityProvider.token=",
            f"--ServerApp.root_dir={self.root}",
            f"--LabApp.extra_labextensions_path={extensions}",
            f"--LabApp.workspaces_dir={self._folder / 'workspaces'}",
            f"--LabApp.user_settings_dir={self._folder / 'settings'}",
            "--LabApp.expose_app_in_browser=True",
        )
        with (self._folder / "server.log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "jupyterlab", *options],
                cwd=self.root,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        if not eventually(lambda: self.url is not None, PATIENCE):
            self.__exit__(None, None, None)
            raise AssertionError((self._folder / "server.log").read_text())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()  # it ends its kernels
        self._process.wait(PATIENCE)

    @property
    def url(self) -> str | None:
        """Where it listens; None before it does."""
        for file in self._runtime.glob("jpserver-*.json"):
            return str(json.loads(file.read_text() or "{}").get("url"))
        return None
