"""A story notebook as a part of a page: its text and its cells as they are saved. Nothing is run."""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
_HEADING = re.compile(r"^(#+) ", re.MULTILINE)


def story(name: str) -> str:
    """The notebook of that name, its headings one level lower."""
    notebook = json.loads((ROOT / "notebooks" / name / f"{name}.ipynb").read_text(encoding="utf-8"))
    return "\n\n".join(_cell(cell["cell_type"], "".join(cell["source"])) for cell in notebook["cells"])


def _cell(kind: str, source: str) -> str:
    if kind == "code":
        return f"```aibasic\n{source}\n```"
    return _HEADING.sub(r"#\1 ", source)
