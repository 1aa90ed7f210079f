"""The log of LOG: one JSON line for each compilation and each run of a compiled line.

Lines of several kernels may go into one file: each is appended by one write. They hold no value of data and no secret.
A log that cannot be written stops nobody: that is said once, and what is done meanwhile is not in it.
"""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

NAME = "aibasic.log"


class Journal:
    """Appends to the file `path`; None keeps nothing."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.problem = ""
        """Why the newest line could not be written, "" where it was."""

    def write(self, line: Mapping[str, Any]) -> None:
        """Append a line, with the time and the user before the rest."""
        if self.path is None:
            return
        time = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        data = json.dumps({"time": time, "user": _user(), **line}, ensure_ascii=False).encode(errors="backslashreplace")
        try:
            self._append(data + b"\n")
            self.problem = ""
        except OSError as error:
            self.problem = f"LOG: {self.path} cannot be written ({error.strerror}); what runs meanwhile is not logged"

    def _append(self, data: bytes) -> None:
        assert self.path is not None
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.write(file, data)
        finally:
            os.close(file)


def log_path(setting: str, folder: Path) -> Path | None:
    """Where LOG is: a file, or a folder that exists, relative to `folder`; None where it is not set."""
    if not setting.strip():
        return None
    path = folder / Path(setting.strip()).expanduser()
    return path / NAME if path.is_dir() else path


def _user() -> str:
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return getpass.getuser()
