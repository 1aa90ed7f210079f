"""What cells put out, as the kernel sends it on: printed text and values."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ipykernel.displayhook import ZMQShellDisplayHook
from ipykernel.iostream import OutStream

from aibasic_kernel.compiler.privacy.redaction import Redactor
from aibasic_kernel.faces.held_text import HeldText


class Stream(OutStream):
    """ipykernel's, but that to flush it costs nothing where nothing was written since, and that it shows no secret.

    A flush waits for another thread, and each cell has four or more of them. A secret may be written in pieces: while
    a cell runs, what may be the beginning of one waits for what follows.
    """

    redactor: Callable[[], Redactor] | None = None
    """Gives what knows the secrets; None before there are any."""
    _unsent = False
    _holds = False

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self._begin()

    def _begin(self) -> None:
        self._held: dict[frozenset[Any], HeldText] = {}
        self.bounds: dict[frozenset[Any], Callable[[str], str]] = {}
        """For the request of a cell what gives the part of a text that is to be sent: no secret stands in it."""

    def write(self, string: str) -> int | None:  # type: ignore[override]  # as in the class above
        count = super().write(string)
        # Not before: a flush in between, by another thread, would take the mark away and leave the text.
        self._unsent = True
        return count

    def flush(self) -> None:
        if self._unsent:
            self._unsent = False
            super().flush()

    def hold(self, holds: bool) -> None:
        """Keep back, from now on, what may be the beginning of a secret; with False send what was kept."""
        self._holds = holds
        if self._held and not holds:
            super().flush()

    def _flush_buffers(self) -> Iterator[tuple[dict[str, Any], str]]:
        if self.redactor is None:
            yield from super()._flush_buffers()
            return
        redactor = self.redactor()
        holds = self._holds
        for parent, text in super()._flush_buffers():
            key = frozenset(parent.items())
            held = self._held.setdefault(key, HeldText())
            yield parent, self._bounded(key, held.passed(text, redactor, more=holds))
        if not holds:
            for key, held in self._held.items():
                yield dict(key), self._bounded(key, held.passed("", redactor, more=False))
            self._held = {}

    def _bounded(self, key: frozenset[Any], text: str) -> str:
        bound = self.bounds.get(key)
        return text if bound is None or not text else bound(text)


class _Adopted(Stream):
    """One that ipykernel has made: an IPython that keeps the method `write` of the stock class may write past ours."""

    def flush(self) -> None:
        self._unsent = True
        super().flush()


def guard_streams(redactor: Callable[[], Redactor]) -> None:
    """Let standard output and error of this process hide the secrets that the redactor knows."""
    for stream in _streams():
        stream.redactor = redactor


@contextmanager
def adopted_streams(redactor: Callable[[], Redactor]) -> Iterator[None]:
    """Let ipykernel's own standard streams be such ones during the block: who holds one now writes to it as before."""
    stock = [stream for stream in (sys.stdout, sys.stderr) if type(stream) is OutStream]
    for stream in stock:
        stream.flush()
        stream.__class__ = _Adopted
        assert isinstance(stream, _Adopted)
        stream._begin()
        stream.redactor = redactor
    try:
        yield
    finally:
        for stream in stock:
            if isinstance(stream, _Adopted):
                stream.hold(False)
                stream.flush()
            stream.__class__ = OutStream


@contextmanager
def bounded(bound: Callable[[str], str]) -> Iterator[None]:
    """Within the block, send of what the running cell prints only what `bound` gives; before it, send all."""
    streams = [(stream, frozenset(stream.parent_header.items())) for stream in _streams()]
    for stream, key in streams:
        stream.flush()
        stream.bounds[key] = bound
    try:
        yield
    finally:
        with held(False):  # the last of it comes here, and not when the bound is gone
            for stream, key in streams:
                stream.flush()
                del stream.bounds[key]


@contextmanager
def held(holds: bool = True) -> Iterator[None]:
    """Within the block keep back what may be the beginning of a secret; with False let everything out."""
    hold(holds)
    try:
        yield
    finally:
        hold(not holds)


def hold(holds: bool) -> None:
    """From now on keep back what may be the beginning of a secret, or let everything out."""
    for stream in _streams():
        stream.hold(holds)


def _streams() -> list[Stream]:
    return [stream for stream in (sys.stdout, sys.stderr) if isinstance(stream, Stream)]


class DisplayHook(ZMQShellDisplayHook):
    """Shows a value; the line's code has judged whether a `;` silences it, so the English input is not tokenised."""

    def quiet(self) -> bool:
        return False
