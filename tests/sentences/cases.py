"""The cases of the trial, read from the text files beside this one.

A file holds the cases of one kind; a case is a name, where it needs one a database, cells, and what must hold then:

    == oldest-customer
    database: shop, which it changes
    -- file notes.txt
    (a file of the working folder)
    -- cell
    (postgres) who is the oldest customer?
    -- check
    value(it) == 'Jürgen Müller'

Cells run in their order, as a user would run them; lines of Python in them prepare what the sentences speak of. Each
line of the check is an expression that must be true: it knows the outcome, never the text of the code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent
CHANGES = "which it changes"
_CASE = re.compile(r"^== (\S+)\n", re.MULTILINE)
_PART = re.compile(r"^-- (cell|check|file)(?: (\S+))?\n", re.MULTILINE)
_AHEAD = re.compile(r"^-- (.+)\n((?:(?!-- |== ).*\n)+)", re.MULTILINE)
_REPLY = re.compile(r"^(?=#@ (?:python|cannot))", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """One case: sentences, what is there before them, and what must hold after them."""

    kind: str
    name: str
    database: str
    changes_rows: bool
    files: dict[str, str] = field(hash=False)
    cells: tuple[str, ...]
    check: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"


def all_cases() -> list[Case]:
    """All cases, by kind and in the order of their files."""
    return [
        _case(file.stem, name, body)
        for file in sorted(FOLDER.glob("*.cases"))
        for name, body in _named(file.read_text(encoding="utf-8"))
    ]


def all_replies() -> dict[str, list[str]]:
    """What was answered to the sentences of each case, in their order; by `kind/name`."""
    return {
        f"{file.stem}/{name}": [part for part in _REPLY.split(body) if part.strip()]
        for file in sorted((FOLDER / "replies").glob("*.txt"))
        for name, body in _named(file.read_text(encoding="utf-8"))
    }


def replies_ahead() -> dict[str, dict[str, str]]:
    """What was answered to lines that were asked for ahead of their turn: by `kind/name` and line."""
    every = (FOLDER / "replies_ahead.txt").read_text(encoding="utf-8")
    return {name: dict(_AHEAD.findall(body)) for name, body in _named(every)}


def _named(text: str) -> list[tuple[str, str]]:
    parts = _CASE.split(text)
    return list(zip(parts[1::2], parts[2::2], strict=True))


def _case(kind: str, name: str, body: str) -> Case:
    head, *parts = _PART.split(body)
    database, _, changes = head.partition("database:")[2].strip().partition(", ")
    files: dict[str, str] = {}
    cells: list[str] = []
    check: list[str] = []
    for what, file, text in zip(parts[0::3], parts[1::3], parts[2::3], strict=True):
        if what == "file":
            files[file] = text
        elif what == "cell":
            cells.append(text.rstrip("\n"))
        else:
            check += [line for line in text.splitlines() if line.strip()]
    return Case(kind, name, database, changes == CHANGES, files, tuple(cells), tuple(check))
