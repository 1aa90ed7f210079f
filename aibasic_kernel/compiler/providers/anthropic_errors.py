"""Every way in which the Messages API refuses or fails, as two lines: what happened, and what to do."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from aibasic_kernel.compiler.providers.messages_api import LATER, Peer
from aibasic_kernel.errors import ProviderError

if TYPE_CHECKING:
    from anthropic import APIStatusError

SET_KEY = "Set API_KEY in [aibasic] of aibasic.conf, or the environment variable ANTHROPIC_API_KEY"

KIND_OF_STATUS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    405: "not_found_error",
    408: "timeout_error",
    413: "request_too_large",
    422: "invalid_request_error",
    429: "rate_limit_error",
    501: "not_found_error",
    503: "overloaded_error",
    504: "timeout_error",
    529: "overloaded_error",
}
TEMPORARY = ("api_error", "overloaded_error", "rate_limit_error", "timeout_error")
FEATURE_OF_FIELD = {"thinking": "thinking", "cache_control": "caching"}

NO_CREDIT = re.compile(r"credit balance|insufficient[_ ]quota|out of credit|exceeded your current quota", re.I)
TOO_LONG = re.compile(r"prompt is too long|context[_ ](length|size|window)|too many (input )?tokens", re.I)


def no_key() -> ProviderError:
    """There is no key for the provider's own host."""
    return ProviderError(
        "This line needs a language model, and no key for one is set.",
        f"{SET_KEY}; or BASE_URL for a local server (Ollama, llama.cpp, LM Studio, vLLM).",
    )


def unusable_key() -> ProviderError:
    """The key holds what no header can carry."""
    return ProviderError("The key of the language model holds blanks or letters that no key has.", f"{SET_KEY} anew.")


def refused(peer: Peer) -> ProviderError:
    """The model ended its reply by refusing."""
    return peer.failure("{model} refused to answer this line.", "Say it in other words.")


def endless(peer: Peer) -> ProviderError:
    """More came, or for longer, than any reply has."""
    return peer.failure("The answer of {model} did not end.", "Say it in other words, or choose another MODEL.")


def too_slow(peer: Peer, seconds: float) -> ProviderError:
    """The reply was still coming after the longest time for a whole one."""
    return peer.failure(
        f"The answer of {{model}} was not whole after {seconds:g} seconds.",
        "Raise TIMEOUT in [aibasic], or choose a faster MODEL.",
    )


def only_thoughts(peer: Peer, max_tokens: int) -> ProviderError:
    """The limit was reached before the first text."""
    return peer.failure(
        f"{{model}} spent all of MAX_TOKENS = {max_tokens} on thinking and wrote no code.",
        "Raise MAX_TOKENS in [aibasic]"
        + ("." if peer.is_own else ", or set FEATURES = thinking: a server that knows it is asked not to think."),
    )


def for_status(peer: Peer, error: APIStatusError, sent: Mapping[str, Any]) -> ProviderError:
    """The message for an HTTP status that is no success; `sent` is the request's body."""
    status, headers = error.response.status_code, error.response.headers
    said = what_was_said(error.body)
    if 300 <= status < 400:
        return peer.failure(
            f"{{host}} sends requests on to {headers.get('location', 'another place')}; this one was not followed.",
            "Set BASE_URL to the server itself; on a guest network, log in first.",
        )
    if status == 407:
        return peer.failure("The proxy on the way to {host} wants a login.", "Check HTTPS_PROXY and NO_PROXY.")
    kind = KIND_OF_STATUS.get(status, "api_error")
    if kind in ("api_error", "invalid_request_error") and error.type in MESSAGES:
        kind = error.type
    if kind == "api_error" and not said:
        said = f"status {status}"
    return for_kind(peer, kind, said, sent, _retry_after(headers))


