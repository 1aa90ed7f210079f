"""Runs the lines of one session: a cell as it stands, or the whole program, along its jumps, loops and calls."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from aibasic_kernel.errors import AIBasicError, Refused, text_of
from aibasic_kernel.language import statement_text
from aibasic_kernel.language.instruction import CONTROL_FLOW, Command, Instruction, Python, Remark, Sentence
from aibasic_kernel.language.structure import targets_of, within_loops
from aibasic_kernel.session.line import Line, LineError
from aibasic_kernel.session.messages import Note
from aibasic_kernel.session.names import LAST_ERROR, LAST_ERROR_LINE
from aibasic_kernel.session.program.memory import PROMPT, Program, ProgramCell, ProgramLine
from aibasic_kernel.session.program.places import cell_among, forgetting, place_among
from aibasic_kernel.session.program.switching import is_on
from aibasic_kernel.session.running.burst import Burst
from aibasic_kernel.session.running.expressions import expressions_of, python_of, sentence_of, sentences_of
from aibasic_kernel.session.running.forms import Forms, form_of
from aibasic_kernel.session.running.loops import perform
from aibasic_kernel.session.running.run import Run
from aibasic_kernel.session.running.statements import Statements
from aibasic_kernel.session.running.stopped import Stopped, interrupted
from aibasic_kernel.session.running.track import Track, track_of
from aibasic_kernel.session.steps import Outcome, RunLoop, Show, Step, StepError

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session

Steps = Generator[Step, Outcome | None, None]


class Runner:
    """The runs of one session. `stopped` is what CONT and STEP go on with."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._statements = Statements(session, self)
        self.stopped: Stopped | None = None
        self.is_traced = False
        self.breakpoints: set[int] = set()
        self._cell = ProgramCell("", "")
        self._depth = 0
        self._line: Line | None = None
        """What is under way."""

    @property
    def program(self) -> Program:
        """The lines that are remembered."""
        return self._session.program

    # What is run -----------------------------------------------------------------------------------------------------

    def cell(self, instructions: Sequence[Instruction], key: str = "", label: str = "") -> Steps:
        """Remember the numbered lines of a cell, and run it. Raises LineError where a line failed.

        Raises AIBasicError before anything ran where a jump has no target or a loop no end.
        """
        outer = self._cell
        if self._depth and not key and not outer.lines:  # a cell within a cell, below `%%capture`
            key, label = outer.key, outer.label
        cell = self.program.enter(key, label, instructions)
        try:
            yield from self._run_cell(cell, instructions)
        finally:
            self._cell = outer

    def aside(self, instructions: Sequence[Instruction]) -> Steps:
        """As `cell`, for lines that are not to be remembered."""
        outer = self._cell
        try:
            yield from self._run_cell(ProgramCell("", ""), instructions)
        finally:
            self._cell = outer

    def whole(self, number: int | None = None) -> Steps:
        """Run the program from its start, or from the one line of that number."""
        self._refuse_within()
        self.stopped = None
        run = self._from_start()
        if number is not None and self.program.find(number) is not run.line:
            run.jump(number)
        yield from self._drive(run)

    def go_on(self) -> Steps:
        """Go on where a run stopped."""
        self._refuse_within()
        yield from self._drive(self._resumed(), anew=False)

    def step(self) -> Steps:
        """Run one line: the next of the run that stopped, else the first of the program."""
        self._refuse_within()
        yield from self._drive(self._from_start() if self.stopped is None else self._resumed(), lines=1, anew=False)

    def forget(self, sentence: Sentence) -> None:
        """Let every line that says the sentence be compiled anew."""
        said = sentence.text, sentence.section
        for line in self.program.lines():
            if said in ((each.text, each.section) for each in sentences_of(line.instruction)):
                line.compiled = None

    def _run_cell(self, cell: ProgramCell, instructions: Sequence[Instruction]) -> Steps:
        self._cell = cell
        if cell.lines and any(each.number is not None for each in instructions):
            self.stopped = None
        self._session.trusting.says(part for each in instructions for part in sentences_of(each))
        track = track_of(cell, self._to_run_now(cell, instructions))
        self._prepare(track)
        now = {each.number for each in track.instructions}
        waiting = [each for each in instructions if each.number is not None and each.number not in now]
        if waiting:
            yield Show(Note(f"remembered, to run with RUN: {_named(waiting)}"))
        yield from self._drive(Run(self.program, track))

    def _to_run_now(self, cell: ProgramCell, instructions: Sequence[Instruction]) -> Iterator[Instruction]:
        """What has no number; of the rest what does not wait for RUN.

        At the prompt control flow does, and what a loop repeats: its variable has no value before.
        """
        immediate = self._session.immediate
        repeated = _repeated(cell) if cell.key == PROMPT else set()
        for each in instructions:
            if isinstance(each, Command) and each.name == "IMMEDIATE":
                immediate = is_on(each.argument)
            if each.number is None or (immediate and cell.key != PROMPT):
                yield each
            elif immediate and not isinstance(each, CONTROL_FLOW) and each.number not in repeated:
                yield replace(each, then_goto=None) if isinstance(each, Sentence) and each.then_goto else each

    def _from_start(self) -> Run:
        tracks = [Track(cell, list(cell.lines)) for cell in self.program.cells]
        if not tracks:
            raise AIBasicError("there is no program", 'lines with a number are remembered as one: 10 print "hello"')
        for track in tracks:
            self._prepare(track)
        after = {track.cell.key: following for track, following in pairwise(tracks)}
        return Run(self.program, tracks[0], following=lambda track: after.get(track.cell.key))

    def _resumed(self) -> Run:
        """The run that stopped, as long as it may go on."""
        stopped = self.stopped
        if stopped is None:
            raise AIBasicError("there is nothing to go on with", "RUN starts the program")
        run = stopped.resumed()
        self.stopped = None
        return run

    def _refuse_within(self) -> None:
        if self._depth > 1:
            raise AIBasicError("a line of the program cannot run the program", "call N runs the lines from N on")

    def _prepare(self, track: Track) -> None:
        """Look whether each loop has an end and each jump a target. Raises AIBasicError.

        A handler may read what failed last even where nothing has: it runs with its cell too.
        """
        if any(LAST_ERROR in each.source for each in track.instructions):
            self._session.names.setdefault(LAST_ERROR, "")
            self._session.names.setdefault(LAST_ERROR_LINE, 0)
        is_other = track.cell is not self._cell
        try:
            assert track.partners is not None
        except AIBasicError as error:
            if not is_other or len(self.program.cells) == 1:
                raise
            raise AIBasicError(f"{track.cell.label}: {error.message}", f"{error.remedy}; or NEW") from None
        for line in track.lines:
            for target in targets_of(line.instruction):
                self._require(line, target, is_other)

    def _require(self, line: ProgramLine, target: int, is_other: bool) -> None:
        """Raises AIBasicError where the line at which one goes on is not there."""
        if self.program.find(target, line.cell) is not None:
            return
        place = place_among(self.program, line) if is_other else line.place
        again = f"RUN again; {forgetting(self.program, line)}" if is_other else "this one again"
        raise AIBasicError(
            f"{place} goes on at line {target}, which is not there",
            f"nothing was run. Run the cell that has that line first, then {again}",
        )

    # Going along -----------------------------------------------------------------------------------------------------

    def _drive(self, run: Run, lines: int | None = None, *, anew: bool = True) -> Steps:
        """Run on from where the run stands, or only so many lines; `anew` stops before the first one too."""
        self._depth += 1
        begun = run.rounds
        try:
            while (line := run.line) is not None:
                done = run.rounds - begun
                if done == lines or (line.number in self.breakpoints and (done or anew)):
                    self.stopped = Stopped(run)
                    yield Show(Note(f"stopped before {line.place}: {statement_text(line.instruction)}"))
                    return
                try:
                    yield from self._turn(run, line, alone=lines is not None)
                    if run.is_stopped:
                        yield from self._stop_behind(run)
                        return
                except (GeneratorExit, LineError):  # a line within a timed cell has told already
                    raise
                except BaseException as raised:
                    yield from self._failed(run, raised.error if isinstance(raised, StepError) else raised)
            if lines is not None:
                yield Show(Note("the program is at its end"))
        finally:
            self._depth -= 1

    def _stop_behind(self, run: Run) -> Steps:
        """Stop where the program says so; CONT has something to go on with where lines follow."""
        assert self._line is not None
        run.is_stopped = False
        is_over = run.line is None
        self.stopped = None if is_over else Stopped(run)
        yield Show(Note(f"stopped at {self._line.place}" if is_over else f"stopped behind {self._line.place}"))

    def _turn(self, run: Run, line: ProgramLine, *, alone: bool) -> Steps:
        """Run one line; where the run has been here before, also those after it that need no looking around."""
        if not alone and not self.is_traced and line in run.seen:
            burst = Burst(self._session, run, self.breakpoints)
            if burst.can_run(line):
                yield from self._burst(burst, line)
                return
        began = time.perf_counter()
        run.begin(line)
        self._begin(Line(line.instruction))
        if isinstance(line.instruction, CONTROL_FLOW):
            yield from self._control(run, line)
        else:
            yield from self._statement(run, line)
        if self.is_traced and not isinstance(line.instruction, Remark | Command):
            seconds = time.perf_counter() - began
            yield Show(Note(f"{line.place}: {statement_text(line.instruction)}  ·  {seconds * 1000:,.1f} ms"))

    def _burst(self, burst: Burst, line: ProgramLine) -> Steps:
        yield from self._session.show_pending(burst.loads(line))
        failure: BaseException | None = None
        try:
            with self._session.gate.watching(Line(line.instruction)) as burst.heard:
                outcome = yield RunLoop(burst.run, burst.place, burst.rounds)
                assert outcome is not None
                outcome.result()
        except BaseException as raised:
            failure = raised
            raise
        finally:
            self._line = burst.under_way
            burst.end(failure)

    def _statement(self, run: Run, line: ProgramLine) -> Steps:
        session, instruction = self._session, line.instruction
        parts = self._as_things_stand(instruction) if run.rounds > 1 else (instruction,)
        for part in parts:
            made = self._begin(Line(part))
            session.sentences.foretelling.begin(run.track.instructions, run.at, run.track.sentences)
            yield from self._statements.run(made, run.track.sentences)
        if len(parts) == 1:
            self._keep(line, 0, made)
        jump = instruction.then_goto if isinstance(instruction, Sentence) else None
        run.go_on() if jump is None else run.jump(jump)

    def _control(self, run: Run, line: ProgramLine) -> Steps:
        session, values = self._session, list[Any]()
        for part, (words, text) in enumerate(expressions_of(line.instruction)):
            sentence = sentence_of(line.instruction, words, text)
            made = self._begin(Line(sentence, stands_for=line.instruction))
            python = python_of(words, text, session.user_names)
            if python is not None:
                made.load(python, typed=True)
                yield from session.evaluate(made)
            else:
                session.sentences.foretelling.begin(run.track.instructions, run.at, run.track.sentences)
                yield from session.sentences.run(made, sentence, run.track.sentences)
            self._keep(line, part, made)
            values.append(made.value)
        if not values:
            line.compiled = []
        yield from session.show_pending()
        perform(run, line.instruction, values, session.names)

    def _begin(self, line: Line) -> Line:
        self._line = line
        self._session.ran.begin(line)
        return line

    def _keep(self, line: ProgramLine, part: int, made: Line) -> None:
        """Keep what a part of a line was compiled to, for the next time that it comes along."""
        form = form_of(made, self._session.service_variables, shows=self._session.has_unshown)
        if form is None:
            return
        if line.compiled is None:
            line.compiled = []
        while len(line.compiled) <= part:
            line.compiled.append(Forms())
        line.compiled[part].add(form)

    def _as_things_stand(self, instruction: Instruction) -> tuple[Instruction, ...]:
        """A sentence again, now that lines before it have made names: `x` alone is Python once x exists."""
        if isinstance(instruction, Sentence) and not instruction.task and instruction.then_goto is None:
            again = self._session.parse(instruction.source)
            if all(isinstance(part, Python | Remark) for part in again):
                return again
        return (instruction,)

    # Failures --------------------------------------------------------------------------------------------------------

    def _failed(self, run: Run, error: BaseException) -> Steps:
        """Go on in the handler that the program names. Raises LineError where there is none."""
        session = self._session
        line = run.line
        assert line is not None and self._line is not None
        under_way = self._line
        session.ran.failed(under_way, error)
        if isinstance(error, Exception | Refused):
            before, handler = run.handling, run.handler
            if line.number is not None or handler is not None:
                session.names[LAST_ERROR] = session.redact(text_of(error))
                session.names[LAST_ERROR_LINE] = line.number or line.instruction.span.line
            if handler is not None and before is None:
                run.handle(line, error)
                return
            if before is not None:
                yield Show(Note(f"this came while an error was handled, that of {before[0].place}: {_said(before[1])}"))
        if isinstance(error, KeyboardInterrupt):
            self.stopped = interrupted(run, under_way, error, session.user_names)
        yield from session.told_of_failure(under_way, error)
        if line.cell is not self._cell and (cell := cell_among(self.program, line)):
            under_way.cell = cell
            if self._depth > 1:  # below RUN, CONT or STEP
                yield Show(Note(f"where {under_way.place} is not meant any more: {forgetting(self.program, line)}"))
        raise LineError(under_way, error) from None


def _repeated(cell: ProgramCell) -> set[int | None]:
    """The numbers of the lines that stand within loops of the cell."""
    inside = within_loops(line.instruction for line in cell.lines)
    return {line.number for line, is_inside in zip(cell.lines, inside, strict=True) if is_inside}


def _named(lines: Sequence[Instruction]) -> str:
    """A line as it is written, of several their numbers."""
    first, last = lines[0], lines[-1]
    if first is last:
        return f"{first.number} {statement_text(first)}"
    return f"{len(lines)} lines, {first.number} to {last.number}"


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {text_of(error)}"
