"""The lines of a program, each with its Python ready to be written out."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.language import statement_text
from aibasic_kernel.language.instruction import CONTROL_FLOW, BareNumber, Python, Remark, Sentence
from aibasic_kernel.language.structure import place_of, targets_of
from aibasic_kernel.session.exporting.lines import Code, ExportLine, Targets
from aibasic_kernel.session.exporting.python_text import PythonText, parsed, read_python, renamed
from aibasic_kernel.session.exporting.services import Making
from aibasic_kernel.session.exporting.shown import SILENT, TABLES, Shown, show_call, shown_by
from aibasic_kernel.session.running.expressions import sentences_of


@dataclass
class Prepared:
    """One line: its expressions where it is control flow, else its statements."""

    line: ExportLine
    texts: tuple[PythonText, ...] = ()
    shown: Shown = SILENT
    checks: tuple[str, ...] = ()
    """Assertions in front of its code."""
    newest: str = ""
    """What `last_output` is set to behind it, where a line reads that."""
    afterwards: tuple[str, ...] = ()
    """Statements behind its code that show what lines before it have made."""
    makes: tuple[str, ...] = ()
    """Statements in front of its code that import or make what it needs."""
    local: frozenset[str] = frozenset()
    """Names that those bind."""

    @property
    def place(self) -> str:
        """`line 10`."""
        return place_of(self.line.instruction)

    @property
    def expressions(self) -> tuple[str, ...]:
        """Its condition, bounds or collection, each on one line."""
        return tuple(one_line(text.last) for text in self.texts)

    @property
    def makes_result(self) -> bool:
        """Whether it makes a result, which is shown in place of one that waits to be; typed Python shows its own."""
        return any(code.author != "user" and bool(code.result or text.results) for code, text in self._parts())

    def _parts(self) -> list[tuple[Code, PythonText]]:
        return list(zip(self.line.codes, self.texts, strict=True))

    @cached_property
    def loads(self) -> frozenset[str]:
        """All names that stand in its code to be read."""
        return frozenset(name for text in self.texts for name in _loaded(text.python))

    @property
    def binds(self) -> frozenset[str]:
        """Names of the program that it sets."""
        return self.local.union(*(text.binds for text in self.texts))

    @property
    def comments(self) -> tuple[str, ...]:
        """What is written over its code: the comments above it, and its sentence."""
        return (*self.line.remarks, *comment_of(self.line, self.expressions))

    def before(self) -> tuple[str, ...]:
        """What has to run before its code."""
        return (*self.makes, *self.checks)

    def statements(self) -> tuple[str, ...]:
        """Its code as it is to be run."""
        if not self.texts:
            return ()
        (text,), (code,) = self.texts, self.line.codes
        found = list(self.before())
        if text.body:
            found.append(text.body)
        if text.last:
            last = text.last
            if self.newest == "last_output":
                found.append(f"last_output = {last}")
                last = "last_output"
            if self.shown.value:
                found.append(show_call(last, code))
            elif last != "last_output":
                found.append(last)
        if self.shown.variable:
            found.append(show_call(self.shown.variable, code))
        if self.newest and self.newest != "last_output":
            found.append(f"last_output = {self.newest}")
        return (*found, *self.afterwards)


@dataclass
class Preparation:
    """Takes the lines of a program apart, and settles what concerns several of them.

    Raises AIBasicError for lines that were never compiled, or that no program of plain Python can hold.
    """

    lines: Sequence[ExportLine]
    making: Making
    by_cell: bool = False
    prepared: list[Prepared] = field(init=False)

    def __post_init__(self) -> None:
        _require_code(self.lines)
        self._refuse_context()
        targets = Targets(self.lines)
        targets.check()
        traces = [code.trace for line in self.lines for code in line.codes]
        self._tables = {name for trace in traces for name, shape in trace.names.items() if shape.kind in TABLES}
        self.prepared = [self._taken_apart(line) for line in self.lines]
        self._give_helpers_names()
        self._show_later(targets)
        self._keep_newest()

    @cached_property
    def names(self) -> set[str]:
        """All names that stand in the program's code."""
        found = set[str]()
        for each in self.prepared:
            for text in each.texts:
                nodes = ast.walk(parsed(text.python))
                found |= {node.id for node in nodes if isinstance(node, ast.Name)} | text.binds | text.imported
            found |= loop_variable(each.line)
        return found

    def _taken_apart(self, line: ExportLine) -> Prepared:
        texts = tuple(read_python(code.python, without=self.making.statements_of(code)) for code in line.codes)
        if any(text.awaits for text in texts):
            raise AIBasicError(
                f"{place_of(line.instruction)} awaits something, which plain Python does in functions only",
                "write it with asyncio.run(...)",
            )
        found = Prepared(line, texts)
        if len(texts) == 1 and not isinstance(line.instruction, CONTROL_FLOW):
            found.shown = shown_by(
                line.codes[0], texts[0], re.findall(r"\w+", statement_text(line.instruction)), self._tables
            )
        return found

    def _refuse_context(self) -> None:
        for line in self.lines:
            names = {name for code in line.codes for name in read_python(code.python).reads}
            if "context" in names and not any("context" in read_python(code.python).binds for code in self._codes()):
                raise AIBasicError(
                    f"{place_of(line.instruction)} reads `context`, which only a session has",
                    "name the variable that it looks for there",
                )

    def _codes(self) -> list[Code]:
        return [code for line in self.lines for code in line.codes]

    def _show_later(self, targets: Targets) -> None:
        """A result is shown before the first line that does not read it; not at all where one that does prints or makes
        another one: that goes on from it.
        """
        jumped_to = {targets.find(number, line.cell) for line in self.lines for number in targets_of(line.instruction)}
        for at, each in enumerate(self.prepared):
            name, last = each.shown.variable, at
            if not name:
                continue
            while (following := self._statement_behind(last, targets)) is not None:
                reading = self.prepared[following]
                if name not in reading.loads or following in jumped_to:
                    break
                last = following
                if reading.makes_result or "print" in reading.loads:
                    each.shown = Shown(each.shown.value)
                    break
            if last != at and each.shown.variable:
                each.shown = Shown(each.shown.value)
                self.prepared[last].afterwards += (show_call(name, each.line.codes[0]),)

    def _statement_behind(self, at: int, targets: Targets) -> int | None:
        """The line that runs next, where that is a statement."""
        line = self.lines[at]
        goto = line.instruction.then_goto if isinstance(line.instruction, Sentence) else None
        following = at + 1 if goto is None else targets.find(goto, line.cell)
        while following < len(self.lines) and isinstance(self.lines[following].instruction, Remark):
            following += 1
        if following == len(self.lines) or (self.by_cell and self.lines[following].cell != line.cell):
            return None
        is_statement = isinstance(self.lines[following].instruction, Sentence | Python | BareNumber)
        return following if is_statement else None

    def _give_helpers_names(self) -> None:
        """What a phrase's code binds for itself alone must not be a variable of the program."""
        for at, each in enumerate(self.prepared):
            for text, code in zip(each.texts, each.line.codes, strict=True):
                if code.author != "phrase":
                    continue
                helpers = text.binds - {code.result}
                used = {name for name in helpers if self._is_used_elsewhere(name, at)}
                if used:
                    others = {name: f"{name}_{each.line.number or at}" for name in used}
                    python = renamed(code.python, others)
                    each.texts = (read_python(python, without=self.making.statements_of(code)),)

    def _is_used_elsewhere(self, name: str, at: int) -> bool:
        for other, each in enumerate(self.prepared):
            if other != at and name in (loop_variable(each.line) | each.loads | each.binds):
                reads = frozenset[str]().union(*(text.reads for text in each.texts))
                results = {code.result for code in each.line.codes}
                own = each.line.codes and each.line.codes[0].author == "phrase" and name not in results
                if not own or name in reads:
                    return True
        return False

    def _keep_newest(self) -> None:
        """Set `last_output` behind the lines that make a result, where a line reads it."""
        if not any("last_output" in each.loads and "last_output" not in each.binds for each in self.prepared):
            return
        for each in self.prepared:
            if isinstance(each.line.instruction, CONTROL_FLOW) or not each.texts:
                continue
            (text,), (code,) = each.texts, each.line.codes
            if code.result:
                each.newest = code.result
            elif text.last and not text.last.startswith("print("):
                each.newest = text.last if text.last.isidentifier() else "last_output"
            else:
                own = [name for name in text.results if not name.startswith("_")]
                each.newest = own[-1] if own else ""


