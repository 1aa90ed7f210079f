"""The statement that a cursor stands in, while it is being written and may be no sound instruction yet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aibasic_kernel.language.layout import read_logical
from aibasic_kernel.language.marks import Marks
from aibasic_kernel.language.source import Line, leading_number, split_lines
from aibasic_kernel.language.tasks import read_task

_NUMBER = re.compile(r"\s*[0-9]+\s+")
_TASK_BEGUN = re.compile(r"\(\s*(?P<task>[A-Za-z][\w-]*)?\s*(?P<instance>:\s*[\w.-]*)?\Z")
_IPYTHON = ("%", "!", "?")


@dataclass(frozen=True)
class StatementAt:
    """One statement around a cursor.

    `text` is what stands behind number and task type, with comments, continuation marks and the numbers of continuation
    lines blanked out; it begins at `offset` of the cell. `cursor` is the cursor's place in `text`, negative where it
    stands in front of it. `section` is the task type as written, in lower case, None where there is none.
    """

    text: str
    offset: int
    cursor: int
    numbered: bool = False
    section: str | None = None

    @property
    def before(self) -> str:
        return self.text[: max(0, self.cursor)]

    @property
    def after(self) -> str:
        return self.text[max(0, self.cursor) :]

    @property
    def task_begun(self) -> str | None:
        """What is written of a task type whose bracket is not closed before the cursor (`postgres:w`), else None."""
        match = _TASK_BEGUN.fullmatch(self.before.lstrip()) if self.section is None else None
        return match and (match["task"] or "") + "".join((match["instance"] or "").split())


def statement_at(code: str, cursor: int) -> StatementAt | None:
    """The statement at `cursor` (in characters) of a cell; None where IPython reads the line, and in a comment."""
    cursor = max(0, min(cursor, len(code)))
    begin = max(code.rfind("\n", 0, cursor), code.rfind("\r", 0, cursor)) + 1
    if code.lstrip().startswith("%%") or code[begin:cursor].lstrip().startswith(_IPYTHON):
        return None
    # A word at the cursor makes an empty line one that may go on with the statement above it.
    empty = not re.split("[\r\n]", code[begin:], maxsplit=1)[0].strip()
    lines = split_lines(f"{code[:cursor]}x{code[cursor:]}" if empty else code)
    for first, end in _statements(lines):
        if cursor <= lines[end - 1].end:
            text = _plain(lines[first:end], cursor if empty else None)
            return _read(text, lines[first].start, cursor, code)
    return None


def _statements(lines: list[Line]) -> Iterator[tuple[int, int]]:
    """First line and the line behind, of each statement."""
    first = 0
    while first < len(lines):
        number = leading_number(lines[first].text)
        column = number[1] if number else 0
        task = read_task(lines[first].text[column:].lstrip())
        block = task is not None and len(lines[first].text[column:].strip()) <= task.length
        logical = read_logical(lines, first, column, lambda _: False, block)
        end = logical.end
        if logical.open_offset is not None:
            # What is open may be forgotten rather than unfinished: it must not take the statements below along.
            own = range(first + 1, end)
            end = next((at for at in own if lines[at].blank or leading_number(lines[at].text)), end)
        yield first, end
        first = end


def _plain(lines: list[Line], inserted: int | None) -> str:
    """The lines as written, with what is no part of the sentence blanked; `inserted` is where a word was put in."""
    marks = Marks()
    parts = []
    for line in lines:
        quoted = bool(marks.quote)
        text = line.text
        number = leading_number(text) if line is not lines[0] and marks.brackets and not quoted else None
        if number:
            text = " " * number[1] + text[number[1] :]
        comment = marks.read(text, line.start)
        kept = text[:comment]
        if not marks.quote and kept.rstrip().endswith("\\"):
            kept = kept.rstrip()[:-1]
        parts.append(kept.ljust(line.end - line.start))
    text = "".join(parts)
    if inserted is not None:
        at = inserted - lines[0].start
        text = text[:at] + text[at + 1 :]
    return text


def _read(text: str, start: int, cursor: int, code: str) -> StatementAt | None:
    line_begin = max(start, code.rfind("\n", 0, cursor) + 1)
    written = len(code[line_begin:cursor].rstrip())
    if written and text[line_begin - start + written - 1 : line_begin - start + written].isspace():
        return None  # behind what was blanked out: in a comment
    number = _NUMBER.match(text)
    column = number.end() if number else len(text) - len(text.lstrip())
    task = read_task(text[column:])
    section = None
    if task is not None and cursor - start >= column + task.length:
        section = f"{task.name}:{task.instance}" if task.instance else task.name
        column += task.length
    offset = start + column
    return StatementAt(text[column:], offset, cursor - offset, number is not None, section)
