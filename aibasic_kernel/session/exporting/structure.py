"""Plain `while`, `for`, `if` and `try` for a graph of jumps, where it has such a form.

Each node is written under the nearest node that all ways to it go through (N. Ramsey, "Beyond Relooper", 2022). Python
cannot leave several blocks at once: a graph that would need that has no plain form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from aibasic_kernel.session.exporting.graph import EXITS, Graph, Key, Node, Ways
from aibasic_kernel.session.exporting.statements import If, Leave, Lines, Loop, Statement, Try, leaves, negated

_MOST_TRIES = 3000


class NoPlainForm(Exception):
    """The jumps form no plain statements."""


@dataclass(frozen=True)
class _Place:
    """Where a statement stands: what comes behind it, and where `break` and `continue` lead there."""

    behind: Key | None
    after_loop: Key | None = None
    again: Key | None = None
    tried: bool = False
    """Whether it is within a `try`."""


def structured(
    graph: Graph, entry: Key, at_end: Key, leave: Mapping[Key, str], tried: set[Key] | None = None
) -> tuple[Statement, ...]:
    """The statements for all that follows `entry`. Raises NoPlainForm.

    `at_end` is the exit (END or RETURN) that falling off the last statement is; `leave` says how each is taken else.
    What comes to stand within a `try` is put into `tried`.
    """
    if entry in EXITS:
        return () if entry == at_end else (Leave(leave[entry]),)
    ways = Ways(graph, entry)
    if not ways.is_reducible():
        raise NoPlainForm
    writer = _Writer(ways, leave)
    try:
        found = writer.node(entry, _Place(at_end))
    except RecursionError:
        raise NoPlainForm from None
    if tried is not None:
        tried |= {key for key, within in writer.tried.items() if within}
    return tuple(found)


class _Writer:
    def __init__(self, ways: Ways, leave: Mapping[Key, str]) -> None:
        self._ways = ways
        self._leave = leave
        self._loops = ways.loops()
        for key in ways.order:
            if ways.graph[key].kind == "rounds":
                self._loops.setdefault(key, {key})
            elif ways.graph[key].kind == "try" and key in self._loops:
                first = ways.graph[key].successors[0]
                self._loops[key] |= {below for below in ways.order if ways.dominates(first, below)}
        self._tries = 0
        self.tried: dict[Key, bool] = {}
        """Whether each node stands within a `try`."""
        self._followed: set[Key] = set()
        """What is written behind a loop, and so not where it would stand else."""

    def node(self, key: Key, place: _Place) -> list[Statement]:
        """A node and all that only it leads to."""
        self._tries += 1
        if self._tries > _MOST_TRIES:
            raise NoPlainForm
        if key not in self._loops:
            return self._with_meetings(key, place)
        for behind in self._candidates(key, place):
            kept = set(self._followed)
            try:
                return self._loop(key, behind, place)
            except NoPlainForm:
                self._followed = kept
        raise NoPlainForm

    def _candidates(self, head: Key, place: _Place) -> Iterator[Key | None]:
        """What may stand behind a loop, the most natural first."""
        ways, body = self._ways, self._loops[head]
        exits = dict.fromkeys(key for source in body for key in ways.graph[source].successors if key not in body)
        if ways.graph[head].kind == "rounds":
            last = ways.graph[head].successors[1]
            yield from (last, *(key for key in exits if key != last))
        owned = [key for key in ways.order if key not in body and key != ways.entry and ways.over[key] in body]
        meetings = [key for key in owned if len(ways.forward(key)) > 1]
        end = max(ways.graph[key].at for key in body)
        nodes = [key for key in exits if key in ways.rank and key != place.behind]
        nodes.sort(key=lambda key: (ways.graph[key].at < end, ways.graph[key].at))
        lasts = [place.behind] if place.behind in exits else []
        outer = [key for key in exits if key in EXITS]
        never: tuple[Key | None, ...] = (None,) if ways.graph[head].kind != "rounds" else ()
        yield from dict.fromkeys((*meetings, *lasts, *nodes, *outer, *never))

    def _loop(self, head: Key, behind: Key | None, place: _Place) -> list[Statement]:
        node = self._ways.graph[head]
        inside = _Place(head, behind, head, place.tried)
        is_own = behind is not None and behind in self._ways.rank and self._is_under(head, behind)
        if is_own:
            assert behind is not None
            self._followed.add(behind)
        if node.kind == "rounds":
            return self._counting(node, head, behind, place, inside, is_own)
        found: list[Statement] = [_as_while(self._with_meetings(head, inside))]
        return found if behind is None else [*found, *self._behind(behind, place, is_own)]

    def _counting(
        self, node: Node, head: Key, behind: Key | None, place: _Place, inside: _Place, is_own: bool
    ) -> list[Statement]:
        begins = self._ways.forward(head)
        if len(begins) != 1 or self._ways.graph[begins[0]].kind != "begin":
            raise NoPlainForm
        under = (key for key in self._ways.under(head) if len(self._ways.forward(key)) > 1)
        if any(key not in self._followed for key in under):
            raise NoPlainForm
        begin = self._ways.graph[begins[0]]
        self.tried[head] = place.tried
        body = self._to(head, node.successors[0], inside)
        otherwise = self._to(head, node.successors[1], replace(place, behind=behind))
        comments = () if begin.lines else begin.comments
        loop = Loop(begin.condition, tuple(body), node.condition, tuple(otherwise), comments)
        assert behind is not None
        return [*(_lines(begin, with_comments=True) if begin.lines else ()), loop, *self._behind(behind, place, is_own)]

    def _behind(self, key: Key, place: _Place, is_own: bool) -> list[Statement]:
        return self.node(key, place) if is_own else self._to(None, key, place)

    def _is_under(self, head: Key, key: Key) -> bool:
        """Whether all ways to a node behind a loop go through it, so that it is written there."""
        return key != head and key != self._ways.entry and self._ways.dominates(head, key)

    def _with_meetings(self, key: Key, place: _Place) -> list[Statement]:
        """A node, and behind it those where several of its ways meet, each leading to the next."""
        found: list[Statement] = []
        while True:
            below = (each for each in self._ways.under(key) if each not in self._followed)
            meetings = [each for each in below if len(self._ways.forward(each)) > 1]
            if meetings:
                for part, behind in zip([key, *meetings], meetings, strict=False):
                    inner = replace(place, behind=behind)
                    found += self._alone(part, inner) if part == key else self.node(part, inner)
                following: Key | None = meetings[-1]
            else:
                following = self._written_next(key, place)
                if following is None:
                    return found + self._alone(key, place)
                self.tried[key] = place.tried
                found += _lines(self._ways.graph[key], with_comments=True)
            assert following is not None
            if following in self._loops:
                return found + self.node(following, place)
            key = following

    def _written_next(self, key: Key, place: _Place) -> Key | None:
        """The node that only this one leads to, where it is written behind it."""
        node = self._ways.graph[key]
        following = node.successors[0]
        is_jump = following in (place.behind, place.again, place.after_loop, *EXITS) or following in self._followed
        if node.kind not in ("step", "guard") or is_jump or self._ways.forward(following) != [key]:
            return None
        return following

    def _alone(self, key: Key, place: _Place) -> list[Statement]:
        node = self._ways.graph[key]
        self.tried[key] = place.tried
        if node.kind == "branch":
            return self._branch(key, node, place)
        if node.kind == "try":
            handler = self._to(key, node.successors[1], place)
            body = self._to(key, node.successors[0], replace(place, tried=True))
            return [Try(tuple(body), (*_lines(node), *handler), node.comments)]
        if node.kind == "begin":
            head = node.successors[0]
            if self._ways.forward(head) != [key]:
                raise NoPlainForm
            return self.node(head, place)
        return [*_lines(node, with_comments=True), *self._to(key, node.successors[0], place)]

    def _branch(self, key: Key, node: Node, place: _Place) -> list[Statement]:
        yes, no = (tuple(self._to(key, successor, place)) for successor in node.successors)
        if node.lines:
            return [Lines(node.lines, node.comments), *branch(node.condition, yes, no, ())]
        return branch(node.condition, yes, no, node.comments)

    def _to(self, source: Key | None, key: Key, place: _Place) -> list[Statement]:
        """Go on from one node at another: by falling through, by a jump of Python's, or by writing it here."""
        if key == place.behind:
            return []
        if key == place.again:
            return [Leave("continue")]
        if key == place.after_loop:
            return [Leave("break")]
        if key in EXITS:
            return [Leave(self._leave[key])]
        if self._ways.forward(key) == [source] and key not in self._followed:
            return self.node(key, place)
        raise NoPlainForm


def branch(
    condition: str, yes: tuple[Statement, ...], no: tuple[Statement, ...], comments: tuple[str, ...]
) -> list[Statement]:
    """An `if` over both ways, with as little indenting as can be."""
    if not yes and no:
        return [If(negated(condition), no, (), comments)]
    if no and leaves(yes) and not (leaves(no) and len(no) < len(yes)):
        return [If(condition, yes, (), comments), *no]
    if no and leaves(no):
        return [If(negated(condition), no, (), comments), *yes]
    return [If(condition, yes, no, comments)]


def _lines(node: Node, *, with_comments: bool = False) -> list[Statement]:
    comments = node.comments if with_comments else ()
    return [Lines(node.lines, comments)] if node.lines or comments else []


def _as_while(body: list[Statement]) -> Loop:
    """The loop over `body`, which may begin with the condition under which it ends."""
    match body:
        case [If(then=(Leave(how="break"),), otherwise=()) as first, *rest]:
            return Loop(negated(first.condition), tuple(rest), comments=first.comments)
    return Loop("True", tuple(body))
