"""What the services were told, and what Python itself did, since a line began."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from aibasic.modules import effects
from aibasic.modules.effects import Effect, Kind

from aibasic_kernel.compiler.gate import judge_statement
from aibasic_kernel.compiler.task_types import resolve

MOST = 10_000
"""Announcements that are remembered one by one; a line that made more counts as one that wrote."""


def dialect_of(section: str) -> str:
    """The SQL dialect of a section's service as sqlglot names it, "" for a service without SQL."""
    task = resolve(section.partition(":")[0])
    return task.module_class.dialect if task is not None and task.module_class is not None else ""


def is_surely_read(effect: Effect) -> bool:
    """Whether an announced effect leaves the service as it was, whatever comes of it."""
    return effect.kind is Kind.READ or not judge_statement(effect, dialect_of(effect.service))


class EffectsHeard:
    """The effects of a line, from any thread, and the events that the audit hook saw beside them."""

    def __init__(self) -> None:
        self.effects: list[Effect] = []
        """What modules announced, in order; of the same statement, one."""
        self.events: list[str] = []
        """What Python itself was about to do, for people: `removes the file notes.txt`."""
        self._known: set[Effect] = set()
        self._more = False
        self._judged = 0
        self._wrote = False

    @contextmanager
    def listening(self) -> Iterator[EffectsHeard]:
        """Hear every effect until the block ends."""
        with effects.listening(self._hear):
            yield self

    @property
    def anything(self) -> bool:
        """Whether there was any."""
        return bool(self.effects or self.events)

    @property
    def wrote(self) -> bool:
        """Whether anything happened, or was about to, that is not surely a read."""
        if self.events or self._more:
            return True
        while not self._wrote and self._judged < len(self.effects):
            self._wrote = not is_surely_read(self.effects[self._judged])
            self._judged += 1
        return self._wrote

    def _hear(self, effect: Effect) -> None:
        if effect in self._known:
            return
        if len(self.effects) == MOST:
            self._more = True
            return
        self._known.add(effect)
        self.effects.append(effect)
