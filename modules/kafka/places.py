"""Places in topics: offsets by partition, and what people mean by beginning, end or a time."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from aibasic.modules.kafka.asking import Asking

Start = str | int | datetime.datetime | datetime.timedelta | Mapping[int, int] | None
"""`beginning`; `end`; a time in ISO 8601, as a datetime, or as a timedelta ago; an offset, the same in each partition
(negative: so many before the end); offsets by partition."""


def beginning(asking: Asking, partitions: Iterable[Any]) -> dict[Any, int]:
    """The first offset of each partition."""
    from kafka import OffsetSpec

    return _listed(asking, dict.fromkeys(partitions, OffsetSpec.EARLIEST))


def end(asking: Asking, partitions: Iterable[Any]) -> dict[Any, int]:
    """The offset behind the last message of each partition."""
    from kafka import OffsetSpec

    return _listed(asking, dict.fromkeys(partitions, OffsetSpec.LATEST))


def resolve(asking: Asking, partitions: Iterable[Any], start: Start) -> dict[Any, int]:
    """The offset of each partition that `start` means. ValueError for one that is not there."""
    partitions = list(partitions)
    if start is None or start == "beginning":
        return beginning(asking, partitions)
    last = end(asking, partitions)
    if start == "end":
        return last
    if isinstance(start, (int, Mapping)) and not isinstance(start, bool):
        first = beginning(asking, partitions)
        wanted = {one: _offset(start, one.partition, first[one], last[one]) for one in partitions}
        for one, offset in wanted.items():
            if not first[one] <= offset <= last[one]:
                raise ValueError(
                    f"{one.topic}/{one.partition} has the offsets {first[one]} to {last[one]}, not {offset}"
                )
        return wanted
    found = _listed(asking, dict.fromkeys(partitions, milliseconds(start)))
    return {one: found[one] if found[one] >= 0 else last[one] for one in partitions}


def milliseconds(when: Start) -> int:
    """Milliseconds since 1970 of a datetime (without a zone: local), of a timedelta ago, or of text in ISO 8601."""
    if isinstance(when, str):
        when = _time(when)
    if isinstance(when, datetime.timedelta):
        when = datetime.datetime.now(datetime.timezone.utc) - when
    if not isinstance(when, datetime.datetime):
        raise TypeError(f"{when!r}: expected beginning, end, a time or an offset")
    return round(when.timestamp() * 1000)


def _time(text: str) -> datetime.datetime:
    try:
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        problem = f"{text!r}: expected beginning, end, an offset, or a time such as 2026-01-31T12:00"
    raise ValueError(problem)


def _offset(start: int | Mapping[int, int], partition: int, first: int, last: int) -> int:
    if isinstance(start, int):
        return start if start >= 0 else max(first, last + start)
    return start.get(partition, first)


def _listed(asking: Asking, specs: dict[Any, Any]) -> dict[Any, int]:
    if not specs:
        return {}
    topics = ", ".join(sorted({one.topic for one in specs}))
    found = asking.read(f"the offsets of {topics}", lambda admin: admin.list_partition_offsets(specs))
    return {one: int(place.offset) for one, place in found.items()}
