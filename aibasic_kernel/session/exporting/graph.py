"""The ways through a program: which piece of code can follow which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

Key = int
"""A node: twice the position of its line; the head of a counting loop has the odd number behind its beginning's."""

END = -1
"""Where the program ends."""
RETURN = -2
"""Where a subroutine goes back to its caller."""
EXITS = (END, RETURN)


@dataclass(frozen=True)
class Node:
    """A piece of a program.

    A `step` runs `lines` and goes on at its one successor. A `branch` goes on at the first of two successors where
    `condition` holds. `rounds` gives `condition` (the loop's variable) the next value and goes on at the first, at the
    second where there is none left; the `begin` before it sets what it counts through (`condition`). A `guard` sets
    which line errors go to. A `try` has that line as its second successor.
    """

    kind: str
    at: int
    """The position of its line in the program."""
    successors: tuple[Key, ...]
    lines: tuple[str, ...] = ()
    condition: str = ""
    comments: tuple[str, ...] = ()
    calls: int | None = None
    """The position of the line of a subroutine that it calls."""
    handler: int | None = None
    """The position of the line that a `guard` makes errors go to; None where it lets them stop the program."""


Graph = Mapping[Key, Node]


@dataclass
class Ways:
    """A graph as seen from its `entry`: what it reaches, in an order in which a node comes before what it leads to."""

    graph: Graph
    entry: Key
    order: list[Key] = field(init=False)
    rank: dict[Key, int] = field(init=False)
    before: dict[Key, list[Key]] = field(init=False)
    """The nodes that lead to each."""
    over: dict[Key, Key] = field(init=False)
    """The immediate dominator of each: the nearest node that every way to it goes through."""

    def __post_init__(self) -> None:
        self.order = list(reversed(list(_finished(self.graph, self.entry))))
        self.rank = {key: at for at, key in enumerate(self.order)}
        self.before = {key: [] for key in self.order}
        for key in self.order:
            for successor in dict.fromkeys(self.graph[key].successors):
                if successor in self.before:
                    self.before[successor].append(key)
        self.over = self._dominators()
        self._under: dict[Key, list[Key]] = {}
        for key in self.order[1:]:
            self._under.setdefault(self.over[key], []).append(key)

    def dominates(self, upper: Key, lower: Key) -> bool:
        """Whether every way to `lower` goes through `upper`."""
        while lower != upper and lower != self.entry:
            lower = self.over[lower]
        return lower == upper

    def under(self, key: Key) -> list[Key]:
        """The nodes whose immediate dominator it is, in order."""
        return self._under.get(key, [])

    def forward(self, key: Key) -> list[Key]:
        """The nodes that lead to it, but not back to it."""
        return [source for source in self.before[key] if self.rank[source] < self.rank[key]]

    def is_reducible(self) -> bool:
        """Whether each way back leads to a node that all ways into the loop go through."""
        return all(self.dominates(key, source) for key in self.order for source in self._back(key))

    def loops(self) -> dict[Key, set[Key]]:
        """The nodes of each loop, by its head."""
        found: dict[Key, set[Key]] = {}
        for head in self.order:
            back = self._back(head)
            if back:
                found[head] = self._leading_to(head, back)
        return found

    def _back(self, key: Key) -> list[Key]:
        return [source for source in self.before[key] if self.rank[source] >= self.rank[key]]

    def _leading_to(self, head: Key, sources: Iterable[Key]) -> set[Key]:
        body, open_nodes = {head}, list(sources)
        while open_nodes:
            key = open_nodes.pop()
            if key not in body:
                body.add(key)
                open_nodes += self.before[key]
        return body

    def _dominators(self) -> dict[Key, Key]:
        """Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm"."""
        over = {self.entry: self.entry}
        changed = True
        while changed:
            changed = False
            for key in self.order[1:]:
                known = [source for source in self.before[key] if source in over]
                nearest = known[0]
                for source in known[1:]:
                    nearest = self._meeting(over, nearest, source)
                if over.get(key) != nearest:
                    over[key] = nearest
                    changed = True
        return over

    def _meeting(self, over: Mapping[Key, Key], one: Key, other: Key) -> Key:
        while one != other:
            if self.rank[one] > self.rank[other]:
                one = over[one]
            else:
                other = over[other]
        return one


def reached(graph: Graph, entry: Key) -> set[Key]:
    """The nodes that can follow `entry`, with itself."""
    return set(_finished(graph, entry))


def _finished(graph: Graph, entry: Key) -> Iterator[Key]:
    """Each node behind all that it leads to, but for ways back. The first successor comes first in the program."""
    seen = {entry}
    stack = [(entry, iter(reversed(graph[entry].successors)))]
    while stack:
        key, successors = stack[-1]
        for successor in successors:
            if successor not in EXITS and successor not in seen:
                seen.add(successor)
                stack.append((successor, iter(reversed(graph[successor].successors))))
                break
        else:
            stack.pop()
            yield key
