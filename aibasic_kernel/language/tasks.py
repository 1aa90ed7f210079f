"""The task type in front of a sentence: `(postgres)`, `(postgres:warehouse)`."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass

_ALIKE = 0.7
"""From this likeness on a word is taken for a misspelt one: `posgres` is at 0.93, `mine` and `minio` are at 0.67."""
_MEANT = {
    "dataframe": "df",
    "frame": "df",
    "pandas": "df",
    "chart": "plot",
    "graph": "plot",
    "file": "fs",
    "files": "fs",
    "folder": "fs",
    "xlsx": "excel",
    "http": "api",
    "sqlite": "db",
    "mail": "email",
}
TASK = re.compile(r"\(\s*([A-Za-z][\w-]*)\s*(?::\s*([\w.-]+)\s*)?\)(?!\S)\s*")
"""A task type at the start of a statement: its groups are name and instance."""


@dataclass(frozen=True)
class TaskHead:
    """`name` in lower case, `instance` as written ("" for none), and the `length` of the text that they take."""

    name: str
    instance: str
    length: int


def read_task(text: str) -> TaskHead | None:
    """The task type at the start of a statement, known or not."""
    match = TASK.match(text)
    return TaskHead(match[1].lower(), match[2] or "", match.end()) if match else None


def nearest_tasks(name: str, tasks: Collection[str]) -> str:
    """What to write instead of an unknown task type: one that is spelled much like it, or that it is a word for."""
    near = difflib.get_close_matches(name, sorted(tasks), n=3, cutoff=_ALIKE)
    if not near and _MEANT.get(name) in tasks:
        near = [_MEANT[name]]
    if near:
        return f"did you mean {' or '.join(f'({task})' for task in near)}?"
    return (
        "PHRASES shows the task types; without one the sentence's own words decide\n"
        f"a section [postgres:{name}] is called by (postgres:{name})"
    )
