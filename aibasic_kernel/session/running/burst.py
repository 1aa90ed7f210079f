"""Lines that run one after the other at the speed of Python: what a loop is, once each of its lines is compiled."""

from __future__ import annotations

from collections.abc import Callable, Collection, Set
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from aibasic_kernel.language.instruction import CONTROL_FLOW, Sentence
from aibasic_kernel.session.gating.effects_heard import EffectsHeard
from aibasic_kernel.session.helpers import lent
from aibasic_kernel.session.line import Line
from aibasic_kernel.session.program.memory import ProgramLine
from aibasic_kernel.session.running.forms import Form
from aibasic_kernel.session.running.interruption import between_lines
from aibasic_kernel.session.running.loops import perform
from aibasic_kernel.session.running.run import Run

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session

_NOTHING_LENT = nullcontext()


class Burst:
    """Runs lines of a run as long as each has run in it before, and has a form that holds and is light."""

    def __init__(self, session: Session, run: Run, breakpoints: Set[int]) -> None:
        self._session = session
        self._run = run
        self._breakpoints = breakpoints
        self._line: ProgramLine | None = None
        self._form: Form | None = None
        self._times: dict[Form, int] = {}
        self.heard = EffectsHeard()
        """What the lines do to services and files: the first that does anything is the last one."""

    @property
    def under_way(self) -> Line | None:
        """The line that runs now, or ran last."""
        if self._form is not None:
            return self._form.line
        return None if self._line is None else Line(self._line.instruction)

    def place(self) -> str:
        """`line 20`, which runs now or ran last."""
        return self._line.place if self._line is not None else ""

    def rounds(self) -> int:
        """Lines of the run that have begun."""
        return self._run.rounds

    def can_run(self, line: ProgramLine) -> bool:
        """Whether the line can be run so, as things are."""
        return self._forms(line) is not None

    def loads(self, line: ProgramLine) -> Collection[str]:
        """The names that a line which can be run so reads."""
        return frozenset[str]().union(*(form.code.loads for form in self._forms(line) or ()))

    def run(self, show: Callable[[object], object], tick: Callable[[], object]) -> None:
        """Run lines until one cannot be run so, handing values to `show`; `tick` is called after each of them.

        Raises what a line raises, with the run still before that line; an interrupt comes between two lines, or in
        one that does not end soon.
        """
        run, names, times, heard = self._run, self._session.names, self._times, self.heard
        goes_on = True
        with between_lines() as check_interrupt:
            while goes_on and (line := run.line) is not None and line in run.seen:
                forms = self._forms(line)
                if forms is None:
                    return
                run.begin(line)
                self._line, self._form = line, forms[0] if forms else None
                is_control = isinstance(line.instruction, CONTROL_FLOW)
                try:
                    values = [self._value(form) if is_control else self._execute(form, show) for form in forms]
                except Exception as error:
                    if not self._leaves_to_repair(error):
                        raise
                    return
                if is_control:
                    perform(run, line.instruction, values, names)
                else:
                    jump = line.instruction.then_goto if isinstance(line.instruction, Sentence) else None
                    run.go_on() if jump is None else run.jump(jump)
                for form in forms:
                    times[form] = times.get(form, 0) + 1
                check_interrupt()
                tick()
                goes_on = not (
                    run.is_stopped or heard.effects or heard.events or (self._breakpoints and self._stops_here())
                )

    def end(self, failure: BaseException | None) -> None:
        """Keep what came to light meanwhile, and tell the log what ran; `failure` is what ended it, if anything did."""
        recording, form = self._session.recording, self._form
        if form is not None and self.heard.anything:
            form.is_light, form.line.heard = False, self.heard
        for each, times in self._times.items():
            recording.repeated(each.line, times)
        if form is not None and failure is not None and self._run.in_line:
            recording.repeated(form.line, 1, failure)

    def _stops_here(self) -> bool:
        line = self._run.line
        return line is not None and line.number in self._breakpoints

    def _forms(self, line: ProgramLine) -> list[Form] | None:
        if line.compiled is None:
            return None
        scope = self._session.scope
        found: list[Form] = []
        for part in line.compiled:
            form = part.holding(scope)
            if form is None or not form.is_light:
                return None
            found.append(form)
        return found

    def _leaves_to_repair(self, error: Exception) -> bool:
        """Whether a model's code that failed, with nothing done, is to run outside of here, where it is mended."""
        form = self._form
        if form is None or form.line.origin != "model" or form.code.stores or self.heard.anything:
            return False
        if not self._session.sentences.repair.can_mend(form.line, error):
            return False
        form.is_light = False
        self._run.in_line = False
        return True

    def _value(self, form: Form) -> object:
        self._form = form
        return eval(form.code.value, self._session.names)  # type: ignore[arg-type]

    def _execute(self, form: Form, show: Callable[[object], object]) -> object:
        names: Any = self._session.names
        code = form.code
        with lent(names, code.helpers) if code.helpers else _NOTHING_LENT:
            if code.body is not None:
                exec(code.body, names)
            value = eval(code.value, names) if code.value is not None else None
        if self.heard.anything:
            self._session.gate.uphold(form.line)
        self._session.observe(code, value, form.result)
        if value is not None:
            show(value)
        return value
