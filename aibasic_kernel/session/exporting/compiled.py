"""Finds what each line of a program was compiled to, without running anything."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.expressions.python_expression import is_python_over
from aibasic_kernel.compiler.kinds import agree
from aibasic_kernel.compiler.traces.reads import Reads
from aibasic_kernel.language.instruction import (
    CONTROL_FLOW,
    BareNumber,
    Command,
    For,
    Instruction,
    Magic,
    Python,
    Remark,
    Sentence,
)
from aibasic_kernel.language.structure import place_of
from aibasic_kernel.session.exporting.lines import Code, ExportLine, typed_code
from aibasic_kernel.session.exporting.magics import python_of_magic
from aibasic_kernel.session.exporting.python_text import parsed
from aibasic_kernel.session.exporting.samples import samples_of
from aibasic_kernel.session.running.expressions import expressions_of, python_of, sentences_of

Parse = Callable[[str, Collection[str]], Sequence[Instruction]]
"""The instructions of a text, given the names that there are."""
ByPhrase = Callable[[Sentence, Mapping[str, object]], Compilation | None]
"""What phrases make of a sentence, given a value for each variable."""


@dataclass
class CompiledLines:
    """Collects the lines of a program, in their order, with what they were compiled to.

    `entries` gives all that the lock has for a sentence and section; `ran` those that are known to have run. `notes`
    tells of lines for which the lock has several compilations that may be meant.
    """

    parse: Parse
    entries: Callable[[str, str], Sequence[Compilation]]
    ran: Collection[Compilation] = ()
    lines: list[ExportLine] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    used: list[Compilation] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    """The names that the lines so far set, each with its kind where that is known, else ""."""
    newest: str = ""

    def add(
        self, instruction: Instruction, cell: int = 0, remarks: tuple[str, ...] = (), codes: tuple[Code, ...] = ()
    ) -> None:
        """Add a line; its `codes` are looked for where they are not given. Raises AIBasicError for magics that have
        no meaning in plain Python.
        """
        if isinstance(instruction, Sentence) and not codes:
            for part in self._as_things_stand(instruction):
                self._add(part, cell, remarks, self._codes(part))
                remarks = ()
        else:
            self._add(instruction, cell, remarks, codes or self._codes(instruction))

    def complete(self, by_phrase: ByPhrase) -> None:
        """Compile what has never run, where phrases do."""
        for at, line in enumerate(self.lines):
            if sentences_of(line.instruction) and not line.codes:
                counters = (each.instruction for each in self.lines if isinstance(each.instruction, For))
                samples: dict[str, object] = {"_last_error": "a", "_last_error_line": 1}
                samples |= {loop.variable: 1 for loop in counters}
                samples |= samples_of(code for each in self.lines for code in each.codes)
                self.lines[at] = replace(line, codes=self._surmised(line.instruction, by_phrase, samples))

    def missing(self) -> list[ExportLine]:
        """The lines that were never compiled."""
        return [line for line in self.lines if sentences_of(line.instruction) and not line.codes]

    def _surmised(
        self, instruction: Instruction, by_phrase: ByPhrase, samples: Mapping[str, object]
    ) -> tuple[Code, ...]:
        found = []
        for sentence, expression in self._parts(instruction):
            code = None if expression is None else self._expression(sentence, *expression)
            unknown = (word in self.kinds and word not in samples for word in re.findall(r"\w+", sentence.text))
            if code is None and not any(unknown):
                compilation = by_phrase(sentence, samples)
                code = None if compilation is None else Code.of(compilation)
            if code is None:
                return ()
            found.append(code)
        return tuple(found)

    def _add(self, instruction: Instruction, cell: int, remarks: tuple[str, ...], codes: tuple[Code, ...]) -> None:
        if isinstance(instruction, Command):
            left_out = f"{instruction.name} {instruction.argument}".rstrip() + " is a command of the session"
            instruction = Remark(instruction.span, instruction.source, instruction.number, left_out)
        elif isinstance(instruction, Magic):
            text, comment = python_of_magic(instruction)
            if comment:
                remarks = (*remarks, *comment)
            instruction = Python(instruction.span, instruction.source, instruction.number, text)
            codes = (Code(text),)
        self.lines.append(ExportLine(instruction, codes, cell, remarks))
        self._take_note(instruction, codes)

    def _codes(self, instruction: Instruction) -> tuple[Code, ...]:
        if isinstance(instruction, Sentence):
            found = self._from_lock(instruction)
            return () if found is None else (found,)
        if not isinstance(instruction, CONTROL_FLOW):
            return typed_code(instruction)
        codes = [self._expression(sentence, *words) for sentence, words in self._parts(instruction) if words]
        known = tuple(code for code in codes if code is not None)
        return known if len(known) == len(codes) else ()

    def _parts(self, instruction: Instruction) -> list[tuple[Sentence, tuple[str, str] | None]]:
        """The sentences of a line; of control flow each with the words in front of its expression, and that."""
        if isinstance(instruction, Sentence):
            return [(instruction, None)]
        expressions = expressions_of(instruction)
        if getattr(instruction, "step", "") is None:
            expressions = expressions[:2]
        return list(zip(sentences_of(instruction), expressions, strict=False))

    def _expression(self, sentence: Sentence, words: str, text: str) -> Code | None:
        found = self._from_lock(sentence)
        if found is not None:
            return found
        names = dict.fromkeys([*self.kinds, "args", "_last_error", "_last_error_line", "last_output"])
        python = python_of(words, text, names)
        if python is None and is_python_over(text, names):
            python = text
        return None if python is None else Code(python)

    def _as_things_stand(self, sentence: Sentence) -> Sequence[Instruction]:
        """A sentence that the lock does not know, where it is Python now that the lines before it have set names."""
        if sentence.task or self.entries(sentence.text, sentence.section):
            return (sentence,)
        again = self.parse(sentence.source, self.kinds)
        return again if all(isinstance(part, Python | Remark) for part in again) else (sentence,)

    # Which of several ------------------------------------------------------------------------------------------------

    def _from_lock(self, sentence: Sentence) -> Code | None:
        found = list(self.entries(sentence.text, sentence.section))
        if not found:
            return None
        fits = [entry for entry in found if entry in self.ran] or [entry for entry in found if self._fits(entry)]
        best = max(fits or found, key=lambda entry: sum(self._known(entry)))
        if len({entry.python for entry in fits or found}) > 1:
            first = best.python.strip().partition("\n")[0]
            self.notes.append(
                f"{place_of(sentence)}: the lock has {len(found)} compilations, and only a run shows which is meant; "
                f"taken is: {first}"
            )
        self.used.append(best)
        return Code.of(best)

    def _fits(self, entry: Compilation) -> bool:
        """Whether what the lines before have set contradicts nothing that the code relies on."""
        trace = entry.trace
        if trace.it is not None and self.newest and trace.it != self.newest:
            return False
        if any(word in self.kinds for word in trace.absent):
            return False
        kinds = ((shape.kind, self.kinds.get(name, "")) for name, shape in trace.names.items())
        return all(not kind or agree(then, kind) for then, kind in kinds)

    def _known(self, entry: Compilation) -> Iterable[bool]:
        return (name in self.kinds for name in entry.trace.names)

    def _take_note(self, instruction: Instruction, codes: Sequence[Code]) -> None:
        """What the line tells of names: those that it sets, and the kinds of those that its code relies on."""
        variable = getattr(instruction, "variable", None)
        if variable and codes:
            self.kinds.setdefault(variable, "")
        for code in codes:
            for name, shape in code.trace.names.items():
                self.kinds[name] = shape.kind
            made = [name for name in Reads(parsed(code.python)).assigned if not name.startswith("_")]
            if code.author == "phrase":
                made = [name for name in made if name == code.result]
            self.kinds |= dict.fromkeys(made, "")
            if code.result:
                self.newest = code.result
            elif made and not isinstance(instruction, (*CONTROL_FLOW, BareNumber)):
                self.newest = ""
