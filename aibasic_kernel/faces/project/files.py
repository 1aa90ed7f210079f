"""The files of a new project."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.faces.project.configuration import configuration_text

_PRIVATE = 0o600
_CELLS = (
    "# {name}\n\nEach line below is plain English. It is compiled to Python and runs at once: unfold the line above a "
    "result to read it. These need no key, no model and no database. `PHRASES` shows all such sentences, `HELP` the "
    "commands, `EXPLAIN 20` what a line does.",
    '10 set prices to 12.5, 8, 30.25\n20 print "the sum is", sum of prices\n30 what is the average of prices',
    "Python goes between the lines as it likes, over the same variables.",
    "dearest = max(prices)\ndearest",
    "Numbered lines are a program: they jump, loop and call. `LIST` shows it, `RUN` runs it again.",
    "10 set total to 0\n20 for each price in prices\n30 set total to total + price\n40 if total < 20 then 60\n"
    '50 print "more than 20 with", price\n60 next price',
    "What you name in `aibasic.conf` is a service that sentences work with: `MODULES`. With a key of a language model, "
    "or a model of your own, every other sentence works too.",
    'write "done" to file done.txt\nread file done.txt',
)
"""Texts and cells by turns; a text is Markdown."""
_TEXT: dict[str, Any] = {"cell_type": "markdown"}
_CODE: dict[str, Any] = {"cell_type": "code", "execution_count": None, "outputs": []}
_README = """\
# {name}

    jupyter lab {name}.ipynb     # or: jupyter console --kernel aibasic
    aibasic doctor               # what is installed and configured, and what mends the rest

Name your services in `aibasic.conf`, which is not committed; commit `aibasic.lock`, which keeps what sentences were
compiled to, so that the notebook runs again without a model.
"""


def files(name: str) -> Iterator[tuple[str, str, int]]:
    """Name, content and mode of each file."""
    yield "aibasic.conf", configuration_text(), _PRIVATE
    yield f"{name}.ipynb", notebook(name), 0o644
    yield ".gitignore", "aibasic.conf\n.ipynb_checkpoints/\n", 0o644
    yield ".gitattributes", "*.lock merge=union\n", 0o644
    yield "README.md", _README.format(name=name), 0o644


def notebook(name: str) -> str:
    """A notebook whose cells run with nothing but the engine."""
    cells = []
    for at, text in enumerate(_CELLS):
        source = text.replace("{name}", name).splitlines(keepends=True)
        kind = _CODE if at % 2 else _TEXT
        cells.append({**kind, "id": f"cell-{at + 1}", "metadata": {}, "source": source})
    metadata = {
        "kernelspec": {"display_name": "AIBasic", "language": "aibasic", "name": "aibasic"},
        "language_info": {"name": "aibasic", "file_extension": ".aib", "mimetype": "text/x-aibasic"},
    }
    data = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def lay(folder: Path) -> list[Path]:
    """Write the files of a project into a folder that is empty or not there; what was written.

    Raises AIBasicError for any other, before anything is written; OSError where it cannot be.
    """
    if folder.is_dir() and any(folder.iterdir()):
        raise AIBasicError(f"{folder} is not empty", "name a new folder: nothing that is there is written over")
    if folder.exists() and not folder.is_dir():
        raise AIBasicError(f"{folder} is a file", "name a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text, mode in files(folder.resolve().name):
        path = folder / name
        path.touch(mode=mode, exist_ok=False)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written
