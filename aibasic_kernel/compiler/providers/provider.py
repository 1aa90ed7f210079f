"""The one small interface to a language model, and the thread on which providers live.

A request compiles one sentence. Providers are named by the key PROVIDER; `anthropic` is built in, others are entry
points of the group `aibasic.providers`, each a callable `(settings, redactor) -> Provider`.
"""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Protocol

from aibasic_kernel.compiler.configuration.policy import load_policy
from aibasic_kernel.compiler.configuration.settings import Settings, is_own_host
from aibasic_kernel.compiler.privacy.redaction import Redactor
from aibasic_kernel.compiler.providers.admission import Admission
from aibasic_kernel.compiler.providers.retries import persistently
from aibasic_kernel.errors import AIBasicError, ProviderError

if TYPE_CHECKING:
    from aibasic_kernel.compiler.accounts.charges import Bill
    from aibasic_kernel.compiler.accounts.spending import Reservation, Spending

ENTRY_POINTS = "aibasic.providers"


@dataclass(frozen=True)
class Block:
    """A part of the system text; `cache` marks the end of a prefix that later requests repeat to the byte."""

    text: str
    cache: bool = False


@dataclass(frozen=True)
class Request:
    """What is asked of a model: the system text, and the user's part.

    `task` is the task type of the line, for the account of what is spent.
    """

    system: tuple[Block, ...]
    user: str
    model: str
    max_tokens: int
    task: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of every text that leaves the machine, by which a log names the request."""
        return hashlib.sha256(f"{self.model}\0{self.readable()}".encode(errors="surrogatepass")).hexdigest()

    def readable(self) -> str:
        """Every text that leaves the machine, in its order."""
        return "\n\n".join([*(block.text for block in self.system), self.user])

    def cleaned(self, clean: Callable[[str], str]) -> Request:
        """The request with each of its texts cleaned."""
        system = tuple(replace(block, text=clean(block.text)) for block in self.system)
        return replace(self, system=system, user=clean(self.user))


@dataclass(frozen=True)
class Sent:
    """A request as it left the machine."""

    request: Request
    body: bytes
    host: str


@dataclass(frozen=True)
class Usage:
    """Tokens that the provider counted: read anew, read from its cache, written to its cache, and given out."""

    input: int = 0
    cached: int = 0
    written: int = 0
    output: int = 0


@dataclass(frozen=True)
class Reply:
    """A whole answer. `stop_reason` is the provider's own word; `seconds` from request to the last byte.

    `bill` has what was charged for it, attempts that failed among it; `request` is the digest of what it answers.
    """

    text: str
    usage: Usage
    model: str
    stop_reason: str
    seconds: float
    bill: Bill | None = None
    request: str = ""


class Provider(Protocol):
    """What answers requests. It is made, used and closed on one event loop.

    One that has a `last: Sent | None` tells by it what left the machine last.
    """

    name: str

    async def warm_up(self) -> None:
        """Load whatever the first request needs, without sending anything."""

    async def stream(
        self, request: Request, on_text: Callable[[str], None], on_usage: Callable[[Usage], None]
    ) -> Reply:
        """Ask once; `on_text` is given the text as it comes. Raises ProviderError for everything that fails.

        `on_usage` is told what is charged for an answer that fails or is cancelled, as far as that can be known.
        """

    async def aclose(self) -> None:
        """Close all connections."""


ProviderFactory = Callable[[Settings, Redactor], Provider]


def factory(name: str) -> ProviderFactory:
    """What makes the provider of that name. An unknown name is an AIBasicError that says which ones there are."""
    if name == "anthropic":
        from aibasic_kernel.compiler.providers.anthropic_provider import AnthropicProvider

        return AnthropicProvider
    found = {point.name: point for point in entry_points(group=ENTRY_POINTS)}
    if name not in found:
        raise AIBasicError(
            f"PROVIDER = {name}: there is no such provider.",
            f"Installed are: {', '.join(sorted({'anthropic', *found}))}.",
        )
    try:
        made: ProviderFactory = found[name].load()
    except ImportError as error:
        raise AIBasicError(f"PROVIDER = {name} cannot be loaded: {error}", "Install what it needs.") from None
    return made


def unheard(text: str) -> None:
    """The listener where nobody listens."""


class Start(Protocol):
    """Sends a request that is ready: listeners for its text and for notices, such as that it is sent again."""

    def __call__(self, on_text: Callable[[str], None] = unheard, on_notice: Callable[[str], None] = unheard) -> Job: ...


class Job:
    """One request under way on the provider's thread."""

    def __init__(self, future: Future[Reply]) -> None:
        self.future = future

    def result(self, timeout: float | None = None) -> Reply:
        """Wait for the reply; an interrupt or a time-out while waiting cancels the request."""
        try:
            return self.future.result(timeout)
        except BaseException:
            self.future.cancel()
            raise

    def cancel(self) -> None:
        """Stop it; the connection of a reply that is under way is closed."""
        self.future.cancel()


