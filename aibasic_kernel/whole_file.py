"""Files that are written as a whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import IO


def replace_file(path: Path, data: bytes) -> None:
    """Put `data` into the file at `path`, which keeps its permissions; whoever reads it meanwhile reads the old one.

    Raises OSError where that is not possible; the old file is then untouched.
    """
    permissions = path.stat().st_mode & 0o777 if path.exists() else None
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    new = new_file(temporary, 0o666 if permissions is None else 0o600)
    try:
        with new as file:
            file.write(data)
            file.flush()
            if permissions is not None:
                os.fchmod(file.fileno(), permissions)
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def new_file(path: Path, permissions: int = 0o600) -> IO[bytes]:
    """A file that was not there before, neither as a link. Raises FileExistsError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags, permissions), "wb")
