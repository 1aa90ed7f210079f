"""What the lines of a session came to, as far as EXPLAIN tells it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aibasic_kernel.compiler.in_place import failing_line
from aibasic_kernel.errors import TwoLines, text_of
from aibasic_kernel.language.errors import ParseError
from aibasic_kernel.language.instruction import Command, Instruction, Remark
from aibasic_kernel.session.line import Line


@dataclass
class Failure:
    """How a line failed, or (`line` is None) a cell of which nothing was run.

    `said` is the error as people read it, `at` the line of the Python that raised it. `error` itself is kept for the
    newest failure only: its traceback keeps whatever its frames held.
    """

    line: Line | None
    error: BaseException | None
    said: str
    remedy: str = ""
    at: int | None = None
    hints: tuple[str, ...] = ()


class Ran:
    """The newest line, and how lines failed when they ran last."""

    def __init__(self) -> None:
        self.newest: Line | None = None
        self.newest_failure: Failure | None = None
        """Set from a failure until another line begins."""
        self._by_number: dict[int, Line] = {}
        self._failures: dict[tuple[int, str], Failure] = {}

    def begin(self, line: Line) -> None:
        """A line is about to run."""
        if isinstance(line.instruction, Command | Remark):
            return
        self.newest, self.newest_failure = line, None
        if line.instruction.number is not None:
            self._by_number[line.instruction.number] = line
            self._failures.pop(_key(line.instruction), None)

    def failed(self, line: Line, error: BaseException) -> None:
        """It failed."""
        if isinstance(line.instruction, Command | Remark):
            return
        message, remedy = _said(error)
        self._take(Failure(line, error, message, remedy, failing_line(error, line.filename)))
        if line.instruction.number is not None:
            self._failures[_key(line.instruction)] = self.newest_failure  # type: ignore[assignment]

    def refused(self, error: TwoLines) -> None:
        """A cell was not run at all: it could not be read, or its lines do not fit together."""
        message, remedy = _said(error)
        self._take(Failure(None, error, message, remedy))

    def hinted(self, hints: Iterable[str]) -> None:
        """What the line that failed last may have meant."""
        if self.newest_failure is not None:
            self.newest_failure.hints = tuple(hints)

    def line(self, number: int) -> Line | None:
        """The line of that number that ran last, of whichever cell."""
        return self._by_number.get(number)

    def failure(self, line: Line | None, instruction: Instruction) -> Failure | None:
        """How the line failed when it ran last, None where it did not."""
        newest = self.newest_failure
        if newest is not None and newest.line is not None and line is newest.line:
            return newest
        return self._failures.get(_key(instruction)) if instruction.number is not None else None

    def _take(self, failure: Failure) -> None:
        if self.newest_failure is not None:
            self.newest_failure.error = None
        for earlier in self._failures.values():
            earlier.error = None
        self.newest_failure = failure


def _key(instruction: Instruction) -> tuple[int, str]:
    return instruction.number or 0, instruction.source.strip()


def _said(error: BaseException) -> tuple[str, str]:
    """What happened, and what to do about it where the error knows."""
    if isinstance(error, ParseError):
        return str(error).removesuffix(error.remedy).rstrip(), error.remedy
    if isinstance(error, TwoLines):
        return error.message, error.remedy
    if isinstance(error, KeyboardInterrupt):
        return "you stopped it", ""
    name = type(error).__name__
    text = str(error.args[0]) if isinstance(error, KeyError) and error.args else text_of(error)
    return (f"{name}: {text.strip()}" if text.strip() else name), ""
