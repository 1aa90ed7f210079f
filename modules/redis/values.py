"""Values on their way: dicts and lists go in as JSON, what comes out is plain Python."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_NATIVE = (str, bytes, bytearray, memoryview, int, float)


def encoded(value: Any) -> Any:
    """What Redis can keep: text, bytes and numbers as they are, all else (dict, list, bool, None) as JSON."""
    if isinstance(value, _NATIVE) and not isinstance(value, bool):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)


def encoded_items(mapping: Mapping[Any, Any]) -> dict[Any, Any]:
    """A mapping with each value encoded."""
    return {key: encoded(value) for key, value in mapping.items()}


def decoded(value: Any) -> Any:
    """What JSON says, or the value itself where it is none."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def plain(reply: Any) -> Any:
    """A reply with bytes turned into text wherever they are UTF-8, however deep."""
    if isinstance(reply, bytes):
        try:
            return reply.decode()
        except UnicodeDecodeError:
            return reply
    if isinstance(reply, list):
        return [plain(item) for item in reply]
    if isinstance(reply, tuple):
        return tuple(plain(item) for item in reply)
    if isinstance(reply, dict):
        return {plain(key): plain(value) for key, value in reply.items()}
    if isinstance(reply, set):
        return {plain(item) for item in reply}
    return reply
