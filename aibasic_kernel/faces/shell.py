"""IPython's shell with AIBasic cells: drives `Session.run` and shows what it yields."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from types import FrameType
from typing import TYPE_CHECKING, Any

from IPython.core.autocall import IPyAutocall
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult
from traitlets import Type

from aibasic_kernel.compiler.privacy.redaction import Redactor
from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.faces.cells_within import NestingShell
from aibasic_kernel.faces.engine import load_engine
from aibasic_kernel.faces.execution import Flusher, value_of
from aibasic_kernel.faces.failure import presentable
from aibasic_kernel.faces.failure_display import failure_lines
from aibasic_kernel.faces.streams import DisplayHook
from aibasic_kernel.session.file_names import FILE_PREFIX

if TYPE_CHECKING:
    from aibasic_kernel.faces.cell_display import CellDisplay
    from aibasic_kernel.session.line import Code, Line
    from aibasic_kernel.session.session import Session
    from aibasic_kernel.session.steps import Ask, Outcome, RunLoop, Step


class AIBasicShell(NestingShell):
    """Runs a cell line by line, in one namespace."""

    displayhook_class = Type(DisplayHook)
    _flusher = Flusher()
    computing = False
    """Whether the cell's own task is at work, so that an interrupt may be raised in it."""
    _first_redactor = Redactor()

    @cached_property
    def session(self) -> Session:
        """The session, made when first needed: its imports must not slow the kernel's start."""
        load_engine()
        from aibasic_kernel.session.session import Session

        return Session(self.user_ns, ask=self._ask_user)

    @property
    def has_session(self) -> bool:
        """Whether there is a session: to ask for it makes it."""
        return "session" in self.__dict__

    @property
    def redactor(self) -> Redactor:
        """What knows the secrets; before there is a session, those that anything in this process has held."""
        return self.session.redactor if self.has_session else self._first_redactor

    def _ask_user(self, question: str) -> str | None:
        """Ask in the cell, as `input()` does; None where the front end takes no input, and on other threads.

        None too where nobody sees what it is about, because that is captured.
        """
        if threading.current_thread() is not threading.main_thread() or self.is_captured:
            return None
        try:
            answer: str = self.kernel.raw_input(question)
        except StdinNotImplementedError:
            return None
        return answer.strip()

    def warm_up(self, then: Callable[[], None]) -> None:
        """Load in the background what a first cell needs, and a first request where the configuration has a provider.

        The background only imports: the session is made, and asked, on the loop's own thread; `then` is called there.
        """
        loop = asyncio.get_running_loop()

        def load() -> None:
            load_engine()
            with suppress(RuntimeError):  # the loop has ended meanwhile, with the kernel
                loop.call_soon_threadsafe(self._warm_up_compiler, then)

        threading.Thread(target=load, name="aibasic-warm-up", daemon=True).start()

    def _warm_up_compiler(self, then: Callable[[], None]) -> None:
        try:
            self.session.compiler.warm_up()
        except (AIBasicError, OSError, ValueError, LookupError) as error:
            self.log.debug("not warmed up: %s", error)  # the first cell says what is wrong
        then()

    def close_session(self) -> None:
        """End the session, if there was one."""
        if self.has_session:
            self.session.close()

    def forget_cells(self, deleted: Iterable[object]) -> None:
        """Forget the lines of cells that the front end has deleted."""
        if self.has_session:
            for cell in deleted:
                self.session.program.forget_cell(str(cell))

    # What IPython asks of its shell ----------------------------------------------------------------------------------

    async def run_cell_async(
        self,
        raw_cell: str,
        store_history: bool = False,
        silent: bool = False,
        shell_futures: bool = True,
        *,
        transformed_cell: str | None = None,
        preprocessing_exc_tuple: Any = None,
        cell_id: str | None = None,
        cell_meta: Any = None,
    ) -> ExecutionResult:
        info = ExecutionInfo(raw_cell, store_history, silent, shell_futures, cell_id)  # IPython 8 knows no more
        result = ExecutionResult(info)
        self._last_traceback = None
        self._last_traceback_during_displayhook = False
        self.last_execution_result, self.last_execution_succeeded = result, True
        if not raw_cell.strip():
            return result
        count = result.execution_count = self.execution_count
        if store_history and not silent:
            self.execution_count += 1
        self.events.trigger("pre_execute")
        if not silent:
            self.events.trigger("pre_run_cell", info)
        await self._run_lines(raw_cell, result, silent=silent)
        if store_history and not silent and self.history_manager is not None:
            kept = self.redactor.clean(raw_cell)
            self.history_manager.store_inputs(count, kept, kept)
            self.history_manager.store_output(count)
        self.last_execution_succeeded = result.success
        return result

    async def _run_lines(self, text: str, result: ExecutionResult, *, silent: bool) -> None:
        """Run a cell; every failure ends up shown, and in `result`."""
        load_engine()
        from aibasic_kernel.session.line import LineError

        display = self._display_of(result)
        outer, self.displayhook.exec_result = self.displayhook.exec_result, result
        self._flusher = Flusher()
        try:
            with self._computing():
                await self._drive(self._as_it_stands(text), result, display, silent=silent)
        except LineError as failure:
            result.error_in_exec = self._show_failure(failure.error, failure.line)
        except BaseException as error:
            # A CancelledError that got away would leave the front end without a reply.
            if isinstance(error, asyncio.CancelledError):
                error = KeyboardInterrupt("the cell was stopped")
            result.error_before_exec = self._show_failure(error, None)
        finally:
            display.settle()
            self.displayhook.exec_result = outer

    def _display_of(self, result: ExecutionResult) -> CellDisplay:
        """The display of the cell with that result."""
        from aibasic_kernel.faces.cell_display import CellDisplay
        from aibasic_kernel.faces.screens import NotebookScreen

        assert result.info is not None
        cell = result.info.cell_id or f"[{result.execution_count}]"
        return CellDisplay(
            NotebookScreen(self), lambda: self.session, _label_of(result), f"{cell} {result.info.raw_cell}"
        )

    @contextmanager
    def _computing(self) -> Iterator[None]:
        outer, self.computing = self.computing, True
        try:
            yield
        finally:
            self.computing = outer

    # Driving the session ---------------------------------------------------------------------------------------------

    async def _drive(self, text: str, result: ExecutionResult, display: CellDisplay, *, silent: bool) -> None:
        assert result.info is not None
        run = self.session.run(text, str(result.info.cell_id or ""), _label_of(result))
        outcome: Outcome | None = None
        stop: KeyboardInterrupt | None = None
        while True:
            try:
                step = run.send(outcome) if stop is None else run.throw(stop)
            except StopIteration:
                return
            stop = outcome = None
            try:
                outcome = await self._carry_out(step, display, silent)
            except KeyboardInterrupt as interrupt:  # while something was shown, say: the line is told, and CONT goes on
                stop = interrupt

    async def _carry_out(self, step: Step, display: CellDisplay, silent: bool) -> Outcome | None:
        from aibasic_kernel.session.line import checked
        from aibasic_kernel.session.steps import Ask, Execute, Outcome, RunLoop, RunMagic

        if isinstance(step, Ask):
            return await self._ask(step, display)
        if isinstance(step, Execute):
            assert step.line.code is not None
            if not silent and not self.is_captured:
                display.meet(step.line)
            return await self._execute(step.line.code, display, silent or not step.shown)
        if isinstance(step, RunLoop):
            return self._run_loop(step, display, silent)
        if isinstance(step, RunMagic):
            with self._running_magic(step.text + "\n"):
                python = self.transform_cell(step.text + "\n")
                outcome = await self._execute(checked(python, f"<ipython {step.line.place}>"), display, silent)
            return Outcome(error=self._failed_within) if self._failed_within and not outcome.error else outcome
        if not silent:
            display.show(step.thing)
        return None

    async def _execute(self, code: Code, display: CellDisplay, silent: bool) -> Outcome:
        """Run code objects; their value is shown as IPython shows it."""
        from aibasic_kernel.session.steps import Outcome, StepError

        try:
            with self.builtin_trap, self.display_trap:
                if code.awaits and self.is_within:
                    raise AIBasicError("a cell within a cell cannot await", "await it in a cell of its own")
                value = await value_of(code, self.user_global_ns, self.user_ns)
                if isinstance(value, IPyAutocall):  # `exit`, as in IPython
                    value = value()  # type: ignore[operator]  # its subclasses are
                if value is not None and not silent:
                    display.show_value(value)
        except asyncio.CancelledError:
            return Outcome(error=KeyboardInterrupt("stopped while it was waiting"))
        except BaseException as error:
            return Outcome(error=error.error if isinstance(error, StepError) else error)
        finally:
            self._flusher.flush()
        return Outcome(value)

    def _run_loop(self, step: RunLoop, display: CellDisplay, silent: bool) -> Outcome:
        """Run many lines; their values are shown as IPython shows them, but for all those after the first."""
        from aibasic_kernel.session.steps import Outcome

        try:
            if not silent and not self.is_captured:
                display.loop(step.place, step.rounds)
            with self.builtin_trap, self.display_trap:
                step.run((lambda value: None) if silent else display.show_value, self._flusher.flush)
        except asyncio.CancelledError:
            return Outcome(error=KeyboardInterrupt("stopped while it was waiting"))
        except BaseException as error:
            return Outcome(error=error)
        return Outcome()

    async def _ask(self, step: Ask, display: CellDisplay) -> Outcome:
        """Wait for the provider's reply; an interrupt cancels the request."""
        from aibasic_kernel.session.steps import Outcome

        asked = display.ask(step)
        job = step.start(asked.wrote, asked.noticed)
        try:
            reply = job.future.result() if self.is_within else await asyncio.wrap_future(job.future)
            return Outcome(reply)
        except (asyncio.CancelledError, KeyboardInterrupt):
            job.cancel()
            return Outcome(error=KeyboardInterrupt(step.when_stopped))
        except Exception as error:
            return Outcome(error=error)

    def _show_failure(self, error: BaseException, line: Line | None) -> BaseException:
        """Show an error once, with the sentence it belongs to and no frame of ours. The error as clients may see it."""
        if error is self._failed_within:
            return error
        shown_error = presentable(error)
        self._showtraceback(type(error), shown_error, failure_lines(self, error, line))
        return shown_error

    def is_running_code_of_a_line(self, frame: FrameType | None) -> bool:
        """Whether code that was typed or compiled is on the stack of `frame`."""
        while frame is not None and not frame.f_code.co_filename.startswith(FILE_PREFIX):
            frame = frame.f_back
        return frame is not None


def _label_of(result: ExecutionResult) -> str:
    """What people know a cell by."""
    from aibasic_kernel.session.program.memory import PROMPT

    assert result.info is not None
    return "the prompt" if result.info.cell_id == PROMPT else f"[{result.execution_count}]"
