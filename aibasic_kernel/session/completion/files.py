"""Files and folders that may be meant where a path is written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from aibasic_kernel.session.completion.offers import Offer

_MOST_ENTRIES = 2000
"""Entries of a folder that are looked at: a key press must not wait for a folder of a million files."""


def files(folder: Path, fragment: str, suffixes: tuple[str, ...], *, folders_only: bool = False) -> Iterator[Offer]:
    """Paths below `folder` that begin with `fragment`: files with one of the suffixes (any, for none), and folders."""
    head = fragment.lstrip("\"'").rpartition("/")
    above = head[0] + head[1]
    try:
        with os.scandir((folder / above).expanduser()) as entries:
            found = sorted(islice(entries, _MOST_ENTRIES), key=lambda entry: entry.name)
            yield from (
                _offer(above + entry.name, fragment, entry.is_dir())
                for entry in found
                if not entry.name.startswith(".")
                and (entry.is_dir() or (not folders_only and entry.name.lower().endswith(suffixes or "")))
            )
    except (OSError, ValueError, RuntimeError):  # no such folder, a null character, no home folder
        return


def _offer(path: str, fragment: str, is_folder: bool) -> Offer:
    """A path as the sentence must write it: in quotes where a blank stands in it, or where a quote was begun."""
    path += "/" if is_folder else ""
    quote = fragment[:1] if fragment[:1] in ("'", '"') else '"' if any(map(str.isspace, path)) else ""
    return Offer(quote + path + ("" if is_folder and quote else quote), "file", "folder" if is_folder else "")
