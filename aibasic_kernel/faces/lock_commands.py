"""`aibasic lock ...`: what a lock holds, whether it still fits, and what it need not hold any more."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.folders import data_folder
from aibasic_kernel.compiler.locks.file import LockFile
from aibasic_kernel.compiler.locks.format import encode
from aibasic_kernel.compiler.locks.lock import NAME, Lock
from aibasic_kernel.compiler.locks.review import New, consequences, counted, trust_command
from aibasic_kernel.compiler.locks.signatures import Signatures
from aibasic_kernel.compiler.privacy.visible import visible
from aibasic_kernel.errors import LockError
from aibasic_kernel.faces import terminal

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session


def list_entries(given: argparse.Namespace) -> int:
    """`aibasic lock list`."""
    lock = _lock(given.lock)
    for entry in _sorted(lock.all()):
        trust = "trusted" if lock.is_trusted(entry) else "new"
        print(f"{encode(entry).short}  {trust:<7}  {_visible_author(entry):<20}  {_said(entry)}")
    return 0


def show(given: argparse.Namespace) -> int:
    """`aibasic lock show [WHAT]`."""
    lock = _lock(given.lock)
    what = " ".join(given.what.split()).lower()
    found = [entry for entry in _sorted(lock.all()) if _is_meant(entry, what)]
    if not found:
        raise LockError(f"no entry of the lock is {given.what!r}", "aibasic lock list names them")
    for entry in found:
        trust = "trusted" if lock.is_trusted(entry) else "new to you"
        print(f"{encode(entry).short}  {trust}")
        print("\n".join(New(entry, consequences(entry), lock.is_edited(entry)).lines()))
        print("".join(f"  relies on {visible(each)}\n" for each in _relied_on(entry)))
    return 0


def check(given: argparse.Namespace) -> int:
    """`aibasic lock check`; 1 where something does not fit or could not be checked."""
    from aibasic_kernel.compiler.locks.check import check as checked

    with _session() as session:
        found = list(checked(_sorted(_lock(given.lock, session).all()), session.services))
    bad = [each for each in found if each.reasons or each.unanswered]
    for each in bad:
        print(_said(each.entry))
        print("".join(f"  {visible(reason)}\n" for reason in (*each.reasons, *each.unanswered)), end="")
    variables = sum(bool(each.variables) for each in found)
    later = f"; reading variables, which only a run can check: {variables}" if variables else ""
    print(f"not fitting: {len(bad)} of {counted(len(found))}{later}")
    return 1 if bad else 0


def prune(given: argparse.Namespace) -> int:
    """`aibasic lock prune`; 1 where the user declines."""
    from aibasic_kernel.compiler.locks.said_beside import SaidBeside

    path = _written(_lock(given.lock))
    beside = SaidBeside(path.parent)
    if not beside.files:
        raise LockError(f"no notebook and no program lies beside {path}", "nothing was dropped")
    unsaid = [entry for entry in Lock(path, _signatures()).all() if not beside.says(entry)]
    for entry in unsaid:
        print(f"{encode(entry).short}  {_said(entry)}")
    if not unsaid:
        print(f"{path}: all of it is said in {', '.join(file.name for file in beside.files)}")
    elif given.yes or _agrees(f"Drop {counted(len(unsaid))} from {path}? yes / no: "):
        LockFile(path).update(drop={encode(entry).digest for entry in unsaid})
        print(f"{path}: {counted(len(unsaid))} dropped")
    else:
        print(f"{path}: nothing was dropped")
        return 1
    return 0


def restore(given: argparse.Namespace) -> int:
    """`aibasic lock restore NOTEBOOK`."""
    from aibasic_kernel.compiler.locks.notebook_file import NotebookFile

    found = NotebookFile(given.notebook).compilations()
    if not found:
        raise LockError(f"the outputs of {given.notebook} carry no code", "it was saved without outputs, or never run")
    path = given.lock or given.notebook.absolute().parent / NAME
    lock = Lock(path, _signatures())
    before = len(lock.all())
    lock.put(found)
    print(f"{path}: {counted(len(lock.all()) - before)} restored")
    if lock.untrusted():
        print(trust_command([path]))
    return 0


@contextmanager
def _session() -> Iterator[Session]:
    """A session here, with the configured services."""
    from aibasic_kernel.session.session import Session

    session = Session({})
    try:
        session.read_configuration()
        yield session
    finally:
        session.close()


def _lock(file: Path | None, session: Session | None = None) -> Lock:
    """The lock that is named, else the one that a session here uses."""
    if file is not None:
        if not file.is_file():
            raise LockError(f"there is no file {file}", "name a lock")
        lock = Lock(file, _signatures())
    elif session is not None:
        lock = session.compiler.lock
    else:
        with _session() as own:
            lock = own.compiler.lock
    for problem in lock.problems():
        terminal.tell(visible(problem))
    return lock


def _written(lock: Lock) -> Path:
    if lock.path is None or not lock.path.is_file():
        raise LockError(f"there is no lock at {lock.path}" if lock.path else "LOCK is off", "name one with --lock")
    return lock.path


def _signatures() -> Signatures:
    return Signatures(data_folder(os.environ))


def _agrees(question: str) -> bool:
    answer = terminal.ask(question)
    if answer is None:
        raise LockError("nobody can be asked here", "aibasic lock prune --yes does not ask")
    return answer.lower() in ("y", "yes")


def _sorted(entries: Iterable[Compilation]) -> list[Compilation]:
    return sorted(entries, key=lambda entry: (entry.section, entry.sentence))


def _said(entry: Compilation) -> str:
    return visible(f"({entry.section}) {entry.sentence}" if entry.section else entry.sentence)


def _visible_author(entry: Compilation) -> str:
    kind, name = entry.origin
    return visible("phrase" if kind == "phrase" else name or kind)


def _is_meant(entry: Compilation, what: str) -> bool:
    return encode(entry).digest.startswith(what) or what in " ".join(entry.sentence.split()).lower()


def _relied_on(entry: Compilation) -> Iterator[str]:
    """What must be as it was for an entry to serve again."""
    trace = entry.trace
    if trace.it is not None:
        yield f'"it" standing for {trace.it}'
    yield from (f"{name}: {shape}" for name, shape in trace.names.items())
    for section, tables in trace.tables.items():
        for table, columns in tables.items():
            yield f"{section}, table {table}: {', '.join(f'{name} {kind}' for name, kind in columns.items())}"


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "list": list_entries,
    "show": show,
    "check": check,
    "prune": prune,
    "restore": restore,
}
"""What each command of `aibasic lock` does; returns the exit code."""
