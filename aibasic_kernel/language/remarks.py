"""Comments that stand alone: `rem TEXT`, `# TEXT`, and lines with nothing on them."""

from __future__ import annotations

import re
from collections.abc import Container

from aibasic_kernel.language.instruction import Remark, Span
from aibasic_kernel.language.marks import without_comment
from aibasic_kernel.language.source import BLANKS

REM = re.compile(r"rem(?:\s+(?!\s*=[^=])(.*))?", re.IGNORECASE)
"""What `rem TEXT` matches in full; `rem = 3` is Python."""

_UNPLACED = Span(0, 0, 1)


def read_remark(text: str, names: Container[str]) -> Remark | None:
    """The remark that `text` (no number, no surrounding blanks) is, not yet placed in a source; None for all else."""
    if text.startswith("#"):
        return Remark(_UNPLACED, "", None, text[1:].strip())
    match = REM.fullmatch(text)
    if match and not (match[1] is None and text in names):
        return Remark(_UNPLACED, "", None, (match[1] or "").strip())
    return None if without_comment(text).strip(BLANKS + "\\") else Remark(_UNPLACED, "", None, "")
