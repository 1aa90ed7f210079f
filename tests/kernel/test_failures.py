"""Errors that are awkward to show: each leaves a reply, a kernel that lives, and no secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from aibasic_kernel.faces.packing import lossless
from tests.kernel.notebook import Notebook, open_notebook, without_colours

SECRET = "hX7%sq{0}pL\\n9"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("raise ValueError('\\ud800 \\udc80')", "ValueError"),
        ("print('\\ud800 \\udc80'); 1 / 0", "ZeroDivisionError"),
        ("class Silent(Exception):\n    def __str__(self): raise SystemExit('gone')\n\nraise Silent", "Silent"),
        ("class Loop(Exception):\n    def __str__(self): return str(self)\n\nraise Loop", "Loop"),
        ("class Odd:\n    def __repr__(self): raise SystemExit('gone')\n\nOdd()", "SystemExit"),
        ("x = '\ud800'", "CompileError"),
        ("next(iter([]))", "StopIteration"),
        ("raise GeneratorExit", "GeneratorExit"),
    ],
)
def test_every_error_leaves_a_reply_and_a_live_kernel(notebook: Notebook, code: str, name: str) -> None:
    session = notebook.client.session
    session.pack = lossless(session.pack)
    cell = notebook.run(code)
    assert (cell.reply["status"], cell.reply["ename"]) == ("error", name)
    assert name in cell.error
    assert notebook.run("6 * 7").texts == ["42"]


def test_no_secret_stands_in_an_error(tmp_path: Path) -> None:
    (tmp_path / "aibasic.conf").write_text(f"[postgres]\nHOST = 127.0.0.1\nPASSWORD = '{SECRET}'\n")
    (tmp_path / "mine.py").write_text(f'def call(fine):\n    return 1 / 0, {SECRET!r}, f"{SECRET}"\n')
    with open_notebook(tmp_path) as notebook:
        for code in (f"raise ValueError({SECRET!r})", "import mine\nmine.call(1)", f'1 / 0, f"{SECRET}"'):
            cell = notebook.run(code)
            told = without_colours(f"{cell.error} {cell.reply['evalue']} {' '.join(cell.reply['traceback'])}")
            assert "***" in told
            assert SECRET not in told and repr(SECRET)[1:-1] not in told
