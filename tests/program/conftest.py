"""Sessions in an empty folder, and how their programs look from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from aibasic_kernel.session.session import Session
from tests.session.driver import run


@dataclass
class Keyboard:
    """Somebody who is asked: gives the `answer`, None where nobody is there, and keeps the questions."""

    answer: str | None = "yes"
    questions: list[str] = field(default_factory=list)

    def __call__(self, question: str) -> str | None:
        self.questions.append(question)
        return self.answer


@dataclass
class Face:
    """A session, the folder in which it runs and the person in front of it."""

    session: Session
    folder: Path
    keyboard: Keyboard

    def run(self, text: str, cell: str = "", label: str = "") -> str:
        """Run a cell; what it shows, as text."""
        shown = run(self.session, text, cell=cell, label=label or cell)
        return "\n".join(map(_text, shown))

    def enter(self, text: str, cell: str) -> None:
        """Put lines into a cell's memory and run none of them."""
        self.session.program.enter(cell, cell, self.session.parse(text))

    @property
    def lines(self) -> str:
        """The program as LIST shows it, without the title."""
        return self.run("LIST").partition("\n\n")[2]

    def put(self, name: str, text: str | bytes) -> None:
        """Write a file into the folder."""
        (self.folder / name).write_bytes(text.encode() if isinstance(text, str) else text)

    def file(self, name: str) -> str:
        """What stands in a file of the folder."""
        return (self.folder / name).read_bytes().decode()


def _text(thing: Any) -> str:
    return str(thing._repr_mimebundle_()["text/plain"]) if hasattr(thing, "_repr_mimebundle_") else str(thing)


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Face]]:
    """Opens sessions in one empty folder, which are closed at the end."""
    monkeypatch.chdir(tmp_path)
    sessions: list[Session] = []

    def open_face() -> Face:
        keyboard = Keyboard()
        sessions.append(Session({}, {"AIBASIC_DATA_DIR": str(tmp_path / "data")}, ask=keyboard))
        return Face(sessions[-1], tmp_path, keyboard)

    yield open_face
    for session in sessions:
        session.close()


@pytest.fixture
def face(opened: Callable[[], Face]) -> Face:
    """A session without a program."""
    return opened()