class ProviderThread:
    """A daemon thread with an event loop of its own, on which the provider is made, used and closed.

    So every driver can wait and be interrupted, whether it has an event loop (`asyncio.wrap_future(job.future)`) or
    blocks (`job.result()`), and the SDK's slow import never holds up anybody.
    """

    def __init__(self, settings: Settings, redactor: Redactor, spending: Spending | None = None) -> None:
        """`spending` is the account that requests are entered in; without one nobody counts."""
        self._settings = settings
        self._redactor = redactor
        self._spending = spending
        caches = is_own_host(settings.base_url) or "caching" in settings.features
        self._admission = Admission(settings.parallel, caches)
        self._provider: Provider | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def warm_up(self) -> Future[None]:
        """Make the provider ahead of time, in the background. What fails then is raised by the first request."""
        return asyncio.run_coroutine_threadsafe(self._warmed_up(), self._running_loop())

    def submit(
        self,
        request: Request,
        on_text: Callable[[str], None] = unheard,
        on_notice: Callable[[str], None] = unheard,
        bill: Bill | None = None,
        ahead: bool = False,
    ) -> Job:
        """Send a request, and again where it failed before anything of an answer came and that may help.

        No more than PARALLEL are out at once; one that goes `ahead` of its line's turn waits behind the others.

        `on_text` is given the text as it comes, `on_notice` one line before each pause for another try. Both are called
        on the provider's thread; what they raise fails the job. What each attempt was charged is put on the `bill`. An
        attempt that might pass a limit of the user's is a BudgetError.
        """
        answer = self._answer(request, on_text, on_notice, bill, ahead)
        return Job(asyncio.run_coroutine_threadsafe(answer, self._running_loop()))

    @property
    def last(self) -> Sent | None:
        """What left the machine last, None for nothing yet; a provider may keep it to itself."""
        sent = getattr(self._provider, "last", None)
        return sent if isinstance(sent, Sent) else None

    def close(self, timeout: float = 2.0) -> None:
        """Cancel what is under way, close the provider and end the thread, within `timeout` seconds."""
        with self._lock:
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
        if loop is None or thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._shut_down(), loop)
        thread.join(timeout)

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=_run, args=(self._loop,), name="aibasic-provider", daemon=True)
                self._thread.start()
            return self._loop

    def _prepared(self) -> Provider:
        # Without an await: two requests at once cannot make two providers.
        if self._provider is None:
            if self._settings.missing:
                raise ProviderError(self._settings.missing, self._settings.mend)
            self._provider = factory(self._settings.provider)(self._settings, self._redactor)
        return self._provider

    async def _warmed_up(self) -> None:
        await self._prepared().warm_up()

    async def _answer(
        self,
        request: Request,
        on_text: Callable[[str], None],
        on_notice: Callable[[str], None],
        bill: Bill | None,
        ahead: bool,
    ) -> Reply:
        load_policy().check_request(self._settings.provider, self._settings.address, request.model)
        provider = self._prepared()

        stable = "".join(block.text for block in request.system if block.cache)
        async with self._admission.turn((request.model, stable), on_text, urgent=not ahead) as listener:

            async def attempt() -> Reply:
                if self._spending is None:
                    return await provider.stream(request, listener, lambda usage: None)
                reservation = self._spending.reserve(request, self._settings)
                return await _accounted(provider, request, listener, reservation, bill)

            reply = await persistently(attempt, on_notice, self._settings.timeout)
            return replace(reply, bill=bill, request=request.digest)

    async def _shut_down(self) -> None:
        loop = asyncio.get_running_loop()
        others = [task for task in asyncio.all_tasks(loop) if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        try:
            if self._provider is not None:
                await self._provider.aclose()
        finally:
            self._provider = None
            await loop.shutdown_asyncgens()
            loop.stop()


async def _accounted(
    provider: Provider,
    request: Request,
    on_text: Callable[[str], None],
    reservation: Reservation,
    bill: Bill | None,
) -> Reply:
    """Ask once, and enter what that cost, however it ends."""
    charged: list[Usage] = []
    reply: Reply | None = None
    try:
        reply = await provider.stream(request, on_text, charged.append)
        return reply
    finally:
        if reply is not None:
            charge = reservation.settle(reply.usage, reply.text)
        else:
            charge = reservation.settle(charged[-1] if charged else None, failed=True)
        if bill is not None:
            bill.is_free = reservation.is_free
            if charge is not None:
                bill.charges.append(charge)


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        loop.close()
