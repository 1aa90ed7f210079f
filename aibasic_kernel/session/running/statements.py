"""What is done with a line that is no control flow: sentences, typed Python, magics and commands."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import TYPE_CHECKING

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.language.instruction import BareNumber, Command, Magic, Python, Remark, Sentence
from aibasic_kernel.language.magics import cell_magic
from aibasic_kernel.session import commands
from aibasic_kernel.session.line import Code, Line
from aibasic_kernel.session.messages import Note
from aibasic_kernel.session.program.deleting import delete_if_there
from aibasic_kernel.session.steps import Outcome, RunMagic, Show, Step

if TYPE_CHECKING:
    from aibasic_kernel.session.running.runner import Runner
    from aibasic_kernel.session.session import Session

Steps = Generator[Step, Outcome | None, None]
_AROUND_PYTHON = frozenset({"debug", "prun", "time", "timeit"})
"""Magics that read the rest of their cell as Python."""


class Statements:
    """Runs the statements of one session, one at a time."""

    def __init__(self, session: Session, runner: Runner) -> None:
        self._session = session
        self._runner = runner

    def run(self, line: Line, cell: tuple[str, ...]) -> Steps:
        """Run one; `cell` are all sentences of its cell."""
        instruction, session = line.instruction, self._session
        if isinstance(instruction, Remark):
            return
        if isinstance(instruction, Sentence):
            yield from session.sentences.run(line, instruction, cell)
        elif isinstance(instruction, Python):
            yield from session.run_typed(line, instruction.code)
        elif isinstance(instruction, BareNumber):
            if delete_if_there(session, instruction.value):
                yield Show(Note(f"deleted: line {instruction.value}"))
            else:
                yield from session.run_typed(line, str(instruction.value))
        elif isinstance(instruction, Magic):
            yield from session.show_pending()
            yield from self._magic(line, instruction.text)
        else:
            assert isinstance(instruction, Command)
            yield from session.show_pending()
            yield from commands.run(session, instruction)

    def _magic(self, line: Line, text: str) -> Steps:
        session = self._session
        name, body = cell_magic(text)
        if name in _AROUND_PYTHON and any(isinstance(part, Sentence) for part in session.parse(body)):
            if name != "time":
                raise AIBasicError(
                    f"%%{name} takes Python, and a sentence stands below it", "%%time and %%capture take both"
                )
            yield from self._timed(body)
            return
        if name == "code_wrap":
            raise AIBasicError("%%code_wrap has no effect on AIBasic's cells", "wrap the code by hand in each cell")
        before = dict(session.names)
        outcome = yield RunMagic(line, text)
        assert outcome is not None
        value = outcome.result()
        made = tuple(name for name, value in session.user_names.items() if before.get(name) is not value)
        session.observe(Code(None, None, frozenset(), made, None), value)

    def _timed(self, body: str) -> Steps:
        """`%%time` above sentences: they run as they would without it."""
        begin = time.perf_counter()
        yield from self._runner.cell(self._session.parse(body))
        seconds = time.perf_counter() - begin
        yield from self._session.show_pending()
        yield Show(Note(f"wall time: {seconds:.3g} s"))
