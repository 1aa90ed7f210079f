"""A whole program as one dispatch, which keeps calls and loops as a session does.

That is what a program needs where the end of a loop may come while the loop is not surely under way in that call: in
lines that a line of the loop calls, or behind the loop.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from aibasic_kernel.session.exporting.building import Program
from aibasic_kernel.session.exporting.dispatch import Dispatch, Labels, Statements
from aibasic_kernel.session.exporting.graph import END, EXITS, RETURN, Graph, Key, reached
from aibasic_kernel.session.exporting.naming import CALLS, LINE, LOOPS
from aibasic_kernel.session.exporting.statements import If, Leave, Lines

NO_CALL = 'raise RuntimeError("return without a call")'


def are_under_way(program: Program) -> bool:
    """Whether each loop is surely under way, in the same call, where its end comes."""
    heads = {key: node.successors[1] for key, node in program.nodes.items() if node.kind == "rounds"}
    entries = {program.entry, *program.subroutines}
    return all(begin_first(program.nodes, entry, heads | program.counted) for entry in entries)


def begin_first(graph: Graph, entry: Key, heads: Mapping[Key, Key]) -> bool:
    """Whether all ways from an entry, and from behind each loop, begin a loop before they come to its head.

    `heads` gives the node behind each loop.
    """
    inside = reached(graph, entry) if entry not in EXITS else set[Key]()
    return all(not _comes_to(graph, head, {entry, behind}) for head, behind in heads.items() if head in inside)


def _comes_to(graph: Graph, head: Key, starts: Iterable[Key]) -> bool:
    """Whether a way from one of the starts leads to the head of a loop without its beginning."""
    begin = head - 1
    cut = {key: replace(node, successors=()) if key == begin else node for key, node in graph.items()}
    return any(head in reached(cut, start) for start in starts if start not in EXITS)


def whole(program: Program, graph: Graph, labels: Labels) -> tuple[Dispatch, tuple[str, ...]]:
    """The dispatch, and the statements that begin it."""
    has_calls, has_loops = bool(program.subroutines), _has_loops(program)
    entries = (program.entry, *program.subroutines, *program.handlers.values())
    back = f"{LINE}, {LOOPS} = {CALLS}.pop()" if has_loops else f"{LINE} = {CALLS}.pop()"
    returned: Statements = (Leave(NO_CALL),)
    if has_calls:
        returned = (If(f"not {CALLS}", returned), Lines((back,), is_jump=True))
    labels.graph = graph
    dispatch = Dispatch(
        graph,
        tuple(key for key in dict.fromkeys(entries) if key not in EXITS),
        labels,
        {END: (Lines((f"{LINE} = None",), is_jump=True),), RETURN: returned},
        calls=CALLS if has_calls else "",
        loops=LOOPS if has_loops else "",
    )
    begun = []
    if has_calls:
        with_loops = ", and the loops of the lines there" if has_loops else ""
        begun.append(f"{CALLS} = []  # where each call goes back to{with_loops}")
    if has_loops:
        begun.append(f"{LOOPS} = {{}}  # what each loop that is under way has left")
    return dispatch, tuple(begun)


def _has_loops(program: Program) -> bool:
    return bool(program.counted) or any(node.kind == "rounds" for node in program.nodes.values())
