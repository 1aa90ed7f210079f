"""A folder to run the command in, as a process of its own or in the test's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from aibasic_kernel.faces.command_line import main
from tests.command_line.command import Command, Ran
from tests.messages_server import MessagesServer


@pytest.fixture
def aibasic(tmp_path: Path) -> Command:
    """The command, in an empty folder."""
    folder = tmp_path / "work"
    folder.mkdir()
    return Command(folder)


@pytest.fixture
def here(aibasic: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Runs the command in the test's own process, which is much faster; nobody can be asked there."""
    monkeypatch.chdir(aibasic.folder)

    def run(*arguments: str) -> Ran:
        for name, value in aibasic.environ.items():
            monkeypatch.setenv(name, value)
        try:
            code = main(arguments)
        except SystemExit as end:
            code = int(str(end.code))
        return Ran(code, *capsys.readouterr())

    return run


@pytest.fixture
def model(aibasic: Command) -> Iterator[MessagesServer]:
    """Who is asked for code."""
    with MessagesServer() as server:
        aibasic.environ["ANTHROPIC_BASE_URL"] = server.url
        yield server
