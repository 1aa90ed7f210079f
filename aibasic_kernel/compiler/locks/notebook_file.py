"""A saved notebook, as far as a lock has to do with it: what its cells say, and the code that their outputs carry."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aibasic_kernel.compiler.compilation import COMPILATION_MIME, Compilation
from aibasic_kernel.errors import AIBasicError


class NotebookFile:
    """The code cells of the notebook at `path` (nbformat 4). Raises AIBasicError for what is none."""

    def __init__(self, path: Path) -> None:
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            cells = [cell for cell in data["cells"] if cell["cell_type"] == "code"]
            self.sources = [_joined(cell["source"]) for cell in cells]
            """The text of each code cell."""
            self.may_fail = ["raises-exception" in cell.get("metadata", {}).get("tags", ()) for cell in cells]
            """Whether each is marked, as Jupyter does, as one that is there to fail."""
        except OSError as error:
            raise AIBasicError(f"{path} cannot be read: {error.strerror}", "name a notebook") from error
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise AIBasicError(f"{path} is no notebook of format 4", "open it in JupyterLab and save it") from error
        self._cells: list[Any] = cells

    def compilations(self) -> list[Compilation]:
        """What the outputs carry; a bundle that is none is left out."""
        found = []
        for bundle in self._bundles():
            try:
                found.append(Compilation.from_json(bundle))
            except (LookupError, TypeError, ValueError, RecursionError):
                continue
        return found

    def _bundles(self) -> Iterator[Any]:
        for cell in self._cells:
            outputs = cell.get("outputs")
            for output in outputs if isinstance(outputs, list) else ():
                data = output.get("data") if isinstance(output, dict) else None
                if isinstance(data, dict) and COMPILATION_MIME in data:
                    yield data[COMPILATION_MIME]


def _joined(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)
