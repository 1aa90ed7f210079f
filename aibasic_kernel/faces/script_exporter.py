"""`jupyter nbconvert --to script` for notebooks of AIBasic: an `.aib` that `aibasic run` runs."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from aibasic_kernel.session.program.notebook_script import SourceCell, script_of

MAY_FAIL = "raises-exception"
"""The tag of a cell that is there to show an error, as nbclient knows it."""


class AIBasicScriptExporter(Exporter):
    """Writes the cells of a notebook as one program."""

    file_extension = ".aib"
    output_mimetype = "text/x-aibasic"
    export_from_notebook = "AIBasic"

    def from_notebook_node(  # type: ignore[override]  # as nbconvert's own do
        self, nb: NotebookNode, resources: Any = None, **keywords: Any
    ) -> tuple[str, dict[str, Any]]:
        """The text of the program, and what else nbconvert writes."""
        notebook, resources = super().from_notebook_node(nb, resources, **keywords)
        return script_of(map(_cell, notebook.cells)), resources


def _cell(cell: NotebookNode) -> SourceCell:
    return SourceCell(cell.cell_type, cell.source, MAY_FAIL in cell.metadata.get("tags", ()))
