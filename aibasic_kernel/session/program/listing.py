"""LIST: the program as it was written, cell by cell, with the code of its lines on wish."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from aibasic_kernel.language import statement_text
from aibasic_kernel.language.instruction import Sentence
from aibasic_kernel.session.line import Line
from aibasic_kernel.session.messages import Listing, Note, gutter
from aibasic_kernel.session.program.memory import ProgramCell, ProgramLine, written
from aibasic_kernel.session.program.ranges import count, lines_of

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session

_CODE = re.compile(r"\s*CODE$", re.IGNORECASE)
_FIRST_WORDS = 48
"""Characters of a cell's first line that stand beside its label."""


def show_program(session: Session, argument: str) -> Iterator[object]:
    """LIST [N[-M]] [CODE]: the cells in order, each with its lines as written.

    What stands between two cells is a comment, so that what is listed may be put into a file as it is.
    """
    if not session.program.cells:
        yield Note("there is no program: lines with a number in front become one, and LOAD reads a file")
        return
    wanted = _CODE.sub("", argument)
    lines = set(lines_of(session.program, wanted))
    cells = [cell for cell in session.program.cells if not lines.isdisjoint(cell.lines)]
    with_code = wanted != argument
    blocks = [_block(session, cell, lines, whole=not wanted, with_code=with_code) for cell in cells]
    if len(session.program.cells) > 1:
        blocks = [f"{_heading(cell)}\n{block}" for cell, block in zip(cells, blocks, strict=True)]
    yield Listing(_title(session, len(lines), len(cells)), session.redact("\n".join(blocks)).rstrip("\n"), open=True)


def _title(session: Session, lines: int, cells: int) -> str:
    program = session.program
    where = f" in {cells} cells" if cells > 1 else ""
    if program.file is None:
        return count(lines) + where
    return f"{count(lines)}{where}, {'saved in' if program.is_saved else 'changed since'} {program.file.name}"


def _heading(cell: ProgramCell) -> str:
    first = cell.lines[0]
    texts = [*(remark.text for remark in first.before), statement_text(first.instruction)]
    words = " ".join(next(filter(None, texts), "").split())
    if len(words) > _FIRST_WORDS:
        words = words[: _FIRST_WORDS - 1].rsplit(" ", 1)[0] + " …"
    return f"# {cell.label}: {words}"


def _block(session: Session, cell: ProgramCell, lines: Collection[ProgramLine], *, whole: bool, with_code: bool) -> str:
    texts = []
    for line in cell.lines:
        if line in lines:
            texts.append(line.text + (_code(session, line) if with_code else ""))
    if whole:
        texts.append(written(*cell.after))
    return "".join(texts).lstrip("\n")


def _code(session: Session, line: ProgramLine) -> str:
    """What stands below a line: its Python, nothing for a line that needs none."""
    compiled = compiled_line(session, line)
    if compiled is not None:
        return gutter(compiled.python.rstrip("\n")) + "\n"
    return gutter("not compiled yet") + "\n" if isinstance(line.instruction, Sentence) else ""


def compiled_line(session: Session, line: ProgramLine) -> Line | None:
    """What a line of the program was compiled to last, None where that was not done in this session."""
    newest = session.lines.get(line.number or 0)  # of all cells that have the number
    kept = [forms.forms[0].line for forms in reversed(line.compiled or ()) if forms.forms]
    candidates = (newest, *kept) if newest is not None else kept
    own = line.instruction.source.strip()
    return next((each for each in candidates if not each.typed and each.instruction.source.strip() == own), None)
