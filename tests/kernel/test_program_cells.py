"""The cells that a kernel's program knows: by the ids that JupyterLab sends, and without any, as under nbclient."""

from __future__ import annotations

from pathlib import Path

from tests.kernel.notebook import Cell, Notebook, open_notebook


def in_cell(notebook: Notebook, cell: str, code: str, deleted: tuple[str, ...] = ()) -> Cell:
    """Run a cell as JupyterLab does."""
    return notebook.run(code, metadata={"cellId": cell, "deletedCells": list(deleted)})


def listed(notebook: Notebook) -> str:
    """What LIST shows in a cell that has no id."""
    (text,) = notebook.run("LIST").texts
    return text


def test_a_cell_with_an_id_replaces_its_lines_and_goes_with_it(notebook: Notebook) -> None:
    assert notebook.run("NEW").ok
    assert in_cell(notebook, "b7", '10 print "second"').ok
    assert in_cell(notebook, "a1", '10 print "first"').ok
    count = in_cell(notebook, "a1", '10 print "first, edited"\n20 rem end').reply["execution_count"]
    text = listed(notebook)
    assert text.startswith("3 lines in 2 cells")
    assert f'# [{count}]: print "first, edited"\n10 print "first, edited"\n20 rem end' in text
    assert text.index('10 print "second"') < text.index('10 print "first, edited"')
    assert in_cell(notebook, "c2", "x = 1", deleted=("b7",)).ok
    assert listed(notebook) == '2 lines\n\n10 print "first, edited"\n20 rem end'


def test_below_capture_the_lines_are_those_of_the_cell(notebook: Notebook) -> None:
    in_cell(notebook, "d4", "x = 1", deleted=("a1", "b7"))
    for text in ("one", "two"):
        assert in_cell(notebook, "e5", f'%%capture kept\n10 print "{text}"').ok
    assert listed(notebook) == '1 line\n\n10 print "two"'


def test_without_ids_each_run_is_a_cell_and_a_restart_loses_the_program(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        for _ in range(2):
            assert notebook.run("10 rem a cell that is run twice").ok
        assert listed(notebook).startswith("2 lines in 2 cells")
        for label, text in (("prompt", "10 rem one"), ("prompt", "20 rem two"), ("prompt", "10 rem other")):
            assert in_cell(notebook, label, text).ok
        assert listed(notebook).endswith("# the prompt: rem other\n10 rem other\n20 rem two")
        notebook.manager.restart_kernel(now=False)
        notebook.client.wait_for_ready(timeout=60)
        assert listed(notebook).startswith("there is no program")
