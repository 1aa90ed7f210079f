"""What is kept: the lock of this folder and its trust, and the user's data folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from aibasic_kernel.compiler.folders import data_folder
from aibasic_kernel.compiler.locks.check import check
from aibasic_kernel.errors import LockError
from aibasic_kernel.faces.doctor.finding import Finding, note, of_error, ok, problem
from aibasic_kernel.session.session import Session

_LEAST, _LITTLE = 50_000_000, 1_000_000_000
"""Bytes free below which writing soon fails, and below which one should know."""


def lock_findings(session: Session, connect: bool) -> Iterator[Finding]:
    """How the lock that counts here stands; whether its entries still fit is asked of the services on `connect`."""
    lock = session.compiler.lock
    try:
        entries, untrusted, problems = lock.all(), lock.untrusted(), lock.problems()
    except LockError as error:
        yield of_error(error, "aibasic lock check")
        return
    for text in problems:
        yield problem(text.partition("\n")[0], "aibasic lock list")
    where = lock.path if lock.path is not None else "LOCK = off"
    if lock.path is not None and not lock.path.is_file() and not entries:
        yield ok(f"no lock here yet: the first line that runs makes {where}")
    else:
        yield ok(f"lock: {where}, {len(entries)} {'entry' if len(entries) == 1 else 'entries'}")
    if untrusted:
        files = " ".join(map(str, lock.untrusted_files()))
        yield problem(
            f"{len(untrusted)} of the lock's entries are not trusted: they ask before they run",
            f"aibasic trust {files}",
        )
    if connect and entries:
        stale = [each for each in check(entries, session.services) if each.reasons]
        if stale:
            yield note(
                f"{len(stale)} entries no longer fit the tables as they are: their lines are compiled anew",
                "aibasic lock check",
            )


def folder_findings() -> Iterator[Finding]:
    """The user's data folder, where costs, trust and histories lie."""
    folder = data_folder(os.environ)
    there = _nearest(folder)
    if not os.access(there, os.W_OK | os.X_OK):
        yield problem(
            f"{folder} cannot be written: trust and costs are not kept",
            f"chown {_user()} {there}, or set AIBASIC_DATA_DIR",
        )
    else:
        yield ok(f"data folder: {folder}{'' if folder.exists() else ', made when first needed'}")
    for place in dict.fromkeys((there, Path.cwd())):
        free = shutil.disk_usage(place).free
        if free < _LEAST:
            yield problem(f"the disk of {place} has {free // 1_000_000} MB left", "free some space there")
        elif free < _LITTLE:
            yield note(f"the disk of {place} has {free // 1_000_000} MB left")


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    return next(each for each in (folder, *folder.parents) if each.exists())


def _user() -> str:
    return os.environ.get("USER", "YOU")
