"""The provider `anthropic`: the Messages API through its SDK, streamed. It also serves local servers of the same API.

It is made on the provider's thread, since importing the SDK takes seconds. The key goes into the header of requests
to the one host and nowhere else. The SDK sends, and reads what a status says; the stream is read here: the SDK's types
fit its own host alone, and building them takes longer than a local server's first token.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import replace
from typing import Any

from aibasic_kernel.compiler.configuration.settings import Settings
from aibasic_kernel.compiler.privacy.redaction import Redactor
from aibasic_kernel.compiler.providers import anthropic_errors as errors
from aibasic_kernel.compiler.providers import connection_errors
from aibasic_kernel.compiler.providers.anthropic_answer import Answer, ReportedError
from aibasic_kernel.compiler.providers.anthropic_client import client_for, connect_seconds, rehearse
from aibasic_kernel.compiler.providers.event_stream import EndlessReply, EventParser, MalformedReply
from aibasic_kernel.compiler.providers.messages_api import Peer
from aibasic_kernel.compiler.providers.patience import Patience, TooLong, TooSilent
from aibasic_kernel.compiler.providers.provider import Reply, Request, Sent, Usage
from aibasic_kernel.compiler.providers.stale_connection import sent
from aibasic_kernel.errors import ProviderError

LONGEST = 10
"""A whole reply may take this many times TIMEOUT, the limit on silence."""
_ASKED: ContextVar[Request] = ContextVar("asked")
"""The request that this task sends."""
LAST_BYTES_SECONDS = 1.0
"""How long the end of a body may take behind the end of its message, so that the connection can serve again."""


class AnthropicProvider:
    """One client on one event loop. It asks once: what may be asked again, the error says."""

    name = "anthropic"

    def __init__(self, settings: Settings, redactor: Redactor) -> None:
        self._settings = settings
        self._peer = Peer(settings, redactor, settings.model)
        self.last: Sent | None = None
        self._client = client_for(self._peer, self._remember)

    async def warm_up(self) -> None:
        """Load what the first request needs. Nothing is sent."""
        await rehearse(self._client)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.close()

    async def stream(
        self, request: Request, on_text: Callable[[str], None], on_usage: Callable[[Usage], None]
    ) -> Reply:
        """Answer one request; ProviderError for everything that fails, with what it cost told to `on_usage`."""
        peer = replace(self._peer, model=request.model)
        if self._settings.api_key is None and peer.is_own:
            raise errors.no_key()
        _ASKED.set(request)
        answer = Answer(request, on_text)
        began = time.monotonic()
        try:
            await self._ask(peer, self._body(request), answer)
        finally:
            if answer.begun or answer.is_outstanding:
                on_usage(answer.usage)
        if answer.stop_reason == "refusal":
            raise errors.refused(peer)
        if answer.stop_reason == "max_tokens" and answer.thought and not answer.has_text:
            raise errors.only_thoughts(peer, request.max_tokens)
        return answer.reply(time.monotonic() - began)

    def _remember(self, body: bytes) -> None:
        self.last = Sent(_ASKED.get(), body, self._peer.host)

    async def _ask(self, peer: Peer, body: dict[str, Any], answer: Answer) -> None:
        import anthropic
        import httpx2

        timeout = self._settings.timeout
        try:
            await self._receive(body, answer, Patience(timeout, LONGEST * timeout))
        except asyncio.CancelledError:
            answer.is_outstanding = True
            raise
        except TooSilent:
            answer.is_outstanding = True
            late = connection_errors.stalled if answer.begun else connection_errors.no_answer
            raise late(peer, timeout) from None
        except TooLong:
            raise errors.too_slow(peer, LONGEST * timeout) from None
        except EndlessReply:
            raise errors.endless(peer) from None
        except MalformedReply:
            raise peer.no_api() from None
        except ReportedError as reported:
            retry_after = None if answer.begun else 0
            raise errors.for_kind(peer, reported.kind, reported.said, body, retry_after) from None
        except anthropic.APIStatusError as error:
            raise errors.for_status(peer, error, body) from None
        except (anthropic.APIConnectionError, httpx2.HTTPError, httpx2.InvalidURL) as error:
            if isinstance(error.__cause__, ProviderError):
                raise error.__cause__ from None
            if answer.begun:
                raise connection_errors.broken_off(peer) from None
            raise connection_errors.unconnected(peer, error, connect_seconds(peer)) from None
        if not answer.begun:
            raise peer.no_api()
        if not answer.is_whole:
            raise connection_errors.broken_off(peer)

    async def _receive(self, body: dict[str, Any], answer: Answer, patience: Patience) -> None:
        stream = await patience.wait_for(sent(lambda: self._client.messages.create(**body, stream=True)))
        parser = EventParser()
        pieces = stream.response.aiter_bytes()
        try:
            while not answer.is_over and (piece := await patience.wait_for(_next(pieces))):
                for event in parser.feed(piece):
                    # Pings keep a connection, not a reply alive.
                    if event["type"] != "ping":
                        patience.renew()
                    answer.take(event)
            if not answer.is_over:
                for event in parser.finish():
                    answer.take(event)
            await _drain(pieces)
        finally:
            with suppress(Exception):
                await stream.response.aclose()

    def _body(self, request: Request) -> dict[str, Any]:
        caching = self._knows("caching")
        body: dict[str, Any] = {
            "model": request.model,
            "max_tokens": request.max_tokens,
            "system": [
                {"type": "text", "text": block.text, "cache_control": {"type": "ephemeral"}}
                if block.cache and caching
                else {"type": "text", "text": block.text}
                for block in request.system
            ],
            "messages": [{"role": "user", "content": request.user}],
        }
        # Of the own host's models not all let their thinking be turned off; a server of one's own is taken at its word.
        if self._knows("thinking") and ("haiku" in request.model or not self._peer.is_own):
            body["thinking"] = {"type": "disabled"}
        return body

    def _knows(self, feature: str) -> bool:
        return self._peer.is_own or feature in self._settings.features


async def _next(pieces: AsyncIterator[bytes]) -> bytes:
    """The next piece of a body, b"" at its end."""
    async for piece in pieces:
        if piece:
            return piece
    return b""


async def _drain(pieces: AsyncIterator[bytes]) -> None:
    """Read to the end of the body, where that comes at once; else the connection is closed with the response."""
    patience = Patience(LAST_BYTES_SECONDS, LAST_BYTES_SECONDS)
    with suppress(TooSilent, TooLong):
        while await patience.wait_for(_next(pieces)):
            pass
