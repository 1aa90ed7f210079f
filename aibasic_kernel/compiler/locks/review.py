"""What is new in a lock as a person reads it before agreeing to it: in order, in pages, with nothing out of sight."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from aibasic.modules.effects import Kind

from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.gate import Consequence, judge_python
from aibasic_kernel.compiler.locks.lock import Lock, normal
from aibasic_kernel.compiler.privacy.visible import visible, visible_lines
from aibasic_kernel.compiler.task_types import task_types
from aibasic_kernel.errors import UntrustedError

PAGE = 120
"""Lines of a page: what a person reads at once; the rest is shown on request."""
WIDTH = 110
"""Characters of a line of code: nothing may stand where only scrolling to the right would show it."""

_DANGERS = {
    Kind.DESTRUCTIVE: "may destroy something",
    Kind.STATEMENT: "cannot be judged",
    Kind.WRITE: "may write",
}

_NEEDS_NO_TRUST = "which run untrusted where the installed phrases give the same code"

Said = Collection[tuple[str, str]]
"""Sentences, as `said` gives them, with their sections."""


def said(sentence: str, section: str) -> tuple[str, str]:
    """What makes two sentences the same one."""
    return normal(sentence), section


@dataclass(frozen=True)
class New:
    """One entry that its user has to agree to; `edited` says that somebody changed it by hand since it was written."""

    compilation: Compilation
    consequences: tuple[Consequence, ...]
    edited: bool = False

    @property
    def danger(self) -> int:
        """0 for an entry that may destroy something, 1 where nobody can tell, 2 for one that writes, 3 for the rest."""
        kinds = {each.kind for each in self.consequences}
        return next((at for at, kind in enumerate(_DANGERS) if kind in kinds), len(_DANGERS))

    def lines(self) -> list[str]:
        """The sentence, who wrote its code, what that does, and the code."""
        entry = self.compilation
        task = f"({entry.section}) " if entry.section else ""
        notes = [f"by {' '.join(filter(None, entry.origin))}", *(each.words for each in self.consequences)]
        if self.edited:
            notes.append("changed by hand since, or damaged")
        return [
            *visible_lines(visible(task + entry.sentence), WIDTH, next_="  ┆ "),
            *visible_lines(visible("; ".join(notes)), WIDTH, "  ", "  ┆ "),
            *visible_lines(entry.python.rstrip("\n"), WIDTH, "  │ ", "  ┆ "),
        ]


@dataclass(frozen=True)
class News:
    """The entries of a lock that one user has neither compiled nor trusted.

    Those of the running cell (`of_cell` many) come first, then what may destroy something before the rest.
    """

    where: str
    entries: tuple[New, ...]
    of_cell: int
    left_out: int = 0
    """How many more there are by phrases, about which nobody needs to be asked before one of them is met."""

    @property
    def title(self) -> str:
        """How many there are and where; how many of them do more than read, were edited, or may need no trust.

        Those that are left out are told of.
        """
        count = len(self.entries)
        dangers = [each.danger for each in self.entries]
        told = [f"{dangers.count(at)} {words}" for at, words in enumerate(_DANGERS.values()) if at in dangers]
        if edited := sum(each.edited for each in self.entries):
            told.append(f"{edited} changed by hand")
        if phrases := sum(map(_is_by_phrase, self.entries)):
            told.append(f"{phrases} by phrases, {_NEEDS_NO_TRUST}")
        if self.left_out:
            told.append(f"besides {self.left_out} by phrases, {_NEEDS_NO_TRUST}")
        summary = f": {', '.join(told)}" if told else ""
        return f"{counted(count)} in {self.where} {'is' if count == 1 else 'are'} new to you{summary}"

    def pages(self) -> Iterator[tuple[str, int]]:
        """The text of each page, and how many entries it and those before it show in full."""
        page: list[str] = []
        for at, entry in enumerate(self.entries):
            lines = [*entry.lines(), ""]
            if page and len(page) + len(lines) > PAGE:
                yield "\n".join(page), at
                page = []
            page += lines
            while len(page) > PAGE:
                yield "\n".join(page[:PAGE]), at
                page = page[PAGE:]
        yield "\n".join(page), len(self.entries)


def news(lock: Lock, cell: Said = (), met: tuple[str, str] | None = None) -> News:
    """What is new in a lock; `cell` are the sentences of the running cell.

    With the sentence that is `met`, what phrases of other sentences gave is left out: it needs no trust where the
    installed ones give the same, and is asked about when it is met where they do not.
    """

    def is_of_cell(entry: New) -> bool:
        return _said(entry) in cell

    every = [New(entry, consequences(entry), lock.is_edited(entry)) for entry in lock.untrusted()]
    asked = [entry for entry in every if met is None or not _is_by_phrase(entry) or _said(entry) == met]
    asked.sort(key=lambda entry: (not is_of_cell(entry), entry.danger))
    where = " and ".join(map(visible, map(str, lock.untrusted_files())))
    return News(where, tuple(asked), sum(map(is_of_cell, asked)), len(every) - len(asked))


def _said(entry: New) -> tuple[str, str]:
    return said(entry.compilation.sentence, entry.compilation.section)


def _is_by_phrase(entry: New) -> bool:
    return entry.compilation.origin[0] == "phrase" and not entry.edited


def consequences(entry: Compilation) -> tuple[Consequence, ...]:
    """What an entry's code would do beyond reading, as far as the code tells."""
    modules = {task.module_class.variable: task.module_class for task in task_types().values() if task.module_class}
    instances = re.findall(rf"\b(({'|'.join(modules)})_\w+)", entry.python)
    return judge_python(entry.python, {**modules, **{name: modules[variable] for name, variable in instances}})


def counted(number: int) -> str:
    """`1 entry`, `3 entries`."""
    return "1 entry" if number == 1 else f"{number} entries"


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
