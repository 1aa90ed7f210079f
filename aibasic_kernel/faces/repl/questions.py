"""Questions of a running cell: `input()`, a password, the gate's; each is answered where it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Protocol

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.faces.repl.display import Display
from aibasic_kernel.faces.repl.link import KernelLink, Message
from aibasic_kernel.faces.repl.plain import LineReader
from aibasic_kernel.faces.repl.screen import Screen

if TYPE_CHECKING:
    from prompt_toolkit.input import Input

END_OF_INPUT = "\x04"
CATCHING_UP = 1.0
"""Seconds in which what was put out before a question arrives: it tells what is asked about."""


class Asker(Protocol):
    """Reads one answer from the terminal: what was typed before the question stood there is none, and waits."""

    async def answer(self, question: str, hidden: bool) -> str:
        """What is typed. Raises KeyboardInterrupt and EOFError."""


class RichAsker:
    """Reads with the keys of an editor."""

    async def answer(self, question: str, hidden: bool) -> str:
        """What is typed. Raises KeyboardInterrupt and EOFError."""
        from prompt_toolkit import PromptSession
        from prompt_toolkit.formatted_text import ANSI

        session: PromptSession[str] = PromptSession()
        with _keys_aside(session.app.input):
            return await session.prompt_async(ANSI(question), is_password=hidden)


@contextmanager
def _keys_aside(keyboard: Input) -> Iterator[None]:
    """Keep the keys that were pressed so far for whoever reads behind the block."""
    from prompt_toolkit.input.typeahead import get_typeahead, store_typeahead

    before = get_typeahead(keyboard)
    with keyboard.raw_mode():  # a line without its end is read too
        before += keyboard.read_keys() + keyboard.flush_keys()
    try:
        yield
    finally:
        store_typeahead(keyboard, before + get_typeahead(keyboard))


class PlainAsker:
    """Reads lines as the terminal gives them."""

    def __init__(self, screen: Screen, reader: LineReader) -> None:
        self._screen = screen
        self._reader = reader

    async def answer(self, question: str, hidden: bool) -> str:
        """What is typed. Raises EOFError; a Ctrl-C stops the cell, and with it this."""
        with self._reader.lines_aside():
            self._screen.write(question)
            try:
                return await self._reader.line(hidden=hidden)
            finally:
                if hidden:
                    self._screen.write("\n")
                self._screen.is_at_line_start = True


class Questions:
    """Answers what the kernel asks, one question at a time."""

    def __init__(self, link: KernelLink, display: Display, asker: Asker) -> None:
        self._link = link
        self._display = display
        self._asker = asker
        self._task: asyncio.Task[None] | None = None
        link.on_question.append(self._take)
        link.on_death.append(lambda last_words: self.end())

    def end(self) -> None:
        """Nobody waits for an answer any more."""
        if self._task is not None:
            self._task.cancel()

    async def ended(self) -> None:
        """The cell has ended: take the question off the screen."""
        if self._task is not None:
            self.end()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    def _take(self, question: Message) -> None:
        self.end()
        self._task = asyncio.create_task(self._answer(question))

    async def _answer(self, question: Message) -> None:
        with suppress(TimeoutError, AIBasicError):
            await self._link.caught_up(CATCHING_UP)
        await self._display.shown()
        content = question["content"]
        try:
            text = await self._asker.answer(content["prompt"], content["password"])
        except KeyboardInterrupt:
            await self._link.interrupt()
        except EOFError:
            self._link.answer(question, END_OF_INPUT)
        else:
            self._link.answer(question, text)
