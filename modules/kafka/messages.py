"""Messages as they were read: plain dicts that show themselves as a table, and say from which offsets they are."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from aibasic.modules.kafka.payload import decode, decode_headers
from aibasic.modules.results import SHOWN_ROWS, Rows, count_text, html_table, text_table

COLUMNS = ("topic", "partition", "offset", "timestamp", "key", "value", "headers")


def message(record: Any, how: str) -> dict[str, Any]:
    """A record of the driver as a dict of `COLUMNS`; the timestamp in UTC."""
    when = datetime.datetime.fromtimestamp(record.timestamp / 1000, datetime.timezone.utc)
    return {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "timestamp": when if record.timestamp >= 0 else None,
        "key": decode(record.key, "auto" if how == "json" else how),
        "value": decode(record.value, how),
        "headers": decode_headers(record.headers),
    }


class Messages(list[dict[str, Any]]):
    """Messages read in one go. `pd.DataFrame(messages)` is a frame of them, `messages.values` a list of their values.

    `remaining` is how many offsets lay behind them when they were read.
    """

    columns = COLUMNS

    def __init__(self, messages: Iterable[dict[str, Any]] = (), remaining: int = 0) -> None:
        super().__init__(messages)
        self.remaining = remaining

    @property
    def values(self) -> list[Any]:
        """The value of each message."""
        return [one["value"] for one in self]

    @property
    def offsets(self) -> dict[str, tuple[int, int]]:
        """By `topic/partition`, the first and the last offset that is among them."""
        found: dict[str, tuple[int, int]] = {}
        for one in self:
            place, offset = f"{one['topic']}/{one['partition']}", one["offset"]
            first, last = found.get(place, (offset, offset))
            found[place] = min(first, offset), max(last, offset)
        return found

    def table(self) -> Rows:
        """The messages as rows."""
        return Rows((tuple(one.values()) for one in self), COLUMNS)

    def said(self) -> str:
        """`3 messages; events/0: offsets 0 to 2`."""
        parts = [_count(len(self))]
        parts += [f"{place}: offsets {first} to {last}" for place, (first, last) in sorted(self.offsets.items())]
        if self.remaining:
            parts.append(f"{self.remaining:,} more behind them")
        return "; ".join(parts)

    def _shown(self) -> list[tuple[Any, ...]]:
        return [tuple(one.values()) for one in self[:SHOWN_ROWS]]

    def __str__(self) -> str:
        table = text_table(COLUMNS, self._shown()).rpartition("\n")[0]
        return f"{table}\n{self.said()}"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))

    def _repr_html_(self) -> str:
        table = html_table(COLUMNS, self._shown()).rpartition("\n<p>")[0]
        return f"{table}\n<p>{self.said()}</p>"

    def __reduce__(self) -> tuple[Any, ...]:
        return Messages, (list(self), self.remaining)


def _count(count: int) -> str:
    return count_text(count).replace("rows", "messages").replace("row", "message")


def as_plain(messages: Any) -> list[Any]:
    """What is to be published, of a list, of rows, of a data frame: rows as dicts by their columns."""
    if isinstance(messages, (str, bytes, Mapping)):
        raise TypeError("expected a list of messages; publish_message() publishes one")
    if hasattr(messages, "to_dict") and hasattr(messages, "columns"):
        records: list[Any] = messages.to_dict("records")
        return records
    if isinstance(messages, Rows):
        return [dict(zip(messages.columns, row, strict=True)) for row in messages]
    return list(messages)
