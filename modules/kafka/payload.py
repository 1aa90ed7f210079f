"""Values as bytes and back: JSON by itself both ways, text and bytes as they are."""

from __future__ import annotations

import datetime
import decimal
import json
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

DECODINGS = ("auto", "json", "text", "bytes")
Headers = Mapping[str, Any] | Iterable[tuple[str, Any]]


def encode(value: Any, what: str) -> bytes | None:
    """Bytes as they are, text as UTF-8, None as None, all else as JSON. `what` names the value in a TypeError."""
    if value is None or type(value) is bytes:
        return value
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    problem = ""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain).encode()
    except (TypeError, ValueError) as error:
        problem = str(error)
    raise TypeError(f"{what} is neither text, bytes nor JSON: {problem}")


def decode(content: bytes | None, how: str = "auto") -> Any:
    """The value: with `auto` a JSON object or array as such, else text where it is UTF-8, else bytes.

    `json`, `text` and `bytes` are just that; a ValueError tells of content that is not.
    """
    if content is None or how == "bytes":
        return content
    if how == "json":
        return json.loads(content)
    try:
        text = content.decode()
    except UnicodeDecodeError:
        if how == "text":
            raise
        return content
    return _json_or_text(text) if how == "auto" else text


def encode_headers(headers: Headers | None) -> list[tuple[str, bytes]]:
    """A dict, or pairs of name and value, as the driver wants them."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers or ()
    return [(str(name), encode(value, f"header {name}") or b"") for name, value in pairs]


def decode_headers(headers: Iterable[tuple[str, bytes | None]]) -> dict[str, Any]:
    """By name; of several with one name the last."""
    return {name: decode(value) for name, value in headers}


def _json_or_text(text: str) -> Any:
    start = text.lstrip()[:1]
    if start not in ("{", "["):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _plain(value: Any) -> Any:
    """What JSON has no word for: times in ISO 8601, decimals and UUIDs as text, NumPy's numbers as numbers."""
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (decimal.Decimal, uuid.UUID)):
        return str(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"{type(value).__name__} has no form in JSON")
