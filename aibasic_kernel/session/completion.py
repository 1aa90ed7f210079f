"""Completion of English: task types, commands, the words of phrases, tables, columns and names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from aibasic.modules.base import Module

from aibasic_kernel.compiler.phrase_match import phrases_for
from aibasic_kernel.compiler.task_types import known_words
from aibasic_kernel.language import COMMANDS

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session

TASK_BEGUN = re.compile(r"\s*(?:\d+\s+)?\((\w*)$")
ENGLISH = re.compile(r"\s*(?:(?P<number>\d+)\s+)?(?:\((?P<task>\w+)(?::\w+)?\)\s+)?(?P<rest>.*)$")
LAST_WORD = re.compile(r"[\w.]*$")


def complete(session: Session, before: str) -> tuple[list[str], int] | None:
    """The matches for the text before the cursor and the offset at which they start; None leaves it to Python.

    Only lines that are surely English are completed here: those with a number or a task type, or whose first word
    is being written in capitals, as commands are.
    """
    start_of_line = before.rfind("\n") + 1
    line = before[start_of_line:]
    if begun := TASK_BEGUN.match(line):
        words = (word + ")" for word in sorted(known_words()))
        return _matching(words, begun[1]), len(before) - len(begun[1])
    parts = ENGLISH.match(line)
    if parts is None:
        return None
    if parts["number"] is None and parts["task"] is None:
        if line and line.isupper() and line.isalpha():
            found = _matching(sorted(COMMANDS), line)
            return (found, start_of_line) if found else None
        return None
    word = LAST_WORD.search(before)
    prefix = word[0] if word else ""
    found = _matching(_words(session, parts["task"] or ""), prefix)
    return found, len(before) - len(prefix)


def _matching(words: Iterator[str] | list[str], prefix: str) -> list[str]:
    low = prefix.lower()
    return list(dict.fromkeys(word for word in words if word.lower().startswith(low)))


def _words(session: Session, task: str) -> Iterator[str]:
    """All words that may stand in a sentence of the task type, the likeliest first."""
    yield from session.user_names
    for module in list(session.names.values()):
        # Only services that are connected already: a key press must not open a connection.
        if isinstance(module, Module) and (not task or task in (module.task, *module.other_words)):
            for table in module.describe().values():
                yield table.name
                yield from (column.name for column in table.columns)
    for phrase in phrases_for(task) if task else ():
        yield from re.findall(r"[a-z]{2,}", re.sub(r"\{[^}]*\}", " ", phrase.form))
