"""Messages as bytes and properties: text, JSON and bytes go out as what they are and come in as what they were."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

PERSISTENT = 2
TRANSIENT = 1
PROPERTIES = (
    "content_type", "content_encoding", "headers", "delivery_mode", "priority", "correlation_id", "reply_to",
    "expiration", "message_id", "timestamp", "type", "user_id", "app_id", "cluster_id",
)  # fmt: skip


def encode(message: Any) -> tuple[bytes, str]:
    """The body and content type of a message: bytes as they are, text as UTF-8, anything else as JSON."""
    if isinstance(message, (bytes, bytearray, memoryview)):
        return bytes(message), "application/octet-stream"
    if isinstance(message, str):
        return message.encode(), "text/plain"
    return json.dumps(message, ensure_ascii=False, default=_plain).encode(), "application/json"


def decode(body: bytes, content_type: str | None) -> Any:
    """The message of a body: JSON where its type says so, text where it is text, else the bytes."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind == "application/octet-stream":
        return body
    try:
        text = body.decode()
        return json.loads(text) if kind == "application/json" or kind.endswith("+json") else text
    except ValueError:
        return body


def as_properties(given: Mapping[str, Any] | Any | None, content_type: str, persistent: bool) -> Any:
    """pika's properties, with defaults for what is not said.

    `expiration` may be a number of milliseconds. ValueError for a property that AMQP does not have.
    """
    import pika

    said = named(given)
    if isinstance(said.get("expiration"), (int, float)):
        said["expiration"] = str(round(said["expiration"]))
    mode = PERSISTENT if persistent else TRANSIENT
    return pika.BasicProperties(**{"content_type": content_type, "delivery_mode": mode, **said})


def named(properties: Mapping[str, Any] | Any | None) -> dict[str, Any]:
    """The properties that are set, by name, from a dict of them, from pika's own or from none."""
    if properties is None:
        return {}
    given = (
        dict(properties) if isinstance(properties, Mapping) else {n: getattr(properties, n, None) for n in PROPERTIES}
    )
    if unknown := sorted(set(given) - set(PROPERTIES)):
        raise ValueError(
            f"unknown message properties: {', '.join(unknown)}. There are {', '.join(PROPERTIES)}; what is the "
            "application's own belongs into headers"
        )
    return {name: value for name, value in given.items() if value is not None}


def items(messages: Any) -> Iterable[Any]:
    """The messages of a batch: a data frame's are its rows as dicts. TypeError for one text, which has no parts."""
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(messages, pandas.DataFrame):
        return messages.to_dict("records")  # type: ignore[no-any-return]
    if isinstance(messages, (str, bytes, Mapping)):
        raise TypeError(f"expected a list of messages, not one {type(messages).__name__}")
    return messages  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    """What JSON has no word for: times and decimals as text, numbers of numpy as numbers."""
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"a {type(value).__name__} has no JSON form: send text, bytes, or dicts and lists of plain values")
