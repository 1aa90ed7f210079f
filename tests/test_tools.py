"""The scripts behind `make`, where they have something to say to a person."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tools.run_notebook import NotebookFailed, run_notebook, write_pages

ROOT = Path(__file__).parent.parent
TOOLS = ROOT / "tools"


def test_the_readme_begins_with_the_line_that_a_bare_debian_needs() -> None:
    (named,) = re.findall(r'^apt_line="(.*)"$', (TOOLS / "venv.sh").read_text(encoding="utf-8"), re.MULTILINE)
    first = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[0]
    assert first.strip().startswith(named)


def test_the_quick_start_leaves_keys_behind_and_keeps_the_users_folders() -> None:
    given = {"AIBASIC_DATA_DIR": "/d", "AIBASIC_CONFIG_DIR": "/c", "AIBASIC_MODEL": "m"}
    shown = "import quickstart; print(quickstart.environment_without_keys())"
    done = subprocess.run(
        [sys.executable, "-c", shown],
        cwd=TOOLS,
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "'AIBASIC_DATA_DIR': '/d'" in done.stdout and "'AIBASIC_CONFIG_DIR': '/c'" in done.stdout
    assert "AIBASIC_MODEL" not in done.stdout


def test_every_target_has_its_script() -> None:
    scripts = re.findall(r"^\t@(tools/\w+\.sh)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(scripts) == 7
    assert [name for name in scripts if not os.access(ROOT / name, os.X_OK)] == []


@pytest.mark.parametrize(
    ("python", "said"),
    [
        ("exit 1", "No Python 3.10 or newer was found"),
        ('case "$*" in *ensurepip*) exit 1;; *version*) echo Python 3.12;; esac', "cannot make a virtual environment"),
    ],
)
def test_a_machine_without_what_it_takes_is_told_the_apt_line(python: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "tools").mkdir()
    shutil.copy(TOOLS / "venv.sh", tmp_path / "tools")
    interpreter = tmp_path / "python"
    interpreter.write_text(f"#!/bin/sh\n{python}\n", encoding="utf-8")
    interpreter.chmod(0o755)
    command = [tmp_path / "tools" / "venv.sh", "demo"]
    done = subprocess.run(command, env={**os.environ, "PYTHON": str(interpreter)}, capture_output=True, text=True)
    assert done.returncode == 1
    assert said in done.stderr and "apt-get install -y make git python3-venv" in done.stderr
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize(("mark", "code"), [("xfail", 0), ("skip", 1)])
def test_a_skip_fails_where_all_could_be_installed(mark: str, code: int, tmp_path: Path) -> None:
    text = f"import pytest\ndef test_one(): pass\n@pytest.mark.{mark}\ndef test_other(): assert False\n"
    (tmp_path / "test_both.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no_skips", "-p", "no:cacheprovider", tmp_path]
    environment = {**os.environ, "PYTHONPATH": str(TOOLS), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == code
    assert ("could be had" in done.stdout) == bool(code)


def notebook_of(folder: Path, *sources: str) -> Path:
    """A notebook for the Python kernel whose cells named `1/0` may fail, and whose language no lexer knows."""
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python"}})
    for source in sources:
        tags = ["raises-exception"] if source == "1/0" else []
        notebook.cells.append(nbformat.v4.new_code_cell(source, metadata={"tags": tags}))
    nbformat.write(notebook, folder / "story.ipynb")
    return folder / "story.ipynb"


def test_each_cell_is_shown_as_it_ends(tmp_path: Path) -> None:
    said: list[str] = []
    path = notebook_of(tmp_path, "import os; print(os.getcwd())", "1/0", "print(*range(99), sep='\\n')", "x = 1")
    run_notebook(path, dict(os.environ), tmp_path / "log", said.append)
    assert said[1] == f"    {tmp_path}"
    assert said[3] == "    ZeroDivisionError: division by zero"
    assert said[5].splitlines()[-2:] == ["    29", "    ... 69 more lines"]
    assert said[6:] == ["\n[4/4]\nx = 1"]


def test_a_cell_that_fails_ends_the_run_and_keeps_what_ran(tmp_path: Path) -> None:
    path = notebook_of(tmp_path, "print('before')", "boom", "print('after')")
    with pytest.raises(NotebookFailed, match=r"Cell 2 of story.ipynb failed: NameError: name 'boom'") as failed:
        run_notebook(path, dict(os.environ), tmp_path / "log", lambda text: None)
    assert [len(cell.outputs) for cell in failed.value.notebook.cells] == [1, 1, 0]


def test_a_language_without_a_lexer_becomes_a_page_of_plain_text(tmp_path: Path) -> None:
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "x", "display_name": "x"}})
    notebook.metadata.language_info = nbformat.from_dict({"name": "no such language"})
    notebook.cells.append(nbformat.v4.new_code_cell("query all customers"))
    executed, page = write_pages(notebook, tmp_path, "story")
    assert "query all customers" in page.read_text(encoding="utf-8")
    assert nbformat.read(executed, 4).metadata.language_info.name == "no such language"


def test_the_tables_in_the_guide_of_the_modules_are_those_of_the_classes() -> None:
    subprocess.run([sys.executable, ROOT / "tools" / "module_tables.py", "--check"], check=True)


def test_the_words_that_the_browser_colours_are_those_of_the_language() -> None:
    subprocess.run([sys.executable, ROOT / "tools" / "front_end_words.py", "--check"], check=True)
