"""What is exported: the session's program, files and notebooks with their lock, for an environment without engine."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.faces.command_line import main
from aibasic_kernel.session.exporting.lines import Code, ExportLine
from aibasic_kernel.session.exporting.program import export
from aibasic_kernel.session.messages import Note
from aibasic_kernel.session.session import Session
from tests.servers.postgres import PostgresServer
from tests.session.driver import run

ROOT = Path(__file__).parents[2]
SUM = """\
# Adds up.
10 set total to 0
20 for each n in [1, 2, 3]
30 add n to total
40 next n
50 if total is less than 5 then 80
60 print "the sum is", total
70 end
80 print "little"
"""


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AIBASIC_PHRASES", "only")
    session = Session({})
    yield session
    session.close()


def test_export_writes_what_the_session_ran(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    run(session, SUM)
    run(session, 'EXPORT "sum.py"')
    capsys.readouterr()
    python = Path("sum.py").read_text()
    assert "# 30 add n to total\n    total += n\n" in python
    assert "# Adds up." in python
    assert subprocess.run([sys.executable, "sum.py"], capture_output=True, text=True).stdout == "the sum is 6\n"


def test_a_file_is_compiled_from_its_lock_once_it_has_run(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    Path("sum.aib").write_text(SUM)
    assert main(["run", "sum.aib"]) == 0
    wanted = capsys.readouterr().out
    assert main(["compile", "sum.aib", "-o", "sum.py"]) == 0
    assert subprocess.run([sys.executable, "sum.py"], capture_output=True, text=True).stdout == wanted
    assert main(["compile", "sum.aib"]) == 0
    assert capsys.readouterr().out == Path("sum.py").read_text()


def test_a_line_that_was_never_compiled_and_is_no_phrase_is_named(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("odd.aib").write_text("10 set total to 0\n20 do something clever with the total\n")
    assert main(["compile", "odd.aib", "-o", "odd.py"]) == 1
    assert "line 20 has never been compiled\nrun the program once" in capsys.readouterr().err
    assert not Path("odd.py").exists()


def test_a_phrase_for_a_service_needs_no_run(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    Path("aibasic.conf").write_text("[redis]\nHOST = 127.0.0.1\nPORT = 1\n")
    Path("keep.aib").write_text("10 set n to 3\n20 (redis) set redis key seen to value n\n")
    assert main(["compile", "keep.aib"]) == 0
    assert 'redis_client.set("seen", n)' in capsys.readouterr().out


def test_lines_that_a_run_did_not_come_to_are_told_from_a_program_that_never_ran(session: Session) -> None:
    first, second = session.parse("10 let the gnomes work\n20 let them rest")
    ran = ExportLine(first, (Code("work = 1", "model", "work"),))
    with pytest.raises(AIBasicError) as refusal:
        export([ran, ExportLine(second)])
    assert refusal.value.message == "line 20 has never been compiled"
    assert refusal.value.remedy.startswith("no run has come to it yet: run the program again")


def test_a_file_of_something_else_is_not_written_over(session: Session) -> None:
    run(session, "10 set total to 0")
    Path("mine.py").write_text("print('mine')\n")
    with pytest.raises(AIBasicError, match="holds something else"):
        list(_export(session, "mine.py"))
    assert Path("mine.py").read_text() == "print('mine')\n"
    run(session, 'EXPORT "new.py"')
    run(session, "10 set total to 1")
    run(session, 'EXPORT "new.py"')
    assert "total = 1" in Path("new.py").read_text()


def test_a_line_that_ran_in_several_ways_is_told(session: Session) -> None:
    run(session, "import pandas as pd\nrows = pd.DataFrame({'n': [1]})")
    run(session, "10 for each data in [rows, {1: 2}]\n20 for each n in data\n30 print n\n40 next\n50 next")
    notes = [told.text for told in _export(session, "ways.py") if isinstance(told, Note)]
    said = "line 20 ran in 2 ways, by the shape of what it reads; taken is what fits now: data"
    assert said in notes


def test_the_columns_that_a_line_was_compiled_for_are_asserted(session: Session) -> None:
    run(session, "import pandas as pd\nsales = pd.DataFrame({'city': ['Oslo'], 'amount': [3]})")
    run(session, "10 filter rows of sales where amount > 2\n20 print(len(sales))")
    run(session, 'EXPORT "checked.py"')
    program = "import pandas as pd; sales = pd.DataFrame({'other': [1]}); exec(open('checked.py').read())"
    failed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert failed.stderr.endswith("AssertionError: line 10 was compiled for the column amount in sales\n")


def test_an_empty_program_is_not_exported(session: Session) -> None:
    with pytest.raises(AIBasicError, match="there is no program"):
        list(_export(session, "new.py"))


def test_a_notebook_runs_cell_by_cell_with_its_magics(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = [
        "%matplotlib inline\nx = 2",
        '10 set y to x + 1\n20 if y is 3 then 40\n30 print "no"\n40 end',
        "lines = !echo {y} is y",
        "lines",
        "len?",
    ]
    run(session, "x = 2")
    run(session, cells[1])
    _notebook(tmp_path / "all.ipynb", cells)
    assert main(["compile", "all.ipynb", "-o", "all.py"]) == 0
    python = Path("all.py").read_text()
    assert 'lines = subprocess.run(f"echo {y} is y", shell=True' in python
    done = subprocess.run([sys.executable, "all.py"], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("['3 is y']\n", "")


def test_what_has_no_meaning_in_plain_python_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _notebook(tmp_path / "odd.ipynb", ["%%html\n<b>bold</b>"])
    assert main(["compile", str(tmp_path / "odd.ipynb")]) == 1
    assert "%%html has no meaning in plain Python" in capsys.readouterr().err


def test_an_exported_program_needs_nothing_but_the_modules_and_the_driver(
    session: Session, tmp_path: Path, postgres_server: PostgresServer
) -> None:
    Path("aibasic.conf").write_text(postgres_server.conf())
    run(session, '10 (postgres) execute postgres query SELECT 40 + 2 AS answer\n20 print "done"')
    run(session, 'EXPORT "answer.py"')
    site = tmp_path / "site"
    (site / "aibasic").mkdir(parents=True)
    (site / "aibasic" / "modules").symlink_to(ROOT / "modules")
    driver = Path(psycopg2.__file__).parent
    for name in (driver.name, f"{driver.name}_binary.libs"):
        if (driver.parent / name).exists():
            (site / name).symlink_to(driver.parent / name)
    program = f"import sys; sys.path.insert(0, {str(site)!r}); exec(open('answer.py').read())"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True)
    assert (done.stderr, done.stdout) == ("", "answer\n------\n    42\n1 row\ndone\n")


def _export(session: Session, name: str) -> Iterator[object]:
    from aibasic_kernel.session.exporting.command import export

    return export(session, f'"{name}"')


def _notebook(path: Path, cells: list[str]) -> None:
    found = [{"cell_type": "code", "source": text, "metadata": {}, "outputs": []} for text in cells]
    path.write_text(json.dumps({"cells": found, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
