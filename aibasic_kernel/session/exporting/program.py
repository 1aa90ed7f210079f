"""The exported program as text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from aibasic_kernel.session.exporting import handlers, imports
from aibasic_kernel.session.exporting.building import Builder, Program
from aibasic_kernel.session.exporting.checks import add_checks
from aibasic_kernel.session.exporting.counting import COUNTING
from aibasic_kernel.session.exporting.dispatch import Dispatch, Labels
from aibasic_kernel.session.exporting.graph import END, EXITS, RETURN, Key, reached
from aibasic_kernel.session.exporting.lines import ExportLine, with_remarks
from aibasic_kernel.session.exporting.naming import LINE, docstring, function_names, with_own_names
from aibasic_kernel.session.exporting.prepared import Preparation, loop_variable
from aibasic_kernel.session.exporting.services import Making, make_where_needed
from aibasic_kernel.session.exporting.statements import ERROR, Leave, Lines, Statement, render
from aibasic_kernel.session.exporting.structure import NoPlainForm, structured
from aibasic_kernel.session.exporting.whole import NO_CALL, are_under_way, whole
from aibasic_kernel.session.running.run import DEEPEST

_LEAVE_MAIN = {END: "sys.exit()", RETURN: NO_CALL}
_LEAVE_FUNCTION = {END: "sys.exit()", RETURN: "return"}
_NO_ERROR = {"_last_error": '""', "_last_error_line": "0"}
"""What tells of the newest error where there has been none."""
_SHOW = "from aibasic.modules.showing import show"


def export(lines: Sequence[ExportLine], *, title: str = "", by_cell: bool = False) -> str:
    """The program as plain Python, which does and shows what running it in a session does.

    `title` is its docstring. With `by_cell` the cells are run one after another, as a notebook's are: a run ends with
    the cell that it is in. Raises AIBasicError for lines that were never compiled, jumps without a target and loops
    without an end.
    """
    return _Export(lines, title, by_cell).text()


class _Export:
    def __init__(self, lines: Sequence[ExportLine], title: str, by_cell: bool) -> None:
        lines = with_remarks(lines, by_cell)
        self._title = title
        self._by_cell = by_cell
        self._making = Making(lines)
        preparation = Preparation(lines, self._making, by_cell)
        self._prepared = preparation.prepared
        self._imports = imports.hoisted(self._prepared)
        add_checks(self._prepared)
        self._reads = frozenset[str]().union(*(each.loads for each in self._prepared))
        self._functions = function_names(lines, preparation.names)
        self._taken = preparation.names | {*self._functions.values()}
        self._numbers = {at: line.number for at, line in enumerate(lines) if line.number is not None}
        self._program = self._built()
        self._has_handlers = bool(self._program.handlers)
        if self._has_handlers:
            make_where_needed(self._program, self._prepared, self._making)
            self._program = self._built()
        self._shared: set[str] = set()
        self._labels = Labels(self._program.nodes, self._numbers)

    def text(self) -> str:
        """All of it."""
        body, functions = self._with_handlers() if self._has_handlers else self._without_handlers()
        main = "\n".join(render(body)) if body else ""
        made = self._setup(bool(functions))
        helpers = [COUNTING.strip()] if "counting(" in "\n".join((*functions, main)) else []
        blocks = [*helpers, *functions]
        bottom = "\n\n".join(filter(None, ("\n".join(made), main)))
        used = "\n".join((*blocks, bottom))
        top = "\n\n".join(filter(None, (docstring(self._title), imports.written(self._all_imports(used)))))
        gap = "\n\n\n" if blocks else "\n\n"
        return with_own_names(gap.join(filter(None, (top, *blocks, bottom))), self._taken) + "\n"

    def _built(self) -> Program:
        return Builder(self._prepared, self._functions, self._by_cell).build()

    def _build_with_loops(self) -> None:
        """Build the program again, so that it keeps which loops are under way."""
        self._program = Builder(self._prepared, self._functions, self._by_cell, keeps_loops=True).build()

    def _setup(self, has_functions: bool) -> list[str]:
        """What is done once before the program begins."""
        made = [] if self._has_handlers else [self._making.statement(name) for name in self._modules()]
        if "args" in self._reads and not any("args" in each.binds for each in self._prepared):
            made.append("args = sys.argv[1:]")
        made += [f"{name} = {value}" for name, value in _NO_ERROR.items() if self._is_read_before_errors(name)]
        if has_functions and any(self._calls_itself(entry) for entry in self._program.subroutines):
            made.insert(0, f"sys.setrecursionlimit({DEEPEST + 1000:_})")
        return made

    def _is_read_before_errors(self, name: str) -> bool:
        """Whether lines read it that are not only those of a handler."""
        found: set[Key] = set()
        for entry in {self._program.entry, *self._program.subroutines} - set(EXITS):
            found |= reached(self._program.nodes, entry)
        return any(name in self._prepared[self._program.nodes[key].at].loads for key in found)

    def _modules(self) -> list[str]:
        """The variables of the modules that are needed, in the order of their first use."""
        return list(dict.fromkeys(name for each in self._prepared for name in self._making.needed_by(each.loads)))

    def _all_imports(self, used: str) -> list[str]:
        found = [*self._imports, *(self._making.import_of(name) for name in self._modules())]
        if re.search(r"\bsys\.", used):
            found.append("import sys")
        if re.search(r"(?<!\.)\bshow\(", used):
            found.append(_SHOW)
        return found

    # Main program and subroutines ------------------------------------------------------------------------------------

    def _without_handlers(self) -> tuple[tuple[Statement, ...], list[str]]:
        if not are_under_way(self._program):
            self._build_with_loops()
            dispatch, begun = whole(self._program, self._program.nodes, self._labels)
            first, *others = dispatch.statements()
            return (first, Lines(begun), *others), []
        return self._procedure(self._program.entry, END, _LEAVE_MAIN), self._written_functions()

    def _with_handlers(self) -> tuple[tuple[Statement, ...], list[str]]:
        try:
            body = self._guarded()
        except NoPlainForm:
            self._build_with_loops()
            said = {"_last_error": f"str({ERROR})", "_last_error_line": LINE}
            told = tuple(f"{name} = {value}" for name, value in said.items() if name in self._reads)
            return handlers.dispatched(self._program, self._labels, told), []
        return body, self._written_functions()

    def _guarded(self) -> tuple[Statement, ...]:
        """The main program with a `try`. Raises NoPlainForm."""
        if not are_under_way(self._program):
            raise NoPlainForm
        told: tuple[str, ...] = (f"_last_error = str({ERROR})",) if "_last_error" in self._reads else ()
        watched = handlers.watched(self._program)
        if "_last_error_line" in self._reads:
            nodes = self._program.nodes
            places = {nodes[key].at for key in watched}
            is_known = len(places) == 1 and all(nodes[key].calls is None for key in watched)
            if not is_known:
                self._program.nodes = handlers.telling(nodes, self._numbers)
                self._shared = {handlers.PLACE}
            told += (f"_last_error_line = {self._numbers.get(places.pop()) if is_known else handlers.PLACE}",)
        return handlers.guarded(self._program, told, _LEAVE_MAIN)

    def _written_functions(self) -> list[str]:
        return [self._function(entry, name) for entry, name in self._program.subroutines.items()]

    def _function(self, entry: Key, name: str) -> str:
        body = self._procedure(entry, RETURN, _LEAVE_FUNCTION)
        shared = sorted(self._bound_in(entry) | self._shared)
        declared = (Lines((f"global {', '.join(shared)}",)),) if shared else ()
        return "\n".join([f"def {name}():", *render((*declared, *body), 1)])

    def _procedure(self, entry: Key, at_end: Key, leave: Mapping[Key, str]) -> tuple[Statement, ...]:
        nodes = self._program.nodes
        try:
            return structured(nodes, entry, at_end, leave)
        except NoPlainForm:
            ways: dict[Key, tuple[Statement, ...]] = {key: (Leave(how),) for key, how in leave.items()}
            ways[at_end] = (Lines((f"{LINE} = None",)),)
            return Dispatch(nodes, (entry,), self._labels, ways).statements()

    def _bound_in(self, entry: Key) -> set[str]:
        """The names of the program that a subroutine sets."""
        nodes = self._program.nodes
        inside = [self._prepared[nodes[key].at] for key in reached(nodes, entry)] if entry not in EXITS else []
        return {name for each in inside for name in each.binds | loop_variable(each.line)}

    def _calls_itself(self, entry: Key) -> bool:
        nodes = self._program.nodes
        called: set[Key] = set()
        waiting = [entry]
        while waiting:
            at = waiting.pop()
            inside = reached(nodes, at) if at not in EXITS else set[Key]()
            new = {nodes[key].calls for key in inside} - called - {None}
            called |= {key for key in new if key is not None}
            waiting += [key for key in new if key is not None]
        return entry in called
