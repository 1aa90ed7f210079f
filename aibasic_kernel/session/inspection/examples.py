"""Sentences about one thing: phrases with their slots filled by it, so that each of them would run as it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from aibasic.modules.base import Module
from aibasic.modules.schema import Table

from aibasic_kernel.compiler.phrasing.slots import Moment
from aibasic_kernel.compiler.phrasing.tokens import tokenise
from aibasic_kernel.compiler.scope import Scope, Service
from aibasic_kernel.compiler.task_types import TaskType, resolve, task_types
from aibasic_kernel.session.completion.offers import Known
from aibasic_kernel.session.completion.whole import retold
from aibasic_kernel.session.inspection.card import Block, listed

_MOST = 4
_MOST_A_TASK = 2


@dataclass(frozen=True)
class _WithTables:
    """A service that has these tables and no others."""

    section: str
    variable: str
    module_class: type[Module]
    held: Mapping[str, Table]

    def module(self) -> Module:
        raise LookupError(f"[{self.section}] is not asked")

    def tables(self) -> Mapping[str, Table]:
        return self.held


def of_table(service: Service, table: Table, word: str) -> Block:
    """Sentences about a table that hold `word`: its own name, or that of a column."""
    task = resolve(service.section.partition(":")[0])
    only = _WithTables(service.section, service.variable, service.module_class, {table.name: table})
    found = _told(task, Moment(Scope({}), only)) if task is not None else iter(())
    return _block(f"({service.section}) {text}" for text in _about(word, found))


def of_variable(name: str, value: object) -> Block:
    """Sentences about a variable, of the task types that need no service."""
    moment = Moment(Scope({name: value}, last_output=name))
    tasks = (task for task in task_types().values() if task.module is None and task.phrases)
    found = (
        f"({task.name}) {text}"
        for task in sorted(tasks, key=lambda task: task.name != "df")
        for text in islice(_about(name, _told(task, moment)), _MOST_A_TASK)
    )
    return _block(found)


def of_task(task: TaskType, scope: Scope) -> Block:
    """Sentences of a task type: about what exists where some can be made, else those of its phrases' examples."""
    services = scope.services
    section = next((name for name in services if name.partition(":")[0] == task.name), task.name)
    moment = Moment(scope, services.get(section)) if task.module is not None else Moment(scope)
    found = list(islice(_varied(_told(task, moment)), _MOST)) if task.module is None or section in services else []
    return _block(f"({section}) {text}" for text in found or [phrase.example for phrase in task.phrases])


def _told(task: TaskType, moment: Moment) -> Iterator[str]:
    """The examples of the task's phrases, told of what there is in a moment."""
    known = Known(moment.scope)
    return (text for phrase in task.phrases if (text := retold(phrase, moment, known)) is not None)


def _about(word: str, texts: Iterable[str]) -> Iterator[str]:
    return _varied(text for text in texts if any(token.text == word for token in tokenise(text)))


def _varied(texts: Iterable[str]) -> Iterator[str]:
    """One sentence for each word that they begin with."""
    begun: set[str] = set()
    for text in texts:
        word = text.partition(" ")[0]
        if word not in begun:
            begun.add(word)
            yield text


def _block(texts: Iterable[str]) -> Block:
    return listed("for example", islice(texts, _MOST))
