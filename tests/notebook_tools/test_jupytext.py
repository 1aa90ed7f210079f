"""jupytext: a notebook of AIBasic as a text beside it, and back."""

from __future__ import annotations

from pathlib import Path

import jupytext
import nbformat
import pytest
from nbformat import NotebookNode

from aibasic_kernel.jupytext import main, register
from aibasic_kernel.language import parse
from tests.notebook_tools.notebooks import notebook_of, write

SOURCES = (
    "# Orders\n\nOf last year.",
    'limit = 5\n\n\ndef twice(x):\n    return 2 * x',
    '10 (postgres) query all orders,\n   of Italy\n\n# a comment\nrem another\n20 goto 10',
    "%time print limit\n!ls",
    "%%time\nprint limit",
    '30 print """two\n\nlines"""',
)  # fmt: skip


def cells_of(notebook: NotebookNode) -> list[tuple[str, str, list[str]]]:
    return [(cell.cell_type, cell.source, cell.metadata.get("tags", [])) for cell in notebook.cells]


@pytest.mark.parametrize("form", ["aib:percent", "md:myst"])
def test_cells_come_back_as_they_were(form: str) -> None:
    notebook = notebook_of(*SOURCES, tags={1: "parameters"})
    text = jupytext.writes(notebook, form)
    assert cells_of(jupytext.reads(text, form)) == cells_of(notebook)


def test_the_text_is_a_program() -> None:
    text = jupytext.writes(notebook_of(*SOURCES[:3]), "aib:percent")
    assert [line.number for line in parse(text) if line.number is not None] == [10, 20]


def test_it_is_made_known_once() -> None:
    known = list(jupytext.NOTEBOOK_EXTENSIONS)
    register()
    assert known.count(".aib") == list(jupytext.NOTEBOOK_EXTENSIONS).count(".aib") == 1


def test_a_pair_follows_the_one_that_was_changed(tmp_path: Path) -> None:
    path = write(notebook_of(*SOURCES), tmp_path / "story.ipynb")
    main(["--quiet", "--set-formats", "ipynb,aib:percent", str(path)])
    text = tmp_path / "story.aib"
    text.write_text(text.read_text(encoding="utf-8").replace("limit = 5", "limit = 6"), encoding="utf-8")
    main(["--quiet", "--sync", str(text)])
    changed = nbformat.read(path, 4)
    assert changed.cells[1].source.startswith("limit = 6\n")
    assert cells_of(changed)[2:] == cells_of(notebook_of(*SOURCES))[2:]
