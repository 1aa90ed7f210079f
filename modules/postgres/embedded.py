"""PostgreSQL with nothing installed: `lease()` gives a server of the user's own, started on first use.

One server a data folder serves every process of the user and ends when the last of them has gone, even if that was
killed. The data stays. It listens on the loopback address alone, on a port that was free, and wants a generated
password (SCRAM).
"""

from __future__ import annotations

import fcntl
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aibasic.modules.postgres import embedded_folder
from aibasic.modules.postgres.embedded_binaries import programs
from aibasic.modules.postgres.embedded_folder import Folder, try_lock, until
from aibasic.modules.postgres.embedded_server import (
    DATABASE,
    HOST,
    PATIENCE,
    USER,
    detach,
    open_log,
    running_port,
    start,
)
from aibasic.modules.secret import Secret


class Lease:
    """The right to use the server, which runs as long as any process has one. Ends with `close()` or the process.

    A forked child has none of its parent's leases: it takes its own.
    """

    def __init__(self, port: int, password: Secret, users: int) -> None:
        self.host = HOST
        self.port = port
        self.user = USER
        self.password = password
        self.database = DATABASE
        self._users: int | None = users
        _leases.add(self)

    def close(self) -> None:
        """Give the lease up. More than once does no harm."""
        with _guard:
            _leases.discard(self)
            users, self._users = self._users, None
            if users is not None:
                os.close(users)


_leases: set[Lease] = set()
_guard = threading.RLock()


def _forget_leases() -> None:
    # A child that kept the descriptor would share its parent's lock, and keep the server running in its place.
    for lease in tuple(_leases):
        lease.close()
    _guard.release()


# The guard is held over a fork, so that no descriptor of a half-made lease slips into a child.
os.register_at_fork(before=_guard.acquire, after_in_parent=_guard.release, after_in_child=_forget_leases)


def lease() -> Lease:
    """The user's server, found or started.

    ModuleNotFoundError without the wheel; RuntimeError with the end of the server's log if it cannot be started.
    """
    with _guard:
        ours = programs()
        folder = Folder(ours.folder)
        ours.make_folder()
        users = folder.open_lock("users")
        try:
            with _starting(folder):
                fcntl.flock(users, fcntl.LOCK_SH)
                _keep_watch(folder)
                port = running_port(folder)
                if port and not folder.has_password():
                    raise RuntimeError(
                        f"the embedded PostgreSQL runs, but its password is gone from {folder.password}: end all "
                        "programs that use it, and the next start makes another one; the data stays"
                    )
                port = port or start(ours, folder)
                return Lease(port, Secret(folder.password.read_text()), users)
        except BaseException:
            os.close(users)
            raise


def status() -> dict[str, Any] | None:
    """Port, process id and folder of the running server; None where none runs. Starts nothing."""
    folder = Folder(programs().folder)
    if not folder.path.exists() or not folder.is_taken("server"):
        return None
    running = folder.postmaster()
    return {"port": running.port, "pid": running.pid, "folder": str(folder.path)} if running else None


@contextmanager
def _starting(folder: Folder) -> Iterator[None]:
    fd = folder.open_lock("start")
    try:
        if not until(lambda: try_lock(fd, fcntl.LOCK_EX), PATIENCE):
            raise RuntimeError(f"another process has not done starting or stopping the PostgreSQL in {folder.path}")
        yield
    finally:
        os.close(fd)


def _keep_watch(folder: Folder) -> None:
    """See to it that a watcher waits for the last user."""
    fd = folder.open_lock("watch")
    try:
        if try_lock(fd, fcntl.LOCK_EX):
            program = [sys.executable, "-I", "-S", embedded_folder.__file__, str(folder.path), str(fd)]
            with open_log(folder) as log:
                detach(program, log, fd)
    finally:
        os.close(fd)
