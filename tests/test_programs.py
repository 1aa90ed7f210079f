"""The programs of tests/programs: each runs in five ways, with one output.

A program NAME.aib prints NAME.out. NAME.in is what is typed, NAME.replies what a model answers. `# %%` lines cut it
into the cells of a notebook.
"""

from __future__ import annotations

import ast
import io
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from aibasic_kernel.faces.command_line import main
from aibasic_kernel.language.parser import parse
from aibasic_kernel.session.messages import Note
from tests.exporting.ways import run_in_session, run_python
from tests.kernel.notebook import PATIENCE, Notebook, open_notebook
from tests.messages_server import MessagesServer

PROGRAMS = Path(__file__).parent / "programs"
CUT = "# %%\n"
QUOTES = ("'", '"')
ALONE = {"AIBASIC_PHRASES": "only"}
"""What a program on phrases alone runs with: no model is asked, whatever else is configured."""
QUIET = {"AIBASIC_PARALLEL": "1", "AIBASIC_SHOW": "nothing", "AIBASIC_CONFIRM": "never"}
"""What all run with: of their lines only the results are shown, and nobody is asked."""


@dataclass(frozen=True)
class Program:
    """A program, and what belongs to it."""

    path: Path

    @property
    def text(self) -> str:
        return self.path.read_text()

    @property
    def output(self) -> str:
        return self.path.with_suffix(".out").read_text()

    @property
    def typed(self) -> str:
        return self._beside(".in")

    @property
    def replies(self) -> list[tuple[str, str]]:
        """The words of each sentence that a model is asked for, and its answer."""
        blocks = self._beside(".replies").split("\n\n")
        return [(words, reply) for words, _, reply in (block.partition("\n") for block in blocks) if reply]

    @property
    def shuffled(self) -> str:
        """Its lines in another order, comments gone: the numbers say the order."""
        lines = [line.source.rstrip("\n") + "\n" for line in parse(self.text, ()) if line.number is not None]
        random.Random(len(lines)).shuffle(lines)
        return "".join(lines)

    def _beside(self, suffix: str) -> str:
        path = self.path.with_suffix(suffix)
        return path.read_text() if path.exists() else ""


class Terminal:
    """A notebook as who sits before it sees it: what is printed and shown, and what is asked and typed."""

    def __init__(self, notebook: Notebook, typed: str) -> None:
        self._client = notebook.client
        self._typed = iter(typed.splitlines())
        self.printed: list[str] = []
        self.asked: list[str] = []

    def run(self, cell: str) -> None:
        """Run a cell, which must not fail."""
        reply = self._client.execute_interactive(
            cell, allow_stdin=True, timeout=PATIENCE, output_hook=self._take, stdin_hook=self._answer
        )
        assert reply["content"]["status"] == "ok", self.printed

    def _take(self, message: dict[str, Any]) -> None:
        kind, content = message["msg_type"], message["content"]
        if kind == "stream" and content["name"] == "stdout":
            self.printed.append(content["text"])
        elif kind == "execute_result" or (kind == "display_data" and not content["transient"].get("display_id")):
            self.printed += result_shown(content["data"])
        elif kind == "error":
            self.printed.append(content["evalue"])

    def _answer(self, message: dict[str, Any]) -> None:
        self.asked.append(message["content"]["prompt"])
        self._client.input(next(self._typed, ""))


def result_shown(data: dict[str, Any]) -> list[str]:
    """A result as a file's run prints it: without a notebook's quotes. What is told of it is no result."""
    text = data["text/plain"]
    if data == Note(text)._repr_mimebundle_():
        return []
    return [f"{ast.literal_eval(text) if text.startswith(QUOTES) else text}\n"]


SERVERS = {
    "paging": ("postgres_server",),
    "queue_worker": ("rabbitmq_server",),
    "etl": ("postgres_server", "redis_server", "opensearch_server"),
}
"""The fixtures of the servers that a program needs. Each leaves nothing on them."""
ALL = [Program(path) for path in sorted(PROGRAMS.glob("*.aib"))]


