"""The search for a secret in what left: written for the tests alone, so that no fault of the redaction hides here too.

Instead of thinking of forms, it undoes them in the text: HTML, URL quoting, escapes, breaks and quotes.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterator
from urllib.parse import unquote, unquote_plus

ENOUGH = 16
"""Characters of a longer secret that count as the secret."""
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_JOINT = re.compile(r"""\\+[nrt]|[\s"'\\]+""")


class Searched:
    """A text in which secrets are looked for."""

    def __init__(self, text: str) -> None:
        text = _COLOUR.sub("", text)
        self._undone = {_plain(way(text)) for way in (str, html.unescape, unquote, unquote_plus)}

    def has(self, secret: str) -> bool:
        """Whether the secret, or the beginning of a long one, stands in the text in any form."""
        wanted = {_plain(form) for form in _forms(secret)}
        return any(form in undone for undone in self._undone for form in wanted)


def texts_of(message: bytes) -> str:
    """All texts in a JSON message, and its bytes as text for what is none."""
    raw = message.decode("utf-8", "replace")
    try:
        return "\0".join([raw, *_texts(json.loads(raw))])
    except ValueError:
        return raw


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield str(key)
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _forms(secret: str) -> Iterator[str]:
    start = secret[:ENOUGH]
    yield from (start, ascii(start)[1:-1], json.dumps(start)[1:-1], repr(start.encode())[2:-1])
    data = secret.encode()
    yield data.hex()[: 2 * ENOUGH]
    for before in range(3):
        core = base64.b64encode(bytes(before) + data).decode()[4 if before else 0 : 4 * ((before + len(data)) // 3)]
        yield core[:ENOUGH]


def _plain(text: str) -> str:
    return _JOINT.sub("", text)
