"""Parameters for notebooks of AIBasic: `papermill in.ipynb out.ipynb -p threshold 5`.

Papermill has no entry point for what writes parameters in a language, but loads those of engines when it starts. The
engine `aibasic` is papermill's own; that it is here brings the translator along. Where entry points are not looked
at, `import aibasic_kernel.papermill` does.
"""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode
from papermill.engines import NBClientEngine
from papermill.exceptions import PapermillException
from papermill.translators import PythonTranslator, papermill_translators

from aibasic_kernel.language import ParseError, parse
from aibasic_kernel.language.instruction import Python

LANGUAGE = "aibasic"


class AIBasicTranslator(PythonTranslator):  # type: ignore[misc]  # papermill is not typed
    """Writes parameters as Python, which a cell of AIBasic takes as it stands: no model is asked."""

    @classmethod
    def codify(cls, parameters: Mapping[str, Any], comment: str = "Parameters") -> str:
        """The cell that sets the parameters. Raises PapermillException for one that is no name."""
        for name in parameters:
            if not name.isidentifier() or keyword.iskeyword(name):
                raise PapermillException(f"{name!r} is no name of a variable: letters, digits and _ make one")
        return str(super().codify(parameters, comment))

    @classmethod
    def inspect(cls, parameters_cell: NotebookNode) -> list[Any]:
        """The parameters that a cell sets in Python, with or without line numbers."""
        try:
            lines = [line.code for line in parse(parameters_cell.source) if isinstance(line, Python)]
        except ParseError:
            return []
        return list(super().inspect({"source": "\n".join(lines)}))


class AIBasicEngine(NBClientEngine):  # type: ignore[misc]  # papermill is not typed
    """Runs a notebook as papermill does."""


papermill_translators.register(LANGUAGE, AIBasicTranslator)
