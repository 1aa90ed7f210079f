"""The parser of a streamed body: the same events at any cut, bounds on what it takes."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibasic_kernel.compiler.providers.event_stream import (
    LONGEST_LINE,
    EndlessReply,
    Event,
    EventParser,
    MalformedReply,
)

BODY = (
    "\ufeff"
    'event: a\r\ndata: {"text": "schön 🎈"}\r\n\r\n'
    'data: {"type": "b",\ndata: "x": [1]}\n\n'
    ": hello\n\nretry: 5\n\nid\n\ndata:\n\ndata: [DONE]\n\n"
    'data:{"type":"c"}'
).encode()
EVENTS = [{"type": "a", "text": "schön 🎈"}, {"type": "b", "x": [1]}, {"type": "c"}]


def parsed(pieces: list[bytes]) -> list[Event]:
    parser = EventParser()
    found = [event for piece in pieces for event in parser.feed(piece)]
    return [*found, *parser.finish()]


@given(st.lists(st.integers(0, len(BODY)), max_size=8))
def test_the_events_are_the_same_at_any_cut(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(BODY)]
    assert parsed([BODY[start:end] for start, end in pairwise(places)]) == EVENTS


@pytest.mark.parametrize("end", [b'{"type": "mess', b"{broken", b'"text"'])
def test_an_event_that_the_end_cuts_off_is_none(end: bytes) -> None:
    assert parsed([b'data: {"type": "a"}\n\ndata: ' + end]) == [{"type": "a"}]


@pytest.mark.parametrize(
    "body",
    [
        b"data: {broken\n\n",
        b"data: 5\n\n",
        b"data: [1]\n\n",
        b'data: {"text": "\xff"}\n\n',
        b"  <html>",
        b'{"type": "message"',
        b"data: " + b"[" * 100_000 + b"\n\n",
    ],
)
def test_what_is_no_object_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedReply):
        parsed([body])


def test_a_line_without_end_is_endless() -> None:
    with pytest.raises(EndlessReply):
        parsed([b"data: "] + [b"x" * 65_536] * (LONGEST_LINE // 65_536 + 1))


@pytest.mark.parametrize("start", [b'{"type": "', b": comment\n"])
def test_a_body_without_end_is_endless(start: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aibasic_kernel.compiler.providers.event_stream.MOST_BYTES", 1_000)
    with pytest.raises(EndlessReply):
        parsed([start * 20] * 10)
