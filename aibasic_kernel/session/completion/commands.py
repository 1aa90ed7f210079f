"""Completion of the direct commands and of what follows them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from aibasic_kernel.compiler.configuration.setting_values import READERS
from aibasic_kernel.compiler.task_types import task_types
from aibasic_kernel.language import COMMANDS, statement_text
from aibasic_kernel.language.control_flow_told import FLOW_TOPICS
from aibasic_kernel.session.commands import NAMES
from aibasic_kernel.session.completion.files import files
from aibasic_kernel.session.completion.offers import Offer, words
from aibasic_kernel.session.services.known_services import known_scope

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session

_COMMAND = re.compile(rf"({'|'.join(sorted(COMMANDS, key=len, reverse=True))})\s+(\S*)", re.IGNORECASE)


def command_words(fragment: str) -> Iterator[Offer]:
    """The commands that this version carries out, where the line's first word is being written in capitals."""
    if fragment and fragment.isupper():
        yield from (Offer(name, "command", COMMANDS[name].help) for name in NAMES)


def arguments(session: Session, line: str) -> tuple[list[Offer], str] | None:
    """What may follow the command that `line` (up to the cursor) begins with, and what is written of it.

    None where the line is no command.
    """
    match = _COMMAND.fullmatch(line.lstrip())
    if match is None:
        return None
    word, fragment = match[1], match[2]
    form = COMMANDS[word.upper()]
    if word != form.name and (not form.lower_case_allowed or word in session.names):
        return None
    offering = _program_lines if form.name == "RUN" else _ARGUMENTS.get(form.argument)
    return (list(offering(session, fragment)), fragment) if offering is not None else None


def _tasks(session: Session, fragment: str) -> Iterator[Offer]:
    return (Offer(name, "task", task.does) for name, task in task_types().items())


def _tasks_with_phrases(session: Session, fragment: str) -> Iterator[Offer]:
    return (Offer(name, "task", task.does) for name, task in task_types().items() if task.phrases)


def _topics(session: Session, fragment: str) -> Iterator[Offer]:
    yield from (Offer(name, "command", COMMANDS[name].help) for name in NAMES)
    yield from (Offer(topic, "word", forms[0].help) for topic, forms in FLOW_TOPICS.items() if topic.isalpha())
    yield from _tasks(session, fragment)


def _program_lines(session: Session, fragment: str) -> Iterator[Offer]:
    return (Offer(str(line.number), "line", statement_text(line.instruction)) for line in session.program.lines())


def _listed(session: Session, fragment: str) -> Iterator[Offer]:
    yield from _program_lines(session, fragment)
    yield from words("CODE")


def _explained(session: Session, fragment: str) -> Iterator[Offer]:
    yield from _program_lines(session, fragment)
    yield from words("WITH MODEL")


def _stops(session: Session, fragment: str) -> Iterator[Offer]:
    yield from _program_lines(session, fragment)
    yield from words("OFF")


def _numbers(session: Session, fragment: str) -> Iterator[Offer]:
    return (Offer(str(number), "line", line.sentence) for number, line in sorted(session.lines.items()))


def _keys(session: Session, fragment: str) -> Iterator[Offer]:
    return (Offer(key, "argument") for key in READERS)


def _files(suffix: str) -> Callable[[Session, str], Iterator[Offer]]:
    return lambda session, fragment: files(known_scope(session).folder, fragment, (suffix,))


def _switch(session: Session, fragment: str) -> Iterator[Offer]:
    return words("ON", "OFF")


_ARGUMENTS: dict[str, Callable[[Session, str], Iterator[Offer]]] = {
    "[task]": _tasks_with_phrases,
    "[topic]": _topics,
    "[N]": _numbers,
    "[N] [WITH MODEL]": _explained,
    '[N] ["what was wrong"]': _numbers,
    "[N|OFF]": _stops,
    "N[-M]": _program_lines,
    "[N[-M]] [CODE]": _listed,
    "[KEY = value]": _keys,
    "ON|OFF": _switch,
    '"file.aib"': _files(".aib"),
    '"file.py"': _files(".py"),
}
