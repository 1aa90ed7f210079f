"""Programs to be exported: a session's, a file's, a notebook's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.locks.notebook_file import NotebookFile
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.language.errors import ParseError
from aibasic_kernel.language.instruction import Instruction, Remark, Sentence
from aibasic_kernel.session.exporting.compiled import ByPhrase, CompiledLines
from aibasic_kernel.session.exporting.lines import Code, in_order
from aibasic_kernel.session.exporting.program import export
from aibasic_kernel.session.program.memory import ProgramLine
from aibasic_kernel.session.program.text_file import read_text
from aibasic_kernel.session.running.forms import Form, Forms

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session

MARK = "written by AIBasic"
"""What the docstring of an exported program says: such a file may be written over."""


def of_session(session: Session) -> tuple[str, list[str]]:
    """The program that the session remembers as plain Python, and what is to be told of it. Raises AIBasicError."""
    if not session.program.cells:
        raise AIBasicError("there is no program", 'lines with a number are remembered as one: 10 print "hello"')
    found = _collector(session)
    for at, cell in enumerate(session.program.cells):
        for line in cell.lines:
            codes = _codes_of(session, line)
            found.add(line.instruction, at, _said(line.before), codes)
            found.notes += _of_several(line, codes)
    found.complete(_by_phrase(session))
    return export(found.lines, title=f"A program of a session, {MARK}."), _notes(session, found)


def of_file(session: Session, path: Path) -> tuple[str, list[str]]:
    """A program or notebook as plain Python, from the lock beside it, and what is to be told of that.

    Raises AIBasicError for what is no program, and for lines that were never compiled.
    """
    if path.suffix == ".ipynb":
        return _of_notebook(session, path)
    found = _collector(session)
    for instruction in in_order(_parsed(session, found, read_text(path)[0], path.name)):
        found.add(instruction)
    found.complete(_by_phrase(session))
    return export(found.lines, title=f"{path.name} as Python, {MARK}."), _notes(session, found)


def _of_notebook(session: Session, path: Path) -> tuple[str, list[str]]:
    """A cell that is there to fail, and whose lines were never compiled, is left out."""
    notebook = NotebookFile(path)
    found = _collector(session, notebook.compilations())
    failing = {at for at, may_fail in enumerate(notebook.may_fail) if may_fail}
    for at, text in enumerate(notebook.sources):
        for instruction in in_order(_parsed(session, found, text, f"{path.name}, cell {at + 1}")):
            found.add(instruction, at)
    found.complete(_by_phrase(session))
    left_out = {line.cell for line in found.missing()} & failing
    lines = [line for line in found.lines if line.cell not in left_out]
    told = [f"cell {at + 1} is left out: it is there to fail, and was never compiled" for at in sorted(left_out)]
    python = export(lines, title=f"{path.name} as Python, {MARK}.", by_cell=True)
    return python, [*told, *_notes(session, found)]


def _parsed(session: Session, found: CompiledLines, text: str, name: str) -> Sequence[Instruction]:
    try:
        return session.parse(text, found.kinds)
    except ParseError as error:
        raise AIBasicError(f"{name}, {error}") from None


def _collector(session: Session, ran: Sequence[Compilation] = ()) -> CompiledLines:
    session.read_configuration()
    return CompiledLines(session.parse, session.compiler.lock.entries, ran)


def _by_phrase(session: Session) -> ByPhrase:
    """What phrases make of a sentence; those that read the tables of a service need that it can be reached."""

    def compilation(sentence: Sentence, names: Mapping[str, object]) -> Compilation | None:
        scope = Scope(names, services=session.services)
        try:
            fits = session.compiler.by_phrase(sentence, scope)
            if fits is None:
                return None
            origin = ("phrase", fits.phrase.example)
            return session.compiler.compilation(sentence, fits.python, fits.result, origin, scope)
        except Exception:  # whatever a driver raises: the tables of its service cannot be read
            return None

    return compilation


def _codes_of(session: Session, line: ProgramLine) -> tuple[Code, ...]:
    """What the line ran as, where that still holds."""
    codes = []
    for forms in line.compiled or ():
        assert isinstance(forms, Forms)
        form = forms.holding(session.scope)
        if form is None:
            return ()
        codes.append(_code_of(form))
    step = getattr(line.instruction, "step", "")
    return tuple(codes[:2] if step is None else codes)


def _of_several(line: ProgramLine, codes: Sequence[Code]) -> list[str]:
    """What is to be told of a line that ran in several ways, of which the export has one."""
    told = []
    for forms, code in zip(line.compiled or (), codes, strict=False):
        ways = len({form.line.python for form in forms.forms})
        if ways > 1:
            first = code.python.strip().partition("\n")[0]
            told.append(
                f"{line.place} ran in {ways} ways, by the shape of what it reads; taken is what fits now: {first}"
            )
    return told


def _code_of(form: Form) -> Code:
    return Code(form.line.python) if form.line.served is None else Code.of(form.line.served.compilation)


def _said(remarks: Iterable[Remark]) -> tuple[str, ...]:
    return tuple(remark.text.strip() for remark in remarks if remark.text.strip())


def _notes(session: Session, found: CompiledLines) -> list[str]:
    lock = session.compiler.lock
    new = {entry.sentence for entry in found.used if entry.origin[0] != "phrase" and not lock.is_trusted(entry)}
    if not new:
        return found.notes
    return [*found.notes, f"you have not trusted what the lock holds for {len(new)} of the sentences: read it first"]
