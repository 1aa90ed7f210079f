"""From the lines of a program to the graph of its jumps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from aibasic_kernel.language.instruction import (
    Call,
    End,
    For,
    ForEach,
    Goto,
    If,
    Next,
    OnError,
    Remark,
    Return,
    Sentence,
    Wend,
    While,
)
from aibasic_kernel.language.structure import pair_loops
from aibasic_kernel.session.exporting.counting import by_hand, iterable
from aibasic_kernel.session.exporting.graph import END, EXITS, RETURN, Key, Node, reached
from aibasic_kernel.session.exporting.lines import ExportLine, Targets
from aibasic_kernel.session.exporting.naming import CALLS, LOOPS
from aibasic_kernel.session.exporting.prepared import Prepared


@dataclass
class Program:
    """A program as a graph: where it begins, and where each subroutine does."""

    nodes: dict[Key, Node] = field(default_factory=dict)
    entry: Key = END
    subroutines: dict[Key, str] = field(default_factory=dict)
    """The function for each line that is called."""
    handlers: dict[int, Key] = field(default_factory=dict)
    """The first node of each line that errors go to, by its position."""
    counted: dict[Key, Key] = field(default_factory=dict)
    """The heads of the loops that count by hand, each with the node behind its loop."""


class Builder:
    """Builds the graph of a program that runs through from its first line to its last.

    With `by_cell` each cell is run by itself, one after another: a run ends with the cell that it is in, and the next
    cell begins. `function_names` are those of the subroutines, by position. With `keeps_loops` the loops that are under
    way are kept in a dict, as a session does: their ends may come while they are not.
    """

    def __init__(
        self,
        prepared: Sequence[Prepared],
        function_names: Mapping[int, str],
        by_cell: bool = False,
        keeps_loops: bool = False,
    ) -> None:
        self._prepared = prepared
        self._lines: list[ExportLine] = [each.line for each in prepared]
        self._targets = Targets(self._lines)
        self._function_names = function_names
        self._by_cell = by_cell
        self._keeps_loops = keeps_loops
        self._partners = self._paired()
        self._count = len(prepared)
        self._idle: set[Key] = set()
        self.program = Program()

    def build(self) -> Program:
        """The graph, with everything that can be reached."""
        program = self.program
        program.entry = self._at(0, 0)
        waiting = [program.entry]
        while waiting:
            key = waiting.pop()
            if key in program.nodes or key in EXITS:
                continue
            node = program.nodes[key] = self._node(key)
            waiting += node.successors
            if node.calls is not None:
                program.subroutines[node.calls] = node.lines[-1].removesuffix("()")
                waiting.append(node.calls)
            if node.handler is not None:
                program.handlers[node.handler] = self.entry_of(node.handler)
                waiting.append(program.handlers[node.handler])
        if self._keeps_loops:
            self._look_for_loops()
        self._count_by_hand()
        return program

    def entry_of(self, at: int) -> Key:
        """The node of a line that is called or jumped to from nowhere in particular."""
        return self._at(self._home(at), at)

    # Places ----------------------------------------------------------------------------------------------------------

    def _paired(self) -> dict[int, int]:
        """The partners of the loops' lines; loops pair within their cell."""
        partners: dict[int, int] = {}
        for cell in dict.fromkeys(line.cell for line in self._lines):
            own = [at for at, line in enumerate(self._lines) if line.cell == cell]
            pairs = pair_loops([self._lines[at].instruction for at in own])
            partners |= {own[one]: own[other] for one, other in pairs.items()}
        return partners

    def _home(self, at: int) -> int:
        """The run that a line belongs to when its own cell is run."""
        return self._lines[at].cell if self._by_cell else 0

    def _key(self, run: int, at: int, part: int = 0) -> Key:
        return (run * self._count + at) * 2 + part

    def _position(self, key: Key) -> int:
        return key // 2 % self._count

    def _run(self, key: Key) -> int:
        return key // 2 // self._count

    def _behind(self, run: int, at: int) -> Key:
        is_last = at + 1 == self._count or (self._by_cell and self._lines[at + 1].cell != self._lines[at].cell)
        return self._over(run) if is_last and self._by_cell else self._at(run, at + 1)

    def _over(self, run: int) -> Key:
        """Where a run's end leads: to the next cell's run where each cell runs by itself."""
        if not self._by_cell:
            return END
        following = next((at for at, line in enumerate(self._lines) if line.cell > run), None)
        return END if following is None else self._at(self._lines[following].cell, following)

    def _at(self, run: int, at: int) -> Key:
        """The first node from a line on that does anything."""
        passed: set[tuple[int, int]] = set()
        while at < self._count:
            if (run, at) in passed:
                self._idle.add(self._key(run, at))
                return self._key(run, at)
            passed.add((run, at))
            line = self._lines[at]
            match line.instruction:
                case Goto(target=target):
                    at = self._targets.find(target, line.cell)
                case Next():
                    return self._key(run, self._partners[at], 1)
                case Wend():
                    return self._key(run, self._partners[at])
                case End():
                    return self._over(run)
                case Remark():
                    if self._by_cell and (at + 1 == self._count or self._lines[at + 1].cell != line.cell):
                        return self._over(run)
                    at += 1
                case _:
                    return self._key(run, at)
        return END

    # Nodes -----------------------------------------------------------------------------------------------------------

    def _node(self, key: Key) -> Node:
        run, at, part = self._run(key), self._position(key), key % 2
        if key in self._idle:
            return Node("step", at, (key,))
        each, line = self._prepared[at], self._prepared[at].line
        comments = each.comments
        match line.instruction:
            case If(then=then, otherwise=otherwise):
                no = self._behind(run, at) if otherwise is None else self._jump(run, line, otherwise)
                (condition,) = each.expressions
                ways = (self._jump(run, line, then), no)
                if ways[0] == no:  # worked out all the same: it may fail
                    return Node("step", at, (no,), (*each.before(), condition), comments=comments)
                return Node("branch", at, ways, each.before(), condition, comments)
            case While():
                (condition,) = each.expressions
                ways = (self._behind(run, at), self._behind(run, self._partners[at]))
                return Node("branch", at, ways, each.before(), condition, comments)
            case For(variable=variable) | ForEach(variable=variable):
                if part:
                    end = self._partners[at]
                    ways = (self._behind(run, at), self._behind(run, end))
                    return Node("rounds", end, ways, (self._rest_of(at),), variable)
                head = self._key(run, at, 1)
                return Node("begin", at, (head,), each.before(), iterable(line.instruction, each.expressions), comments)
            case Call(target=target):
                position = self._targets.find(target, line.cell)
                called = self.entry_of(position)
                text = f"{self._function_names[position]}()"
                return Node("step", at, (self._behind(run, at),), (text,), comments=comments, calls=called)
            case Return():
                return Node("step", at, (RETURN,))
            case OnError(target=target):
                handler = None if target is None else self._targets.find(target, line.cell)
                return Node("guard", at, (self._behind(run, at),), comments=comments, handler=handler)
            case Sentence(then_goto=int() as target):
                return Node("step", at, (self._jump(run, line, target),), each.statements(), comments=comments)
        return Node("step", at, (self._behind(run, at),), each.statements(), comments=comments)

    def _jump(self, run: int, line: ExportLine, number: int) -> Key:
        return self._at(run, self._targets.find(number, line.cell))

    # Loops -----------------------------------------------------------------------------------------------------------

    def _mark(self, at: int) -> str:
        """What tells a loop from all others: its number where no other line has it."""
        number = self._lines[at].number
        if number is None:
            return f"at_{at}"
        before = sum(line.number == number for line in self._lines[:at])
        return f"{number}_{before + 1}" if before else str(number)

    def _rest_of(self, at: int) -> str:
        """The variable, or the item of a dict, for what a loop has left, where a dispatch needs one."""
        mark = self._mark(at)
        return f"{LOOPS}[{_literal(mark)}]" if self._keeps_loops else f"rounds_{mark}"

    def _look_for_loops(self) -> None:
        """Let the end of each loop look whether that is under way."""
        nodes = self.program.nodes
        for key, node in nodes.items():
            if node.kind == "rounds":
                nodes[key] = replace(node, lines=(*node.lines, *self._is_under_way(self._position(key))))

    def _is_under_way(self, at: int) -> tuple[str, ...]:
        """Statements for the end of a loop. A jump may have left the calls within it, as that of a handler does."""
        mark, number = _literal(self._mark(at)), self._lines[at].number
        said = "a loop" if number is None else f"the loop of line {number}"
        outside = f"{mark} not in {LOOPS} and any({mark} in outer for _, outer in {CALLS})"
        left = f"while {outside}:\n    _, {LOOPS} = {CALLS}.pop()"
        check = f'if {mark} not in {LOOPS}:\n    raise RuntimeError("{said} is not under way")'
        return (left, check) if self.program.subroutines else (check,)

    def _count_by_hand(self) -> None:
        """A loop whose lines set its variable counts on from what they set; each does where loops are kept."""
        nodes = self.program.nodes
        for key in [key for key, node in nodes.items() if node.kind == "rounds" and key - 1 in nodes]:
            instruction = self._lines[nodes[key - 1].at].instruction
            if isinstance(instruction, For) and (self._keeps_loops or instruction.variable in self._bound_within(key)):
                self._replace_counting(key, instruction)

    def _bound_within(self, head: Key) -> set[str]:
        nodes = self.program.nodes
        begin = head - 1
        starts = {nodes[head].successors[0], *self.program.handlers.values()} - {*EXITS, begin}
        cut = {key: node for key, node in nodes.items() if key != begin}
        inside = {key: self._without(node, begin) for key, node in cut.items()}
        after = set[Key]().union(*(reached(inside, start) for start in starts))
        body = {key for key in after if head in reached(inside, key)} - {head}
        for key in tuple(body):
            body |= self._called_from(key)
        names = {name for key in body for name in self._prepared[nodes[key].at].binds}
        return names | {nodes[key].condition for key in body if nodes[key].kind == "rounds"}

    def _called_from(self, key: Key) -> set[Key]:
        found: set[Key] = set()
        waiting = [key]
        while waiting:
            called = self.program.nodes[waiting.pop()].calls
            if called is not None and called not in found and called not in EXITS:
                new = reached(self.program.nodes, called) - found
                found |= new
                waiting += new
        return found

    @staticmethod
    def _without(node: Node, key: Key) -> Node:
        others = tuple(END if successor == key else successor for successor in node.successors)
        return Node(node.kind, node.at, others, node.lines, node.condition, node.comments, node.calls, node.handler)

    def _replace_counting(self, head: Key, loop: For) -> None:
        nodes = self.program.nodes
        begin, rounds = nodes[head - 1], nodes[head]
        body, behind = rounds.successors
        rest, *check = rounds.lines
        first, last, step = (*self._prepared[begin.at].expressions, "1")[:3]
        counting = by_hand(loop.variable, (first, last, step), self._mark(begin.at), rest if self._keeps_loops else "")
        enter = max(nodes) + 1
        again, over = enter + 1, enter + 2
        lines = (*begin.lines, *counting.bounds)
        if counting.is_none:
            nodes[head - 1] = Node("branch", begin.at, (behind, enter), lines, counting.is_none, begin.comments)
            nodes[enter] = Node("step", begin.at, (body,), counting.first)
        else:
            nodes[head - 1] = Node("step", begin.at, (body,), (*lines, *counting.first), comments=begin.comments)
        done = over if counting.over else behind
        nodes[head] = Node("branch", rounds.at, (done, again), (*check, *counting.unpacked), counting.is_over)
        nodes[again] = Node("step", rounds.at, (body,), counting.next)
        if counting.over:
            nodes[over] = Node("step", rounds.at, (behind,), counting.over)
        self.program.counted[head] = behind


def _literal(mark: str) -> str:
    return mark if mark.isdigit() else f'"{mark}"'
