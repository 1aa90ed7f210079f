"""Servers that speak the Messages API in their own ways: each answers the same, with what it leaves out left out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from aibasic_kernel.compiler.privacy.redaction import Redactor
from aibasic_kernel.compiler.providers.provider import ProviderThread, Reply, Usage
from tests.compiler.provider_faults import REQUEST, settings_for
from tests.messages_server import MessagesServer

CODE = "#@ python\nx = 1\n#@ end\n"


class Local:
    """A server of one's own, and a provider that asks it, without a key."""

    def __init__(self, server: MessagesServer, thread: ProviderThread) -> None:
        self._server = server
        self._thread = thread

    def answer(self, body: bytes, kind: str = "text/event-stream") -> Reply:
        self._server.say(raw=body, kind=kind)
        pieces: list[str] = []
        reply = self._thread.submit(REQUEST, pieces.append).result(30)
        assert "".join(pieces) == reply.text
        return reply


@pytest.fixture(scope="module")
def local() -> Iterator[Local]:
    with MessagesServer() as server:
        thread = ProviderThread(settings_for(server.url, api_key=None), Redactor())
        yield Local(server, thread)
        thread.close()


def events(*parts: dict[str, Any], named: bool = True, end: str = "\n") -> bytes:
    """A stream of server-sent events, with or without their `event:` lines."""
    texts = []
    for part in parts:
        name = [f"event: {part['type']}"] if named else []
        texts.append(end.join([*name, f"data: {json.dumps(part)}", "", ""]))
    return "".join(texts).encode()


START = {"type": "message_start", "message": {"id": "1", "role": "assistant", "model": "qwen", "content": []}}
OPEN = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
TEXT = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": CODE}}
CLOSE = {"type": "content_block_stop", "index": 0}
STOP = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 9}}
END = {"type": "message_stop"}
WHOLE = (START, OPEN, TEXT, CLOSE, STOP, END)
THOUGHTS = (
    {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "Hm."}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "c2ln"}},
    CLOSE,
)
MESSAGE = {
    "id": "1",
    "type": "message",
    "role": "assistant",
    "model": "qwen",
    "stop_reason": "end_turn",
    "content": [{"type": "thinking", "thinking": "Hm."}, {"type": "text", "text": CODE}],
    "usage": {"input_tokens": 5, "output_tokens": 9},
}


@pytest.mark.parametrize(
    "body",
    [
        events(*WHOLE),
        events(*WHOLE, named=False),
        events(*WHOLE, end="\r\n"),
        events(*WHOLE)[:-1],
        b"\xef\xbb\xbf: welcome\n\n" + events(*WHOLE),
        events(*WHOLE) + b"data: [DONE]\n\n",
        events(START, OPEN, TEXT, CLOSE, STOP),
        events(START, TEXT, STOP, END),
        events(START, *THOUGHTS, OPEN, TEXT, CLOSE, STOP, END),
        events(START, {"type": "ping"}, OPEN, {"type": "news", "what": [1]}, TEXT, CLOSE, STOP, END),
        events(START, {**OPEN, "content_block": {"type": "text", "text": CODE, "citations": None}}, CLOSE, STOP, END),
        events({**START, "message": {**START["message"], "usage": None, "extra": {}}}, OPEN, TEXT, STOP, END),
        json.dumps(MESSAGE).encode(),
        json.dumps(MESSAGE, indent=2).encode() + b"\n",
    ],
    ids=[
        "as documented",
        "no event lines",
        "CRLF",
        "no blank line at the end",
        "a mark and a comment first",
        "[DONE] at the end",
        "no message_stop",
        "no block around the text",
        "thinking first",
        "pings and unknown events",
        "text in the block's start",
        "usage that is null",
        "one object instead of a stream",
        "one object, indented",
    ],
)
@pytest.mark.parametrize("kind", ["text/event-stream; charset=utf-8", "application/json", "text/plain", ""])
def test_the_answer_is_the_same(local: Local, body: bytes, kind: str) -> None:
    reply = local.answer(body, kind)
    assert (reply.text, reply.model, reply.stop_reason, reply.usage.output) == (CODE, "qwen", "end_turn", 9)


@pytest.mark.parametrize("usage", [None, {}, {"input_tokens": None}, {"output_tokens": "9"}, {"output_tokens": -1}])
def test_what_is_not_counted_counts_as_nothing(local: Local, usage: Any) -> None:
    assert local.answer(events(START, TEXT, {**STOP, "usage": usage}, END)).usage == Usage()


def test_counts_of_the_end_win_but_for_those_left_empty(local: Local) -> None:
    start = {**START, "message": {"usage": {"input_tokens": 7, "output_tokens": 1, "cache_read_input_tokens": 3}}}
    stop = {**STOP, "usage": {"input_tokens": 0, "output_tokens": 9}}
    assert local.answer(events(start, TEXT, stop, END)).usage == Usage(input=7, cached=3, output=9)


def test_an_answer_that_names_no_model_is_by_the_one_that_was_asked(local: Local) -> None:
    assert local.answer(events(TEXT, END)).model == REQUEST.model
