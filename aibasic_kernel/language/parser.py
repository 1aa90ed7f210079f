"""Text to instructions."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from aibasic_kernel.language.commands import read_command
from aibasic_kernel.language.control_flow import JUMPS, Misfit, read_control_flow, split_last_jump
from aibasic_kernel.language.errors import ParseError, UnfinishedError
from aibasic_kernel.language.importable import is_importable
from aibasic_kernel.language.instruction import (
    BareNumber,
    For,
    ForEach,
    Instruction,
    Magic,
    Python,
    Remark,
    Sentence,
    Span,
)
from aibasic_kernel.language.layout import LogicalLine, block_line, read_logical
from aibasic_kernel.language.magics import begins_cell_magic, is_magic, magic_end
from aibasic_kernel.language.marks import without_comment
from aibasic_kernel.language.program import merge_python, refuse_repeated_numbers
from aibasic_kernel.language.python_layout import statement_code, statement_ends
from aibasic_kernel.language.python_or_english import Known, bound_names, lacks_block, read_python
from aibasic_kernel.language.remarks import read_remark
from aibasic_kernel.language.source import LARGEST_NUMBER, Line, bare_number, leading_number, line_number, split_lines
from aibasic_kernel.language.tasks import TaskHead, nearest_tasks, read_task

_UNPLACED = Span(0, 0, 1)
_LET = re.compile(r"(?:let|set)\s+([^\W\d]\w*)\s*(?:=|(?:to|be)\b)", re.IGNORECASE)
_SURELY_PYTHON = re.compile(r"@|(?:def|class|async|try)\b")


def parse(
    text: str,
    names: Collection[str] = frozenset(),
    importable: Callable[[str], bool] = is_importable,
    tasks: Collection[str] = frozenset(),
) -> tuple[Instruction, ...]:
    """The instructions of a cell or a program; together their spans hold each character once. Raises ParseError.

    `names` are the user's variables, `importable` tells whether a top-level module is installed, `tasks` are the known
    task types in lower case, other words included (none: any word in parentheses is taken for one).
    """
    if (at := text.find("\0")) >= 0:
        line = len(split_lines(text[: at + 1]))
        raise ParseError("a NUL character has no place in a line", text, Span(at, at + 1, line), "delete it")
    with warnings.catch_warnings():
        # Python warns of odd escapes and comparisons while it parses; that is for when the code runs.
        warnings.simplefilter("ignore")
        instructions = Parser(text, Known(names), importable, tasks).instructions()
    refuse_repeated_numbers(text, instructions)
    return tuple(merge_python(instructions))


@dataclass(frozen=True)
class _Head:
    """Where a statement begins: line `first`, its `column` there, and its number."""

    first: int
    column: int
    number: int | None


_Read = tuple[Instruction, int]
"""An instruction that is not placed in the source yet, and the line behind it."""


class Parser:
    """Reads a text statement by statement; `joined` says that it is several lines of another text, on one."""

    def __init__(
        self, source: str, known: Known, importable: Callable[[str], bool], tasks: Collection[str], joined: bool = False
    ) -> None:
        self._source = source
        self.lines = split_lines(source)
        self._known = known
        self._importable = importable
        self._tasks = tasks
        self._joined = joined

    def instructions(self) -> list[Instruction]:
        result = []
        index = 0
        while index < len(self.lines):
            instruction, index = self.next(index)
            result.append(instruction)
        return result

    def next(self, first: int) -> _Read:
        """The instruction that begins on line `first`, in its place, and the line behind it. Raises ParseError."""
        instruction, end = self.read(first)
        self._known.add(_bound_by(instruction))
        return self.placed(instruction, first, end), end

    def placed(self, instruction: Instruction, first: int, end: int) -> Instruction:
        """The instruction as that of the lines from `first` to `end`, exclusive."""
        span = Span(self.lines[first].start, self.lines[end - 1].end, self.lines[first].row)
        return replace(instruction, span=span, source=self._source[span.start : span.end])

    def read(self, first: int) -> _Read:
        """The instruction that begins on line `first`."""
        line = self.lines[first]
        if line.blank:
            return Remark(_UNPLACED, "", None, ""), first + 1
        if begins_cell_magic(self.lines, first):
            text = "\n".join(line.text for line in self.lines[first:])
            return Magic(_UNPLACED, "", None, text.lstrip()), len(self.lines)
        if head := leading_number(line.text):
            return self.statement(_Head(first, head[1], self._number(line, head[0])))
        value = bare_number(line.text)
        if value is not None:
            return BareNumber(_UNPLACED, "", None, value), first + 1
        return self.statement(_Head(first, len(line.text) - len(line.text.lstrip()), None))

    def statement(self, head: _Head) -> _Read:
        """The instruction whose text begins at `head`."""
        try:
            instruction, end = (
                self._remark(head)
                or self._magic(head)
                or self._task(head)
                or self._one_line(head)
                or self._python(head)
                or self._english(head)
            )
        except Misfit as misfit:
            message, remedy = misfit.args
            raise self._error(head, message, remedy) from None
        return replace(instruction, number=head.number) if head.number is not None else instruction, end

    def _number(self, line: Line, digits: str) -> int:
        number = line_number(digits)
        if number is None:
            start = line.start + line.text.index(digits)
            span = Span(start, start + len(digits), line.row)
            raise ParseError(f"a line number is 1 to {LARGEST_NUMBER}", self._source, span)
        return number

    def _text(self, head: _Head) -> str:
        return self.lines[head.first].text[head.column :].strip()

    def _remark(self, head: _Head) -> _Read | None:
        remark = read_remark(self._text(head), self._known)
        return (remark, head.first + 1) if remark else None

    def _magic(self, head: _Head) -> _Read | None:
        if not is_magic(self._text(head), self._known):
            return None
        end = magic_end(self.lines, head.first)
        rest = [line.text.rstrip() for line in self.lines[head.first + 1 : end]]
        return Magic(_UNPLACED, "", None, "\n".join([self._text(head), *rest])), end

    def _one_line(self, head: _Head) -> _Read | None:
        """What needs no look at the lines below: commands, and the control flow of a numbered line."""
        text = without_comment(self._text(head))
        command = read_command(text, self._known, self._tasks)
        if head.number is None:
            return (command, head.first + 1) if command else None
        if command and text.startswith(command.name):
            raise self._error(head, f"{command.name} is a direct command", "it takes no line number")
        flow = read_control_flow(text)
        return (flow, head.first + 1) if flow else None

    def _task(self, head: _Head) -> _Read | None:
        task = read_task(self._text(head))
        if task is None:
            return None
        if self._tasks and task.name not in self._tasks:
            if python := self._python(head):
                return python
            remedy = nearest_tasks(task.name, self._tasks)
            raise self._error(head, f"unknown task type ({task.name})", remedy, length=task.length)
        logical = self._task_lines(head, task)
        if isinstance(read_control_flow(logical.text), JUMPS):
            raise self._error(head, "control flow takes no task type", f"leave out ({task.name})")
        text, then_goto = split_last_jump(logical.text)
        return Sentence(_UNPLACED, "", None, text, task.name, task.instance, then_goto), logical.end

    def _task_lines(self, head: _Head, task: TaskHead) -> LogicalLine:
        """The sentence behind a task type: the rest of its line, or the indented block below it."""
        rest = self._text(head)[task.length :]
        block = not without_comment(rest)
        if block:
            self._expect_block(head, f"nothing follows the task type ({task.name})")
        column = head.column + task.length
        logical = self._sound(head, read_logical(self.lines, head.first, column, lambda _: False, block))
        if not logical.text:
            raise self._error(head, f"nothing follows the task type ({task.name})", "")
        return logical

    def _python(self, head: _Head) -> _Read | None:
        ends = statement_ends(self.lines, head.first, head.column, head.number is not None)
        for end in reversed(ends):
            code = statement_code(self.lines, head.first, end, head.column)
            if statements := read_python(code, self._known, self._importable):
                if not hasattr(statements[-1], "body") and self._is_indented(end, head):
                    return None
                return Python(_UNPLACED, "", None, code), end
        self._refuse_broken_python(head)
        return None

    def _is_indented(self, index: int, head: _Head) -> bool:
        """Whether line `index` goes on with the statement above it."""
        if index >= len(self.lines):
            return False
        line = self.lines[index]
        return not line.blank and not line.text.lstrip().startswith("#") and line.indent > self._base(head)

    def _base(self, head: _Head) -> int:
        return self.lines[head.first].indent

    def _refuse_broken_python(self, head: _Head) -> None:
        """Raise where a statement announces a block as only Python does, and none follows or it is broken."""
        header = without_comment(self._text(head))
        if not lacks_block(header):
            return
        if not header.startswith("@"):
            self._expect_block(head, "the block of this line is missing")
        elif block_line(self.lines, head.first + 1, -1) is None:
            raise self._error(head, "the function below this line is missing", "", UnfinishedError)
        if not _SURELY_PYTHON.match(header):
            return
        end = head.first + 1
        while (below := block_line(self.lines, end, self._base(head))) is not None:
            end = below + 1
        code = statement_code(self.lines, head.first, end, head.column)
        try:
            ast.parse(code)
        except SyntaxError as error:
            broken = _Head(min(head.first + (error.lineno or 1) - 1, end - 1), 0, None)
            raise self._error(replace(broken, number=head.number), f"this Python is broken: {error.msg}", "") from None
        except (ValueError, RecursionError, MemoryError):
            return

    def _english(self, head: _Head) -> _Read:
        logical = self._sound(head, read_logical(self.lines, head.first, head.column, self._is_whole))
        begin = self.lines[head.first].start + head.column
        as_written = self._source[begin : self.lines[logical.end - 1].end].strip()
        is_joined = not self._joined and logical.text != as_written
        instruction = (is_joined and self._read_joined(head, logical.text)) or read_control_flow(logical.text)
        if instruction is None:
            text, then_goto = split_last_jump(logical.text)
            instruction = Sentence(_UNPLACED, "", None, text, then_goto=then_goto)
        if isinstance(instruction, Sentence) and logical.end > head.first + 1:
            self._refuse_stray_indent(head)
        return instruction, logical.end

    def _is_whole(self, text: str) -> bool:
        """Whether an indented line below `text` does not belong to it: the body of a loop, for one."""
        return read_control_flow(text) is not None

    def _read_joined(self, head: _Head, text: str) -> Instruction | None:
        """The instruction that several lines, or a line with a comment, make when written on one line."""
        one_line = Parser(text, self._known, self._importable, self._tasks, joined=True)
        try:
            if head.number is None:
                instruction, end = one_line.read(0)
            else:
                instruction, end = one_line.statement(_Head(0, 0, head.number))
        except ParseError as error:
            raise self._error(head, error.message, error.remedy) from None
        return instruction if end == len(one_line.lines) else None

    def _refuse_stray_indent(self, head: _Head) -> None:
        """Raise where a line of Python is followed by an indented one, which is Python's own error and no sentence."""
        end = self._python_end(head)
        if not end or not self._is_indented(end, head):
            return
        line = self.lines[end]
        below = _Head(end, len(line.text) - len(line.text.lstrip()), None)
        if self._python_end(below):
            raise self._error(below, "this line is indented, but no block is open", "begin it below the line above")

    def _python_end(self, head: _Head) -> int:
        """Behind the Python statement at `head`, 0 where there is none."""
        for end in reversed(statement_ends(self.lines, head.first, head.column, head.number is not None)):
            code = statement_code(self.lines, head.first, end, head.column)
            if read_python(code, self._known, self._importable):
                return end
        return 0

    def _sound(self, head: _Head, logical: LogicalLine) -> LogicalLine:
        """The logical line, or an error that names where the bracket or quote opens that never closes."""
        at = logical.open_offset
        if at is None:
            return logical
        what = "bracket" if self._source[at] in "([{" else "quote"
        kind = UnfinishedError if logical.end == len(self.lines) else ParseError
        row = next(line.row for line in self.lines if line.start <= at < line.end)
        raise kind(f"the {what} that opens here is never closed", self._source, Span(at, at + 1, row), "", head.number)

    def _expect_block(self, head: _Head, message: str) -> None:
        if block_line(self.lines, head.first + 1, self._base(head)) is not None:
            return
        kind = UnfinishedError if block_line(self.lines, head.first + 1, -1) is None else ParseError
        raise self._error(head, message, "indent the lines that belong to it", kind)

    def _error(
        self, head: _Head, message: str, remedy: str, kind: type[ParseError] = ParseError, length: int | None = None
    ) -> ParseError:
        """An error that marks the first `length` characters (all, for None) of the text of the line at `head`."""
        line = self.lines[head.first]
        text = self._text(head)
        start = line.start + line.text.index(text, head.column)
        span = Span(start, start + len(text[:length].rstrip()), line.row)
        return kind(message, self._source, span, remedy, head.number)


def _bound_by(instruction: Instruction) -> set[str]:
    """The names that later lines of the same text may rely on."""
    if isinstance(instruction, Python):
        return set(bound_names(ast.parse(instruction.code)))
    if isinstance(instruction, (For, ForEach)):
        return {instruction.variable}
    match = _LET.match(instruction.text) if isinstance(instruction, Sentence) else None
    return {match[1]} if match else set()
