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
    """Appends to the file `path`; None keeps nothing.

    In a folder that may have come from elsewhere (`beside` a notebook) it follows no link and waits for no pipe.
    """

    def __init__(self, path: Path | None, beside: bool = False) -> None:
        self.path = path
        self._flags = os.O_NOFOLLOW | os.O_NONBLOCK if beside else 0
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
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | self._flags, 0o600)
        try:
            os.write(file, data)
        finally:
            os.close(file)


def journal_at(setting: str, folder: Path) -> Journal:
    """The journal that LOG names: a file, or a folder that exists, relative to `folder`; none where it is not set."""
    if not setting.strip():
        return Journal(None)
    named = Path(setting.strip()).expanduser()
    path = folder / named
    return Journal(path / NAME if path.is_dir() else path, beside=not named.is_absolute())


def _user() -> str:
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return getpass.getuser()
