"""nbconvert on a notebook of AIBasic: run on the command line, then as page, paper and program."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter, LatexExporter, ScriptExporter
from nbformat import NotebookNode

from aibasic_kernel.language import parse
from tests.notebook_tools.notebooks import COMMAND, notebook_of, run_tool, write

SOURCES = (
    "# What is said\n\nTwice.",
    'x = 3\n10 print "hello" and x\n20 end',
    '10 for i = 1 to 2\n20 print "round", i\n30 next i\n40 goto 60\n50 print "never"\n60 rem here',
    "print x  # a comment\nLIST",
)


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The notebook as `jupyter nbconvert --execute` leaves it."""
    folder = tmp_path_factory.mktemp("nbconvert")
    path = write(notebook_of(*SOURCES), folder / "story.ipynb")
    run_tool("nbconvert", "--to", "notebook", "--execute", "--inplace", path, folder=folder)
    return path


@pytest.fixture(scope="module")
def notebook(executed: Path) -> NotebookNode:
    return nbformat.read(executed, 4)


def printed(notebook: NotebookNode) -> str:
    """What the cells sent to standard output."""
    outputs = (output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs)
    return "".join(output.text for output in outputs if output.output_type == "stream")


def test_it_is_executed_on_the_command_line(notebook: NotebookNode) -> None:
    assert printed(notebook) == "hello 3\nround 1\nround 2\n3\n"
    assert notebook.metadata.language_info.pygments_lexer == "aibasic"


def test_a_page_has_coloured_cells_and_folded_code(notebook: NotebookNode) -> None:
    page, _ = HTMLExporter().from_notebook_node(notebook)
    assert re.search(r'<span class="nl">10</span>.*<span class="k">for</span>', page)
    assert "highlight hl-aibasic" in page
    assert page.count("<details") == page.count("</details>") == 4  # three sentences and the listing


def test_paper_has_coloured_cells_and_all_that_was_shown(notebook: NotebookNode) -> None:
    notebook = copy.deepcopy(notebook)
    del notebook.cells[0]  # for markdown nbconvert asks pandoc
    paper, _ = LatexExporter().from_notebook_node(notebook)
    assert r"\PY{n+nl}{10}" in paper
    assert "round 2" in paper


def test_a_program_does_what_the_notebook_did(notebook: NotebookNode, tmp_path: Path) -> None:
    program, _ = ScriptExporter().from_notebook_node(notebook)
    assert program.startswith("# %% [markdown]\n# # What is said\n#\n# Twice.\n")
    assert "# LIST\n" in program
    parse(program)
    (tmp_path / "story.aib").write_text(program, encoding="utf-8")
    assert run_tool(COMMAND, "run", "story.aib", folder=tmp_path) == printed(notebook)
