"""Shows in the terminal what a kernel puts out: printed text, results, tables, pictures, errors, progress."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from aibasic_kernel.faces.failure import said_alone
from aibasic_kernel.faces.repl.link import KernelLink, Message
from aibasic_kernel.faces.repl.live import Live
from aibasic_kernel.faces.repl.pager import Pager
from aibasic_kernel.faces.repl.pictures import keep_picture
from aibasic_kernel.faces.repl.screen import Screen, without_escapes
from aibasic_kernel.faces.repl.tables import fitted
from aibasic_kernel.faces.wrapping import wrapped

SHOWN = ("stream", "display_data", "execute_result", "update_display_data", "error", "clear_output", "execute_input")
OTHERS = "── another front end ──"
OWN = "── this shell ──"
PROSE = "<pre"
"""How the HTML of what the session says begins; code that it shows is folded."""
Above = Callable[[], AbstractAsyncContextManager[Any]]


class Display:
    """Takes the messages of the iopub channel in turn. `above` gives a context in which the prompt is out of the way.

    `pager` is None where long results are just printed.
    """

    def __init__(self, link: KernelLink, screen: Screen, pager: Pager | None, above: Above) -> None:
        self._link = link
        self._screen = screen
        self._pager = pager
        self._above = above
        self._live = Live(screen)
        self._is_ours = True
        self._messages: asyncio.Queue[Message] = asyncio.Queue()
        link.on_output.append(self._take)
        self._task = asyncio.create_task(self._show_all())

    async def shown(self) -> None:
        """Wait until all that has come is on the screen."""
        await self._messages.join()

    async def page(self, text: str) -> None:
        """Show a longer text."""
        if not await self._paged(text):
            self._live.show(self._wrapped(text))

    async def tell(self, text: str) -> None:
        """Show what the shell itself has to say, behind all that came before it."""
        await self.shown()
        async with self._above():
            self._live.show(self._wrapped(text))

    async def close(self) -> None:
        """Show no more."""
        self._link.on_output.remove(self._take)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def _take(self, message: Message) -> None:
        kind = message["msg_type"]
        if kind in SHOWN and not (kind == "execute_input" and self._link.is_ours(message) and self._is_ours):
            self._messages.put_nowait(message)
        elif kind == "execute_input":
            self._live.begin()

    async def _show_all(self) -> None:
        while True:
            message = await self._messages.get()
            try:
                async with self._above():
                    await self._show(message)
            except (LookupError, TypeError, AttributeError, ValueError) as error:  # any program may send such a message
                self._live.show(f"something cannot be shown: {said_alone(error)}")
            finally:
                self._messages.task_done()

    async def _show(self, message: Message) -> None:
        kind, content = message["msg_type"], message["content"]
        self._mark(message)
        if kind == "stream":
            self._live.write(content["text"])
        elif kind == "error":
            self._live.show(self._wrapped(_short("\n".join(content["traceback"]))))
        elif kind == "clear_output":
            self._live.clear(content["wait"])
        elif kind == "update_display_data":
            self._live.update(self._text(content["data"]), content["transient"]["display_id"])
        elif kind != "execute_input":
            await self._show_data(content)

    async def _show_data(self, content: Message) -> None:
        text = self._text(content["data"])
        display_id = content.get("transient", {}).get("display_id", "")
        if display_id or not await self._paged(text):
            self._live.show(text, display_id)

    def _mark(self, message: Message) -> None:
        """Say where what follows comes from, where that is another front end now, with the input that it sent."""
        is_ours = self._link.is_ours(message) or not message["parent_header"]
        if is_ours != self._is_ours:
            self._is_ours = is_ours
            self._live.show(OWN if is_ours else OTHERS)
        if message["msg_type"] == "execute_input":
            self._live.begin()
            if not is_ours:
                self._live.show("\n".join(f"> {line}" for line in message["content"]["code"].split("\n")))

    def _text(self, data: dict[str, Any]) -> str:
        """What is shown of a MIME bundle."""
        if (picture := keep_picture(data)) is not None:
            return picture
        plain, html = str(data.get("text/plain", "")), str(data.get("text/html", ""))
        if html.startswith(PROSE):
            return self._wrapped(plain)
        return fitted(html, self._screen.size.columns) or plain

    def _wrapped(self, text: str) -> str:
        """A text that people read, in the width of the terminal as it is now."""
        return wrapped(text, self._screen.size.columns)

    async def _paged(self, text: str) -> bool:
        """Whether it was shown in the pager, because it is taller than the screen."""
        if self._pager is None or self._screen.is_dumb or self._screen.rows_of(text) < self._screen.size.lines:
            return False
        return await self._pager.show(text if self._screen.has_colours else without_escapes(text))


def _short(traceback: str) -> str:
    """An error without the rule that fills a line."""
    return "\n".join(line for line in traceback.split("\n") if without_escapes(line).strip("-") or not line)
