"""Completions as the content of Jupyter's `complete_reply`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aibasic_kernel.session.completion.completion import Completions

TYPES = "_jupyter_types_experimental"
"""The key of the metadata in which kernels and front ends keep what each match is."""


def complete_reply(found: Completions, of_python: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The reply with all completions; `of_python` is the reply to `found.python`, whose offsets count from there."""
    items = [
        {
            "start": found.start,
            "end": found.end,
            "text": offer.text,
            "type": offer.kind,
            "signature": offer.signature,
            "description": offer.about,
        }
        for offer in found.offers
    ]
    start, end = found.start, found.end
    if of_python is not None and found.python is not None:
        first, last, further = _of_python(of_python, found.python[1])
        if not items:
            start, end = first, last
        if (first, last) == (start, end):
            known = {item["text"] for item in items}
            items += [item for item in further if item["text"] not in known]
    return {
        "matches": [item["text"] for item in items],
        "cursor_start": start,
        "cursor_end": end,
        "metadata": {TYPES: items},
        "status": "ok",
    }


def _of_python(reply: Mapping[str, Any], offset: int) -> tuple[int, int, list[dict[str, Any]]]:
    """Start, end and items of Python's reply, moved by `offset`; attributes lose the dot that IPython shows."""
    untyped = [{"text": text, "type": "", "signature": ""} for text in reply["matches"]]
    items = reply["metadata"].get(TYPES) or untyped
    dotted = bool(items) and all(item["text"].startswith(".") for item in items)
    start, end = reply["cursor_start"] + offset + dotted, reply["cursor_end"] + offset
    return start, end, [{**item, "text": item["text"][dotted:], "start": start, "end": end} for item in items]
