"""One aibasic.lock on disk, shared by processes: read again when it changed, written as a whole or not at all."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from aibasic_kernel.compiler.lock_format import Broken, Entry, LockText, parse, render
from aibasic_kernel.errors import LockError

_EMPTY = LockText({}, ())


class LockFile:
    """The entries of the lock at `path`, which need not exist."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.changes = 0
        """Grows whenever the entries may have become others."""
        self.set_aside: list[Path] = []
        """Where parts of it were put that could not be read."""
        self._text = _EMPTY
        self._stamp: tuple[int, int, int] | None = None

    def entries(self) -> Mapping[str, Entry]:
        """Its whole entries by digest. Raises LockError where the file cannot be read or is of a newer format."""
        stamp = _stamp(self.path)
        if stamp != self._stamp:
            self._text = self._read() if stamp is not None else _EMPTY
            self._stamp = stamp
            self.changes += 1
        return self._text.entries

    def broken(self) -> tuple[Broken, ...]:
        """What of it cannot be read. Raises LockError as `entries` does."""
        self.entries()
        return self._text.broken

    def update(self, add: Iterable[Entry] = (), drop: Collection[str] = ()) -> None:
        """Put entries in and take digests out, on top of what other processes have written by now.

        Raises OSError where the file cannot be written, LockError where it is of a newer format; it is then untouched.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        target = self.path.resolve()
        with _exclusive(target):
            text = self._read()
            entries = {digest: entry for digest, entry in text.entries.items() if digest not in drop}
            entries.update((entry.digest, entry) for entry in add)
            if entries.keys() == text.entries.keys():
                return
            if text.broken:
                self.set_aside.append(_set_aside(target, text.broken))
            _replace(target, render(entries.values()))
        self.entries()

    def _read(self) -> LockText:
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return _EMPTY
        except OSError as error:
            message = f"{self.path} cannot be read: {error.strerror}"
            raise LockError(message, "mend that, or name another LOCK") from error
        try:
            return parse(data.decode("utf-8", "surrogateescape"))
        except LockError as error:
            raise LockError(f"{self.path}: {error.message}", error.remedy) from error


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


@contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    """Hold the file at `path` against other writers, who replace it: what is locked must be what lies there."""
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            if _is_at(file, path):
                yield
                return
        finally:
            os.close(file)


def _is_at(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


def _replace(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fchmod(file.fileno(), path.stat().st_mode & 0o777)
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _set_aside(path: Path, broken: Iterable[Broken]) -> Path:
    """Keep what could not be read in a file of its own, for it will not be in the one that is written."""
    text = "".join(f"# {part.reason}\n{part.text}\n" for part in broken).encode("utf-8", "surrogateescape")
    number = 1
    while True:
        beside = path.with_name(f"{path.name}.broken-{number}")
        try:
            with beside.open("xb") as file:
                file.write(text)
                return beside
        except FileExistsError:
            number += 1
