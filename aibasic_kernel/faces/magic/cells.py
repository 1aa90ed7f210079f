"""Where a text stands that is given to the magic: in a cell of a notebook, or at a prompt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


@dataclass(frozen=True)
class Cell:
    """A text, as `Session.run` takes it: `key` says which cell it stands in, `label` what people know that by."""

    text: str
    key: str
    label: str


def cell_of(shell: InteractiveShell, line: str, body: str | None) -> Cell:
    """The cell of a `%aibasic line`, or of a `body` below `%%aibasic`.

    All lines of the first kind, and all of a terminal, stand at one prompt. A body keeps the place that its lines have
    in the notebook's cell.
    """
    from aibasic_kernel.session.program.memory import PROMPT

    if body is None:
        return Cell(line, PROMPT, "the prompt")
    text = f"\n{body}"
    if getattr(shell, "kernel", None) is None:
        return Cell(text, PROMPT, "the prompt")
    result = shell.displayhook.exec_result
    key = getattr(result.info, "cell_id", None) if result is not None else None
    return Cell(text, str(key or ""), f"[{shell.execution_count}]")
