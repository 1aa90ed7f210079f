"""Run a notebook with its own kernel, showing each cell's result as text as it goes, and write it as pages."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert import HTMLExporter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

SECONDS_A_CELL = 300
LINES_SHOWN = 30
"""Of each output; the pages hold all of them."""


class NotebookFailed(Exception):
    """A cell failed that should not have. `notebook` is what ran until then."""

    def __init__(self, message: str, notebook: nbformat.NotebookNode) -> None:
        super().__init__(message)
        self.notebook = notebook


def run_notebook(
    path: Path, environment: dict[str, str], log: Path, say: Callable[[str], None]
) -> nbformat.NotebookNode:
    """Execute every cell in the notebook's folder, telling `say` of each as it goes. The file stays as it is.

    The kernel gets `environment`, logs into `log` and is stopped at the end, also on KeyboardInterrupt. Cells
    tagged `raises-exception` may fail. Raises NotebookFailed.
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=SECONDS_A_CELL, kernel_name=notebook.metadata.kernelspec.name)
    code_cells = [index for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as words, client.setup_kernel(cwd=str(path.parent), env=environment, stderr=words):
        for number, index in enumerate(code_cells, start=1):
            cell = notebook.cells[index]
            say(f"\n[{number}/{len(code_cells)}]\n{cell.source}")
            try:
                client.execute_cell(cell, index, execution_count=number)
            except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
                raise NotebookFailed(f"Cell {number} of {path.name} failed: {reason(error)}", notebook) from error
            finally:
                if cell.outputs:
                    say(indented(cell_text(cell)))
    return notebook


def reason(error: Exception) -> str:
    """What went wrong, in a line: nbclient's own text holds the cell and a coloured traceback."""
    return f"{error.ename}: {error.evalue}" if isinstance(error, CellExecutionError) else str(error)


def cell_text(cell: nbformat.NotebookNode) -> str:
    """The cell's outputs, one under the other, as a terminal can show them."""
    return "\n".join(first_lines(output_text(output)) for output in cell.outputs)


def output_text(output: nbformat.NotebookNode) -> str:
    """The text form of one output; of a failure its last line only."""
    if output.output_type == "stream":
        return str(output.text).rstrip("\n")
    if output.output_type == "error":
        return f"{output.ename}: {output.evalue}"
    return str(output.data.get("text/plain", ""))


def first_lines(text: str) -> str:
    """The text, cut after LINES_SHOWN with a word on how much is left out."""
    lines = text.split("\n")
    if len(lines) <= LINES_SHOWN:
        return text
    return "\n".join([*lines[:LINES_SHOWN], f"... {len(lines) - LINES_SHOWN} more lines"])


def indented(text: str) -> str:
    """The text under its cell."""
    return "\n".join(f"    {line}" for line in text.split("\n"))


def write_pages(notebook: nbformat.NotebookNode, folder: Path, stem: str) -> tuple[Path, Path]:
    """Write `stem`.ipynb and `stem`.html into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    executed, page = folder / f"{stem}.ipynb", folder / f"{stem}.html"
    nbformat.write(notebook, executed)
    html, _ = HTMLExporter().from_notebook_node(with_known_lexer(notebook), resources={"metadata": {"name": stem}})
    page.write_text(html, encoding="utf-8")
    return executed, page


def with_known_lexer(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook, its cells as plain text where Pygments has no lexer for their language."""
    language = notebook.metadata.get("language_info", notebook.metadata.kernelspec)
    name = language.get("pygments_lexer") or language.get("name")
    try:
        get_lexer_by_name(name)
    except ClassNotFound:
        notebook = copy.deepcopy(notebook)
        notebook.metadata.language_info = nbformat.from_dict({"name": name, "pygments_lexer": "text"})
    return notebook
