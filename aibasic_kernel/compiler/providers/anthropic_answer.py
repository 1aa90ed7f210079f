"""A reply of the Messages API as it grows, from the events of its stream.

Local servers leave out fields, send others, count nothing: what is missing counts as nothing, what is unknown is passed
over, and what is there must be of its kind.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from aibasic_kernel.compiler.providers.event_stream import EndlessReply, Event, MalformedReply
from aibasic_kernel.compiler.providers.provider import Reply, Request, Usage

CHARACTERS_PER_TOKEN = 40
"""More than any tokenizer packs into one token: beyond this a reply is endless, whatever its server counts."""

CHARACTERS_OF_A_TOKEN = 3
"""What is reckoned for text that was not counted: code has some more."""

COUNTS = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens", "output_tokens")


class ReportedError(Exception):
    """The server reported an error inside the reply: `kind` as the API names it, and what it `said`."""

    def __init__(self, kind: str, said: str) -> None:
        super().__init__(kind, said)
        self.kind = kind
        self.said = said


class Answer:
    """What has come so far. `take` raises MalformedReply, EndlessReply, ReportedError, and what `on_text` raises."""

    def __init__(self, request: Request, on_text: Callable[[str], None]) -> None:
        self._on_text = on_text
        self._pieces: list[str] = []
        self._room = CHARACTERS_PER_TOKEN * request.max_tokens
        self._counts = dict.fromkeys(COUNTS, 0)
        self._model = request.model
        self._stopped = False
        self.stop_reason = ""
        self.begun = False
        """Whether anything of a message has come."""
        self.thought = False
        """Whether the model wrote thoughts."""
        self.is_outstanding = False
        """Whether nobody waits any more for what the server may still be working on."""
        self._characters = 0
        self._counted_to_end = False

    @property
    def is_whole(self) -> bool:
        """Whether the message has its end: some servers say only why they stop, not that they did."""
        return self._stopped or bool(self.stop_reason)

    @property
    def is_over(self) -> bool:
        """Whether nothing more belongs to the message."""
        return self._stopped

    @property
    def has_text(self) -> bool:
        return bool(self._pieces)

    @property
    def usage(self) -> Usage:
        """What was counted so far. The output of a message that is counted at its end is reckoned until then."""
        counts = dict(self._counts)
        if not self._counted_to_end and any(counts.values()):
            reckoned = math.ceil(self._characters / CHARACTERS_OF_A_TOKEN)
            counts["output_tokens"] = max(counts["output_tokens"], reckoned)
        return Usage(*counts.values())

    def take(self, event: Event) -> None:
        """Take the next event."""
        kind = event.get("type") or ("error" if "error" in event else "")
        if kind == "error":
            raise _reported(event.get("error"))
        if kind == "message":
            self._whole(event)
        elif kind == "message_start":
            self._start(_part(event, "message"))
        elif kind == "content_block_start":
            self._block(_part(event, "content_block"))
        elif kind == "content_block_delta":
            self._block(_part(event, "delta"))
        elif kind == "message_delta":
            self._stop(_part(event, "delta"))
            self._count(_part(event, "usage"))
            self._counted_to_end = True
        elif kind == "message_stop":
            self._stopped = True

    def reply(self, seconds: float) -> Reply:
        """The whole of it."""
        return Reply("".join(self._pieces), self.usage, self._model, self.stop_reason, seconds)

    def _whole(self, message: Event) -> None:
        self._start(message)
        content = message.get("content") or []
        if not isinstance(content, list):
            raise MalformedReply
        for block in content:
            if not isinstance(block, dict):
                raise MalformedReply
            self._block(block)
        self._stop(message)
        self._stopped = self._counted_to_end = True

    def _start(self, message: Event) -> None:
        self.begun = True
        self._model = _text(message, "model") or self._model
        self._count(_part(message, "usage"))

    def _block(self, block: Event) -> None:
        self.begun = True
        kind = block.get("type")
        if kind in ("text", "text_delta"):
            text = _text(block, "text")
            self._bound(text)
            if text:
                self._pieces.append(text)
                self._on_text(text)
        elif kind in ("thinking", "thinking_delta"):
            self.thought = True
            self._bound(_text(block, "thinking"))

    def _bound(self, text: str) -> None:
        self._characters += len(text)
        self._room -= len(text)
        if self._room < 0:
            raise EndlessReply

    def _stop(self, delta: Event) -> None:
        self.stop_reason = _text(delta, "stop_reason") or self.stop_reason

    def _count(self, usage: Event) -> None:
        for name in COUNTS:
            count = usage.get(name)
            if isinstance(count, int) and count > 0:
                self._counts[name] = count


def _reported(error: Any) -> ReportedError:
    if isinstance(error, dict):
        return ReportedError(str(error.get("type") or "api_error"), str(error.get("message") or ""))
    return ReportedError("api_error", str(error or ""))


def _part(event: Event, name: str) -> Event:
    part = event.get(name)
    if part is None:
        return {}
    if not isinstance(part, dict):
        raise MalformedReply
    return part


def _text(part: Event, name: str) -> str:
    text = part.get(name)
    if text is None:
        return ""
    if not isinstance(text, str):
        raise MalformedReply
    return text
