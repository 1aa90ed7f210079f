"""The notebooks of the services, and the guide's lines: against real servers, by phrase and by a model's replies."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from aibasic_kernel.faces.command_line import main
from tests.exporting.ways import run_in_session
from tests.kernel.notebook import Notebook, open_notebook
from tests.messages_server import MessagesServer
from tests.stories import SERVICES
from tests.stories.service import Service

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
TIDY = "tidy"
"""The tag of the last cell, which takes away what the story has made."""
ALLOWED = {"AIBASIC_CONFIRM": "never"}
"""What its user sets where the services are there to be tried, and nobody sits before the notebook."""


@pytest.fixture(params=SERVICES, ids=lambda service: service.name)
def service(request: pytest.FixtureRequest) -> Iterator[Service]:
    """A service, with nothing in it of what the tests make."""
    made: Service = request.param(request.getfixturevalue(request.param.fixture))
    made.clear()
    yield made
    made.clear()
    made.close()


def test_the_story(service: Service, tmp_path: Path) -> None:
    """Without a key: by phrases alone."""
    *cells, last = code_cells(story(service))
    (tmp_path / "aibasic.conf").write_text(service.conf())
    with open_notebook(tmp_path, ALLOWED) as notebook:
        for cell in cells:
            ran = notebook.run(cell.source)
            assert ran.ok, ran.text
        assert {name: value(notebook, name) for name in service.story_names} == service.story_names
        assert service.found() == service.story_leaves
        ran = notebook.run(last.source)
        assert ran.ok, ran.text
    assert service.is_clear()


def test_the_story_as_exported_python(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The program that the notebook is compiled to prints what its cells print, and leaves nothing either."""
    path = tmp_path / f"{service.name}.ipynb"
    nbformat.write(story(service), path)
    (tmp_path / "aibasic.conf").write_text(service.conf())
    monkeypatch.chdir(tmp_path)
    for name, setting in {**ALLOWED, "AIBASIC_SHOW": "nothing", "JPY_SESSION_NAME": str(path)}.items():
        monkeypatch.setenv(name, setting)
    run_in_session(*(cell.source for cell in code_cells(story(service))))
    shown = capsys.readouterr().out
    assert main(["compile", path.name, "-o", "story.py"]) == 0
    done = subprocess.run([sys.executable, "story.py"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert service.lasting(done.stdout) == service.lasting(shown) != ""
    assert service.is_clear()


@pytest.mark.parametrize("way", ["phrase", "provider"])
def test_the_lines_of_the_guide(service: Service, way: str, tmp_path: Path) -> None:
    service.prepare()
    phrases = "first" if way == "phrase" else "off"
    (tmp_path / "aibasic.conf").write_text(f"{service.conf()}\n[aibasic]\nPHRASES = {phrases}\n")
    with MessagesServer() as model, open_notebook(tmp_path, {**ALLOWED, "ANTHROPIC_BASE_URL": model.url}) as notebook:
        assert notebook.run(service.before).ok
        for line in service.lines:
            model.compile(line.python, line.result)
            ran = notebook.run(line.text)
            assert ran.ok, ran.text
            if line.look:
                assert value(notebook, line.look) == line.value
        asked = [request.instruction for request in model.requests]
    assert len(asked) == (len(service.lines) if way == "provider" else 0)
    assert service.found() == service.guide_leaves


@pytest.mark.parametrize("service_class", SERVICES, ids=lambda service: service.name)
def test_a_story_has_the_lines_of_the_guide_and_no_results(service_class: type[Service]) -> None:
    notebook = story(service_class)
    nbformat.validate(notebook)
    cells = code_cells(notebook)
    lines = {line for cell in cells for line in cell.source.splitlines()}
    assert [line.text for line in service_class.lines if line.text not in lines] == []
    assert [cell.id for cell in cells if cell.outputs or cell.execution_count is not None] == []
    assert [cell.id for cell in cells if TIDY in cell.metadata.get("tags", [])] == [cells[-1].id]
    assert notebook.metadata.kernelspec.name == "aibasic"


def story(service: Service | type[Service]) -> nbformat.NotebookNode:
    """The notebook of a service."""
    return nbformat.read(NOTEBOOKS / service.name / f"{service.name}.ipynb", as_version=4)


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """Its cells that run."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def value(notebook: Notebook, expression: str) -> Any:
    """What an expression of Python is in the kernel."""
    cell = notebook.run(f"repr(({expression}))")
    assert cell.ok, cell.text
    return ast.literal_eval(ast.literal_eval(cell.texts[-1]))
