"""Magics that run the rest of their cell as a cell: with Python below them, with sentences, and where those fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kernel.notebook import PATIENCE, Notebook, open_notebook
from tests.messages_server import MessagesServer


@pytest.mark.parametrize(
    ("body", "printed", "shown"),
    [
        ("print(1)\n41 + 1", "1\n", ["42"]),
        ('10 set inner to 5\n20 print "it\'s" and inner\ninner > 3', "it's 5\n", ["inner = 5", "print", "True"]),
        ("%%time\nset timed to 6\ntimed", "", ["timed = 6", "6", "wall time"]),
    ],
    ids=["Python", "sentences", "a magic"],
)
def test_what_a_cell_puts_out_is_captured(notebook: Notebook, body: str, printed: str, shown: list[str]) -> None:
    cell = notebook.run(f"%%capture kept\n{body}")
    assert cell.ok and not cell.stdout and not cell.shown, cell.text
    again = notebook.run("kept.show()")
    assert again.stdout == printed and not again.stderr
    assert len(again.texts) == len(shown)
    assert all(part in text for part, text in zip(shown, again.texts, strict=True))


def test_a_failure_below_fails_the_cell_and_is_shown_once_at_its_place(notebook: Notebook) -> None:
    cell = notebook.run("%%capture\nset before to 3\ncalculate before / 0")
    assert cell.reply["ename"] == "ZeroDivisionError"
    assert cell.error.startswith("line 3 of the cell: calculate before / 0")
    assert notebook.run("before").texts == ["3"]


def test_what_awaits_says_that_it_cannot(notebook: Notebook) -> None:
    cell = notebook.run("%%capture\nimport asyncio\nawait asyncio.sleep(0)")
    assert "cannot await" in cell.error
    after = notebook.run("import gc\ngc.collect() and None")
    assert after.ok and not after.stderr


def test_files_of_cells_and_code_may_run_cells(notebook: Notebook, folder: Path) -> None:
    (folder / "three.ipy").write_text("set three to 3\n!echo shell\n")
    cell = notebook.run("%run three.ipy")
    assert cell.ok and "shell" in cell.stdout
    assert notebook.run("get_ipython().run_cell('three += 1').success").texts == ["True"]
    assert notebook.run("three").texts == ["4"]


def test_python_below_a_magic_may_hold_magics_and_shell_lines(notebook: Notebook) -> None:
    for magic in ("%%time", "%%timeit -n1 -r1", "%%prun -q"):
        cell = notebook.run(f"{magic}\nfound = !echo hello\nprint(found)")
        assert cell.ok and "['hello']" in cell.stdout, cell.text


def test_a_model_is_asked_and_nobody_is_asked_about_what_is_out_of_sight(tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text("")
    with MessagesServer() as model, open_notebook(tmp_path, {"ANTHROPIC_BASE_URL": model.url}) as notebook:
        model.compile("total = 3", result="total", when="altogether")
        model.compile("import os\nos.remove('kept.txt')", when="tidy up")
        assert notebook.run("%%capture\nhow much is that altogether?").ok
        assert notebook.run("total").texts == ["3"]
        refused = notebook.wait(notebook.start("%%capture\ntidy up", allow_stdin=True))
        assert refused.reply["ename"] == "Refused" and "nobody can be asked here" in refused.error
        assert kept.exists()
        request = notebook.start("%%capture --no-display\ntidy up", allow_stdin=True)
        assert "run it?" in notebook.client.get_stdin_msg(timeout=PATIENCE)["content"]["prompt"]
        notebook.client.input("yes")
        assert notebook.wait(request).ok and not kept.exists()
