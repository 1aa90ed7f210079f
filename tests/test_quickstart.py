"""The quick-start as `make run` runs it: from its lock and phrases alone, and the same every time."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
import pytest

from aibasic_kernel.faces.lock_trusting import KNOWN_LOCKS
from tests.exporting.ways import run_in_session
from tools.run_notebook import run_notebook, write_pages

ROOT = Path(__file__).parent.parent
STORY = ROOT / "notebooks" / "quickstart"
NOTEBOOK = "quickstart.ipynb"
LOCK = "aibasic.lock"

pytestmark = pytest.mark.timeout(300)


NO_NETWORK = """
import sys
from pathlib import Path

told = Path(__file__).with_name("reached.txt")
told.touch()


def refuse(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if host not in (None, "127.0.0.1", "::1", "localhost"):
        with told.open("a") as file:
            file.write(f"{host}\\n")
        raise OSError("there is no network")


sys.addaudithook(refuse)
"""
"""What Python reads at its start where only this machine can be reached; it takes note of who wanted more."""


class Place:
    """A copy of the story beside a configuration, in an environment with a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "story"
        self.folder.mkdir()
        for name in (NOTEBOOK, LOCK):
            shutil.copy(STORY / name, self.folder / name)
        shutil.copy(ROOT / "aibasic.conf.example", self.folder / "aibasic.conf")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANTHROPIC_", "AIBASIC_"))}
        self.environment = {**kept, "XDG_DATA_HOME": str(folder / "data"), "XDG_CONFIG_HOME": str(folder / "config")}

    def aibasic(self, *arguments: str) -> str:
        """What the command printed; it must succeed, with nobody there to answer."""
        command = [Path(sys.executable).with_name("aibasic"), *arguments]
        options: dict[str, Any] = {"cwd": self.folder, "env": self.environment, "stdin": subprocess.DEVNULL}
        done = subprocess.run(command, capture_output=True, text=True, **options)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def run(self, **environment: str) -> nbformat.NotebookNode:
        """Execute the notebook with these variables too."""
        log = self.folder / "kernel.log"
        return run_notebook(self.folder / NOTEBOOK, {**self.environment, **environment}, log, lambda text: None)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A place with the demo data, where the lock was trusted by its hash."""
    made = Place(tmp_path_factory.mktemp("quickstart"))
    made.aibasic("demo")
    made.aibasic("trust", LOCK)
    return made


@pytest.fixture
def silent_provider() -> Iterator[socket.socket]:
    """A listening socket that nobody serves: who asks it would wait until its connection is closed."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def test_the_lock_is_the_one_that_the_code_knows() -> None:
    assert hashlib.sha256((STORY / LOCK).read_bytes()).hexdigest() in KNOWN_LOCKS


def test_it_runs_alike_with_and_without_a_provider(
    place: Place, silent_provider: socket.socket, tmp_path: Path
) -> None:
    """The second time as `make run` does it: frozen, without a key; here without a network and with nobody to ask."""
    url = f"http://127.0.0.1:{silent_provider.getsockname()[1]}"
    first = place.run(AIBASIC_BASE_URL=url, AIBASIC_API_KEY="a-key-that-nobody-may-see")
    with pytest.raises(BlockingIOError):
        silent_provider.accept()
    silent_provider.close()
    (tmp_path / "sitecustomize.py").write_text(NO_NETWORK)
    second = place.run(AIBASIC_BASE_URL=url, AIBASIC_FROZEN="1", PYTHONPATH=str(tmp_path))
    assert (tmp_path / "reached.txt").read_text() == ""
    assert results(first) == results(second)
    assert [cell.source for cell in second.cells if shows_nothing(cell)] == []
    assert "a-key-that-nobody-may-see" not in nbformat.writes(first)
    assert (place.folder / LOCK).read_bytes() == (STORY / LOCK).read_bytes()
    assert {".csv", ".png", ".xlsx"} <= {path.suffix for path in place.folder.iterdir()}
    _, page = write_pages(second, tmp_path, "quickstart")
    assert "query all customers from postgres where age" in page.read_text(encoding="utf-8")


def test_it_is_exported_as_python_with_the_same_output(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The cell that is there to fail is left out."""
    monkeypatch.chdir(place.folder)
    notebook = place.folder / NOTEBOOK
    for name, setting in {**place.environment, "AIBASIC_FROZEN": "1", "JPY_SESSION_NAME": str(notebook)}.items():
        monkeypatch.setenv(name, setting)
    cells = [cell for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]
    run_in_session(*(cell.source for cell in cells if "raises-exception" not in cell.metadata.get("tags", ())))
    shown = capsys.readouterr().out
    place.aibasic("compile", NOTEBOOK, "-o", "quickstart.py")
    done = subprocess.run([sys.executable, "quickstart.py"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout == shown
    assert "the latest flight of the year came 1272 minutes late" in shown


def shows_nothing(cell: nbformat.NotebookNode) -> bool:
    """Whether a cell of English left the reader without any result."""
    return cell.cell_type == "code" and not cell.outputs and "import" not in cell.source


def results(notebook: nbformat.NotebookNode) -> list[str]:
    """Every output as text, but for today's date."""
    texts = [str(output) for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return [re.sub(re.escape(date.today().isoformat()), "TODAY", text) for text in texts]


def test_it_is_committed_without_results() -> None:
    notebook = nbformat.read(STORY / NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert 12 <= len(code) <= 15
    assert [cell.id for cell in code if cell.outputs or cell.execution_count is not None] == []
    assert notebook.metadata.kernelspec.name == "aibasic"
    assert code[0].source.splitlines() == [
        "10 (postgres) query all customers from postgres where age > 25",
        "20 (df) convert results to dataframe",
        "30 (csv) save dataframe to customers.csv",
    ]
