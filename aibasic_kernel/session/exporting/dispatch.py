"""A loop over a `match` for jumps that form no plain statements: each case is a stretch without a jump into it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from aibasic_kernel.session.exporting.graph import EXITS, Graph, Key, Node, Ways
from aibasic_kernel.session.exporting.naming import LINE
from aibasic_kernel.session.exporting.statements import If, Leave, Lines, Loop, Match, Statement
from aibasic_kernel.session.exporting.structure import branch
from aibasic_kernel.session.running.run import DEEPEST

Statements = tuple[Statement, ...]


@dataclass
class Dispatch:
    """Writes all that follows an entry. `variable` holds the label of the case to go on at.

    `leave` says how END and RETURN are taken. With `calls` (a list's name) subroutines are cases too, and with
    `loops` (a dict's) each of them has loops of its own.
    """

    graph: Graph
    entries: tuple[Key, ...]
    labels: Labels
    leave: Mapping[Key, Statements]
    variable: str = LINE
    calls: str = ""
    loops: str = ""

    def statements(self) -> Statements:
        """The start and the loop."""
        start = Lines((f"{self.variable} = {self.labels.of(self.entries[0])}",))
        return (start, self.loop(self.match()))

    def loop(self, body: Statement, *before: Statement) -> Loop:
        """What goes on as long as there is a case."""
        return Loop(f"{self.variable} is not None", (*before, body))

    def match(self, *, one_line_each: bool = False) -> Match:
        """The cases; with `one_line_each` no two lines share one."""
        found: dict[Key, Statements] = {}
        for entry in self.entries:
            ways = Ways(self.graph, entry)
            heads = [
                key
                for key in ways.order
                if key in self.entries or one_line_each or not _only_follows(ways, key) or self._returns_to(ways, key)
            ]
            for head in heads:
                found.setdefault(head, tuple(self._case(head, set(heads))))
        ordered = sorted(found, key=lambda key: (self.graph[key].at, key))
        return Match(self.variable, tuple((self.labels.of(key), found[key]) for key in ordered))

    def _returns_to(self, ways: Ways, key: Key) -> bool:
        return bool(self.calls) and any(self.graph[source].calls is not None for source in ways.before[key])

    def go(self, key: Key) -> Statements:
        """Go on at a node."""
        if key in EXITS:
            return self.leave[key]
        return (Lines((f"{self.variable} = {self.labels.of(key)}",), is_jump=True),)

    def _case(self, head: Key, heads: set[Key]) -> Iterator[Statement]:
        key = head
        while True:
            node = self.graph[key]
            if node.kind == "branch":
                yes, no = map(self.go, node.successors)
                if node.lines:
                    yield from self._lines(node)
                yield from branch(node.condition, yes, no, () if node.lines else node.comments)
                return
            if node.kind == "rounds":
                yield from self._next_round(node)
                return
            following = node.successors[0]
            if node.calls is not None and self.calls:
                back = self.labels.of(following) if following not in EXITS else "None"
                too_deep = f'raise RecursionError("more than {DEEPEST:,} calls are open")'
                yield If(f"len({self.calls}) == {DEEPEST:_}", (Leave(too_deep),), (), node.comments)
                going = (f"{self.calls}.append(({back}, {self.loops}))", f"{self.loops} = {{}}")
                yield Lines(going if self.loops else (f"{self.calls}.append({back})",))
                yield from self.go(node.calls)
                return
            yield from self._lines(node)
            if following in EXITS or following in heads:
                yield from self.go(following)
                return
            key = following

    def _lines(self, node: Node) -> Iterator[Statement]:
        lines = node.lines
        if node.kind == "begin":
            lines = (*lines, f"{self.graph[node.successors[0]].lines[0]} = iter({node.condition})")
        if lines or node.comments:
            yield Lines(lines, node.comments)

    def _next_round(self, node: Node) -> Iterator[Statement]:
        """`for` with one round and an `else` says in plain Python: take the next value where there is one."""
        rest, *check = node.lines
        body, done = self.go(node.successors[0]), self.go(node.successors[1])
        if check:
            yield Lines(tuple(check))
            done = (Lines((f"del {rest}",)), *done)
        comment = f"the next {node.condition}, where there is one"
        yield Loop(rest, (*body, Leave("break")), node.condition, done, (comment,))


@dataclass
class Labels:
    """What the cases of a dispatch are called: the number of the line where that is enough."""

    graph: Graph
    numbers: dict[int, int]
    """The numbers of lines by position."""
    _known: dict[Key, str] = field(default_factory=dict)

    def of(self, key: Key) -> str:
        """The literal for a node."""
        if key not in self._known:
            node = self.graph[key]
            number = self.numbers.get(node.at)
            plain = f"behind {node.at}" if number is None else str(number)
            first = f'"{plain}"' if number is None else plain
            taken, count = set(self._known.values()), 2
            label = first
            while label in taken:
                label, count = f'"{plain} ({count})"', count + 1
            self._known[key] = label
        return self._known[key]


def _only_follows(ways: Ways, key: Key) -> bool:
    """Whether a node has one way to it, from a node with no other way on."""
    sources = ways.before[key]
    return len(sources) == 1 and len(ways.graph[sources[0]].successors) == 1
