"""A notebook and its lock from somebody else, in a real kernel: asked where a person sits, refused where none does."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.folders import data_folder
from aibasic_kernel.compiler.locks.format import encode, render
from aibasic_kernel.compiler.locks.lock import Lock
from aibasic_kernel.compiler.locks.signatures import Signatures
from aibasic_kernel.compiler.traces.trace import Trace
from tests.kernel.notebook import PATIENCE, open_notebook

PYTHON = "from pathlib import Path\nPath('ran.txt').write_text('ran')"


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """A lock that came with a notebook."""
    path = tmp_path / "aibasic.lock"
    entries = [
        Compilation(f"leave a {word}", "", PYTHON, "", ("model", "some-model"), Trace()) for word in ("mark", "note")
    ]
    path.write_text(render(map(encode, entries)))
    return path


def test_whoever_can_answer_is_asked_and_a_yes_runs_it(lock: Path) -> None:
    with open_notebook(lock.parent) as notebook:
        refused = notebook.run("leave a mark", allow_stdin=False)
        assert refused.reply["ename"] == "UntrustedError"
        assert f"aibasic trust {lock}" in refused.error
        assert not (lock.parent / "ran.txt").exists()
        request = notebook.start("leave a mark", allow_stdin=True)
        asked = notebook.client.get_stdin_msg(timeout=PATIENCE)
        assert asked["content"]["prompt"] == "Trust them? all 2 / this cell (1) / one by one / no: "
        notebook.client.input("this cell")
        cell = notebook.wait(request)
        assert cell.ok, cell.text
        assert cell.texts[0].startswith(f"2 entries in {lock} are new to you")
        assert "Path('ran.txt').write_text('ran')" in cell.texts[0]
        assert (lock.parent / "ran.txt").exists()
        assert notebook.run("leave a mark", allow_stdin=False).ok
        assert notebook.run("leave a note", allow_stdin=False).reply["ename"] == "UntrustedError"


def test_a_notebook_cannot_approve_itself_and_runs_once_it_is_trusted(lock: Path) -> None:
    def run(*sources: str) -> str:
        """The error that a run without anybody ends with, "" for none."""
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        client = NotebookClient(
            nbformat.v4.new_notebook(cells=cells),
            kernel_name="aibasic",
            timeout=PATIENCE,
            resources={"metadata": {"path": str(lock.parent)}},
        )
        try:
            client.execute()
        except CellExecutionError as error:
            return str(error.evalue)
        return ""

    refusal = run("TRUST", "leave a mark")
    assert "a cell never trusts by itself" in refusal
    assert f"aibasic trust {lock}" in refusal
    assert not (lock.parent / "ran.txt").exists()
    held = Lock(lock, Signatures(data_folder(os.environ)))
    assert len(held.untrusted()) == 2
    held.trust(held.untrusted())
    assert run("TRUST", "leave a mark") == ""
    assert (lock.parent / "ran.txt").exists()
