"""The lock of a session: which compilation serves a sentence here and now, and whether this user trusts it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.locks.file import LockFile
from aibasic_kernel.compiler.locks.format import Broken, Entry, encode
from aibasic_kernel.compiler.locks.signatures import Signatures
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.traces.trace import mismatch
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
    """The entries at `path`, which are kept in memory only where that is None, and before those of `others`.

    Where `path` cannot be written, new entries go to a file in the folder `fallback`; both are then read. The locks at
    `others` are never written. Every method but `problems` raises LockError for a lock that cannot be read or is of a
    newer format.
    """

    def __init__(
        self, path: Path | None, signatures: Signatures, fallback: Path | None = None, others: Sequence[Path] = ()
    ) -> None:
        self.path = path
        self._signatures = signatures
        self._written = [LockFile(path)] if path is not None else []
        if path is not None and fallback is not None:
            self._written.append(LockFile(fallback / _fallback_name(path)))
        self._others = [LockFile(other) for other in others]
        self._files = [*self._written, *self._others]
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
            self._keep(entry, self._written if on_disk else [])

    def put(self, compilations: Iterable[Compilation]) -> None:
        """Put compilations into the file at `path` as somebody else's: nobody has agreed to them yet.

        Raises OSError where that cannot be written.
        """
        assert self.path is not None
        self._written[0].update(add=[encode(compilation) for compilation in compilations])

    def drop(self, compilation: Compilation) -> None:
        """Forget a compilation; nothing happens where the lock has it not."""
        self._drop({encode(compilation).digest})

    def all(self) -> list[Compilation]:
        """All entries, those that serve first before the others."""
        return [entry.compilation for entry in self._all()]

    def is_trusted(self, compilation: Compilation) -> bool:
        """Whether this user has compiled it or agreed to it."""
        return self._signatures.is_signed(encode(compilation).digest)

    def untrusted(self) -> list[Compilation]:
        """All entries that this user has neither compiled nor agreed to."""
        return [entry.compilation for entry in self._all() if not self._signatures.is_signed(entry.digest)]

    def untrusted_files(self) -> list[Path]:
        """The files that hold such entries."""
        return [
            file.path
            for file in self._files
            if not all(map(self._signatures.is_signed, (*file.entries(), *file.edited())))
        ]

    def is_edited(self, compilation: Compilation) -> bool:
        """Whether it stands in a lock as somebody changed it by hand, and not as it was written."""
        digest = encode(compilation).digest
        return any(digest in file.edited() for file in self._files)

    @property
    def digest(self) -> str:
        """SHA-256 of the very bytes that the entries at `path` were last read from."""
        return self._written[0].digest if self._written else ""

    def trust(self, compilations: Iterable[Compilation]) -> None:
        """Agree to compilations: each of them, to the letter, may run unasked for this user."""
        entries = [encode(compilation) for compilation in compilations]
        self._signatures.sign([entry.digest for entry in entries])
        for file in self._written:
            agreed = [entry for entry in entries if entry.digest in file.edited()]
            with suppress(OSError):  # then it goes on standing there as it was edited, trusted all the same
                if agreed:
                    file.update(add=agreed)

    def problems(self) -> list[str]:
        """What the user should know: entries that cannot be read, a file that cannot be written."""
        for file in self._files:
            with suppress(LockError):  # the line that needs the lock will say so
                file.entries()
        gone = [f"{file.path}, which LOCK names, is not there" for file in self._others if not file.path.exists()]
        unread = [f"{file.path}: {part.reason}; {_fate(part)}" for file in self._files for part in file.broken()]
        unread += [f"{file.path}: what cannot be read is in {kept}" for file in self._files for kept in file.set_aside]
        return [*gone, *unread, *self._problems, *filter(None, [self._signatures.problem])]

    def _entries(self, sentence: str, section: str) -> list[Entry]:
        for file in self._files:
            file.entries()  # reads it again where it changed
        now = (self._changes, *(file.changes for file in self._files))
        if self._indexed != now:
            self._index = {}
            for entry in self._all():
                key = (normal(entry.compilation.sentence), entry.compilation.section)
                self._index.setdefault(key, []).append(entry)
            self._indexed = now
        return self._index.get((normal(sentence), section), [])

    def _all(self) -> Iterator[Entry]:
        """Every entry once: those of the user's own files first, in the order of their digests."""
        past = set(self._dropped)
        read = [{**file.entries(), **file.edited()} for file in self._files]
        own = len(self._written)
        for entries in (*read[:own], self._memory, *read[own:]):
            for digest in sorted(entries.keys() - past):
                yield entries[digest]
            past |= entries.keys()

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
        for file in self._others:
            self._dropped |= digests & {*file.entries(), *file.edited()}
        for file in self._written:
            held = digests & {*file.entries(), *file.edited()}
            try:
                if held:
                    file.update(drop=held)
            except OSError:
                self._dropped |= held  # it goes on lying there, but serves this session no more
        for digest in digests:
            self._memory.pop(digest, None)

    def _instead_of(self, file: LockFile) -> str:
        following = self._written[self._written.index(file) + 1 :]
        return f": new lines are kept {f'in {following[0].path}' if following else 'until the session ends'}"


def lock_paths(setting: str, folder: Path, environ: Mapping[str, str]) -> tuple[Path | None, list[Path]]:
    """Where the lock lies that is written, and those that are only read, as LOCK lists them behind commas.

    Each is a file, or a folder that exists, relative to the working folder. `off` is None. Nothing is beside the
    notebook, else in the working folder: Jupyter names the notebook in JPY_SESSION_NAME, of which only an absolute path
    tells where that lies.
    """
    first, *others = (part.strip() for part in setting.split(","))
    read_only = [_named(other, folder) for other in others if other]
    if first.lower() == "off":
        return None, read_only
    if first:
        return _named(first, folder), read_only
    notebook = Path(environ.get("JPY_SESSION_NAME", ""))
    beside = notebook.parent if notebook.is_absolute() and notebook.parent.is_dir() else folder
    return beside / NAME, read_only


def _named(setting: str, folder: Path) -> Path:
    path = folder / Path(setting).expanduser()
    return path / NAME if path.is_dir() else path


def normal(sentence: str) -> str:
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


def _fate(part: Broken) -> str:
    return "it is left out" if part.edited is None else "it runs once you have agreed to it as it is now"


def _fallback_name(path: Path) -> str:
    where = hashlib.sha256(str(path.absolute()).encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return f"{path.absolute().parent.name or 'root'}-{where}.lock"