def for_kind(
    peer: Peer, kind: str, said: str, sent: Mapping[str, Any], retry_after: float | None = None
) -> ProviderError:
    """The message for an error as the API names it; `said` is the server's own text, "" for none.

    `retry_after` is passed on where the kind is one that passes.
    """
    if NO_CREDIT.search(said):
        kind = "billing_error"
    if kind == "authentication_error":
        return _wrong_key(peer)
    if kind == "not_found_error" and peer.model not in said and "model" not in said.lower():
        return peer.no_api()
    if kind == "invalid_request_error":
        return _unreadable(peer, said, sent)
    if kind == "rate_limit_error" and retry_after:
        remedy = f"Run the line again in {math.ceil(retry_after)} seconds."
        return peer.failure(f"{MESSAGES[kind][0]} {said}", remedy, retry_after)
    kind = kind if kind in MESSAGES else "api_error"
    message, remedy = MESSAGES[kind]
    return peer.failure(f"{message} {said}", remedy, retry_after if kind in TEMPORARY else None)


MESSAGES = {
    "invalid_request_error": ("{host} cannot read the request.", "Check MODEL, MAX_TOKENS and FEATURES in [aibasic]."),
    "authentication_error": ("{host} does not accept the key.", f"{SET_KEY} to a valid one."),
    "billing_error": ("{host} refuses: there is no credit left.", "Add credit to the account."),
    "permission_error": ("{host} refuses this request.", "Check what the key is allowed to do, and BASE_URL."),
    "not_found_error": (
        "{host} knows no model {model}.",
        "Set MODEL in [aibasic] to one that it has, and check BASE_URL.",
    ),
    "request_too_large": ("The request is too large for {model}.", "Name the tables and variables that are meant."),
    "rate_limit_error": ("{host} has had too many requests for now.", LATER),
    "overloaded_error": ("{host} is overloaded.", LATER),
    "timeout_error": ("{host} took too long for this request.", LATER),
    "api_error": ("{host} failed.", LATER),
}
"""Kind of error in the API -> what happened (the server's own words follow), and what to do."""


def _wrong_key(peer: Peer) -> ProviderError:
    if peer.settings.api_key is None:
        return peer.failure("{host} wants a key, and none is set.", f"{SET_KEY}.")
    return peer.failure(*MESSAGES["authentication_error"])


def _unreadable(peer: Peer, said: str, sent: Mapping[str, Any]) -> ProviderError:
    if TOO_LONG.search(said):
        message, remedy = MESSAGES["request_too_large"]
        return peer.failure(f"{message} {said}", remedy)
    for field, feature in FEATURE_OF_FIELD.items():
        if field in said and _holds(sent, field):
            remedy = "Set MODEL in [aibasic] to another one."
            if not peer.is_own:
                remedy = f"Take `{feature}` out of FEATURES in [aibasic]."
            return peer.failure(f"{{host}} does not know `{field}`: {said}", remedy)
    message, remedy = MESSAGES["invalid_request_error"]
    return peer.failure(f"{message} {said}", remedy)


def _holds(sent: object, field: str) -> bool:
    if isinstance(sent, Mapping):
        return field in sent or any(_holds(part, field) for part in sent.values())
    return isinstance(sent, list) and any(_holds(part, field) for part in sent)


def what_was_said(body: object) -> str:
    """The server's own words, wherever it puts them; "" for a page of HTML."""
    if isinstance(body, Mapping):
        for name in ("error", "message", "detail"):
            if name in body:
                return what_was_said(body[name])
        return ""
    if isinstance(body, list):
        return "; ".join(filter(None, map(what_was_said, body)))
    if not isinstance(body, str) or body.lstrip().startswith("<"):
        return ""
    return " ".join(body.split())[:300]


def _retry_after(headers: Mapping[str, str]) -> float:
    """Seconds, from the header's number or date; 0 where there is none, or none that can be read."""
    value = headers.get("retry-after", "").strip()
    try:
        seconds = float(value)
    except ValueError:
        seconds = _seconds_until(value)
    return max(0.0, seconds) if math.isfinite(seconds) else 0.0


def _seconds_until(date: str) -> float:
    try:
        moment = parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return (moment - datetime.now(timezone.utc)).total_seconds()
