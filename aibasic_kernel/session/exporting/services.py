"""The modules that a program needs: how each is imported and made."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from aibasic_kernel.compiler.task_types import resolve, task_types
from aibasic_kernel.compiler.traces.reads import Reads
from aibasic_kernel.session.exporting.lines import Code, ExportLine
from aibasic_kernel.session.exporting.python_text import parsed

if TYPE_CHECKING:
    from aibasic_kernel.session.exporting.building import Program
    from aibasic_kernel.session.exporting.graph import Key
    from aibasic_kernel.session.exporting.prepared import Prepared


class Making:
    """How the modules of a program are made, by the variable that each has there."""

    def __init__(self, lines: Sequence[ExportLine]) -> None:
        self._sections: dict[str, str] = {}
        codes = [code for line in lines for code in line.codes]
        for code in codes:
            for call in code.trace.calls:
                self._sections.setdefault(call.variable, call.section)
        bound = {name for code in codes if code.author == "user" for name in _stored(code.python)}
        for task in task_types().values():
            if task.module_class is not None and task.module_class.variable not in bound:
                self._sections.setdefault(task.module_class.variable, task.name)

    @property
    def variables(self) -> frozenset[str]:
        """The variables of all modules that there may be."""
        return frozenset(self._sections)

    def needed_by(self, loads: Collection[str]) -> list[str]:
        """The variables of modules among the names that some code reads."""
        return [name for name in self._sections if name in loads]

    def import_of(self, variable: str) -> str:
        """`from aibasic.modules import PostgresModule`."""
        return self._setup(variable)[0]

    def statement(self, variable: str) -> str:
        """`pg = PostgresModule.from_config("aibasic.conf")`."""
        return self._setup(variable)[1]

    def statements_of(self, code: Code) -> frozenset[str]:
        """The statements of a compiled line that only make modules, as `ast.unparse` writes them.

        What the user typed stays as it is.
        """
        if code.author == "user" or ".from_config" not in code.python:
            return frozenset()
        return frozenset(ast.unparse(ast.parse(self.statement(variable))) for variable in self._sections)

    def made_in(self, code: Code) -> set[str]:
        """The variables of the modules that the code makes for itself."""
        gone = self.statements_of(code)
        return {variable for variable in self._sections if ast.unparse(ast.parse(self.statement(variable))) in gone}

    def _setup(self, variable: str) -> tuple[str, str]:
        name, _, instance = self._sections[variable].partition(":")
        task = resolve(name)
        assert task is not None and task.module_class is not None
        imported, _, _ = task.setup_code.partition("\n")
        extra = f', name="{instance}"' if instance else ""
        return imported, f'{variable} = {task.module_class.__name__}.from_config("aibasic.conf"{extra})'


def make_where_needed(program: Program, prepared: Sequence[Prepared], making: Making) -> None:
    """Let each line make the modules that it needs and that are not surely made before it.

    A program that handles errors has to handle that a service cannot be reached, too.
    """
    for name in dict.fromkeys(name for each in prepared for name in making.needed_by(each.loads)):
        made = _surely_made(program, prepared, name)
        for at in {node.at for key, node in program.nodes.items() if key not in made}:
            if name in prepared[at].loads:
                prepared[at].makes = (*prepared[at].makes, making.statement(name))
                prepared[at].local |= {name}


def _surely_made(program: Program, prepared: Sequence[Prepared], name: str) -> set[Key]:
    """The nodes before which a module was made on every way to them, where each line that needs it makes it."""
    nodes = program.nodes
    entries = {program.entry, *program.subroutines, *program.handlers.values()}
    made = set(nodes) - entries
    changed = True
    while changed:
        changed = False
        for key, node in nodes.items():
            after = key in made or name in prepared[node.at].loads
            lost = {successor for successor in node.successors if successor in made and not after}
            if lost:
                made -= lost
                changed = True
    return made


def _stored(python: str) -> set[str]:
    return Reads(parsed(python)).assigned
