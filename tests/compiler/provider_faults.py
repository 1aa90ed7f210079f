"""Every failure of a provider that a server can be made to show, and the two lines that a user reads of it.

`{host}` is the server's address. Run as a program, this file prints the table in docs/provider-failures.md:

    python -m tests.compiler.provider_faults
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import format_datetime
from typing import Any

from aibasic.modules.secret import Secret

from aibasic_kernel.compiler.configuration.settings import Settings
from aibasic_kernel.compiler.providers.anthropic_errors import SET_KEY
from aibasic_kernel.compiler.providers.connection_errors import NETWORK
from aibasic_kernel.compiler.providers.messages_api import LATER
from aibasic_kernel.compiler.providers.provider import Block, Request

KEY = "sk-test-0123456789abcdef"
REQUEST = Request((Block("the rules", cache=True),), "Compile this line:\nadd one", "claude-haiku-5-5", 500)
MODEL = "claude-haiku-5-5"

AGAIN = "Run the line again, or raise TIMEOUT in [aibasic]."
NO_API = "{host} answered, but not in the form of the Messages API."
OFFER = "Check BASE_URL: the server must offer /v1/messages under it."
BROKEN_OFF = "The connection to {host} broke off in the midst of the answer."
ENDLESS = f"The answer of {MODEL} did not end."
OTHER = "Say it in other words, or choose another MODEL."
CODE = "#@ python\nran = True\n#@ end\n"

PAST = format_datetime(datetime(2020, 1, 1, tzinfo=timezone.utc), usegmt=True)
FEATURES = frozenset({"thinking", "caching"})


@dataclass(frozen=True)
class Fault:
    """What the server does (fields of a Script), under which settings, what is said, and how often it was asked."""

    name: str
    how: Mapping[str, Any]
    message: str
    remedy: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    requests: int = 1


def _said(body: object, status: int) -> dict[str, Any]:
    return {"raw": json.dumps(body).encode(), "status": status, "kind": "application/json"}


def _cut(then: str, **more: Any) -> dict[str, Any]:
    return {"text": CODE, "until": 2, "then": then, **more}


FAULTS = (
    # The key and the account
    Fault("wrong key", {"status": 401, "message": "invalid x-api-key"},
          "{host} does not accept the key.", f"{SET_KEY} to a valid one."),
    Fault("a local server wants a key", {"status": 401},
          "{host} wants a key, and none is set.", f"{SET_KEY}.", {"api_key": None}),
    Fault("no credit", {"status": 402, "message": "Pay first."},
          "{host} refuses: there is no credit left. Pay first.", "Add credit to the account."),
    Fault("no credit, told as a bad request", {"status": 400, "message": "Your credit balance is too low."},
          "{host} refuses: there is no credit left. Your credit balance is too low.", "Add credit to the account."),
    Fault("no credit, told as too many requests", {"status": 429, "message": "You exceeded your current quota."},
          "{host} refuses: there is no credit left. You exceeded your current quota.", "Add credit to the account."),
    Fault("not allowed", {"status": 403, "message": "Not for you."},
          "{host} refuses this request. Not for you.", "Check what the key is allowed to do, and BASE_URL."),
    # Too many, too busy
    Fault("429", {"status": 429},
          "{host} has had too many requests for now.", LATER, requests=3),
    Fault("429, retry-after in seconds", {"status": 429, "headers": {"retry-after": "37"}},
          "{host} has had too many requests for now.", "Run the line again in 37 seconds."),
    Fault("429, retry-after as a date gone by", {"status": 429, "headers": {"retry-after": PAST}},
          "{host} has had too many requests for now.", LATER, requests=3),
    Fault("500", {"status": 500, "message": "Oh."}, "{host} failed. Oh.", LATER, requests=3),
    Fault("529 overloaded", {"status": 529}, "{host} is overloaded.", LATER, requests=3),
    Fault("overloaded, told in the stream before an answer",
          {"raw": b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Busy."}}\n\n'},
          "{host} is overloaded. Busy.", LATER, requests=3),
    Fault("a local server that still loads its model",
          _said({"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}, 503),
          "{host} is overloaded. Loading model", LATER, requests=3),
    # Time
    Fault("no answer", {"instead": "stall"},
          "{host} did not answer: nothing came for 0.3 seconds.", AGAIN, {"timeout": 0.3}),
    Fault("nothing before the first text but pings", {"until": -1, "then": "stall", "pings": True},
          "{host} stopped in the midst of its answer: nothing came for 0.3 seconds.", AGAIN, {"timeout": 0.3}),
    Fault("a stall in mid-stream", _cut("stall"),
          "{host} stopped in the midst of its answer: nothing came for 0.3 seconds.", AGAIN, {"timeout": 0.3}),
    Fault("a stall in mid-stream, with pings", _cut("stall", pings=True),
          "{host} stopped in the midst of its answer: nothing came for 0.3 seconds.", AGAIN, {"timeout": 0.3}),
    Fault("a gateway's time-out", {"raw": b"<html>504</html>", "status": 504},
          "{host} took too long for this request.", LATER, requests=3),
    # The request
    Fault("model unknown", {"status": 404, "message": f"model: {MODEL}"},
          f"{{host}} knows no model {MODEL}. model: {MODEL}",
          "Set MODEL in [aibasic] to one that it has, and check BASE_URL."),
    Fault("model unknown to a local server",
          _said({"error": {"message": "The model `x` does not exist.", "type": "NotFoundError", "code": 404}}, 404),
          f"{{host}} knows no model {MODEL}. The model `x` does not exist.",
          "Set MODEL in [aibasic] to one that it has, and check BASE_URL."),
    Fault("a server without /v1/messages", _said({"detail": "Not Found"}, 404), NO_API, OFFER),
    Fault("request too large", {"status": 413},
          f"The request is too large for {MODEL}.", "Name the tables and variables that are meant."),
    Fault("request longer than the model's context", {"status": 400, "message": "prompt is too long: 9 > 8 tokens"},
          f"The request is too large for {MODEL}. prompt is too long: 9 > 8 tokens",
          "Name the tables and variables that are meant."),
    Fault("MAX_TOKENS too large", {"status": 400, "message": "max_tokens: 500 > 100"},
          "{host} cannot read the request. max_tokens: 500 > 100",
          "Check MODEL, MAX_TOKENS and FEATURES in [aibasic]."),
    Fault("a server that knows no `thinking`", {"status": 400, "message": "unknown field thinking"},
          "{host} does not know `thinking`: unknown field thinking", "Take `thinking` out of FEATURES in [aibasic].",
          {"features": FEATURES}),
    Fault("a server that knows no caching",
          _said({"detail": [{"loc": ["body", "system"], "message": "cache_control: extra field"}]}, 422),
          "{host} does not know `cache_control`: cache_control: extra field",
          "Take `caching` out of FEATURES in [aibasic].", {"features": FEATURES}),
    # The answer
    Fault("refusal", {"text": "", "stop_reason": "refusal"},
          f"{MODEL} refused to answer this line.", "Say it in other words."),
    Fault("max_tokens spent on thinking", {"text": "", "thinking": "Let me see.", "stop_reason": "max_tokens"},
          f"{MODEL} spent all of MAX_TOKENS = 500 on thinking and wrote no code.",
          "Raise MAX_TOKENS in [aibasic], or set FEATURES = thinking: a server that knows it is asked not to think."),
    Fault("overloaded in mid-stream", _cut("overloaded_error"), "{host} is overloaded.", LATER),
    Fault("a drop before the answer", {"instead": "drop"},
          "The connection to {host} was lost before an answer began.", LATER, requests=3),
    Fault("a drop in mid-stream", _cut("drop"), BROKEN_OFF, LATER),
    Fault("an end in mid-stream", _cut("end"), BROKEN_OFF, LATER),
    Fault("a malformed event", _cut("malformed"), NO_API, OFFER),
    Fault("a malformed block",
          {"raw": b'data: {"type":"content_block_delta","delta":{"type":"text_delta","text":5}}\n\n'}, NO_API, OFFER),
    Fault("an endless answer", _cut("forever", piece=30), ENDLESS, OTHER),
    Fault("an endless line", {"raw": b'data: {"type":"x' + b"x" * 2_000_000}, ENDLESS, OTHER),
    Fault("a page of HTML", {"raw": b"<!doctype html><title>Log in</title>"}, NO_API, OFFER),
    Fault("nothing at all", {"raw": b""}, NO_API, OFFER),
    Fault("the stream of another API", {"raw": b'data: {"choices":[{"delta":{"content":"hi"}}]}\n\ndata: [DONE]\n\n'},
          NO_API, OFFER),
    # On the way
    Fault("a guest network's login", {"raw": b"", "status": 302, "headers": {"location": "https://login.example/"}},
          "{host} sends requests on to https://login.example/; this one was not followed.",
          "Set BASE_URL to the server itself; on a guest network, log in first."),
    Fault("a proxy that wants a login", {"raw": b"<html>407</html>", "status": 407},
          "The proxy on the way to {host} wants a login.", "Check HTTPS_PROXY and NO_PROXY."),
    Fault("a proxy's page that its server is away", {"raw": b"<html>Bad gateway</html>", "status": 502},
          "{host} failed. status 502", LATER, requests=3),
)


NOBODY_LISTENS = Fault(
    "nobody listening", {}, "No server listens at {host}.", "Start it, or check BASE_URL and the proxy.", requests=0
)
NO_SUCH_HOST = Fault(
    "a host name that does not exist", {}, "The name of {host} cannot be found: {reason}.", NETWORK, requests=0
)
"""`{reason}` is what the machine says of it."""


def settings_for(url: str, **keys: Any) -> Settings:
    """Settings of a session that asks that server."""
    return Settings(**{"base_url": url, "api_key": Secret(KEY), **keys})


def table() -> str:
    """Every failure with the two lines that a user reads, as a Markdown table."""
    names = {"host": "`HOST`", "reason": "`REASON`"}
    rows = [
        f"| {fault.name} | {fault.message.format(**names)}<br>{fault.remedy} | {fault.requests} |"
        for fault in (*FAULTS, NOBODY_LISTENS, NO_SUCH_HOST)
    ]
    return "\n".join(["| what happens | what is said | requests sent |", "| --- | --- | --- |", *rows, ""])


if __name__ == "__main__":
    print(table(), end="")
