"""Reading lines from a terminal that takes no escape sequence: its own line editing is all there is."""

from __future__ import annotations

import asyncio
import os
import select
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager

from aibasic_kernel.faces.repl.judging import wanted_indent
from aibasic_kernel.faces.repl.link import KernelLink
from aibasic_kernel.faces.repl.screen import Screen

PROMPT, CONTINUED = "aib> ", "...> "
_MOST = 1 << 16


class LineReader:
    """Lines of standard input, without keeping the event loop waiting."""

    def __init__(self) -> None:
        self._descriptor = sys.stdin.fileno()
        self._behind = b""

    async def line(self, *, hidden: bool = False) -> str:
        """The next line, without its end. Raises EOFError. `hidden` is not echoed."""
        with self._without_echo(hidden):
            while b"\n" not in self._behind:
                await self._is_readable()
                found = os.read(self._descriptor, _MOST)
                if not found:
                    raise EOFError
                self._behind += found
        line, _, self._behind = self._behind.partition(b"\n")
        return line.decode("utf-8", "replace").rstrip("\r")

    @contextmanager
    def lines_aside(self) -> Iterator[None]:
        """Keep the lines that were typed so far for behind the block; one without its end is forgotten."""
        while select.select([self._descriptor], [], [], 0)[0] and (found := os.read(self._descriptor, _MOST)):
            self._behind += found
        termios.tcflush(self._descriptor, termios.TCIFLUSH)
        before, self._behind = self._behind, b""
        try:
            yield
        finally:
            self._behind = before + self._behind

    async def _is_readable(self) -> None:
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()
        loop.add_reader(self._descriptor, ready.set)
        try:
            await ready.wait()
        finally:
            loop.remove_reader(self._descriptor)

    @contextmanager
    def _without_echo(self, hidden: bool) -> Iterator[None]:
        if not hidden:
            yield
            return
        before = termios.tcgetattr(self._descriptor)
        silent = before.copy()
        silent[3] &= ~termios.ECHO
        termios.tcsetattr(self._descriptor, termios.TCSADRAIN, silent)
        try:
            yield
        finally:
            termios.tcsetattr(self._descriptor, termios.TCSADRAIN, before)


class PlainPrompt:
    """Asks for one input after another, as the prompt with keys and colours does."""

    def __init__(self, link: KernelLink, screen: Screen, reader: LineReader) -> None:
        self._link = link
        self._screen = screen
        self._reader = reader

    async def ask(self, text: str = "") -> str:
        """What is typed next, below `text` where that is given to be changed. Raises EOFError for Ctrl-D."""
        if text:
            self._screen.write_line(text)
        self._screen.write(PROMPT)
        typed = await self._reader.line()
        while await wanted_indent(self._link, typed) is not None:
            self._screen.write(CONTINUED)
            typed += "\n" + await self._reader.line()
        self._screen.is_at_line_start = True
        return typed

    def close(self) -> None:
        """Nothing is open."""
