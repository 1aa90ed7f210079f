"""Error handlers: `try` around what they watch over, where that is plain; else a dispatch that keeps count of them."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace

from aibasic_kernel.session.exporting.building import Program
from aibasic_kernel.session.exporting.dispatch import Labels
from aibasic_kernel.session.exporting.graph import END, EXITS, RETURN, Graph, Key, Node, reached
from aibasic_kernel.session.exporting.naming import LINE, own
from aibasic_kernel.session.exporting.statements import ERROR, If, Leave, Lines, Statement, Try
from aibasic_kernel.session.exporting.structure import NoPlainForm, structured
from aibasic_kernel.session.exporting.whole import begin_first, whole

PLACE = own("at_line")
HANDLER, HANDLED, BEEN = own("handler"), own("handled"), own("been")
"""The variable that says which line runs, where a handler asks for it."""
_LABELS = {END: '"end"', RETURN: '"return"'}
_SAFE_CALLS = frozenset({"counting", "len", "print", "range", "show", "str"})
_SAFE_METHODS = frozenset({"items", "itertuples", "keys", "values"})
_SAFE = (
    ast.Module,
    ast.Expression,
    ast.Expr,
    ast.Assign,
    ast.AugAssign,
    ast.Name,
    ast.Constant,
    ast.JoinedStr,
    ast.List,
    ast.Tuple,
    ast.FormattedValue,
    ast.Compare,
    ast.BoolOp,
    ast.UnaryOp,
    ast.BinOp,
    ast.Add,
    ast.Sub,
    ast.Mult,
    ast.cmpop,
    ast.boolop,
    ast.unaryop,
    ast.expr_context,
    ast.keyword,
)


def watched(program: Program) -> set[Key]:
    """The nodes that may fail while a handler is set, on ways that no error begins."""
    nodes = program.nodes
    guards = {key for key, node in nodes.items() if node.kind == "guard"}
    watches = {key for key in guards if nodes[key].handler is not None}
    return {key for key in _from(nodes, watches, guards) if may_fail(nodes[key])}


def telling(nodes: Graph, numbers: Mapping[int, int]) -> dict[Key, Node]:
    """The graph with each node that may fail saying first at which line it stands. Raises NoPlainForm."""
    found = dict(nodes)
    for key, node in nodes.items():
        if may_fail(node):
            if node.at not in numbers:
                raise NoPlainForm
            found[key] = replace(node, lines=(f"{PLACE} = {numbers[node.at]}", *node.lines))
    return found


def guarded(program: Program, told: tuple[str, ...], leave: Mapping[Key, str]) -> tuple[Statement, ...]:
    """The program with one `try` for its one handler. Raises NoPlainForm.

    `told` are the statements that tell the handler of the error. The `try` begins at the first node under which all
    that the handler watches over can stand, and nothing else that can fail.
    """
    nodes = program.nodes
    if len(program.handlers) != 1:
        raise NoPlainForm
    (handler,) = program.handlers.values()
    main = reached(nodes, program.entry)
    handling = reached(nodes, handler) if handler not in EXITS else set[Key]()
    guards = {key for key, node in nodes.items() if node.kind == "guard"}
    if not guards <= main | handling:
        raise NoPlainForm
    watches = {key for key in guards if nodes[key].handler is not None}
    over = _from(nodes, watches, guards)
    free = _from(nodes, ({program.entry} | guards) - watches, guards)
    failing = {key for key in main | handling if may_fail(nodes[key])}
    if RETURN in _exits(nodes, main | handling) or failing & free & over:
        raise NoPlainForm
    if failing & _from(nodes, {handler} - set(EXITS), guards) & free:
        raise NoPlainForm  # what ran before there was a handler would be watched over when it comes again
    for first in sorted(over, key=lambda key: (nodes[key].at, key)):
        graph = _with_try(nodes, first, handler, told)
        entry = max(graph) if first == program.entry else program.entry
        inside: set[Key] = set()
        if not begin_first(graph, entry, program.counted):
            continue
        try:
            found = structured(graph, entry, END, leave, inside)
        except NoPlainForm:
            continue
        if failing & over <= inside and not (failing - over) & inside:
            return found
    raise NoPlainForm


def dispatched(program: Program, labels: Labels, told: tuple[str, ...]) -> tuple[Statement, ...]:
    """The program as one dispatch that keeps which line errors go to, and whether one is being handled.

    `told` are the statements that tell a handler of the error.
    """
    graph: dict[Key, Node] = {}
    for key, node in program.nodes.items():
        if node.kind == "guard":
            target = "None" if node.handler is None else _label(labels, program.handlers[node.handler])
            node = replace(node, kind="step", lines=(f"{HANDLER}, {HANDLED} = {target}, None",))
        graph[key] = node
    dispatch, begun = whole(program, graph, labels)
    failed = (
        Lines(told),
        If(f"{HANDLER} is None or {HANDLED} is not None", (Leave(f"raise {ERROR} from {HANDLED}"),)),
        Lines((f"{HANDLED}, {LINE} = {ERROR}, {HANDLER}",)),
    )
    cases = dispatch.match(one_line_each=True)
    exits = [key for key in dict.fromkeys(program.handlers.values()) if key in EXITS]
    cases = replace(cases, cases=(*cases.cases, *((_LABELS[key], dispatch.leave[key]) for key in exits)))
    body = Try((cases,), failed)
    start = Lines(
        (
            f"{LINE} = {labels.of(program.entry)}",
            f"{HANDLER} = None  # the line that errors go to",
            f"{HANDLED} = None  # the error that is being handled",
            f"{BEEN} = set()  # the lines that have run while none was: back at one of them, an error is dealt with",
            *begun,
        )
    )
    dealt_with = If(f"{LINE} in {BEEN}", (Lines((f"{HANDLED} = None",)),))
    entered = If(f"{HANDLED} is None", (Lines((f"{BEEN}.add({LINE})",)),), (dealt_with,))
    return (start, dispatch.loop(body, entered))


def _label(labels: Labels, key: Key) -> str:
    """The label of a node, or of an exit that errors go to."""
    return _LABELS[key] if key in EXITS else labels.of(key)


def may_fail(node: Node) -> bool:
    """Whether its code may raise, other than for a name that was never set."""
    if node.calls is not None:
        return True
    texts = (*node.lines, node.condition) if node.kind != "rounds" else ()
    return any(text and not _is_safe(text) for text in texts)


def _is_safe(text: str) -> bool:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            if not _is_safe_call(node.func):
                return False
        elif isinstance(node, ast.Attribute):
            if node.attr not in _SAFE_METHODS:
                return False
        elif not isinstance(node, _SAFE):
            return False
    return True


def _is_safe_call(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr in _SAFE_METHODS
    return isinstance(function, ast.Name) and function.id in _SAFE_CALLS


def _with_try(nodes: Graph, first: Key, handler: Key, told: tuple[str, ...]) -> dict[Key, Node]:
    """The graph with a `try` in front of a node."""
    new = max(nodes) + 1
    graph = {
        key: replace(node, successors=tuple(new if successor == first else successor for successor in node.successors))
        for key, node in nodes.items()
    }
    graph[new] = Node("try", nodes[first].at, (first, handler if handler != first else new), told)
    return graph


def _from(nodes: Graph, starts: set[Key], walls: set[Key]) -> set[Key]:
    """What can be reached from the starts on ways without a wall in between; no wall itself."""
    cut = {key: replace(node, successors=()) if key in walls - starts else node for key, node in nodes.items()}
    return set[Key]().union(*(reached(cut, key) for key in starts)) - walls


def _exits(nodes: Graph, keys: set[Key]) -> set[Key]:
    return {successor for key in keys for successor in nodes[key].successors}
