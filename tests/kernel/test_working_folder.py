"""Files beside the notebook that are named like libraries: never taken for those, but for the user's own imports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kernel.notebook import Notebook, open_notebook
from tests.messages_server import MessagesServer

LIBRARIES = ("anthropic", "httpx2", "distro", "pydantic", "pandas", "numpy", "sqlglot", "numexpr", "tqdm", "psycopg2")
TRAP = "open('taken', 'a').write(__name__ + ' ')\nraise ImportError('taken from the working folder')\n"


@pytest.fixture
def server() -> Iterator[MessagesServer]:
    with MessagesServer() as running:
        running.compile("answer = 42", result="answer", when="ultimate")
        yield running


@pytest.fixture
def notebook(tmp_path: Path, server: MessagesServer) -> Iterator[Notebook]:
    """A kernel in a folder full of files that are named like libraries."""
    for name in LIBRARIES:
        (tmp_path / f"{name}.py").write_text(TRAP)
    (tmp_path / "aibasic_kernel").mkdir()
    (tmp_path / "aibasic_kernel" / "__init__.py").write_text(TRAP)
    (tmp_path / "mine.py").write_text("import mine_too\nANSWER = mine_too.ANSWER\n")
    (tmp_path / "mine_too.py").write_text("ANSWER = 42\n")
    (tmp_path / "tabnanny.py").write_text("OWNER = 'the user'\n")
    (tmp_path / "aibasic.conf").write_text("[postgres]\nHOST = 127.0.0.1\nPORT = 1\nTIMEOUT = 1\n")
    (tmp_path / "data.csv").write_text("a,b\n1,2\n")
    with open_notebook(tmp_path, {"ANTHROPIC_BASE_URL": server.url}) as opened:
        yield opened


def test_engine_and_sentences_take_installed_libraries(notebook: Notebook, tmp_path: Path) -> None:
    assert notebook.run("work out the ultimate answer").texts[-1] == "42"
    assert notebook.run("(csv) read data.csv into table").ok
    assert notebook.run("list(table.columns)").texts == ["['a', 'b']"]
    assert "nothing listens there" in notebook.run("(postgres) query all from customers").error
    assert not (tmp_path / "taken").exists()


@pytest.mark.parametrize(
    "code",
    [
        "import mine\nmine.ANSWER",
        "import importlib\nimportlib.import_module('mine').ANSWER",
        "exec('import mine')\nmine.ANSWER",
        "import pickle\npickle._loads(b'cmine\\nANSWER\\n.')",
        "from concurrent.futures import ThreadPoolExecutor\n"
        "ThreadPoolExecutor().submit(lambda: __import__('mine')).result().ANSWER",
        "import mine\nimport importlib\nimportlib.reload(mine).ANSWER",
        "%run mine.py\nANSWER",
    ],
)
def test_the_users_own_modules_are_found(notebook: Notebook, code: str) -> None:
    cell = notebook.run(code)
    assert cell.texts == ["42"], cell.text


def test_typed_python_takes_the_working_folder_first(notebook: Notebook, tmp_path: Path) -> None:
    assert notebook.run("import tabnanny\ntabnanny.OWNER").texts == ["'the user'"]
    assert "taken from the working folder" in notebook.run("import tqdm").error
