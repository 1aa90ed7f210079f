"""The shell as a filter, and at a kernel that was started elsewhere."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kernel.notebook import Notebook, open_notebook
from tests.messages_server import MessagesServer
from tests.repl.terminal import COMMAND, CTRL_C, CTRL_D, terminal

PATIENCE = 60


def ran(folder: Path, *arguments: str, stdin: str = "", **environ: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of the shell without a terminal."""
    environment = {**os.environ, "HOME": str(folder), "AIBASIC_DATA_DIR": str(folder / "data"), **environ}
    ended = subprocess.run(
        [COMMAND, *arguments],
        cwd=folder,
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )
    return ended.returncode, ended.stdout, ended.stderr


def test_texts_and_standard_input_are_one_program_each(tmp_path: Path) -> None:
    assert ran(tmp_path, "-c", "10 GOTO 30", "-c", '20 print "no"\n30 x = 5', "-c", "x + 1") == (0, "6\n", "")
    assert ran(tmp_path, stdin='10 print "größer"\n20 GOTO 40\n30 1 / 0\n40 END\n') == (0, "größer\n", "")
    read = ran(tmp_path, "-c", "import sys; print(sys.stdin.read())", stdin="data")
    assert read == (0, "data\n", "")
    assert (tmp_path / "data" / "shell" / "aibasic.lock").exists() and not (tmp_path / "aibasic.lock").exists()


def test_the_exit_code_says_what_went_wrong(tmp_path: Path) -> None:
    code, out, said = ran(tmp_path, "-c", "1\n1 / 0")
    assert (code, out) == (1, "1\n") and "line 2 of -c: ZeroDivisionError" in said
    assert ran(tmp_path, "--no-such-option")[0] == 2
    assert ran(tmp_path, "--existing", "--frozen")[0] == 2
    assert ran(tmp_path, "-c", "1", "--kernel", "aibasic")[0] == 2
    (tmp_path / "old.txt").write_text("old")
    assert ran(tmp_path, "-c", "(fs) delete file old.txt")[0] == 3 and (tmp_path / "old.txt").exists()
    with MessagesServer() as server:
        server.say(status=400, message="no", when="ponder")
        assert ran(tmp_path, "-c", "ponder the question", ANTHROPIC_BASE_URL=server.url)[0] == 4


def test_where_no_kernel_runs_it_says_so(tmp_path: Path) -> None:
    code, out, said = ran(tmp_path, "--existing", "-c", "1", JUPYTER_RUNTIME_DIR=str(tmp_path))
    assert (code, out) == (1, "") and said.startswith("aibasic-repl: no kernel runs\n")


@pytest.fixture
def notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Notebook]:
    """A kernel that was started elsewhere."""
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    with open_notebook(tmp_path) as opened:
        yield opened


def test_a_running_kernel_is_shared(tmp_path: Path, notebook: Notebook) -> None:
    notebook.run("total = 20")
    file = notebook.manager.connection_file
    assert ran(tmp_path, "--existing", file, "-c", "total = total + 1\ntotal")[:2] == (0, "21\n")
    assert notebook.run("print(total)").stdout == "21\n"
    code, out, said = ran(tmp_path, "--existing", file, "-c", "1 / 0")
    assert (code, out) == (1, "") and "ZeroDivisionError: division by zero" in said
    with terminal(tmp_path, "--existing", file) as shell:
        shell.ready()
        assert "\n21\n" in shell.run("total")
        shell.run("total = 30")
        notebook.run("print(total * 2)")
        for shown in ("another front end", r"> print\(total \* 2\)\r\n", r"60\r\n"):
            shell.sees(shown)
        shell.ready()
        shell.type("print('begun', flush=True); exec('while True: pass')")
        shell.sees("begun\r\n")
        shell.process.send(CTRL_C)
        shell.sees("KeyboardInterrupt")
        shell.ready()
        shell.process.send(CTRL_D)
        assert shell.end() == 0
    assert notebook.run("print(total)").stdout == "30\n"
    with terminal(tmp_path, "--existing", file) as shell:
        shell.ready()
        assert "\n30\n" in shell.run("total")
        notebook.manager.signal_kernel(signal.SIGKILL)
        shell.sees("the kernel has died: Enter starts a new one")
        shell.ready()  # below that
        assert "NameError" in shell.run("total")
