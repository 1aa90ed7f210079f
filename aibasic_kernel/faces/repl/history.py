"""The lines that were typed, kept over sessions in a file of the user's own, without secrets.

The shell knows no secret of a configuration; the kernel does, and keeps each input in its own history without them. So
what goes into the file is what the kernel kept: an input that it did not run, or did not answer for, lasts with the
shell only, and so does one with a literal where a password or key stands.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from prompt_toolkit.history import History

from aibasic_kernel.compiler.folders import data_folder
from aibasic_kernel.errors import AIBasicError

if TYPE_CHECKING:
    from aibasic_kernel.faces.repl.link import KernelLink

FILE = "repl_history.jsonl"
MOST_BYTES = 1 << 20
"""Size of the file from which on only the newest lines are kept."""
KEPT = 5000
"""How many those are."""
PATIENCE = 1.0
"""Seconds for the kernel to tell what it kept."""
_LOOKED_AT = 8
"""Inputs of other front ends that may stand between those of this shell in the history of the kernel."""
_SECRET = re.compile(
    r"(?i)(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key)\w*['\"\])]*\s*(?:=>|[:=])\s*['\"]?[^\s'\"(){}\[\]]{4}"
)
"""A name of a secret with a value behind it, in quotes or not."""


def history_file(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the history is kept."""
    return data_folder(environ) / FILE


class KeptHistory(History):
    """The history over the file at `path`. Where that cannot be used, it lasts as long as the shell."""

    def __init__(self, link: KernelLink, path: Path) -> None:
        super().__init__()
        self._link = link
        self._path = path
        self._unsettled: list[str] = []

    def load_history_strings(self) -> Iterable[str]:
        """The inputs in the file, the newest first."""
        try:
            with _locked(self._path) as file:
                found = list(_read(file))
                if file.tell() > MOST_BYTES:
                    found = found[-KEPT:]
                    file.seek(0)
                    file.truncate()
                    file.write(b"".join(map(_line, found)))
        except OSError:
            return ()
        return reversed(found)

    def store_string(self, string: str) -> None:
        """An input was sent: it goes into the file once the kernel has run it."""
        self._unsettled.append(string)

    def remember(self, text: str) -> None:
        """Have a text at hand in this shell only: one that was not sent."""
        self._loaded_strings.insert(0, text)

    async def settle(self) -> None:
        """Put into the file, of what was sent, what may be kept. To be called while the kernel is not at work."""
        sent, self._unsettled = self._unsettled, []
        if not sent:
            return
        try:
            kept = await self._kept_by_kernel(_LOOKED_AT + len(sent))
        except TimeoutError:  # it runs a cell of another front end: later, then
            self._unsettled = [*sent, *self._unsettled]
            return
        except AIBasicError:
            return
        await asyncio.to_thread(self._keep, sent, kept)

    def _keep(self, sent: Iterable[str], kept: Sequence[str]) -> None:
        found = (next(_forms_of(text, kept), None) for text in sent)
        lines = [_line(entry) for entry in found if entry is not None and not names_secret(entry)]
        if lines:
            with suppress(OSError):
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with _locked(self._path) as file:
                    file.write(b"".join(lines))

    async def _kept_by_kernel(self, count: int) -> list[str]:
        """The newest inputs in the history of the kernel's own session, in which it hides the secrets that it knows."""
        wanted = {"hist_access_type": "range", "session": 0, "start": -count, "stop": None, "raw": True}
        reply = await self._link.request("history_request", {**wanted, "output": False}, PATIENCE)
        return [text for _, _, text in reply.get("history", ())]


def names_secret(text: str) -> bool:
    """Whether a value stands where a password or key does, be it a known one or not."""
    # The prompt is up before this is imported.
    from aibasic_kernel.compiler.privacy.redaction import has_credential

    return has_credential(text) or _SECRET.search(text) is not None


def _forms_of(text: str, kept: Sequence[str]) -> Iterator[str]:
    """The entries of the kernel's history that are that text: as it is, or with secrets hidden in it."""
    from aibasic_kernel.compiler.privacy.redaction import HIDDEN

    yield from (entry for entry in kept if entry == text)
    for entry in reversed(kept):
        if HIDDEN in entry and re.fullmatch("(?s:.+)".join(map(re.escape, entry.split(HIDDEN))), text):
            yield entry


@contextmanager
def _locked(path: Path) -> Iterator[IO[bytes]]:
    """The file, at its end for writing, while no other shell changes it; only its user may read it."""
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        os.fchmod(descriptor, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield file


def _read(file: IO[bytes]) -> Iterator[str]:
    """The inputs in it, the oldest first; a line that was cut short is left out."""
    for line in file:
        with suppress(ValueError):
            entry = json.loads(line)
            if isinstance(entry, str):
                yield entry


def _line(text: str) -> bytes:
    return json.dumps(text).encode("ascii") + b"\n"
