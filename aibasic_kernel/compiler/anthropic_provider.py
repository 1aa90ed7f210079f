"""The provider `anthropic`: the Messages API through its SDK, streamed. It also serves local servers of the same API.

It is made on the provider's thread, since importing the SDK takes seconds. The key goes into the header of requests
to the one host and nowhere else.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from aibasic_kernel.compiler import anthropic_errors as errors
from aibasic_kernel.compiler.provider import Reply, Request, Usage
from aibasic_kernel.compiler.redaction import Redactor
from aibasic_kernel.compiler.settings import OWN_HOST, Settings, is_own_host
from aibasic_kernel.errors import ProviderError

if TYPE_CHECKING:
    import httpx2
    from anthropic import AsyncAnthropic
    from anthropic.types import TextBlockParam

CONNECT_SECONDS = 10.0
KEEP_ALIVE_SECONDS = 2 * 3600.0
PLACEHOLDER_KEY = "local"
"""What is sent as the key to a server of one's own where none is set: most want a key and look at none."""
LOGGERS = ("anthropic", "httpx2", "httpcore2")
"""At DEBUG these write whole prompts and headers, and ANTHROPIC_LOG turns that on."""
CHARACTERS_PER_TOKEN = 40
"""More than any tokenizer packs into one token: beyond this a reply is endless, whatever its server counts."""


class AnthropicProvider:
    """One client on one event loop. Retries nothing: a failure is told at once."""

    name = "anthropic"

    def __init__(self, settings: Settings, redactor: Redactor) -> None:
        self._settings = settings
        # The key may come from the environment, which no list of the configuration's secrets knows.
        self._redactor = redactor
        self._client = _client(settings, self._redactor)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.close()

    async def stream(self, request: Request, on_text: Callable[[str], None]) -> Reply:
        """Answer one request; ProviderError for everything that fails."""
        if self._settings.api_key is None and is_own_host(self._settings.base_url):
            raise errors.no_key()
        import anthropic
        import httpx2

        answer = _Answer(request, on_text)
        began = time.monotonic()
        try:
            await self._receive(request, answer)
        except (anthropic.APIError, httpx2.HTTPError, ValueError, AttributeError) as error:
            raise errors.explained(error, self._settings, self._redactor, request.model, answer.begun) from None
        if not answer.begun:
            raise errors.not_the_api(self._settings)
        if not answer.ended:
            raise errors.broken_off(self._settings)
        if answer.stop_reason == "refusal":
            raise ProviderError("The model refused to answer this line.", "Say it in other words.")
        return answer.reply(time.monotonic() - began)

    async def _receive(self, request: Request, answer: _Answer) -> None:
        events = await self._client.messages.create(
            model=request.model,
            max_tokens=request.max_tokens,
            system=self._system(request),
            messages=[{"role": "user", "content": request.user}],
            stream=True,
            **self._extras(request),
        )
        following = aiter(events)
        try:
            while True:
                # Pings keep the connection from timing out while the model is silent, so the limit is on events.
                answer.take(await asyncio.wait_for(anext(following), self._settings.timeout))
        except StopAsyncIteration:
            return
        except asyncio.TimeoutError:
            raise errors.timed_out(self._settings, answer.begun) from None
        finally:
            with suppress(Exception):
                await events.close()

    def _knows(self, feature: str) -> bool:
        return is_own_host(self._settings.base_url) or feature in self._settings.features

    def _system(self, request: Request) -> list[TextBlockParam]:
        caching = self._knows("caching")
        return [
            {"type": "text", "text": block.text, "cache_control": {"type": "ephemeral"}}
            if block.cache and caching
            else {"type": "text", "text": block.text}
            for block in request.system
        ]

    def _extras(self, request: Request) -> dict[str, Any]:
        if self._knows("thinking") and "haiku" in request.model:
            return {"thinking": {"type": "disabled"}}
        return {}


class _Answer:
    """What has come of a reply so far. Fields that a server leaves out count as nothing."""

    def __init__(self, request: Request, on_text: Callable[[str], None]) -> None:
        self._on_text = on_text
        self._text: list[str] = []
        self._room = CHARACTERS_PER_TOKEN * request.max_tokens
        self._usage = {"input_tokens": 0, "cache_read_input_tokens": 0, "cache_creation_input_tokens": 0,
                       "output_tokens": 0}
        self._model = request.model
        self.stop_reason = ""
        self.begun = False
        self.ended = False

    def take(self, event: Any) -> None:
        """Take one event of the stream; unknown kinds, and blocks that are not text, are passed over."""
        kind = event.type
        if kind == "message_start":
            self.begun = True
            self._model = getattr(event.message, "model", None) or self._model
            self._count(getattr(event.message, "usage", None))
        elif kind == "content_block_start" and event.content_block.type == "text":
            self._add(getattr(event.content_block, "text", ""))
        elif kind == "content_block_delta" and event.delta.type == "text_delta":
            self._add(event.delta.text)
        elif kind == "message_delta":
            self.stop_reason = getattr(event.delta, "stop_reason", None) or self.stop_reason
            self._count(getattr(event, "usage", None))
        elif kind == "message_stop":
            self.ended = True

    def reply(self, seconds: float) -> Reply:
        """The whole of it."""
        counts = self._usage
        usage = Usage(
            input=counts["input_tokens"],
            cached=counts["cache_read_input_tokens"],
            written=counts["cache_creation_input_tokens"],
            output=counts["output_tokens"],
        )
        return Reply("".join(self._text), usage, self._model, self.stop_reason, seconds)

    def _add(self, text: str) -> None:
        if not text:
            return
        self._room -= len(text)
        if self._room < 0:
            raise ProviderError("The model's answer did not end.", "Say it in other words, or choose another MODEL.")
        self._text.append(text)
        self._on_text(text)

    def _count(self, usage: Any) -> None:
        for name in self._usage:
            count = getattr(usage, name, None)
            if isinstance(count, int):
                self._usage[name] = count


def _client(settings: Settings, redactor: Redactor) -> AsyncAnthropic:
    import anthropic
    import httpx2

    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)

    async def guard(request: httpx2.Request) -> None:
        # The last look at what leaves: the key may stand in the header of authorization, a secret nowhere else.
        body = (await request.aread()).decode(errors="replace")
        if redactor.find(body) or redactor.find(str(request.url)):
            raise ProviderError(
                "The request holds a password or key of the configuration, so it was not sent.",
                "Take it out of the line, and out of the names and comments of tables.",
            )

    client = anthropic.AsyncAnthropic(
        api_key=settings.api_key.reveal() if settings.api_key is not None else PLACEHOLDER_KEY,
        base_url=settings.base_url or f"https://{OWN_HOST}",
        max_retries=0,
        open_telemetry=False,
        http_client=anthropic.DefaultAsyncHttpxClient(
            timeout=httpx2.Timeout(settings.timeout, connect=min(CONNECT_SECONDS, settings.timeout)),
            limits=httpx2.Limits(keepalive_expiry=KEEP_ALIVE_SECONDS),
            event_hooks={"request": [guard]},
            follow_redirects=False,
        ),
    )
    client.messages  # noqa: B018  importing the resource is the slower half of the SDK
    return client
