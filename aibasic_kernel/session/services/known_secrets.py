"""The secrets of the configuration, as a session hides them from all that leaves it."""

from __future__ import annotations

import os
from collections.abc import Iterator

from aibasic.modules import config as configuration_file
from aibasic.modules.config_syntax import secrets_in

from aibasic_kernel.compiler.privacy.redaction import Redactor, is_ordinary
from aibasic_kernel.compiler.task_types import task_types


class KnownSecrets:
    """Reads what aibasic.conf holds, whether it may be used or not; says which of it cannot be hidden everywhere."""

    def __init__(self) -> None:
        self.redactor = Redactor()
        self._digest: str | None = None
        self._said: set[tuple[str, str]] = set()
        self._notes: list[str] = []

    def look(self, path: str) -> None:
        """Take the files as they are now. A file that cannot be read is searched for secrets line by line."""
        self.redactor.learn(_borrowed())
        try:
            configuration = configuration_file.load_as_written(path)
        except (OSError, ValueError):
            self._digest = None
            self.redactor.learn(configuration_file.secrets_of_broken(path))
            return
        if configuration.fingerprint != self._digest:
            self._digest = configuration.fingerprint
            keys = list(configuration.secret_keys())
            settings = configuration.plain_values()
            self.redactor.learn((secret for _, _, secret in keys), settings)
            self._notes += filter(None, [self._note(*one, settings) for one in keys])

    def take_notes(self) -> list[str]:
        """Which secrets are hidden only where a credential stands; each is told once."""
        notes, self._notes = self._notes, []
        return notes

    def _note(self, section: str, key: str, secret: str, settings: frozenset[str]) -> str:
        if (section, key) in self._said or not is_ordinary(secret, settings):
            return ""
        self._said.add((section, key))
        what = "the value of another setting too" if secret in settings else "short, or a plain word"
        return f"[{section}] {key} is {what}: in outputs it is hidden only where a credential stands"


def _borrowed() -> Iterator[str]:
    """The passwords that drivers take from the environment by themselves."""
    for task in task_types().values():
        for name in task.module_class.borrows if task.module_class is not None else ():
            yield from secrets_in(name, os.environ.get(name, ""))
