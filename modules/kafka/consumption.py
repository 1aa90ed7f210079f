"""Reading messages: alone, as a member of a consumer group, in the background."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from aibasic.modules.effects import Kind
from aibasic.modules.kafka import places
from aibasic.modules.kafka.background import Background
from aibasic.modules.kafka.connected import Connected
from aibasic.modules.kafka.failures import telling_of
from aibasic.modules.kafka.membership import Member
from aibasic.modules.kafka.messages import Messages
from aibasic.modules.kafka.payload import DECODINGS
from aibasic.modules.kafka.places import Start
from aibasic.modules.kafka.reading import Callback, Reading
from aibasic.modules.progress import counted
from aibasic.modules.results import Rows
from aibasic.modules.settings import Settings

_KEPT = 10_000
"""Messages that wait in the background for somebody to take them, at most."""
_PORTION = 5000
"""Messages of a stream that are in memory at once."""
_ROUND = 0.5
"""Seconds without a message after which a background reader in a group commits."""


class Consumption(Connected):
    """What the module reads."""

    def __init__(self, configured: Settings) -> None:
        super().__init__(configured)
        self._background: list[Background] = []

    def consume_messages(
        self,
        topics: str | Sequence[str],
        callback: Callback | None = None,
        max_messages: int | None = None,
        timeout_ms: float = 1000,
        group: str | None = None,
        start: Start = None,
        decode: str = "auto",
    ) -> Messages | int:
        """Read messages until there are `max_messages`, or none has come for `timeout_ms` milliseconds.

        Without a group it joins none and commits nothing: it reads from `start`, which is "beginning" (as without it),
        "end", a time (datetime, timedelta ago, ISO 8601) or an offset. In a group it reads what the group has not;
        `commit(group)` commits what was handed over, and `start` counts where the group has committed nothing.

        A message is a dict of topic, partition, offset, timestamp, key, value, headers; `decode` is "auto" (JSON
        objects and arrays, text, else bytes), "json", "text" or "bytes". With a callback each message is handed to it,
        and the result is their number.

        Example: messages = kafka.consume_messages("events", max_messages=100, timeout_ms=5000)
        """
        names, idle = _names(topics), timeout_ms / 1000
        _check(decode)
        if group is not None:
            self._sending(Kind.WRITE, f"read topic {', '.join(names)} as a member of group {group}")
            with telling_of(f"reading {', '.join(names)}"):
                messages, count = self._member(group, names, start).read(max_messages, idle, decode, callback)
        else:
            self._sending(Kind.READ, f"read topic {', '.join(names)}")
            messages, count = self._read_alone(names, start, max_messages, idle, decode, callback)
        return messages if callback is None else count

    def stream_messages(
        self, topics: str | Sequence[str], start: Start = None, decode: str = "auto"
    ) -> Iterator[dict[str, Any]]:
        """Every message that is there now, one after the other, for more than memory holds; joins no group.

        Example: total = sum(message["value"]["price"] for message in kafka.stream_messages("orders"))
        """
        names = _names(topics)
        _check(decode)
        self._sending(Kind.READ, f"read topic {', '.join(names)}")
        return self._streamed(names, start, decode)

    def first_messages(self, topic: str, count: int = 10) -> Rows:
        """The first messages of a topic as rows; does not wait for more to come.

        Example: kafka.first_messages("events", 10)
        """
        self._sending(Kind.READ, f"read topic {topic}")
        return self._read_alone([topic], "beginning", count, math.inf, "auto", None, to_end=True)[0].table()

    def last_messages(self, topic: str, count: int = 10) -> Rows:
        """The newest messages of a topic as rows, the oldest of them first; does not wait for more to come.

        Of each partition at most its last `count` offsets are looked at: where those have gaps, fewer come.

        Example: kafka.last_messages("events", 10)
        """
        self._sending(Kind.READ, f"read topic {topic}")
        if count < 1:
            raise ValueError(f"the last {count:,} messages: expected a count of 1 at least")
        found = self._read_alone([topic], -count, None, math.inf, "auto", None, to_end=True)[0]
        return Messages(sorted(found, key=_age)[-count:]).table()

    def count_messages(self, topic: str) -> int:
        """How many messages a topic has now. All are read for it: offsets have gaps.

        Example: kafka.count_messages("events")
        """
        self._sending(Kind.READ, f"read topic {topic}")
        return self._read_alone([topic], "beginning", None, math.inf, "bytes", lambda message: None, to_end=True)[1]

    def consume_in_background(
        self,
        topics: str | Sequence[str],
        callback: Callback | None = None,
        group: str | None = None,
        start: Start = "end",
        decode: str = "auto",
        commit: bool = False,
    ) -> Background:
        """Read messages on a thread of their own until `stop()`: each goes to the callback, or waits for `take()`.

        `start` is as for `consume_messages`. In a group, `commit=True` commits what the callback has taken.

        Example: listener = kafka.consume_in_background("events", callback=print)
        """
        names = _names(topics)
        _check(decode)
        as_group = f" as a member of group {group}" if group else ""
        kind = Kind.WRITE if group else Kind.READ
        self._sending(kind, f"read topic {', '.join(names)} in the background{as_group}")
        if group is None:
            read = self._reading_alone(names, start, decode)
        else:
            read = self._reading_as(self._member(group, names, start), decode, commit)
        background = Background(", ".join(names), read, callback, _KEPT)
        with self._lock:
            self._background = [one for one in self._background if one.running]
            self._background.append(background)
        background.start()
        return background

    def commit(self, group: str) -> dict[str, int]:
        """Commit for a group what this session was handed since the last commit: the offsets by `topic/partition`.

        Example: kafka.commit("billing")
        """
        self._sending(Kind.WRITE, f"commit for group {group}")
        with self._lock:
            member = self._members.get(group)
        if member is None:
            raise LookupError(f"this session is no member of group {group!r}: consume_messages(..., group={group!r})")
        return {f"{one.topic}/{one.partition}": offset for one, offset in member.commit().items()}

    def leave_group(self, group: str) -> None:
        """Leave a group; what was not committed is read again by whoever comes next.

        Example: kafka.leave_group("billing")
        """
        self._sending(Kind.WRITE, f"leave group {group}")
        with self._lock:
            member = self._members.pop(group, None)
        if member is not None:
            member.leave()

    def stop_background(self, topics: str | Sequence[str] | None = None) -> None:
        """Stop what reads topics in the background, or all that does.

        Example: kafka.stop_background("events")
        """
        name = None if topics is None else ", ".join(_names(topics))
        with self._lock:
            ending = [one for one in self._background if name in (None, one.name)]
            self._background = [one for one in self._background if one not in ending]
        for one in ending:
            one.stop()

    def state(self) -> str:
        """`group billing: 12 messages not committed`, "" where there is nothing to say.

        Example: kafka.state()
        """
        with self._lock:
            parts = [
                f"group {one.group}: {counted(one.uncommitted, 'messages')} not committed"
                for one in self._members.values()
                if one.uncommitted
            ]
            parts += [f"reading {one.name} in the background" for one in self._background if one.running]
        return "; ".join(parts)

    def _read_alone(
        self,
        topics: Sequence[str],
        start: Start,
        most: int | None,
        idle: float,
        decode: str,
        callback: Callback | None,
        to_end: bool = False,
        stopped: Callable[[], bool] = lambda: False,
    ) -> tuple[Messages, int]:
        """Read with a consumer of its own; `to_end`: only what is there now."""
        partitions = self._partitions(topics)
        offsets = places.resolve(self._asking, partitions, start)
        ends = places.end(self._asking, partitions) if to_end else None
        with telling_of(f"reading {', '.join(topics)}"), self._placed(offsets) as consumer:
            reading = Reading(consumer, self._asking, ", ".join(topics), self._target.timeout)
            return reading.read(most, idle, decode, callback, ends, stopped), reading.count

    @contextmanager
    def _placed(self, offsets: Mapping[Any, int]) -> Iterator[Any]:
        """A consumer of its own for the block, that reads from these offsets on."""
        with self._clients.consumer() as consumer:
            consumer.assign(list(offsets))
            for partition, offset in offsets.items():
                consumer.seek(partition, offset)
            yield consumer

    def _streamed(self, topics: Sequence[str], start: Start, decode: str) -> Iterator[dict[str, Any]]:
        offsets = places.resolve(self._asking, self._partitions(topics), start)
        ends = places.end(self._asking, offsets)
        with self._placed(offsets) as consumer:
            while True:
                reading = Reading(consumer, self._asking, ", ".join(topics), self._target.timeout)
                portion = reading.read(_PORTION, math.inf, decode, ends=ends)
                if not portion:
                    return
                yield from portion

    def _reading_alone(self, topics: Sequence[str], start: Start, decode: str) -> Callable[..., object]:
        # Resolved now, so that what is published after this call is read, however late the thread begins.
        offsets = places.resolve(self._asking, self._partitions(topics), start)

        def read(receive: Callback, stopped: Callable[[], bool]) -> None:
            with self._placed(offsets) as consumer:
                reading = Reading(consumer, self._asking, ", ".join(topics), self._target.timeout)
                reading.read(None, math.inf, decode, receive, stopped=stopped)

        return read

    def _reading_as(self, member: Member, decode: str, commit: bool) -> Callable[..., object]:
        def read(receive: Callback, stopped: Callable[[], bool]) -> None:
            while not stopped():
                member.read(None, _ROUND, decode, receive, stopped)
                if commit and member.uncommitted:
                    self._sending(Kind.WRITE, f"commit for group {member.group}")
                    member.commit()

        return read

    def _member(self, group: str, topics: Sequence[str], start: Start) -> Member:
        """This session as a member of the group, kept from call to call while the topics are the same."""
        if start not in (None, "beginning", "end"):
            raise ValueError(f"start = {start!r}: a group begins at beginning or end; reset_group() moves it elsewhere")
        with self._lock:
            member = self._members.get(group)
            if member is not None and member.topics == tuple(topics):
                return member
            self._described(topics)
            if member is not None:
                member.leave()
            member = Member(self._target, self._clients, self._asking, group, topics, str(start or "beginning"))
            self._members[group] = member
            return member


def _age(message: dict[str, Any]) -> tuple[Any, ...]:
    """To sort by: messages without a time first, then the oldest."""
    when = message["timestamp"]
    return when is not None, when or 0, message["offset"]


def _names(topics: str | Sequence[str]) -> list[str]:
    return [topics] if isinstance(topics, str) else list(topics)


def _check(decode: str) -> None:
    if decode not in DECODINGS:
        raise ValueError(f"decode = {decode!r}: expected one of {', '.join(DECODINGS)}")
