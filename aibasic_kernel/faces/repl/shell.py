"""The shell itself: asks for input, runs it in the kernel, and stays usable whatever happens to the kernel."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from typing import Any, Protocol

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.faces.failure import said_alone
from aibasic_kernel.faces.repl.display import Display
from aibasic_kernel.faces.repl.kernels import Kernel
from aibasic_kernel.faces.repl.link import KernelGone, KernelLink, Message
from aibasic_kernel.faces.repl.questions import Questions
from aibasic_kernel.faces.repl.screen import Screen
from aibasic_kernel.faces.repl.unread_keys import EchoedKeys, UnreadKeys
from aibasic_kernel.faces.repl.view import SessionView

STUBBORN = 3
"""Interrupts of one cell with the last of which it is given up."""
LEAVE = "Ctrl-D leaves"
START_FAILED = (AIBasicError, OSError, RuntimeError, LookupError, ImportError, ValueError)
"""What a kernel that cannot be started raises, beside jupyter_client's NoSuchKernel, a KeyError."""


class Prompt(Protocol):
    """What `make_prompt` gives, and PlainPrompt."""

    async def ask(self, text: str = "") -> str:
        """What is typed next; `text` stands there to begin with. Raises EOFError."""

    def close(self) -> None:
        """The shell is left."""


class Ended(Exception):
    """The shell ends, with an exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Shell:
    """One shell over one link. `new_kernel` gives a kernel in the place of one that has died."""

    def __init__(
        self,
        link: KernelLink,
        view: SessionView,
        screen: Screen,
        display: Display,
        questions: Questions,
        prompt: Prompt,
        keys: UnreadKeys | EchoedKeys,
        new_kernel: Callable[[], Kernel],
    ) -> None:
        self._link = link
        self._view = view
        self._screen = screen
        self._display = display
        self._questions = questions
        self._prompt = prompt
        self._keys = keys
        self._new_kernel = new_kernel
        self._next = ""
        self._starting: asyncio.Task[None] | None = None
        self._is_dead = False
        self._interrupts = 0
        self._asking: asyncio.Task[str] | None = None
        self._running: asyncio.Task[Message] | None = None
        link.on_death.append(self._died)

    async def run(self, kernel: Kernel) -> int:
        """Serve the user until they leave. Returns the exit code. The kernel starts meanwhile."""
        self._starting = asyncio.create_task(self._start(kernel))
        while True:
            try:
                text = await self._ask()
            except EOFError:
                self._screen.write_line("") if not self._screen.is_at_line_start else None
                return 0
            try:
                if self._is_dead:
                    self._revive()
                if text.strip():
                    await self._execute(text)
            except Ended as end:
                return end.code

    async def close(self) -> None:
        """Leave the kernel, which ends where it is the shell's own."""
        self._prompt.close()
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        await self._display.close()
        await self._link.close()

    # Input -----------------------------------------------------------------------------------------------------------

    async def _ask(self) -> str:
        text, self._next = self._next, ""
        if not self._screen.is_at_line_start:
            self._screen.write("\n")
        while True:
            self._asking = asyncio.create_task(self._prompt.ask(text))
            self._hear_interrupts()
            try:
                return await self._asking
            except KeyboardInterrupt:
                text = ""
            except asyncio.CancelledError:
                if not self._interrupts:
                    raise
                self._interrupts, text = 0, ""
                self._screen.write(f"\n{LEAVE}\n")
            finally:
                self._asking = None
                self._hear_interrupts()  # a prompt has its own handler, and leaves none behind

    def _hear_interrupts(self) -> None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, self._interrupted)

    def _interrupted(self) -> None:
        """Ctrl-C, in whatever phase the shell is."""
        self._interrupts += 1
        if self._asking is not None:
            self._asking.cancel()
        elif self._running is not None:
            self._screen.write(self._keys.interrupt)
            self._interrupt(self._running)

    def _interrupt(self, running: asyncio.Task[Message]) -> None:
        if not self._link.is_up:
            running.cancel()
        elif self._interrupts < STUBBORN:
            self._later(self._link.interrupt())
        elif self._link.kernel is not None and self._link.kernel.is_own:
            self._screen.write_line("it does not stop: its kernel is ended")
            self._later(self._link.close(now=True))
            self._died("")
        else:
            self._screen.write_line("it does not stop, and goes on in its kernel")
            running.cancel()

    def _later(self, work: Any) -> None:
        """Carry out something that only the loop itself need wait for."""
        self._work = asyncio.ensure_future(work)

    # Running ---------------------------------------------------------------------------------------------------------

    async def _execute(self, text: str) -> None:
        self._interrupts = 0
        with self._keys.kept():
            reply = await self._reply(text)
        for payload in reply.get("payload", ()):
            await self._heed(payload)

    async def _reply(self, text: str) -> Message:
        """What the kernel replies, once all that it put out is on the screen; {} where it does not."""
        self._running = asyncio.create_task(self._run_text(text))
        try:
            return await self._running
        except KernelGone:
            return {}
        except asyncio.CancelledError:
            if not self._interrupts:
                raise
            return {}
        finally:
            self._running = None
            await self._questions.ended()
            await self._display.shown()

    async def _run_text(self, text: str) -> Message:
        """Run it once the kernel is up and has the program of the one before it."""
        assert self._starting is not None
        await asyncio.shield(self._starting)
        return await self._link.execute(text)

    async def _heed(self, payload: Message) -> None:
        """Carry out what the kernel wants of its front end."""
        source = payload.get("source")
        if source == "page":
            await self._display.page(str(payload["data"].get("text/plain", "")))
        elif source == "set_next_input":
            self._next = str(payload["text"])
        elif source == "ask_exit":
            raise Ended(0)

    # The kernel's life -----------------------------------------------------------------------------------------------

    async def _start(self, kernel: Kernel, before: str = "") -> None:
        """Start it; `before` is a program to enter."""
        try:
            await self._link.start(kernel)
            if before:
                await self._enter(before)
        except KernelGone:
            return  # it was told when it died
        except START_FAILED as error:
            self._is_dead = True
            self._tell(f"the kernel could not be started: {said_alone(error)}")

    async def _enter(self, program: str) -> None:
        """Enter lines without running them."""
        is_immediate = self._view.state["immediate"]
        await self._link.execute("IMMEDIATE OFF", silent=True)
        await self._link.execute(program, silent=True)
        if is_immediate:
            await self._link.execute("IMMEDIATE ON", silent=True)

    def _died(self, how: str) -> None:
        self._is_dead = True
        kept = len(self._view.state["program"])
        program = f"; the program ({kept} line{'s' * (kept != 1)}) is kept" if kept else ""
        starts = self._starting is not None and not self._starting.done()
        said = self._link.kernel.last_words() if starts and self._link.kernel is not None else ""
        end = f" ({how})" if how else ""
        self._tell(f"{said}\nthe kernel has died{end}: Enter starts a new one{program}".lstrip("\n"))

    def _revive(self) -> None:
        """Have a new kernel, with the program that the dead one had."""
        self._is_dead = False
        self._view.starting()
        program = "".join(f"{line['text'].rstrip()}\n" for line in self._view.state["program"])
        self._starting = asyncio.create_task(self._start(self._new_kernel(), program))

    def _tell(self, text: str) -> None:
        self._later(self._display.tell(text))