@pytest.fixture(params=ALL, ids=lambda program: program.path.stem)
def program(request: pytest.FixtureRequest) -> Program:
    """Each of the programs."""
    found: Program = request.param
    return found


@pytest.fixture(scope="module")
def model() -> Iterator[MessagesServer]:
    """Answers what the programs with replies ask, and nothing else."""
    with MessagesServer() as server:
        for program in ALL:
            for words, reply in program.replies:
                server.say(f"{reply}\n", when=words)
        yield server


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Notebook]:
    """One kernel for the programs on phrases alone."""
    with open_notebook(tmp_path_factory.mktemp("alone"), {**QUIET, **ALONE}) as opened:
        yield opened


@pytest.fixture(scope="module")
def asking(model: MessagesServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Notebook]:
    """One kernel for the programs that ask a model."""
    with open_notebook(tmp_path_factory.mktemp("asking"), {**QUIET, "ANTHROPIC_BASE_URL": model.url}) as opened:
        yield opened


@pytest.fixture
def place(program: Program, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder of a run in this process, with what its program needs."""
    monkeypatch.chdir(tmp_path)
    if program.replies:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", request.getfixturevalue("model").url)
    for name, value in (QUIET if program.replies else {**QUIET, **ALONE}).items():
        monkeypatch.setenv(name, value)
    servers = SERVERS.get(program.path.stem, ())
    if servers:
        (tmp_path / "aibasic.conf").write_text("\n".join(request.getfixturevalue(each).conf() for each in servers))
    return tmp_path


@pytest.fixture
def notebook(program: Program, request: pytest.FixtureRequest, place: Path) -> Iterator[Notebook]:
    """A kernel without what other programs made; one of its own for a program with servers."""
    if program.path.stem not in SERVERS:
        yield request.getfixturevalue("asking" if program.replies else "alone")
        return
    with open_notebook(place) as opened:
        yield opened


def test_cell_by_cell(program: Program, notebook: Notebook) -> None:
    terminal = Terminal(notebook, program.typed)
    try:
        for cell in program.text.split(CUT):
            terminal.run(cell)
        printed = "".join(terminal.printed)
    finally:
        terminal.run("%reset -f\nDELETE 1-999999")
    expected = program.output
    for question in terminal.asked:  # they come on a channel of their own, beside what is printed
        assert question in expected
        expected = expected.replace(question, "", 1)
    assert printed == expected


def as_one_cell(program: Program, place: Path) -> None:
    _in_session(program, program.text)


def by_aibasic_run(program: Program, place: Path) -> None:
    copy = place / program.path.name  # its lock is written beside it
    copy.write_text(program.text)
    with _typed(program):
        assert main(["run", str(copy)]) == 0


def as_exported_python(program: Program, place: Path) -> None:
    exported = place / "exported.py"
    with redirect_stdout(io.StringIO()):
        _in_session(program, program.text, f'EXPORT "{exported.name}"')
    assert "aibasic_kernel" not in exported.read_text()
    with _typed(program):
        run_python(exported)


def loaded_from_a_shuffled_file(program: Program, place: Path) -> None:
    (place / "shuffled.aib").write_text(program.shuffled)
    _in_session(program, 'LOAD "shuffled.aib"', "RUN")


WAYS = (as_one_cell, by_aibasic_run, as_exported_python, loaded_from_a_shuffled_file)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_in_this_process(
    program: Program, way: Callable[[Program, Path], None], place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    way(program, place)
    assert capsys.readouterr().out == program.output


def _in_session(program: Program, *cells: str) -> None:
    with _typed(program):
        run_in_session(*cells)


@contextmanager
def _typed(program: Program) -> Iterator[None]:
    """What is typed comes by standard input."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(program.typed.encode())))
        yield
