"""`aibasic trust aibasic.lock`: the code in a lock that is new to this user, and which of it may run."""

from __future__ import annotations

import os
from pathlib import Path

from aibasic_kernel import __version__
from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.folders import data_folder
from aibasic_kernel.compiler.locks.lock import Lock
from aibasic_kernel.compiler.locks.review import News, counted, news
from aibasic_kernel.compiler.locks.signatures import Signatures
from aibasic_kernel.errors import LockError
from aibasic_kernel.faces import terminal
from aibasic_kernel.session.review import agreed

KNOWN_LOCKS = frozenset({"cc519cf173d9c976d81426db9498b698c06568f205a8d42c787b3c378889844c"})
"""SHA-256 of the locks that come with this project: code that whoever installed it has trusted by installing it."""


def trust_lock(file: Path) -> bool:
    """Whether all code in the lock is trusted now: only by an answer typed by a person, or as a lock of our own."""
    lock = Lock(file, Signatures(data_folder(os.environ)))
    found = news(lock)
    for problem in lock.problems():
        terminal.tell(problem)
    if not found.entries:
        print(f"{file}: nothing new, all of its code is trusted already")
        return True
    if lock.digest in KNOWN_LOCKS:
        count = counted(len(found.entries))
        print(f"{file}: {count} trusted: this is the lock that came with aibasic {__version__}")
        lock.trust(entry.compilation for entry in found.entries)
        return True
    trusted = _agreed(file, found)
    lock.trust(trusted)
    print(f"{file}: {len(trusted) or 'nothing'} of {counted(len(found.entries))} trusted")
    return len(trusted) == len(found.entries)


def _agreed(file: Path, found: News) -> list[Compilation]:
    """What the user agrees to. Raises LockError where nobody can answer."""
    conversation = agreed(found, terminal.ask)
    while True:
        try:
            page = next(conversation)
        except StopIteration as end:
            trusted: list[Compilation] | None = end.value
            break
        print(f"{page.title}\n\n{page.text}")
    if trusted is None:
        raise LockError(f"{file} holds code that is not trusted, and nobody can be asked here", "run it in a terminal")
    return trusted
