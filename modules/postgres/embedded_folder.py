"""The folder of one embedded PostgreSQL: its locks, what its pid file says, and the watcher that ends it.

Four files are locked with flock, which the operating system takes from a process however it ends:

    start.lock    while a server is looked for, started or stopped: one process at a time
    users.lock    shared by every process that uses the server
    server.lock   inherited by the server: taken as long as any process of it lives
    watch.lock    inherited by the watcher: taken as long as it lives

The watcher waits until nobody shares `users.lock` and then stops the server, so that none is left when its last user
was killed. It runs this file as its program, without the rest of the package, to be small:
`python -I -S embedded_folder.py FOLDER FD`.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

POLL = 0.01
"""Seconds between two looks at something that no lock can be waited for."""


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Wait for a condition; False when it did not come about in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(POLL)
    return True


def try_lock(fd: int, how: int) -> bool:
    """Lock a file now (`fcntl.LOCK_EX` or `LOCK_SH`); False where another process holds it."""
    try:
        fcntl.flock(fd, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Postmaster:
    """What a running server wrote into its pid file."""

    def __init__(self, pid: int, port: int, ready: bool) -> None:
        self.pid = pid
        self.port = port
        self.ready = ready


class Folder:
    """Everything that one server keeps."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.data = path / "data"
        self.password = path / "password"
        self.port = path / "port"
        self.log = path / "postgres.log"
        self.pid_file = self.data / "postmaster.pid"

    def last_port(self) -> int | None:
        """The port of last time, None where the file is gone or damaged."""
        try:
            port = int(self.port.read_text())
        except (FileNotFoundError, ValueError):
            return None
        return port if 0 < port < 1 << 16 else None

    def has_password(self) -> bool:
        """Whether the file with the password is there, and has one."""
        return self.password.is_file() and self.password.stat().st_size > 0

    def keep_password(self, password: str) -> None:
        """Write the password, for the user's eyes alone; the file has all of it or is not there."""
        new = self.password.with_name("password.new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(password)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.password)

    def open_lock(self, name: str) -> int:
        """A descriptor of NAME.lock, not locked yet."""
        return os.open(self.path / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def is_taken(self, name: str) -> bool:
        """Whether a process holds NAME.lock for itself."""
        fd = self.open_lock(name)
        try:
            return not try_lock(fd, fcntl.LOCK_SH)
        finally:
            os.close(fd)

    def postmaster(self) -> Postmaster | None:
        """The server by its pid file, None where there is no whole one. Whether it still runs, `server.lock` tells."""
        try:
            lines = self.pid_file.read_text().splitlines()
            return Postmaster(int(lines[0]), int(lines[3]), lines[7].strip() == "ready")
        except (FileNotFoundError, IndexError, ValueError):
            return None

    def stop(self, patience: float = 25) -> bool:
        """Stop the server, fast and clean; after `patience` seconds at once. False if it is still there then."""
        return any(self._signalled(how, patience) for how in (signal.SIGINT, signal.SIGQUIT))

    def _signalled(self, how: signal.Signals, patience: float) -> bool:
        told = 0

        def ended() -> bool:
            nonlocal told
            if not self.is_taken("server"):
                return True
            # A server whose starter was killed writes its pid file only now: look again until there is someone to tell.
            running = self.postmaster()
            if running and running.pid != told:
                told = running.pid
                # Killed already, it is not there to be told; its children notice that and end.
                with suppress(ProcessLookupError):
                    os.kill(told, how)
            return False

        return until(ended, patience)

    def watch(self, watch_lock: int) -> None:
        """Wait until the server has no user, stop it, and return. `watch_lock` is the inherited, locked descriptor."""
        users, start = self.open_lock("users"), self.open_lock("start")
        while True:
            fcntl.flock(users, fcntl.LOCK_EX)
            # A new user holds `start` while it waits for `users`: taking them in the other order would block both.
            fcntl.flock(users, fcntl.LOCK_UN)
            fcntl.flock(start, fcntl.LOCK_EX)
            if try_lock(users, fcntl.LOCK_EX):
                break
            fcntl.flock(start, fcntl.LOCK_UN)
        self.stop()
        # Before `start` is given up by exiting: who gets that must see that there is no watcher any more.
        os.close(watch_lock)


if __name__ == "__main__":
    Folder(Path(sys.argv[1])).watch(int(sys.argv[2]))
