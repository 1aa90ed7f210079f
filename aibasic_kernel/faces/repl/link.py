"""The shell's end of the wires to a kernel: requests and their replies, what the kernel puts out, what it asks."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from aibasic_kernel.errors import AIBasicError

if TYPE_CHECKING:
    from jupyter_client.asynchronous.client import AsyncKernelClient

    from aibasic_kernel.faces.repl.kernels import Kernel

Message = dict[str, Any]
Listener = Callable[[Message], None]
AGAIN_AFTER = 0.2
"""Seconds after a reply to a greeting, of which nothing came over iopub: that channel was not open yet."""

LOOK = 1
"""Milliseconds of a look at a socket."""
REPLY_AFTER = 5.0
"""Seconds after a request has ended in which its reply arrives."""


class KernelGone(AIBasicError):
    """The kernel is not there any more, so no reply comes."""

    def __init__(self) -> None:
        super().__init__("the kernel is gone", "Enter starts a new one")


class _Waiting:
    """A request on its way: the content of its reply, and, where what it puts out matters too, that it has ended."""

    def __init__(self, until_idle: bool) -> None:
        self.reply: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self.idle: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if not until_idle:
            self.idle.set_result(None)

    def fail(self) -> None:
        for future in (self.reply, self.idle):
            if not future.done():
                future.set_exception(KernelGone())
                future.exception()  # nobody may be waiting


class KernelLink:
    """Speaks with one kernel after another, on one event loop. Requests sent before a kernel is up wait for it.

    `on_output` gets each message of the iopub channel, of other clients too (`is_ours` tells); `on_question` each
    `input_request`, which `answer` answers; `on_start` is called when a kernel is up, `on_death` with how it ended
    when it is no more. More may be added at any time. Nothing here waits for a kernel that is gone: what waits
    gets `KernelGone`.
    """

    def __init__(self) -> None:
        self.on_output: list[Listener] = []
        self.on_question: list[Listener] = []
        self.on_start: list[Callable[[], None]] = []
        self.on_death: list[Callable[[str], None]] = []
        self.kernel: Kernel | None = None
        self.about: Message = {}
        """What the kernel said of itself: the content of its `kernel_info_reply`."""
        self._client: AsyncKernelClient | None = None
        self._ready: asyncio.Future[None] | None = None
        self._waiting: dict[str, _Waiting] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._heard = asyncio.Event()

    @property
    def is_up(self) -> bool:
        """Whether the kernel answers requests now."""
        ready = self._ready
        return ready is not None and ready.done() and ready.exception() is None

    def is_ours(self, message: Message) -> bool:
        """Whether the message came of a request of this shell."""
        session = message["parent_header"].get("session")
        return self._client is not None and session == self._client.session.session

    # Beginning and end -----------------------------------------------------------------------------------------------

    async def start(self, kernel: Kernel) -> None:
        """Go on with that kernel, and wait until it is up. Raises KernelGone, or what its `start` raises."""
        self._ready = ready = asyncio.get_running_loop().create_future()  # requests wait for it from now on
        await self._let_go()
        self.kernel = kernel
        self._heard.clear()
        try:
            # The prompt is up before this is imported, and goes on answering meanwhile.
            await asyncio.to_thread(importlib.import_module, "jupyter_client.manager")
            self._client = client = await kernel.start()
            self._tasks = [
                asyncio.create_task(self._pump(client.shell_channel, self._take_reply)),
                asyncio.create_task(self._pump(client.control_channel, self._take_reply)),
                asyncio.create_task(self._pump(client.iopub_channel, self._take_output)),
                asyncio.create_task(self._pump(client.stdin_channel, self._take_question)),
                asyncio.create_task(self._watch(kernel)),
            ]
            await self._greet(kernel.greeting)
        except BaseException:
            self._fail()
            raise
        if not ready.done():
            ready.set_result(None)
        for listener in tuple(self.on_start):
            listener()

    async def close(self, *, now: bool = False) -> None:
        """Leave the kernel: one of our own ends, `now` without being asked to."""
        self._fail()
        await self._let_go(now=now)

    async def _let_go(self, *, now: bool = False) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        if self._client is not None:
            self._client.stop_channels()
            self._client = None
            assert self.kernel is not None
            await self.kernel.stop(now=now)

    async def _greet(self, channel: str) -> None:
        """Wait until the kernel replies, and until what it puts out arrives here."""
        while not self._heard.is_set():
            self.about = await self._ask("kernel_info_request", {}, channel=channel)
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._heard.wait(), AGAIN_AFTER)

    async def _watch(self, kernel: Kernel) -> None:
        how = await kernel.died()
        self._fail()
        for listener in tuple(self.on_death):
            listener(how)

    def _fail(self) -> None:
        """Tell all who wait that there is no kernel."""
        if self._ready is not None:
            if self._ready.done():
                self._ready = asyncio.get_running_loop().create_future()
            self._ready.set_exception(KernelGone())
            self._ready.exception()
        for waiting in self._waiting.values():
            waiting.fail()

    # Requests --------------------------------------------------------------------------------------------------------

    async def request(self, kind: str, content: Message, timeout: float | None = None) -> Message:
        """Send a request on the shell channel; the content of its reply.

        Raises TimeoutError after so many seconds, KernelGone.
        """
        try:
            return await asyncio.wait_for(self._when_up(kind, content), timeout)
        except asyncio.TimeoutError:  # another class before Python 3.11
            raise TimeoutError(f"no reply to {kind} within {timeout} s") from None

    async def execute(self, code: str, *, silent: bool = False, allow_stdin: bool = True) -> Message:
        """Run a text as the prompt's, and wait until all that it puts out has come; the content of the reply."""
        from aibasic_kernel.session.program.memory import PROMPT

        content = {
            "code": code,
            "silent": silent,
            "store_history": not silent,
            "user_expressions": {},
            "allow_stdin": allow_stdin and not silent,
            "stop_on_error": True,
        }
        return await self._when_up("execute_request", content, {"cellId": PROMPT}, until_idle=True)

    async def caught_up(self, timeout: float) -> None:
        """Wait until what the kernel has put out so far is here, also while it runs a cell.

        Raises TimeoutError after so many seconds, KernelGone.
        """
        try:
            greeting = self._ask("kernel_info_request", {}, channel="control", until_idle=True)
            await asyncio.wait_for(greeting, timeout)
        except asyncio.TimeoutError:
            raise TimeoutError(f"the kernel said nothing within {timeout} s") from None

    def send(self, kind: str, content: Message, metadata: Message | None = None) -> str:
        """Send a message that gets no reply (`comm_open`, say) on the shell channel; its id. Raises KernelGone."""
        return self._send("shell", kind, content, metadata)

    def answer(self, question: Message, text: str) -> None:
        """Answer an `input_request`."""
        if self._client is not None:
            session = self._client.session
            reply = session.msg("input_reply", {"value": text}, parent=question)
            _put(self._client.stdin_channel, reply)

    async def interrupt(self) -> None:
        """Stop what the kernel runs. It may take its time, or never stop."""
        if self._client is None or self.kernel is None:
            return
        if not await self.kernel.interrupt():
            self._send("control", "interrupt_request", {})

    async def _when_up(
        self, kind: str, content: Message, metadata: Message | None = None, *, until_idle: bool = False
    ) -> Message:
        if self._ready is None:
            raise KernelGone
        await asyncio.shield(self._ready)
        return await self._ask(kind, content, metadata, until_idle=until_idle)

    async def _ask(
        self,
        kind: str,
        content: Message,
        metadata: Message | None = None,
        *,
        channel: str = "shell",
        until_idle: bool = False,
    ) -> Message:
        waiting = _Waiting(until_idle)
        request = self._send(channel, kind, content, metadata)
        self._waiting[request] = waiting
        try:
            await waiting.idle
            # A kernel that fails in the midst of a request ends it without a reply.
            return await asyncio.wait_for(waiting.reply, REPLY_AFTER if until_idle else None)
        except asyncio.TimeoutError:
            return {"status": "error", "ename": "", "payload": []}
        finally:
            del self._waiting[request]

    def _send(self, channel: str, kind: str, content: Message, metadata: Message | None = None) -> str:
        if self._client is None:
            raise KernelGone
        message = self._client.session.msg(kind, content, metadata=metadata)
        _put(self._client.shell_channel if channel == "shell" else self._client.control_channel, message)
        return str(message["header"]["msg_id"])

    # What comes ------------------------------------------------------------------------------------------------------

    async def _pump(self, channel: Any, take: Listener) -> None:
        while True:
            take(await channel.get_msg())

    def _take_reply(self, message: Message) -> None:
        waiting = self._waiting.get(message["parent_header"].get("msg_id", ""))
        if waiting is not None and not waiting.reply.done():
            waiting.reply.set_result(message["content"])

    def _take_output(self, message: Message) -> None:
        self._heard.set()
        for listener in tuple(self.on_output):
            listener(message)
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            waiting = self._waiting.get(message["parent_header"].get("msg_id", ""))
            if waiting is not None and not waiting.idle.done():
                waiting.idle.set_result(None)

    def _take_question(self, message: Message) -> None:
        for listener in tuple(self.on_question):
            listener(message)


def _put(channel: Any, message: Message) -> None:
    """Send a message.

    jupyter_client sends past the socket's event loop; the sign that a reply came meanwhile may be lost by that, and
    would be missed until the next one. Looking once finds it.
    """
    channel.send(message)
    channel.socket.poll(LOOK)
