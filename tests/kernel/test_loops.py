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


# Lines of other cells ------------------------------------------------------------------------------------------------


def test_lines_of_another_cell_show_which_one_and_their_number(notebook: Notebook) -> None:
    run(notebook, "x = 0")
    run(notebook, "90 end\n100 print x\n110 y = x\n120 y\n130 return", "two")
    label = f"[{run(notebook, 'None', 'none').reply['execution_count'] - 1}]"
    cell = run(notebook, "10 set x to 5\n20 call 100\n30 call 100\n40 print x")
    assert [text.splitlines()[0] for text in cell.texts] == [
        "10 set x to 5  ·  by phrase",
        f"{label} 100 print x  ·  by phrase",
        f"{label} 110 y = x",
        f"{label} 120 y",
        "5",
        "5",
        "40 print x  ·  by phrase",
    ]
    assert f"{label} 100 print x  ·  by phrase" in notebook.wait(start(notebook, "RUN 10", "run")).text


# Stop, and go on -----------------------------------------------------------------------------------------------------

COUNTED = {
    "phrases": "10 set a to 0\n15 set b to 0\n20 increase a by 1\n30 increase b by 1\n40 goto 20",
    "typed Python": "10 a = b = 0\n20 a += 1\n30 b += 1\n40 goto 20",
    "prints": "10 set a to 0\n15 set b to 0\n20 increase a by 1\n25 print a\n30 increase b by 1\n40 goto 20",
    "sleep": "10 set a to 0\n15 set b to 0\n20 increase a by 1\n25 wait 1 milliseconds\n30 increase b by 1\n40 goto 20",
    "rows": "b = -1\n10 for each a in range(10**9)\n20 increase b by 1\n30 next a",
    "while": "10 set a to 0\n15 set b to 0\n20 while a >= b\n30 increase a by 1\n35 increase b by 1\n40 wend",
}
"""Loops in which `a` and `b` are never more than one apart, if no line is left out and none is run twice."""
WAIT_UNTIL_ROUND = """
import threading, signal, os
from aibasic_kernel.testing import eventually
def interrupt(before=globals().get("a", 0)):
    eventually(lambda: globals().get("a", 0) - before >= 300)
    os.kill(os.getpid(), signal.SIGINT)
"""


@pytest.mark.parametrize("name", COUNTED)
def test_a_loop_is_stopped_between_two_lines_and_goes_on_there(notebook: Notebook, name: str) -> None:
    assert run(notebook, f"a = b = 0{WAIT_UNTIL_ROUND}", "helper").ok
    for code, cell in ((COUNTED[name], "one"), ("CONT", "go on"), ("CONT", "go on")):
        before = int(run(notebook, "a", "look").texts[0])
        assert run(notebook, f"threading.Thread(target=interrupt, args=({before},)).start()", "helper").ok
        stopped = run(notebook, code, cell)
        assert re.fullmatch(r"KeyboardInterrupt: stopped \(line \d+( of \[\d+\])?\)", stopped.error)
        assert run(notebook, f"a - b in (0, 1), a - {before} >= 300", "look").texts == ["(True, True)"]


def test_a_long_line_is_stopped_within_and_the_line_is_named(notebook: Notebook) -> None:
    request = start(notebook, '10 set a to 0\n20 print "ready"\n30 wait 600 seconds\n40 goto 20')
    notebook.wait(request, until=lambda cell: "ready" in cell.stdout)
    notebook.manager.interrupt_kernel()
    # It may come before the wait begins, just behind the print.
    assert re.fullmatch(r"KeyboardInterrupt: stopped \(line [23]0( of \[\d+\])?\)", notebook.wait(request).error)


def test_a_program_stops_where_it_is_told_to_and_goes_line_by_line(notebook: Notebook) -> None:
    assert run(notebook, "STOP AT 30", "stop").ok
    try:
        cell = run(notebook, "10 set a to 0\n20 increase a by 1\n30 increase a by 10\n40 if a < 50 goto 20\n50 end")
        assert cell.texts[-1] == "stopped before line 30: increase a by 10"
        assert run(notebook, "STEP", "step").texts[-1].startswith("stopped before line 40")
        assert run(notebook, "a", "look").texts == ["11"]
        assert run(notebook, "CONT", "go on").texts[-1].startswith("stopped before line 30")
        assert run(notebook, "a", "look").texts == ["12"]
    finally:
        run(notebook, "STOP AT 30", "stop")
    assert run(notebook, "TRACE ON", "trace").ok
    try:
        traced = run(notebook, "CONT", "go on")
    finally:
        run(notebook, "TRACE OFF", "trace")
    assert run(notebook, "a", "look").texts == ["55"]
    assert "line 40: if a < 50 then 20  ·  " in "\n".join(traced.texts)
