"""What version control shows of a notebook of AIBasic, and nbdime with it."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbdime import diff_notebooks
from nbdime.nbdiffapp import main as nbdiff
from nbdime.nbmergeapp import main as nbmerge
from nbformat import NotebookNode

from aibasic_kernel.compiler.compilation import COMPILATION_MIME
from tests.notebook_tools.notebooks import notebook_of, run, write

SOURCES = ('x = 3\n10 print "hello" and x', "20 print x\n30 end")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nbdiff")


@pytest.fixture(scope="module")
def executed(folder: Path) -> NotebookNode:
    return run(notebook_of(*SOURCES), folder)


def test_to_run_it_again_changes_nothing(executed: NotebookNode, folder: Path) -> None:
    lock = (folder / "aibasic.lock").read_bytes()
    assert diff_notebooks(executed, run(executed, folder)) == []
    assert (folder / "aibasic.lock").read_bytes() == lock


def changed(notebook: NotebookNode, old: str, new: str) -> NotebookNode:
    """The notebook with other words, in its cells and all that they showed."""
    return nbformat.reads(nbformat.writes(notebook).replace(old, new), 4)


def test_the_sentences_that_changed_are_shown_without_their_outputs(
    executed: NotebookNode, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = write(executed, tmp_path / "one.ipynb")
    other = write(changed(executed, "hello", "goodbye"), tmp_path / "other.ipynb")
    assert nbdiff(["--no-color", str(one), str(other)]) == 0
    assert COMPILATION_MIME in capsys.readouterr().out
    assert nbdiff(["--no-color", "--sources", str(one), str(other)]) == 0
    told = capsys.readouterr().out
    assert '-10 print "hello" and x' in told and '+10 print "goodbye" and x' in told
    assert COMPILATION_MIME not in told and "<details>" not in told


def test_changes_of_two_people_are_merged(executed: NotebookNode, tmp_path: Path) -> None:
    """What the cells show may be the old: the merged notebook is to be run again."""
    base = write(executed, tmp_path / "base.ipynb")
    mine = write(changed(executed, "hello", "goodbye"), tmp_path / "mine.ipynb")
    theirs = write(changed(executed, "20 print x", "25 print x"), tmp_path / "theirs.ipynb")
    merged = tmp_path / "merged.ipynb"
    assert nbmerge([*map(str, (base, mine, theirs)), "--out", str(merged)]) == 0
    sources = [cell.source for cell in nbformat.read(merged, 4).cells]
    assert sources == ['x = 3\n10 print "goodbye" and x', "25 print x\n30 end"]
