"""Loops in a notebook: what they show, how they are stopped, and how they go on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kernel.notebook import Cell, Notebook, open_notebook

DATA = "data"


@pytest.fixture(scope="module")
def notebook(folder: Path) -> Iterator[Notebook]:
    """A kernel whose data folder is in its working folder."""
    with open_notebook(folder, {"AIBASIC_DATA_DIR": str(folder / DATA)}) as opened:
        yield opened


def start(notebook: Notebook, code: str, cell: str = "one") -> str:
    """Send the code as that of a cell, whose lines take the place of those that it had."""
    return notebook.start(code, {"cellId": cell})


def run(notebook: Notebook, code: str, cell: str = "one") -> Cell:
    """Run it to its end."""
    return notebook.wait(start(notebook, code, cell))


# What is shown -------------------------------------------------------------------------------------------------------


def test_the_first_of_what_a_loop_prints_comes_as_usual_and_the_rest_is_folded(notebook: Notebook) -> None:
    cell = run(notebook, '10 for i = 1 to 2500\n20 print i\n30 next i\n40 print "the end"')
    lines = cell.stdout.splitlines()
    assert lines == [str(i) for i in range(1, len(lines) + 1)]
    assert 1000 <= len(lines) < 1010
    (rest,) = (bundle for bundle in cell.shown if " more lines" in bundle["text/plain"])
    title, *last = rest["text/plain"].splitlines()
    assert title == f"... {2501 - len(lines):,} more lines"
    assert last == [*(str(i) for i in range(2492, 2501)), "the end"]
    folded = re.search(r"<details>.*?<pre[^>]*>(.*?)</pre>", rest["text/html"], re.DOTALL)
    assert folded is not None
    assert folded[1].split("\n")[:-1] == [*(str(i) for i in range(len(lines) + 1, 2501)), "the end"]
    assert cell.texts[-1].startswith("40 print")  # what came later stands below


def test_very_much_goes_into_a_file_that_is_named(notebook: Notebook, folder: Path) -> None:
    def spilled() -> tuple[Cell, Path]:
        cell = run(notebook, '10 for i = 1 to 1200\n20 print("x" * 2_000, i)\n30 next i')
        (path,) = re.findall(r"all of them in (\S+)", cell.texts[-1])
        return cell, Path(path)

    cell, path = spilled()
    assert path.is_relative_to(folder / DATA)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [line.split()[1] for line in (cell.stdout + path.read_text()).splitlines()] == [
        str(i) for i in range(1, 1201)
    ]
    assert len(cell.shown[-1]["text/html"]) < 1_100_000
    assert spilled()[1] == path  # so that a notebook is the same after a rerun


def test_no_secret_gets_into_what_is_folded(notebook: Notebook, folder: Path) -> None:
    (folder / "aibasic.conf").write_text("[redis]\nHOST = nowhere\nPASSWORD = Tr0ub4dor-9\n")
    try:
        cell = run(
            notebook,
            "import sys\n10 for i = 1 to 1200\n20 sys.stdout.write('<Tr0ub');\n"
            "30 sys.stdout.write('4dor-9>\\n');\n40 next i",
        )
        assert cell.stdout.count("<") >= 1000
        assert "&lt;" in str(cell.shown)
        assert "4dor" not in str([cell.stdout, cell.shown])
    finally:
        (folder / "aibasic.conf").unlink()


def test_the_first_values_of_a_line_come_as_usual_and_then_the_newest(notebook: Notebook) -> None:
    cell = run(notebook, "10 for i = 1 to 40\n20 i * i\n30 next i")
    *values, newest, folded = cell.shown
    shown = [int(bundle["text/plain"]) for bundle in values]
    assert shown == [i * i for i in range(1, len(shown) + 1)]
    assert 10 <= len(shown) <= 11
    assert newest["text/plain"] == "1600"
    assert folded["text/plain"] == f"... {39 - len(shown)} more values of line 20"
    assert "1521" in folded["text/html"]


def test_a_loop_tells_where_it_is_and_leaves_nothing_of_that(notebook: Notebook) -> None:
    def told(cell: Cell) -> list[str]:
        return re.findall(r"line [23]0  ·  [\d,]+ lines run", "\n".join(cell.texts))

    def stopped(code: str) -> Cell:
        request = start(notebook, code)
        notebook.wait(request, until=told)
        notebook.manager.interrupt_kernel()
        return notebook.wait(request)

    with_header = stopped("10 set x to 0\n20 increase x by 1\n30 goto 20")
    assert not told(with_header)
    assert [text.splitlines()[0] for text in with_header.texts] == [
        "10 set x to 0  ·  by phrase",
        "20 increase x by 1  ·  by phrase",
    ]
    typed = stopped("10 x = 0\n20 x += 1\n30 goto 20")
    assert "".join(typed.texts) == ""


def test_what_is_captured_is_captured_whole(notebook: Notebook) -> None:
    run(notebook, "%%capture captured\n10 for i = 1 to 1500\n20 print i\n25 i\n30 next i")
    assert run(notebook, "captured.stdout.count('\\n'), len(captured.outputs) >= 1500").texts == ["(1500, True)"]
