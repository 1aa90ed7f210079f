"""IPython's shell with AIBasic cells: drives `Session.run` and shows what it yields."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import copy_context
from functools import cached_property
from types import FrameType
from typing import TYPE_CHECKING, Any

from IPython.core.autocall import IPyAutocall
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult
from traitlets import Type

from aibasic_kernel.compiler.privacy.redaction import Redactor
from aibasic_kernel.errors import AIBasicError, TwoLines, text_of
from aibasic_kernel.faces.cells_within import NestingShell
from aibasic_kernel.faces.engine import load_engine
from aibasic_kernel.faces.execution import Flusher, value_of
from aibasic_kernel.faces.failure import presentable
from aibasic_kernel.faces.streams import DisplayHook
from aibasic_kernel.faces.traceback import user_traceback
from aibasic_kernel.session.file_names import FILE_PREFIX

if TYPE_CHECKING:
    from aibasic_kernel.faces.loop_display import LoopDisplay, Titled
    from aibasic_kernel.session.line import Code, Line
    from aibasic_kernel.session.messages import Failed, Header
    from aibasic_kernel.session.session import Session
    from aibasic_kernel.session.steps import Ask, Outcome, RunLoop, Step


class AIBasicShell(NestingShell):
    """Runs a cell line by line, in one namespace."""

    displayhook_class = Type(DisplayHook)
    _flusher = Flusher()
    computing = False
    """Whether the cell's own task is at work, so that an interrupt may be raised in it."""
    _first_redactor = Redactor()
    _passing: tuple[tuple[str, Header | Failed, dict[str, Any]], ...] = ()
    """What was shown for now, with its display id and how."""
    _asking: str | None = None
    """The display id of the note that a model is asked."""
    _header: Titled | None = None
    """The last header of this cell."""
    _met: set[tuple[int, str]] = set()  # noqa: RUF012  # each cell makes its own
    """The lines of this cell that have run, by the `id` of what was parsed, and the headers that they have."""
    _loops: LoopDisplay | None = None
    """What the loops of this cell show, once there are any."""

    @cached_property
    def session(self) -> Session:
        """The session, made when first needed: its imports must not slow the kernel's start."""
        load_engine()
        from aibasic_kernel.session.session import Session

        return Session(self.user_ns, ask=self._ask_user)

    @property
    def redactor(self) -> Redactor:
        """What knows the secrets; before there is a session, those that anything in this process has held."""
        return self.session.redactor if "session" in self.__dict__ else self._first_redactor

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

    def warm_up(self) -> None:
        """Load in the background what a first cell needs, and a first request where the configuration has a provider.

        The background only imports: the session is made, and asked, on the loop's own thread.
        """
        loop = asyncio.get_running_loop()

        def load() -> None:
            load_engine()
            with suppress(RuntimeError):  # the loop has ended meanwhile, with the kernel
                loop.call_soon_threadsafe(self._warm_up_compiler)

        threading.Thread(target=load, name="aibasic-warm-up", daemon=True).start()

    def _warm_up_compiler(self) -> None:
        try:
            self.session.compiler.warm_up()
        except (AIBasicError, OSError, ValueError, LookupError) as error:
            self.log.debug("not warmed up: %s", error)  # the first cell says what is wrong

    def close_session(self) -> None:
        """End the session, if there was one."""
        if "session" in self.__dict__:
            self.session.close()

    def forget_cells(self, deleted: Iterable[object]) -> None:
        """Forget the lines of cells that the front end has deleted."""
        if "session" in self.__dict__:
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
        info = ExecutionInfo(
            raw_cell, store_history, silent, shell_futures, cell_id, cell_meta, transformed_cell=transformed_cell
        )
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

        outer = self._passing, self._asking, self._header, self._met, self._loops, self.displayhook.exec_result
        self._passing, self._asking, self._header, self._met, self._loops = (), None, None, set(), None
        self.displayhook.exec_result = result
        self._flusher = Flusher()
        try:
            with self._computing():
                await self._drive(self._as_it_stands(text), result, silent=silent)
        except LineError as failure:
            result.error_in_exec = self._show_failure(failure.error, failure.line)
        except BaseException as error:
            # A CancelledError that got away would leave the front end without a reply.
            if isinstance(error, asyncio.CancelledError):
                error = KeyboardInterrupt("the cell was stopped")
            result.error_before_exec = self._show_failure(error, None)
        finally:
            self._settle()
            self._passing, self._asking, self._header, self._met, self._loops, self.displayhook.exec_result = outer

    @contextmanager
    def _computing(self) -> Iterator[None]:
        outer, self.computing = self.computing, True
        try:
            yield
        finally:
            self.computing = outer

    # Driving the session ---------------------------------------------------------------------------------------------

    async def _drive(self, text: str, result: ExecutionResult, *, silent: bool) -> None:
        from aibasic_kernel.session.program.memory import PROMPT

        assert result.info is not None
        cell = str(result.info.cell_id or "")
        run = self.session.run(text, cell, "the prompt" if cell == PROMPT else f"[{result.execution_count}]")
        outcome: Outcome | None = None
        stop: KeyboardInterrupt | None = None
        while True:
            try:
                step = run.send(outcome) if stop is None else run.throw(stop)
            except StopIteration:
                return
            stop = outcome = None
            try:
                outcome = await self._carry_out(step, silent)
            except KeyboardInterrupt as interrupt:  # while something was shown, say: the line is told, and CONT goes on
                stop = interrupt

    async def _carry_out(self, step: Step, silent: bool) -> Outcome | None:
        from aibasic_kernel.session.line import checked
        from aibasic_kernel.session.steps import Ask, Execute, Outcome, RunLoop, RunMagic

        if isinstance(step, Ask):
            return await self._ask(step)
        if isinstance(step, Execute):
            assert step.line.code is not None
            if not silent and not self.is_captured:
                self._meet(step.line)
            return await self._execute(step.line.code, silent or not step.shown)
        if isinstance(step, RunLoop):
            return self._run_loop(step, silent)
        if isinstance(step, RunMagic):
            with self._running_magic(step.text + "\n"):
                python = self.transform_cell(step.text + "\n")
                outcome = await self._execute(checked(python, f"<ipython {step.line.place}>"), silent)
            return Outcome(error=self._failed_within) if self._failed_within and not outcome.error else outcome
        if not silent:
            self._show(step.thing)
        return None

    async def _execute(self, code: Code, silent: bool) -> Outcome:
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
                    self._show_value(value)
        except asyncio.CancelledError:
            return Outcome(error=KeyboardInterrupt("stopped while it was waiting"))
        except BaseException as error:
            return Outcome(error=error.error if isinstance(error, StepError) else error)
        finally:
            self._flusher.flush()
        return Outcome(value)

    def _run_loop(self, step: RunLoop, silent: bool) -> Outcome:
        """Run many lines; their values are shown as IPython shows them, but for all those after the first."""
        from aibasic_kernel.session.steps import Outcome

        try:
            if not silent and not self.is_captured:
                self._display_loop(step.place, step.rounds)
            with self.builtin_trap, self.display_trap:
                step.run((lambda value: None) if silent else self._show_value, self._flusher.flush)
        except asyncio.CancelledError:
            return Outcome(error=KeyboardInterrupt("stopped while it was waiting"))
        except BaseException as error:
            return Outcome(error=error)
        return Outcome()

    def _meet(self, line: Line) -> None:
        """A line runs by itself: the second time it is one of a loop; typed Python of another cell is marked."""
        from aibasic_kernel.session.messages import Elsewhere

        if self._is_met(line):
            self._display_loop(lambda: line.place)
        elif line.typed and not line.is_expression and (cell := self._elsewhere(line)):
            self._show(Elsewhere(line, cell))

    def _is_met(self, line: Line, header: str = "") -> bool:
        """Whether the line was here before in this cell, with that header."""
        met = id(line.stands_for or line.instruction), header
        was_met = met in self._met
        self._met.add(met)
        return was_met

    def _elsewhere(self, line: Line) -> str:
        """The label of the cell that a numbered line stands in; "" for the one that is running."""
        result = self.displayhook.exec_result
        own = f"[{result.execution_count}]" if result is not None else ""
        said = line.stands_for or line.instruction
        cells = (each.cell.label for each in self.session.program.lines() if each.instruction is said)
        return next((label for label in cells if label != own), "")

    def _display_loop(self, place: Callable[[], str], rounds: Callable[[], int] | None = None) -> None:
        """Let the display of this cell's loops be about the line at that place."""
        from aibasic_kernel.faces.loop_display import LoopDisplay

        if self._loops is None:
            result = self.displayhook.exec_result
            assert result is not None
            cell = result.info.cell_id or f"[{result.execution_count}]"
            self._loops = LoopDisplay(self._publish, f"{cell} {result.info.raw_cell}", self._header)
        self._loops.at(place, rounds)

    async def _ask(self, step: Ask) -> Outcome:
        """Wait for the provider's reply; an interrupt cancels the request."""
        from aibasic_kernel.session.steps import Outcome

        again, self._asking = self._asking is not None, self._asking or os.urandom(8).hex()
        self._publish({"text/plain": step.note}, self._asking, update=again)
        job = step.start(on_notice=self._notice(step.line, self._asking))
        try:
            reply = job.future.result() if self.is_within else await asyncio.wrap_future(job.future)
            return Outcome(reply)
        except (asyncio.CancelledError, KeyboardInterrupt):
            job.cancel()
            return Outcome(error=KeyboardInterrupt(step.when_stopped))
        except Exception as error:
            return Outcome(error=error)

    def _notice(self, line: Line, display_id: str) -> Callable[[str], None]:
        """A listener, for any thread, that shows what it is told in the place of the note that a model is asked."""
        loop, context = asyncio.get_running_loop(), copy_context()  # the context knows whose cell the display is

        def show(text: str) -> None:
            if self._asking == display_id:
                self._publish({"text/plain": f"{line.sentence}  ·  {text}"}, display_id, update=True)

        def listen(text: str) -> None:
            loop.call_soon_threadsafe(show, text, context=context)

        return listen

    # Showing ---------------------------------------------------------------------------------------------------------

    def _show(self, thing: object) -> None:
        from aibasic_kernel.session.messages import Failed, Header, NextInput

        if isinstance(thing, Header):
            asked, self._asking = self._asking, None
            thing.cell = self._elsewhere(thing.line)
            data = thing.bundle(thing.passing if asked else "")
            if not self._is_met(thing.line, str(data)) or asked:
                self._show_for_now(thing, data, asked)
            return
        if isinstance(thing, Failed):
            self._show_for_now(thing, thing.saved())
            return
        if isinstance(thing, NextInput):
            self.set_next_input(thing.text)
            return
        assert self.display_formatter is not None
        data, metadata = self.display_formatter.format(thing)
        if self._loops is None or self._loops.is_usual(thing):
            self.display_pub.publish(data, metadata)
        else:
            self._loops.keep(thing, data)

    def _show_value(self, value: object) -> None:
        """Show the value of typed Python; within loops only so many, and then the newest."""
        if self._loops is None or self.is_captured or self._loops.is_usual(value):
            sys.displayhook(value)  # the shell's, unless it is captured
        else:
            assert self.display_formatter is not None
            self._loops.keep(value, self.display_formatter.format(value)[0])

    def _show_for_now(self, thing: Header | Failed, data: dict[str, Any], asked: str | None = None) -> None:
        """Show what has another form at the cell's end, where a note that a model is `asked` stands or below it."""
        from aibasic_kernel.faces.loop_display import Spot, Titled
        from aibasic_kernel.session.messages import Header

        display_id = asked or os.urandom(8).hex()
        if self._loops is not None:
            self._loops.catch_up()
        self._publish(data, display_id, update=asked is not None)
        if isinstance(thing, Header):
            self._header = Titled(Spot(self._publish, data, display_id), thing.bundle)
        if asked or thing.line.origin == "model":
            self._passing += ((display_id, thing, data),)

    def _publish(self, data: dict[str, Any], display_id: str | None, *, update: bool = False) -> None:
        transient = {"display_id": display_id} if display_id else {}
        self.display_pub.publish(data, {}, transient=transient, update=update)

    def _settle(self) -> None:
        """Take back what was shown in passing, so that the saved notebook is the same after a rerun."""
        if self._loops is not None:
            self._loops.close()
        if self._asking:
            self._publish({"text/plain": ""}, self._asking, update=True)
        for display_id, thing, shown in self._passing:
            if (saved := thing.saved()) != shown:
                self._publish(saved, display_id, update=True)

    def _show_failure(self, error: BaseException, line: Line | None) -> BaseException:
        """Show an error once, with the sentence it belongs to and no frame of ours. The error as clients may see it."""
        if error is self._failed_within:
            return error
        shown_error = presentable(error)
        self._showtraceback(type(error), shown_error, self._failure(error, line))
        return shown_error

    def _failure(self, error: BaseException, line: Line | None) -> list[str]:
        heading = [line.heading] if line else []
        if isinstance(error, TwoLines):
            return [*heading, f"{type(error).__name__}: {error}"]
        if isinstance(error, KeyboardInterrupt):
            return [f"KeyboardInterrupt: {text_of(error) or 'stopped'}" + (f" ({line.place})" if line else "")]
        try:
            return user_traceback(self, error, line)
        except BaseException:  # an error of the user's that raises, SystemExit even, when it is formatted
            return [*heading, f"{type(error).__name__}: {text_of(error)}"]

    def is_running_code_of_a_line(self, frame: FrameType | None) -> bool:
        """Whether code that was typed or compiled is on the stack of `frame`."""
        while frame is not None and not frame.f_code.co_filename.startswith(FILE_PREFIX):
            frame = frame.f_back
        return frame is not None
