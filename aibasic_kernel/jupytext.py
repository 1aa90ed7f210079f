"""Notebooks of AIBasic as `.aib` beside `.ipynb`, with jupytext: `python -m aibasic_kernel.jupytext --sync a.ipynb`.

Jupytext has no entry point for languages: importing this module makes `.aib` known to the jupytext of this process,
in its percent format (`# %%` above each cell). For the Jupyter server, `import aibasic_kernel.jupytext` stands in
`jupyter_server_config.py`. Raises ImportError where a release of jupytext keeps its formats in another place.
"""

from __future__ import annotations

import copy
import sys

import jupytext
from jupytext import formats, languages, magics
from jupytext.cli import jupytext as main

EXTENSION = ".aib"
_LIKE = ".py"
"""The extension whose comments begin as ours do."""


def register() -> None:
    """Make `.aib` known to jupytext, once."""
    if EXTENSION in formats.NOTEBOOK_EXTENSIONS:
        return
    percent = copy.copy(formats.get_format_implementation(_LIKE, "percent"))
    percent.extension = EXTENSION
    languages._SCRIPT_EXTENSIONS[EXTENSION] = {"language": "aibasic", "comment": "#"}
    magics._ESCAPED_CODE_START[EXTENSION] = magics._ESCAPED_CODE_START[_LIKE]
    formats.JUPYTEXT_FORMATS.append(percent)
    formats.NOTEBOOK_EXTENSIONS.append(EXTENSION)


try:
    register()
except (AttributeError, LookupError) as error:
    raise ImportError(f"jupytext {jupytext.__version__} cannot be told of {EXTENSION}: {error}") from error

if __name__ == "__main__":
    sys.exit(main())
