"""What a user spends by day, in one file for all kernels: lines that are only ever added, summed up when they are many.

A line is the JSON of a charge, `{"day", "model", "task", ...Sum}`, or of what a request under way may cost at most,
`{"hold", "day", "until", "dollars"}`, which counts until a line `"releases"` it, or until it is over: its kernel died.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from aibasic_kernel.compiler.accounts.charges import Charge, Sum

SUM_UP_FROM = 256 * 1024
"""Bytes from which on the file is summed up."""
DAYS_KEPT = 400
"""Days that are kept each by itself; of older ones the month remains."""
GUARD_SECONDS = 2.0
"""How long another kernel may take to add its line."""
HOLD_SECONDS = 3600.0
"""More than any request takes."""

Key = tuple[str, str, str]
"""Day, model and task type."""


def today() -> str:
    """The day of the user's clock: `2026-11-23`."""
    return date.today().isoformat()


class SpendingFile:
    """The file at `path`. Where it cannot be used, `problem` says why, and what is added lasts with this object."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem = ""
        self._sums: dict[Key, Sum] = {}
        self._holds: dict[str, tuple[str, float, float]] = {}
        self._read = 0
        self._file: tuple[int, int] | None = None
        self._sum_up_from = SUM_UP_FROM
        self._lock = threading.Lock()

    def add(self, charge: Charge | None, releases: str = "") -> None:
        """Enter a charge, and give back what was held for it."""
        if charge is None and not releases:
            return
        line: dict[str, Any] = {"releases": releases} if releases else {}
        if charge is not None:
            made = Sum()
            made.add(charge)
            line |= {"day": charge.day, "model": charge.model, "task": charge.task, **asdict(made)}
        with self._lock, self._guarded() as usable:
            if usable:
                self._append(line)
            else:
                self._take(line)

    def hold(self, dollars: float, limit: float) -> str:
        """Hold so many dollars of today's limit. The name under which they are given back, "" where that passes it."""
        with self._lock, self._guarded() as usable:
            if not usable:
                return ""
            self._refresh()
            if sum(self._today()) + dollars > limit:
                return ""
            name = secrets.token_hex(6)
            self._append({"hold": name, "day": today(), "until": time.time() + HOLD_SECONDS, "dollars": dollars})
            return name

    def spent_today(self) -> tuple[float, float]:
        """Dollars that all sessions of today have spent, and those that are held for requests under way."""
        with self._lock:
            self._refresh()
            return self._today()

    def sums(self) -> Mapping[Key, Sum]:
        """All charges by day (or month), model and task type."""
        with self._lock:
            self._refresh()
            return dict(self._sums)

    def _today(self) -> tuple[float, float]:
        now, day = time.time(), today()
        spent = sum(made.dollars for key, made in self._sums.items() if key[0] == day)
        held = sum(dollars for on, until, dollars in self._holds.values() if on == day and until > now)
        return spent, held

    @contextmanager
    def _guarded(self) -> Iterator[bool]:
        """Hold the file against other kernels; whether it can be used at all."""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            guard = os.open(self.path.with_suffix(".guard"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            self.problem = f"{self.path.parent} cannot be used ({error.strerror})"
            yield False
            return
        try:
            if _is_held(guard):
                self.problem = ""
                yield True
            else:
                self.problem = f"{self.path} is held by another process"
                yield False
        finally:
            os.close(guard)

    def _append(self, line: Mapping[str, Any]) -> None:
        try:
            size = self._write(line)
        except OSError as error:
            self.problem = f"{self.path} cannot be written ({error.strerror})"
            self._take(line)
            return
        self._refresh()
        if size > self._sum_up_from:
            with suppress(OSError):
                self._sum_up()

    def _write(self, line: Mapping[str, Any]) -> int:
        """Add a line. The bytes that stood before it."""
        file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            size = os.fstat(file).st_size
            torn = size > 0 and os.pread(file, 1, size - 1) != b"\n"  # its writer died, or the disk was full
            data = b"\n" * torn + json.dumps(line).encode() + b"\n"
            if os.write(file, data) < len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return size
        finally:
            os.close(file)

    def _refresh(self) -> None:
        """Read what was added since the last time; all of it where somebody summed the file up."""
        try:
            with self.path.open("rb") as file:
                status = os.fstat(file.fileno())
                this = (status.st_dev, status.st_ino)
                if this != self._file or status.st_size < self._read:
                    self._sums, self._holds, self._read, self._file = {}, {}, 0, this
                file.seek(self._read)
                data = file.read()
        except OSError:
            return
        end = data.rfind(b"\n") + 1
        self._read += end
        for text in data[:end].split(b"\n"):
            try:
                self._take(json.loads(text))
            except (ValueError, TypeError, KeyError, AttributeError):
                continue  # a torn line

    def _take(self, line: Mapping[str, Any]) -> None:
        self._holds.pop(line.get("releases", ""), None)
        if "hold" in line:
            self._holds[line["hold"]] = (str(line["day"]), float(line["until"]), float(line["dollars"]))
        elif "model" in line:
            made = Sum(**{name: line.get(name, 0) for name in vars(Sum())})
            made.dollars = float(made.dollars)
            self._sums.setdefault((line["day"], line["model"], line["task"]), Sum()).merge(made)

    def _sum_up(self) -> None:
        """Write one line for each day, model and task type instead of all."""
        first_kept = date.fromordinal(date.today().toordinal() - DAYS_KEPT).isoformat()
        shorter: dict[Key, Sum] = {}
        for (day, model, task), made in sorted(self._sums.items()):
            shorter.setdefault((day if day >= first_kept else day[:7], model, task), Sum()).merge(made)
        lines: list[dict[str, Any]] = [
            {"day": day, "model": model, "task": task, **asdict(made)} for (day, model, task), made in shorter.items()
        ]
        lines += [
            {"hold": name, "day": day, "until": until, "dollars": dollars}
            for name, (day, until, dollars) in self._holds.items()
            if until > time.time()
        ]
        new = self.path.with_suffix(".new")
        with new.open("w") as file:
            file.write("".join(json.dumps(line) + "\n" for line in lines))
            file.flush()
            os.fchmod(file.fileno(), 0o600)
            os.fsync(file.fileno())
            self._sum_up_from = max(SUM_UP_FROM, 2 * file.tell())
        new.replace(self.path)
        self._refresh()


def _is_held(guard: int) -> bool:
    """Lock a file against other processes; a stopped one that holds it must not stop all others."""
    deadline = time.monotonic() + GUARD_SECONDS
    while True:
        try:
            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.005)
