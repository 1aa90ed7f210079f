"""Notebooks for the tools around them, and how those are started."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

KERNEL = {"kernelspec": {"name": "aibasic", "display_name": "AIBasic", "language": "aibasic"}}

COMMAND = Path(sys.executable).with_name("aibasic")
"""The command of this environment."""


def notebook_of(*sources: str, tags: Mapping[int, str] | None = None) -> NotebookNode:
    """A notebook of AIBasic; a source that begins with `#` and a blank is markdown. `tags` are those of the cells."""
    notebook = new_notebook(metadata=KERNEL)
    for at, source in enumerate(sources):
        make = new_markdown_cell if source.startswith("# ") else new_code_cell
        cell = make(source, id=f"cell-{at}")
        if at in (tags or {}):
            cell.metadata["tags"] = [(tags or {})[at]]
        notebook.cells.append(cell)
    return notebook


def write(notebook: NotebookNode, path: Path) -> Path:
    nbformat.write(notebook, path)
    return path


def run(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """The notebook as a kernel of its own, in this folder, leaves it; errors are outputs too."""
    executed = copy.deepcopy(notebook)
    where = {"metadata": {"path": str(folder)}}
    NotebookClient(executed, resources=where, record_timing=False, allow_errors=True).execute()
    return executed


def run_tool(*command: str | Path, folder: Path, **environment: str) -> str:
    """What a tool of this environment printed, as `python -m` or by its path. A failure shows all that it said."""
    first, *rest = command
    tool = [sys.executable, "-m", first] if isinstance(first, str) else [first]
    done = subprocess.run(
        [*tool, *rest], cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout
