"""The lock of a session: which compilation serves a sentence here and now, and whether this user trusts it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.lock_file import LockFile
from aibasic_kernel.compiler.lock_format import Entry, encode
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.signatures import Signatures
from aibasic_kernel.compiler.trace import mismatch
from aibasic_kernel.errors import LockError

NAME = "aibasic.lock"
_QUOTE = re.compile("[\"'`“„‘«]")


@dataclass(frozen=True)
class Found:
    """What the lock has for a sentence: the entry that may run, those that hold without that, or why none does.

    The traces of `entry` and of the `untrusted` ones hold; the latter were neither compiled nor agreed to by this user,
    and are only there where no trusted one is. `reasons` has a sentence for each entry that does not hold; it is empty
    where there is none at all.
    """

    entry: Compilation | None = None
    untrusted: tuple[Compilation, ...] = ()
    reasons: tuple[str, ...] = ()


class Lock:
    """The entries at `path`, which are kept in memory only where that is None.

    Where `path` cannot be written, new entries go to a file in the folder `fallback`; both are then read. Every method
    but `problems` raises LockError for a lock that cannot be read or is of a newer format.
    """

    def __init__(self, path: Path | None, signatures: Signatures, fallback: Path | None = None) -> None:
        self.path = path
        self._signatures = signatures
        self._files = [LockFile(path)] if path is not None else []
        if path is not None and fallback is not None:
            self._files.append(LockFile(fallback / _fallback_name(path)))
        self._memory: dict[str, Entry] = {}
        self._dropped: set[str] = set()
        self._problems: dict[str, None] = {}
        self._index: dict[tuple[str, str], list[Entry]] = {}
        self._indexed: tuple[int, ...] = ()
        self._changes = 0

    def find(self, sentence: str, section: str, scope: Scope) -> Found:
        """The trusted entry for a sentence whose trace holds, else all untrusted ones whose traces do."""
        held, reasons = [], []
        for entry in self._entries(sentence, section):
            reason = mismatch(entry.compilation.trace, scope)
            if reason is not None:
                reasons.append(reason)
            elif self._signatures.is_signed(entry.digest):
                return Found(entry.compilation)
            else:
                held.append(entry.compilation)
        return Found(untrusted=tuple(held), reasons=() if held else tuple(reasons))

    def entries(self, sentence: str, section: str) -> list[Compilation]:
        """All that the lock has for a sentence, whatever it relies on."""
        return [entry.compilation for entry in self._entries(sentence, section)]

    def add(self, compilation: Compilation, on_disk: bool = True) -> None:
        """Keep a compilation, in place of those of the same sentence that it makes superfluous, and sign it.

        Unless `on_disk` it lasts as long as this object.
        """
        entry = encode(compilation)
        self._signatures.sign([entry.digest])
        same = self._entries(compilation.sentence, compilation.section)
        self._drop({old.digest for old in same if _is_replaced(old, entry)})
        if all(old.digest != entry.digest for old in same):
            self._keep(entry, self._files if on_disk else [])

    def drop(self, compilation: Compilation) -> None:
        """Forget a compilation; nothing happens where the lock has it not."""
        self._drop({encode(compilation).digest})

    def untrusted(self) -> list[Compilation]:
        """All entries that this user has neither compiled nor agreed to."""
        return [entry.compilation for entry in self._all() if not self._signatures.is_signed(entry.digest)]

    @property
    def digest(self) -> str:
        """SHA-256 of the very bytes that the entries at `path` were last read from."""
        return self._files[0].digest if self._files else ""

    def trust(self, compilations: Iterable[Compilation]) -> None:
        """Agree to compilations: each of them, to the letter, may run unasked for this user."""
        self._signatures.sign([encode(compilation).digest for compilation in compilations])

    def problems(self) -> list[str]:
        """What the user should know: entries that cannot be read, a file that cannot be written."""
        for file in self._files:
            with suppress(LockError):  # the line that needs the lock will say so
                file.entries()
        unread = [f"{file.path}: {part.reason}; it is left out" for file in self._files for part in file.broken()]
        unread += [f"{file.path}: what cannot be read is in {kept}" for file in self._files for kept in file.set_aside]
        return [*unread, *self._problems, *filter(None, [self._signatures.problem])]

    def _entries(self, sentence: str, section: str) -> list[Entry]:
        for file in self._files:
            file.entries()  # reads it again where it changed
        now = (self._changes, *(file.changes for file in self._files))
        if self._indexed != now:
            self._index = {}
            for entry in self._all():
                key = (_normal(entry.compilation.sentence), entry.compilation.section)
                self._index.setdefault(key, []).append(entry)
            self._indexed = now
        return self._index.get((_normal(sentence), section), [])

    def _all(self) -> Iterator[Entry]:
        every: dict[str, Entry] = {}
        for entries in (*(file.entries() for file in self._files), self._memory):
            every.update(entries)
        return (every[digest] for digest in sorted(every) if digest not in self._dropped)

    def _keep(self, entry: Entry, files: Iterable[LockFile]) -> None:
        self._changes += 1
        self._dropped.discard(entry.digest)
        for file in files:
            try:
                file.update(add=[entry])
                return
            except OSError as error:
                self._problems[f"{file.path} cannot be written ({error.strerror}){self._instead_of(file)}"] = None
        self._memory[entry.digest] = entry

    def _drop(self, digests: set[str]) -> None:
        self._changes += 1
        for file in self._files:
            held = digests.intersection(file.entries())
            try:
                if held:
                    file.update(drop=held)
            except OSError:
                self._dropped |= held  # it goes on lying there, but serves this session no more
        for digest in digests:
            self._memory.pop(digest, None)

    def _instead_of(self, file: LockFile) -> str:
        following = self._files[self._files.index(file) + 1 :]
        return f": new lines are kept {f'in {following[0].path}' if following else 'until the session ends'}"


def lock_path(setting: str, folder: Path, environ: Mapping[str, str]) -> Path | None:
    """Where the lock lies: as LOCK says (`off` is None), else beside the notebook, else in the working folder.

    LOCK is a file, or a folder that exists, relative to the working folder. Jupyter names the notebook in
    JPY_SESSION_NAME; only an absolute path in it tells where that lies.
    """
    if setting.strip().lower() == "off":
        return None
    if setting.strip():
        path = folder / Path(setting.strip()).expanduser()
        return path / NAME if path.is_dir() else path
    notebook = Path(environ.get("JPY_SESSION_NAME", ""))
    beside = notebook.parent if notebook.is_absolute() and notebook.parent.is_dir() else folder
    return beside / NAME


def _normal(sentence: str) -> str:
    """The sentence without differences that mean nothing: runs of blanks, before the first quoted text."""
    quote = _QUOTE.search(sentence)
    at = quote.start() if quote else len(sentence)
    return " ".join(f"{sentence[:at]}|".split())[:-1] + sentence[at:].rstrip()


def _is_replaced(old: Entry, new: Entry) -> bool:
    """Whether the new entry serves wherever the old one does: code that came out the same with a word being a variable
    does not rely on that word being none.
    """
    if old.digest == new.digest:
        return False
    then, now = old.compilation, new.compilation
    if then.trace == now.trace:
        return True
    same_code = (then.python, then.result) == (now.python, now.result)
    same_but_words = replace(then.trace, absent=()) == replace(now.trace, absent=())
    return same_code and same_but_words and set(now.trace.absent) <= set(then.trace.absent)


def _fallback_name(path: Path) -> str:
    where = hashlib.sha256(str(path.absolute()).encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return f"{path.absolute().parent.name or 'root'}-{where}.lock"
