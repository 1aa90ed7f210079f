"""The corpus of the gate: pieces of Python with a title, read from the text files beside this one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_TITLE = re.compile(r"^== (.+?)( \[call time\])?\n", re.MULTILINE)


@dataclass(frozen=True)
class Snippet:
    """One piece of Python. `before`: whether its text alone tells what it does."""

    title: str
    python: str
    before: bool

    def __str__(self) -> str:
        return self.title


def snippets(name: str) -> list[Snippet]:
    """Those of `everyday.txt` or `harmful.txt`, in their order."""
    text = (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8")
    _, *parts = _TITLE.split(text)
    return [
        Snippet(title, python.rstrip(), not at_call_time)
        for title, at_call_time, python in zip(parts[0::3], parts[1::3], parts[2::3], strict=True)
    ]
