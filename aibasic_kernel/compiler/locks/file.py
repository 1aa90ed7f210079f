"""One aibasic.lock on disk, shared by processes: read again when it changed, written as a whole or not at all."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from aibasic_kernel.compiler.locks.format import Broken, Entry, LockText, parse, render
from aibasic_kernel.errors import LockError
from aibasic_kernel.whole_file import new_file, replace_file

_EMPTY = LockText({}, ())


class LockFile:
    """The entries of the lock at `path`, which need not exist."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.changes = 0
        """Grows whenever the entries may have become others."""
        self.set_aside: list[Path] = []
        """Where parts of it were put that could not be read."""
        self.digest = ""
        """SHA-256 of the bytes that `entries` gave last, "" while there is no file."""
        self._text = _EMPTY
        self._stamp: tuple[int, int, int] | None = None

    def entries(self) -> Mapping[str, Entry]:
        """Its whole entries by digest. Raises LockError where the file cannot be read, is none or of a newer format."""
        stamp = _stamp(self.path)
        if stamp != self._stamp:
            if stamp is None:
                self._text, self.digest = _EMPTY, ""
            else:
                self._text = self._read()
            self._stamp = stamp
            self.changes += 1
        return self._text.entries

    def broken(self) -> tuple[Broken, ...]:
        """What of it cannot be read. Raises LockError as `entries` does."""
        self.entries()
        return self._text.broken

    def edited(self) -> Mapping[str, Entry]:
        """The entries that were changed by hand, by the digest of what they say now. Raises as `entries` does."""
        parts = (part.edited for part in self.broken())
        return {entry.digest: entry for entry in parts if entry is not None}

    def update(self, add: Iterable[Entry] = (), drop: Collection[str] = ()) -> None:
        """Put entries in and take digests out, on top of what other processes have written by now.

        What was edited by hand stays as it stands, until it is put in or taken out itself. Raises OSError where the
        file cannot be written, LockError where it is of a newer format, or somebody else's; it is then untouched.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        target = self._target()
        with _exclusive(target):
            text = self._read()
            entries = {digest: entry for digest, entry in text.entries.items() if digest not in drop}
            entries.update((entry.digest, entry) for entry in add)
            edited = [part for part in text.broken if part.edited is not None]
            staying = [part for part in edited if not _is_in(part, drop) and not _is_in(part, entries)]
            if entries.keys() == text.entries.keys() and len(staying) == len(edited):
                return
            if lost := [part for part in text.broken if part.edited is None]:
                self.set_aside.append(_set_aside(target, lost))
            data = render(entries.values(), staying).encode()
            replace_file(target, data)
            if not staying:  # else their places in the text are others now
                self._text, self.digest = LockText(entries, ()), hashlib.sha256(data).hexdigest()
        self.entries()

    def _target(self) -> Path:
        """The file that is written: a link may share a lock that is there, and make no file wherever it points to."""
        target = self.path.resolve()
        if self.path.is_symlink() and not (target.is_file() and target.stat().st_size):
            raise LockError(f"{self.path} is a link to {target}, which is no lock", "remove the link")
        return target

    def _read(self) -> LockText:
        try:
            data = _content(self.path)
        except FileNotFoundError:
            self.digest = ""
            return _EMPTY
        except OSError as error:
            message = f"{self.path} cannot be read: {error.strerror}"
            raise LockError(message, "mend that, or name another LOCK") from error
        digest = hashlib.sha256(data).hexdigest()
        if digest == self.digest:
            return self._text
        try:
            text = parse(data.decode("utf-8", "surrogateescape"))
        except LockError as error:
            raise LockError(f"{self.path}: {error.message}", error.remedy) from error
        if text.foreign:
            raise LockError(f"{self.path} is no lock of AIBasic: it is left as it is", "name another LOCK, or move it")
        self.digest = digest
        return text


def _is_in(part: Broken, digests: Collection[str]) -> bool:
    return part.edited is not None and part.edited.digest in digests


def _content(path: Path) -> bytes:
    """The bytes of an ordinary file; a pipe, which would keep the reader waiting, is an OSError."""
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise OSError(errno.EINVAL, "it is no ordinary file")
        with os.fdopen(file, "rb", closefd=False) as reader:
            return reader.read()
    finally:
        os.close(file)


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
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
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


def _set_aside(path: Path, broken: Iterable[Broken]) -> Path:
    """Keep what could not be read in a file of its own, for it will not be in the one that is written."""
    text = "".join(f"# {part.reason}\n{part.text}\n" for part in broken).encode("utf-8", "surrogateescape")
    number = 1
    while True:
        beside = path.with_name(f"{path.name}.broken-{number}")
        try:
            with new_file(beside) as file:
                file.write(text)
                return beside
        except FileExistsError:
            number += 1
