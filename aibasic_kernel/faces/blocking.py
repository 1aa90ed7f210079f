"""Drives a session without IPython: each step is carried out before the next is asked for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Generator
from typing import TYPE_CHECKING, Any, Protocol

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.faces.execution import value_of
from aibasic_kernel.session.steps import Ask, Execute, Outcome, RunLoop, RunMagic, Step, StepError

if TYPE_CHECKING:
    from aibasic_kernel.session.line import Code, Line

PATIENCE = 1.0
"""Seconds that tasks which still wait at a program's end have to tidy up."""


class Audience(Protocol):
    """What a run is shown to."""

    def show(self, thing: object) -> None:
        """A result, or one of `session.messages`."""

    def show_value(self, value: object) -> None:
        """The value of typed or compiled Python."""

    def asking(self, step: Ask) -> None:
        """A model is about to be asked."""

    def wrote(self, text: str) -> None:
        """A piece of its reply; on any thread."""

    def notice(self, line: Line, text: str) -> None:
        """What comes up meanwhile; on any thread."""

    def began(self, line: Line) -> None:
        """A line is about to run."""

    def ended(self, line: Line, seconds: float) -> None:
        """It has run, well or not."""

    def went_round(self, loop: RunLoop) -> None:
        """One of many lines of a loop has run."""


class BlockingFace:
    """Carries out the steps of runs in the namespace `names`; what awaits something waits on one event loop."""

    def __init__(self, names: dict[str, Any], audience: Audience) -> None:
        self._names = names
        self._audience = audience
        self._loop: asyncio.AbstractEventLoop | None = None

    def drive(self, run: Generator[Step, Outcome | None, None]) -> None:
        """Carry out a run to its end. Raises what it raises."""
        outcome: Outcome | None = None
        stop: KeyboardInterrupt | None = None
        while True:
            try:
                step = run.send(outcome) if stop is None else run.throw(stop)
            except StopIteration:
                return
            stop = outcome = None
            try:
                outcome = self._carry_out(step)
            except KeyboardInterrupt as interrupt:  # while something was shown: the run tells at which line
                stop = interrupt

    def close(self) -> None:
        """Stop the tasks that are still waiting."""
        if self._loop is None:
            return
        waiting = asyncio.all_tasks(self._loop)
        for task in waiting:
            task.cancel()
        if waiting:
            self._loop.run_until_complete(asyncio.wait(waiting, timeout=PATIENCE))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    def _carry_out(self, step: Step) -> Outcome | None:
        if isinstance(step, Ask):
            return self._ask(step)
        if isinstance(step, Execute):
            return self._execute(step)
        if isinstance(step, RunLoop):
            return self._run_loop(step)
        if isinstance(step, RunMagic):
            return self._run_magic(step)
        self._audience.show(step.thing)
        return None

    def _ask(self, step: Ask) -> Outcome:
        """Wait for the provider's reply; an interrupt cancels the request."""
        self._audience.asking(step)
        job = step.start(self._audience.wrote, lambda text: self._audience.notice(step.line, text))
        try:
            return Outcome(job.future.result())
        except KeyboardInterrupt as stop:
            job.cancel()
            stop.args = (step.when_stopped,)
            return Outcome(error=stop)
        except Exception as error:
            return Outcome(error=error)

    def _execute(self, step: Execute) -> Outcome:
        line = step.line
        assert line.code is not None
        self._audience.began(line)
        begin = time.monotonic()
        try:
            return self._outcome(line.code, step.shown)
        finally:
            self._audience.ended(line, time.monotonic() - begin)

    def _outcome(self, code: Code, shown: bool = True) -> Outcome:
        """Run code; its value is shown where it is to be."""
        try:
            value = self._value(code)
            if value is not None and shown:
                self._audience.show_value(value)
        except BaseException as error:
            return Outcome(error=error.error if isinstance(error, StepError) else error)
        return Outcome(value)

    def _run_loop(self, step: RunLoop) -> Outcome:
        """Run many lines at once."""
        try:
            step.run(self._audience.show_value, lambda: self._audience.went_round(step))
        except BaseException as error:
            return Outcome(error=error)
        return Outcome()

    def _run_magic(self, step: RunMagic) -> Outcome:
        """Run what is IPython's."""
        first = step.text.split(maxsplit=1)[0]
        return Outcome(error=AIBasicError(f"{first} is IPython's, which is not here", "say it in Python or English"))

    def _waited(self, running: Coroutine[Any, Any, object]) -> object:
        """The value of code that awaits something."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
        return self._loop.run_until_complete(running)

    def _value(self, code: Code) -> object:
        running = value_of(code, self._names, self._names)
        if code.awaits:
            return self._waited(running)
        try:
            running.send(None)
        except StopIteration as end:
            return end.value
        raise AssertionError("code that awaits nothing has waited")