def one_line(expression: str) -> str:
    """An expression without line ends."""
    return ast.unparse(ast.parse(expression, mode="eval")) if "\n" in expression else expression


def comment_of(line: ExportLine, expressions: Sequence[str]) -> tuple[str, ...]:
    """The line as it was written, where that says more than its Python."""
    instruction = line.instruction
    is_plain = not line.codes and isinstance(instruction, CONTROL_FLOW)
    if is_plain or isinstance(instruction, Python | BareNumber | Remark):
        return ()
    said = statement_text(instruction)
    squeezed = "".join(said.split())
    if isinstance(instruction, CONTROL_FLOW) and all("".join(text.split()) in squeezed for text in expressions):
        return ()
    text = said if line.number is None else f"{line.number} {said}"
    return tuple(text.split("\n"))


def loop_variable(line: ExportLine) -> set[str]:
    """The variable of the loop that a line begins, as the one item of a set."""
    variable = getattr(line.instruction, "variable", "")
    return {variable} if variable else set()


def _loaded(python: str) -> set[str]:
    names = (node for node in ast.walk(parsed(python)) if isinstance(node, ast.Name))
    return {node.id for node in names if isinstance(node.ctx, ast.Load)}


def _require_code(lines: Sequence[ExportLine]) -> None:
    is_of_cells = len({line.cell for line in lines}) > 1
    sentences = [line for line in lines if sentences_of(line.instruction)]
    missing = [
        f"cell {line.cell + 1}, {place_of(line.instruction)}" if is_of_cells else place_of(line.instruction)
        for line in sentences
        if not line.codes
    ]
    if missing:
        have, them = ("have", "them") if len(missing) > 1 else ("has", "it")
        has_run = any(code.author == "model" for line in sentences for code in line.codes)
        raise AIBasicError(
            f"{'; '.join(missing) if is_of_cells else ', '.join(missing)} {have} never been compiled",
            f"no run has come to {them} yet: run the program again, so that one does, then export it"
            if has_run
            else "run the program once, then export it",
        )
