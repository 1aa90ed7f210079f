"""Which code this user has compiled or agreed to: marks that only who holds the user's key can make.

Key and marks lie in the user's data folder, never beside a notebook, so that no notebook brings its own trust along.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

_KEY_BYTES = 32
_MARK_BYTES = hashlib.sha256().digest_size * 2  # hexadecimal


class Signatures:
    """The signed digests of this user. Where the folder cannot be used they last as long as this object."""

    def __init__(self, folder: Path) -> None:
        self.problem = ""
        """Why signatures cannot be kept, "" while they can."""
        self._key_file = folder / "lock.key"
        self._marks_file = folder / "lock.signatures"
        self._key: bytes | None = None
        self._marks: set[bytes] = set()
        self._read = 0

    def sign(self, digests: Iterable[str]) -> None:
        """Trust what has these digests, from now on and in every process of this user."""
        wanted = {self._mark(digest) for digest in digests}
        self._refresh()
        missing = sorted(wanted - self._marks)
        if not missing:
            return
        self._marks.update(missing)
        try:
            self._append(missing)
        except OSError as error:
            self._fail(error)

    def is_signed(self, digest: str) -> bool:
        """Whether this user has signed it."""
        mark = self._mark(digest)
        if mark not in self._marks:
            self._refresh()
        return mark in self._marks

    def _mark(self, digest: str) -> bytes:
        if self._key is None:
            self._key = self._load_key()
        return hmac.new(self._key, b"aibasic.lock\0" + digest.encode(), hashlib.sha256).hexdigest().encode()

    def _load_key(self) -> bytes:
        """The user's key, made by whichever process comes first."""
        try:
            self._key_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = os.open(self._key_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX)
                key = os.pread(file, _KEY_BYTES, 0)
                if len(key) < _KEY_BYTES:
                    key = secrets.token_bytes(_KEY_BYTES)
                    os.pwrite(file, key, 0)
                    os.fsync(file)
                os.fchmod(file, 0o600)
                return key
            finally:
                os.close(file)
        except OSError as error:
            self._fail(error)
            return secrets.token_bytes(_KEY_BYTES)

    def _refresh(self) -> None:
        """Read what was appended since the last time."""
        try:
            size = self._marks_file.stat().st_size
            if size <= self._read:
                return
            with self._marks_file.open("rb") as file:
                file.seek(self._read)
                data = file.read()
        except OSError:
            return
        end = data.rfind(b"\n") + 1
        self._read += end
        self._marks.update(line for line in data[:end].split(b"\n") if len(line) == _MARK_BYTES)

    def _append(self, marks: Iterable[bytes]) -> None:
        file = os.open(self._marks_file, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            size = os.fstat(file).st_size
            torn = size > 0 and os.pread(file, 1, size - 1) != b"\n"  # a writer died, or the disk was full
            os.write(file, b"\n" * torn + b"".join(mark + b"\n" for mark in marks))
            os.fsync(file)
        finally:
            os.close(file)

    def _fail(self, error: OSError) -> None:
        self.problem = (
            f"{self._key_file.parent} cannot be used ({error.strerror}): what is compiled or trusted now will not be "
            "known as yours next time; set AIBASIC_DATA_DIR to a folder that can be written"
        )
