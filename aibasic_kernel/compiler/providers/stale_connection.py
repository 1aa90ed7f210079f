"""A request that went out on a connection which had been closed unseen is sent again at once.

An idle connection may be gone without a sign: a router forgot it, or the server closed it in the moment in which it was
used again. Nothing of an answer has come then, and a new connection serves.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import httpx2

_OPENED: ContextVar[list[str]] = ContextVar("opened connections of the request under way")

Given = TypeVar("Given")


async def sent(send: Callable[[], Awaitable[Given]]) -> Given:
    """What `send` gives; called again where a connection that had served before is lost ahead of any answer.

    The client must have `watched` among its hooks. This ends with a new connection at the latest.
    """
    import anthropic
    import httpx2

    lost = (httpx2.ReadError, httpx2.WriteError, httpx2.RemoteProtocolError)
    while True:
        opened: list[str] = []
        _OPENED.set(opened)
        try:
            return await send()
        except anthropic.APIConnectionError as error:
            if opened or not isinstance(error.__cause__, lost):
                raise


async def watched(request: httpx2.Request) -> None:
    """A hook for requests: has it told when a connection is opened for one."""
    request.extensions["trace"] = _note


async def _note(event: str, info: Mapping[str, object]) -> None:
    if event == "connection.connect_tcp.started":
        _OPENED.get([]).append(event)
