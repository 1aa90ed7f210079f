"""Completion by the kernel, with what each completion is."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from aibasic_kernel.errors import AIBasicError

if TYPE_CHECKING:
    from aibasic_kernel.faces.repl.link import KernelLink

TYPES = "_jupyter_types_experimental"
"""The key of a reply's metadata in which kernels say what each match is."""
PATIENCE = 30.0
"""Seconds for the kernel's answer: it may be starting, or read a library for the first time. Typing goes on meanwhile,
and an answer that comes when something else stands there is not shown."""


class KernelCompleter(Completer):
    """Offers what the kernel offers; nothing where it does not answer."""

    def __init__(self, link: KernelLink) -> None:
        self._link = link

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Nothing: only `get_completions_async` can ask."""
        return ()

    async def get_completions_async(
        self, document: Document, complete_event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        content = {"code": document.text, "cursor_pos": document.cursor_position}
        try:
            reply = await self._link.request("complete_request", content, PATIENCE)
        except (TimeoutError, AIBasicError):
            return
        if reply.get("status") != "ok":
            return
        told = {item["text"]: item for item in reply.get("metadata", {}).get(TYPES, ())}
        for text in reply["matches"]:
            start = reply["cursor_start"] - document.cursor_position
            yield Completion(text, min(0, start), display_meta=described(told.get(text, {})))


def described(item: Mapping[str, Any]) -> str:
    """What a completion is, in a few words: `column, integer`, a function's parameters, what a command does."""
    kind, about = str(item.get("type") or ""), str(item.get("description") or item.get("signature") or "")
    kind = "" if kind.startswith("<") else kind  # `<unknown>`, as IPython says
    if not about or kind in ("phrase", "command", "task", "line", "function"):
        return about or kind
    return f"{kind}, {about}" if kind and kind != about else about
