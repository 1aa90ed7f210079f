"""The working folder's files as text for a request, where the sentence is about files."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

from aibasic_kernel.compiler.prompts.file_columns import BOOK_SUFFIXES, TEXT_SUFFIXES, Columns, columns_of_file
from aibasic_kernel.compiler.prompts.tables import bounded
from aibasic_kernel.compiler.words import words
from aibasic_kernel.language.instruction import Sentence

TASKS = frozenset({"csv", "excel", "json", "fs", "pdf", "xml", "image", "compress"})
"""Task types whose sentences are about files, whatever words they use."""
OWN_FILES = frozenset({"aibasic.conf", "aibasic.lock"})
MOST_ENTRIES = 2000
"""Entries of a folder that are looked at."""
MOST_DESCRIBED = 6
"""Files whose columns are told."""
MOST_FOLDERS = 2
"""Named folders whose entries are told too."""
COLUMNS_LIMIT = 600
NAMES_LIMIT = 2000

_ABOUT_FILES = words("file folder directory csv tsv excel spreadsheet workbook worksheet json pdf")
_PATH = re.compile(r"""["']([^"']+)["']|([^\s"',;]+)""")

Test = Callable[[str], bool]
Clean = Callable[[str], str]


def files_text(
    sentence: Sentence, folder: Path, near: frozenset[str], clean: Clean, may_tell: Test | None
) -> list[str]:
    """Lines about the files that the sentence may be about; [] where it is about none.

    `near` are the words of the sentence and its cell, `clean` makes texts of data harmless. `may_tell` is asked for
    each name of a column that may be data itself; without it no columns are told.
    """
    found = _entries(folder)
    said = words(sentence.text)
    paths = paths_in(sentence.text)
    written = [path for path in found if path.rstrip("/") in paths]
    written += [path for path in sorted(paths) if "/" in path and _is_below(folder, path)]
    meant = written if sentence.task else [*written, *(path for path in found if _is_said(path, said))]
    if not (meant or sentence.task in TASKS or said & _ABOUT_FILES):
        return []
    inside = [entry for path in meant[:MOST_FOLDERS] if path.endswith("/") for entry in _entries(folder, path)]
    ordered = list(dict.fromkeys([*meant, *sorted([*inside, *found], key=lambda path: -len(words(path) & near))]))
    if not ordered:
        return ["files of the working folder: none"]
    described = _described(ordered, meant, sentence.task, folder, clean, may_tell) if may_tell is not None else {}
    lines = ["files of the working folder:", *described.values()]
    others = [clean(path) for path in ordered if path not in described]
    return lines + ([f"  {'others: ' if described else ''}{bounded(others, NAMES_LIMIT)}"] if others else [])


def paths_in(sentence: str) -> set[str]:
    """All that may be the path of a file in a sentence: each word of it, and what is quoted."""
    return {(quoted or bare).rstrip(".:!?/") for quoted, bare in _PATH.findall(sentence)}


def _entries(folder: Path, below: str = "") -> list[str]:
    """The files and folders (`reports/`) in a folder, without hidden ones and our own."""
    try:
        with os.scandir(folder / below) as entries:
            some = list(islice(entries, MOST_ENTRIES))
        names = [entry.name + ("/" if entry.is_dir() else "") for entry in some]
    except OSError:
        return []
    return [below + name for name in sorted(names) if not name.startswith(".") and name not in OWN_FILES]


def _is_below(folder: Path, path: str) -> bool:
    """Whether a relative path leads to a file in the folder, or in one under it."""
    try:
        return not Path(path).is_absolute() and ".." not in Path(path).parts and (folder / path).is_file()
    except (OSError, ValueError):
        return False


def _is_said(path: str, said: frozenset[str]) -> bool:
    """Whether the sentence has all words of a file's name, its suffix aside."""
    of_name = words(Path(path).stem)
    return bool(of_name) and of_name <= said


def _described(
    ordered: Sequence[str], meant: Sequence[str], task: str, folder: Path, clean: Clean, may_tell: Test
) -> dict[str, str]:
    """Path -> its line, for files whose columns are known: those that are meant, or of the kind of the task."""
    suffixes = {"csv": TEXT_SUFFIXES, "excel": BOOK_SUFFIXES}.get(task, ())
    wanted = [
        path
        for path in ordered
        if path.lower().endswith((*TEXT_SUFFIXES, *BOOK_SUFFIXES))
        and (path in meant or path.lower().endswith(suffixes))
    ]
    found = {path: columns_of_file(folder / path) for path in wanted[:MOST_DESCRIBED] if (folder / path).is_file()}
    return {path: _line(clean(path), sheets, may_tell, clean) for path, sheets in found.items() if sheets}


def _line(path: str, sheets: Sequence[Columns], may_tell: Test, clean: Clean) -> str:
    comma = ", " if sheets[0].sheet else ""
    return f"  {path}{comma}{'; '.join(_told(each, may_tell, clean) for each in sheets)}"


def _told(found: Columns, may_tell: Test, clean: Clean) -> str:
    told: list[str] = []
    others: list[str] = []
    for name, kind in found.columns:
        if found.named or (name and may_tell(name)):
            told.append(f"{clean(name)} {kind}")
        else:
            others.append(kind)
    if others:
        count = f"{len(others)} {'more ' if told else ''}column{'s' * (len(others) > 1)}"
        told.append(f"{count} ({', '.join(sorted(set(others)))}), perhaps without a header")
    sheet = f'sheet "{clean(found.sheet)}"' if found.sheet else ""
    note = f" ({found.note})" if found.note else ""
    return f"{sheet}{note}: {bounded(told, COLUMNS_LIMIT)}"
