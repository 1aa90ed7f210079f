"""What is new in a lock as a person reads it before agreeing to it: in order, in pages, with nothing out of sight."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.lock import Lock, normal
from aibasic_kernel.compiler.visible import visible, visible_lines
from aibasic_kernel.errors import UntrustedError

PAGE = 120
"""Lines of a page: what a person reads at once; the rest is shown on request."""
WIDTH = 110
"""Characters of a line of code: nothing may stand where only scrolling to the right would show it."""

Said = Collection[tuple[str, str]]
"""Sentences, as `said` gives them, with their sections."""


def said(sentence: str, section: str) -> tuple[str, str]:
    """What makes two sentences the same one."""
    return normal(sentence), section


@dataclass(frozen=True)
class News:
    """The entries of a lock that one user has neither compiled nor trusted, those of the running cell first."""

    where: str
    entries: tuple[Compilation, ...]
    edited: tuple[Compilation, ...]
    """Those that somebody changed by hand."""
    of_cell: tuple[Compilation, ...]

    @property
    def title(self) -> str:
        """How many there are, and where."""
        return f"{counted(len(self.entries))} in {self.where} {_verb(len(self.entries))} new to you"

    def pages(self) -> Iterator[tuple[str, int]]:
        """The text of each page, and how many entries it and those before it show in full."""
        page: list[str] = []
        for at, entry in enumerate(self.entries):
            lines = [*listed(entry, edited=entry in self.edited), ""]
            if page and len(page) + len(lines) > PAGE:
                yield "\n".join(page), at
                page = []
            page += lines
            while len(page) > PAGE:
                yield "\n".join(page[:PAGE]), at
                page = page[PAGE:]
        yield "\n".join(page), len(self.entries)


def news(lock: Lock, cell: Said = ()) -> News:
    """What is new in a lock; `cell` are the sentences of the running cell."""
    every = lock.untrusted()
    of_cell = tuple(entry for entry in every if said(entry.sentence, entry.section) in cell)
    others = tuple(entry for entry in every if entry not in of_cell)
    edited = tuple(entry for entry in every if lock.is_edited(entry))
    return News(" and ".join(map(visible, map(str, lock.untrusted_files()))), of_cell + others, edited, of_cell)


def listed(entry: Compilation, edited: bool = False) -> list[str]:
    """An entry as lines: the sentence, who wrote its code, and the code."""
    task = f"({entry.section}) " if entry.section else ""
    note = "; changed by hand since, or damaged" if edited else ""
    return [
        *visible_lines(visible(task + entry.sentence), WIDTH, next_="  ┆ "),
        f"  by {visible(' '.join(entry.origin))}{note}",
        *visible_lines(entry.python.rstrip("\n"), WIDTH, "  │ ", "  ┆ "),
    ]


def counted(number: int) -> str:
    """`1 line of code`, `3 lines of code`."""
    return f"{number} line{'' if number == 1 else 's'} of code"


def untrusted_error(lock: Lock) -> UntrustedError:
    """Why a line was not run, and the command that trusts."""
    files = lock.untrusted_files()
    held = " and ".join(map(str, files)) or str(lock.path)
    return UntrustedError(
        f"{held} holds code for this line that you have neither compiled nor trusted; it was not run",
        trust_command(files),
    )


def trust_command(files: Sequence[object]) -> str:
    """What to type in a terminal to read and trust what these files hold."""
    return f"read it, then: aibasic trust {shlex.join(map(str, files))}"


def _verb(number: int) -> str:
    return "is" if number == 1 else "are"
