"""A session seen as its user sees it: a cell goes in, and lines of text come out."""

from __future__ import annotations

from typing import Any

import pytest

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.session.line import LineError
from aibasic_kernel.session.messages import Header, Note
from aibasic_kernel.session.program.memory import PROMPT
from aibasic_kernel.session.session import Session
from tests.session.driver import run


class Basic:
    """Runs cells of one session. `notes` are what the engine said of the newest one, `shown` the values it showed."""

    def __init__(self, session: Session, capsys: pytest.CaptureFixture[str]) -> None:
        self.session = session
        self.names = session.names
        self._capsys = capsys
        self._shown: list[Any] = []

    def run(self, text: str, cell: str = "", label: str = "") -> list[str]:
        """Run a cell; the lines that it printed. Raises what `Session.run` raises."""
        self._shown = []
        self._capsys.readouterr()
        run(self.session, text, self._shown, cell, label)
        return self.printed()

    def prompt(self, text: str) -> list[str]:
        """Enter lines at the shell's prompt; the lines that were printed."""
        return self.run(text, PROMPT, PROMPT)

    def fail(self, text: str, cell: str = "", label: str = "") -> LineError:
        """Run a cell in which a line fails; how it did."""
        with pytest.raises(LineError) as failure:
            self.run(text, cell, label)
        return failure.value

    def refused(self, text: str, cell: str = "", label: str = "") -> str:
        """Run a cell of which nothing runs; why."""
        with pytest.raises(AIBasicError) as refusal:
            self.run(text, cell, label)
        assert self.printed() == []
        return refusal.value.message

    def printed(self) -> list[str]:
        """The lines that were printed since this was asked last."""
        return self._capsys.readouterr().out.splitlines()

    @property
    def notes(self) -> list[str]:
        return [thing.text for thing in self._shown if isinstance(thing, Note)]

    @property
    def shown(self) -> list[Any]:
        return [thing for thing in self._shown if not isinstance(thing, Note | Header)]
