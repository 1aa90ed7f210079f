"""What the user wants to publish as messages in bytes, and what became of them as rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from aibasic.modules.kafka.messages import Messages, as_plain
from aibasic.modules.kafka.payload import Headers, encode, encode_headers
from aibasic.modules.kafka.publishing import Outgoing, Stored
from aibasic.modules.results import Rows

_NAMED = 5
"""Messages that an error names at most."""


def outgoing(message: Any, key: Any, partition: int | None, headers: Headers | None, what: str = "message") -> Outgoing:
    """One message in bytes. TypeError for what has no form in bytes, ValueError for nothing at all."""
    value = encode(message, what)
    encoded_key = encode(key, f"the key of {what}")
    if value is None and encoded_key is None:
        raise ValueError(f"{what} is None and has no key: None means that the key's value is deleted")
    return Outgoing(value, encoded_key, partition, encode_headers(headers))


def several(messages: Iterable[Any], keys: Sequence[Any] | None, headers: Headers | None) -> list[Outgoing]:
    """Many messages in bytes, each with its key; those that were read keep their key and headers."""
    if isinstance(messages, Messages):
        return [
            outgoing(
                one["value"],
                one["key"] if keys is None else keys[number],
                None,
                one["headers"] if headers is None else headers,
                f"message {number + 1:,}",
            )
            for number, one in enumerate(messages)
        ]
    plain = as_plain(messages)
    if keys is not None and len(keys) != len(plain):
        raise ValueError(f"{len(plain):,} messages, but {len(keys):,} keys")
    return [
        outgoing(one, None if keys is None else keys[number], None, headers, f"message {number + 1:,}")
        for number, one in enumerate(plain)
    ]


def published(topic: str, results: Sequence[Stored | Exception]) -> Rows:
    """Where each message is. RuntimeError where some are not stored: how many, and what became of the first few."""
    failed = [(number, one) for number, one in enumerate(results, 1) if isinstance(one, Exception)]
    if failed:
        named = "".join(f"\n  message {number:,}: {error}" for number, error in failed[:_NAMED])
        more = f"\n  and {len(failed) - _NAMED:,} more" if len(failed) > _NAMED else ""
        stored = len(results) - len(failed)
        raise RuntimeError(f"{stored:,} of {len(results):,} messages were published to {topic}{named}{more}")
    return Rows(((one.partition, one.offset) for one in results if isinstance(one, Stored)), ("partition", "offset"))
