"""The body of a streamed reply, from bytes to JSON objects, as servers of the Messages API write it.

Most write server-sent events; some leave out the `event:` lines, end with `data: [DONE]`, or answer a request for a
stream with one JSON object. All of these come out alike: objects with a `type`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

MOST_BYTES = 32 * 1024 * 1024
"""A reply of a hundred thousand tokens, each an event of its own with all its fields, is below this."""
LONGEST_LINE = 1024 * 1024

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

Event = dict[str, Any]


class MalformedReply(Exception):
    """What came is not the form of the Messages API."""


class EndlessReply(Exception):
    """More came than any reply has."""


class EventParser:
    """Takes a body piece by piece, at any cut. Raises MalformedReply or EndlessReply."""

    def __init__(self) -> None:
        self._size = 0
        self._rest = bytearray()
        self._kind = ""
        self._data: list[bytes] = []
        self._is_object: bool | None = None

    def feed(self, piece: bytes) -> Iterator[Event]:
        """The events that are whole with this piece."""
        self._size += len(piece)
        if self._size > MOST_BYTES:
            raise EndlessReply
        self._rest += piece
        if self._is_object is None:
            self._look_at_start()
        if self._is_object is not False:
            return
        *lines, rest = self._rest.split(b"\n")
        self._rest = rest
        if len(rest) > LONGEST_LINE:
            raise EndlessReply
        for line in lines:
            yield from self._line(bytes(line).rstrip(b"\r"))

    def finish(self) -> Iterator[Event]:
        """What the end of the body makes whole: the one object, or an event that no blank line follows."""
        if self._is_object:
            yield _object(bytes(self._rest))
            return
        try:
            last = [*self._line(bytes(self._rest).rstrip(b"\r")), *self._line(b"")]
        except MalformedReply:
            return  # it was cut off there: the answer has no end, which its reader will see
        yield from last

    def _look_at_start(self) -> None:
        start = bytes(self._rest[:64]).removeprefix(BYTE_ORDER_MARK).lstrip()
        if start.startswith(b"<"):
            raise MalformedReply
        if start:
            self._is_object = start.startswith(b"{")

    def _line(self, line: bytes) -> Iterator[Event]:
        if line:
            field, _, value = line.removeprefix(BYTE_ORDER_MARK).partition(b":")
            value = value.removeprefix(b" ")
            if field == b"data":
                self._data.append(value)
            elif field == b"event":
                self._kind = value.decode(errors="replace")
            return
        data, kind = b"\n".join(self._data), self._kind
        self._data, self._kind = [], ""
        if data.strip() and data.strip() != b"[DONE]":
            yield {"type": kind, **_object(data)}


def _object(data: bytes) -> Event:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise MalformedReply from None
    if not isinstance(found, dict):
        raise MalformedReply
    return found
