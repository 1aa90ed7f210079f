"""The SDK's client as the provider uses it: quiet, without retries of its own, on connections that last."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from aibasic_kernel.compiler.configuration.policy import load_policy
from aibasic_kernel.compiler.providers import anthropic_errors as errors
from aibasic_kernel.compiler.providers.connection_errors import unusable_client
from aibasic_kernel.compiler.providers.messages_api import Peer
from aibasic_kernel.compiler.providers.stale_connection import watched
from aibasic_kernel.errors import ProviderError

if TYPE_CHECKING:
    import httpx2
    from anthropic import AsyncAnthropic

CONNECT_SECONDS = 10.0
CONNECT_PART = 0.5
"""The part of TIMEOUT that connecting may take where that is less."""
KEEP_ALIVE_SECONDS = 2 * 3600.0
"""The SDK lets TCP look after an idle connection each minute, so one that is gone is noticed long before."""
PLACEHOLDER_KEY = "local"
"""What is sent as the key to a server of one's own where none is set: most want a key and look at none."""
KEY_HEADERS = ("authorization", "x-api-key")
LOGGERS = ("anthropic", "httpx2", "httpcore2")
"""At DEBUG these write whole prompts and headers, and ANTHROPIC_LOG turns that on."""

REHEARSAL = b"""data: {"type": "message_start", "message": {}}\n\ndata: {"type": "message_stop"}\n\n"""


def client_for(peer: Peer, on_sent: Callable[[bytes], None]) -> AsyncAnthropic:
    """A client on this event loop; `on_sent` is told the body of each request that leaves.

    Raises ProviderError where the environment or the key does not allow one.
    """
    import anthropic
    import httpx2

    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    key = peer.settings.api_key.reveal() if peer.settings.api_key is not None else PLACEHOLDER_KEY
    if not key.isascii() or not key.isprintable() or " " in key:
        raise errors.unusable_key()
    try:
        http_client = anthropic.DefaultAsyncHttpxClient(
            # Other time limits are the provider's own: these here end with each byte that comes.
            timeout=httpx2.Timeout(None, connect=connect_seconds(peer)),
            limits=httpx2.Limits(keepalive_expiry=KEEP_ALIVE_SECONDS),
            event_hooks={"request": [_guard(peer, on_sent), watched]},
            headers={"accept-encoding": "identity"},  # so that the bound on a reply's size is one on what comes
            follow_redirects=False,
        )
    except (ImportError, OSError, ValueError) as error:
        raise unusable_client(peer, error) from None
    client = anthropic.AsyncAnthropic(
        api_key=key,
        base_url=peer.settings.address,
        max_retries=0,
        open_telemetry=False,
        http_client=http_client,
    )
    client.messages  # noqa: B018  importing the resource is the slower half of the SDK
    return client


def connect_seconds(peer: Peer) -> float:
    """How long connecting may take."""
    return min(CONNECT_SECONDS, CONNECT_PART * peer.settings.timeout)


async def rehearse(client: AsyncAnthropic) -> None:
    """Go through a request without a network, so that the first real one imports and builds nothing."""
    import anyio
    import httpx2

    def answer(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=REHEARSAL)

    await anyio.sleep(0)  # loads the part of anyio that serves this kind of event loop
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as stage:
        stream = await client.with_options(http_client=stage).messages.create(
            model="none",
            max_tokens=1,
            system=[{"type": "text", "text": "none", "cache_control": {"type": "ephemeral"}}],
            messages=[{"role": "user", "content": "none"}],
            thinking={"type": "disabled"},
            stream=True,
        )
        await stream.response.aread()


def _guard(peer: Peer, on_sent: Callable[[bytes], None]) -> Callable[[httpx2.Request], Awaitable[None]]:
    async def guard(request: httpx2.Request) -> None:
        # The last look at what leaves: the key may stand in the header of authorization, a secret nowhere else.
        body = await request.aread()
        headers = (value for name, value in request.headers.items() if name not in KEY_HEADERS)
        if any(peer.redactor.find(text) for text in (body.decode(errors="replace"), str(request.url), *headers)):
            raise ProviderError(
                "The request holds a password or key of the configuration, so it was not sent.",
                "Take it out of the line, and out of the names and comments of tables.",
            )
        on_sent(body)
        load_policy().check_request(peer.settings.provider, str(request.url), json.loads(body)["model"])

    return guard
