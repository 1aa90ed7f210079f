"""Consumer groups: which there are, how far they are, and where they go on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aibasic.modules.effects import Kind
from aibasic.modules.kafka import places
from aibasic.modules.kafka.connected import Connected, there_are
from aibasic.modules.kafka.places import Start
from aibasic.modules.results import Rows


class Groups(Connected):
    """What the module does with consumer groups from outside."""

    def list_groups(self) -> Rows:
        """The consumer groups: `group`, `state` (Stable, Empty ...), `members`.

        Example: kafka.list_groups()
        """
        self._sending(Kind.READ, "list groups")
        listed = self._asking.read("listing groups", lambda admin: admin.list_groups())
        names = sorted(group["group_id"] for group in listed)
        found = self._asking.read("describing groups", lambda admin: admin.describe_groups(names)) if names else {}
        rows = [(name, found[name]["group_state"], len(found[name]["members"])) for name in names if name in found]
        return Rows(rows, ("group", "state", "members"))

    def group_lag(self, group: str) -> Rows:
        """How far a group is: `topic`, `partition`, the `committed` offset, the topic's `end`, and the `lag` between.

        Where nothing is committed, `committed` is None, and the lag is all that the partition holds. LookupError where
        there is no such group, or it has neither committed nor reads.

        Example: kafka.group_lag("billing")
        """
        self._sending(Kind.READ, f"lag of group {group}")
        committed = self._partitions_of(group)
        ends = places.end(self._asking, committed)
        firsts = places.beginning(self._asking, [one for one, offset in committed.items() if offset is None])
        rows = []
        for one, offset in sorted(committed.items()):
            behind = firsts[one] if offset is None else offset
            rows.append((one.topic, one.partition, offset, ends[one], max(0, ends[one] - behind)))
        return Rows(rows, ("topic", "partition", "committed", "end", "lag"))

    def reset_group(self, group: str, topics: str | Iterable[str] | None = None, to: Start = "beginning") -> Rows:
        """Let a group without members go on from somewhere else: `topic`, `partition`, offset `before` and `now`.

        `topics` are those that it has committed where not given; `to` is "beginning", "end", a time (datetime,
        timedelta ago, ISO 8601) or an offset. RuntimeError while the group has members.

        Example: kafka.reset_group("billing", "events", to="2026-01-31T12:00")
        """
        self._sending(Kind.DESTRUCTIVE, f"reset group {group} to {to}")
        what = f"resetting group {group}"
        self._require_left(what, group)
        names = [topics] if isinstance(topics, str) else list(topics or ())
        before = self._committed(group) if names else self._partitions_of(group)
        partitions = self._partitions(names) if names else list(before)
        wanted = places.resolve(self._asking, partitions, to)
        done = self._asking.write(what, lambda admin: admin.reset_group_offsets(group, wanted))
        self._raise_refusal(what, group, {result["error"] for result in done.values()})
        rows = sorted((one.topic, one.partition, before.get(one), result["offset"]) for one, result in done.items())
        return Rows(rows, ("topic", "partition", "before", "now"))

    def delete_group(self, group: str) -> None:
        """Delete a group and what it has committed. RuntimeError while it has members, LookupError without such.

        Example: kafka.delete_group("billing")
        """
        self._sending(Kind.DESTRUCTIVE, f"delete group {group}")
        what = f"deleting group {group}"
        self._require_left(what, group)
        done = self._asking.write(what, lambda admin: admin.delete_groups([group]))
        self._raise_refusal(what, group, done.values())

    def _require_left(self, what: str, group: str) -> None:
        with self._lock:
            joined = group in self._members
        if joined:
            raise RuntimeError(f"{what}: this session is a member of it: `leave group {group}` first")

    def _partitions_of(self, group: str) -> dict[Any, int | None]:
        """What a group has committed, with None for each partition that its members read without having committed."""
        from kafka import TopicPartition

        committed = self._committed(group)
        reads = [
            TopicPartition(topic["topic"], number)
            for member in self._members_of(group)
            for topic in member["member_assignment"]["assigned_partitions"]
            for number in topic["partitions"]
        ]
        found: dict[Any, int | None] = {**dict.fromkeys(reads), **committed}
        if not found:
            raise LookupError(self._no_group(group))
        return found

    def _members_of(self, group: str) -> list[Any]:
        """What the broker tells of each member that has partitions."""
        found = self._asking.read(f"describing group {group}", lambda admin: admin.describe_groups([group]))
        return [one for one in found.get(group, {}).get("members", ()) if isinstance(one["member_assignment"], dict)]

    def _no_group(self, group: str) -> str:
        listed = self._asking.read("listing groups", lambda admin: admin.list_groups())
        names = [one["group_id"] for one in listed]
        if group in names:
            return (
                f"group {group!r} has committed nothing, and nobody reads as it now: `commit offsets of group {group}` "
                "after reading as it, or reset_group with its topics"
            )
        return f"there is no group {group!r}" + there_are(group, names)

    def _committed(self, group: str) -> dict[Any, int]:
        what = f"the offsets of group {group}"
        found = self._asking.read(what, lambda admin: admin.list_group_offsets([group]))
        return {one: place.offset for one, place in found.get(group, {}).items() if place.offset >= 0}

    def _raise_refusal(self, what: str, group: str, errors: Iterable[Any]) -> None:
        """Raise for what the broker reports by value."""
        for error in errors:
            # A class in one reply, a name in the other.
            name = error if isinstance(error, str) else getattr(error, "__name__", type(error).__name__)
            if name == "GroupIdNotFoundError":
                raise LookupError(f"{what}: {self._no_group(group)}")
            if name in ("NonEmptyGroupError", "UnknownMemberIdError"):
                raise RuntimeError(f"{what}: it has members that read now; end them first")
            if name not in ("NoError", "NoneType", "OK"):
                raise RuntimeError(f"{what}: {name}")
