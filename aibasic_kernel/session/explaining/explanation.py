"""A line explained without a model: who wrote its code, what that does and would change, and why it failed."""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.privacy.visible import visible
from aibasic_kernel.error_index.lookup import reference
from aibasic_kernel.errors import text_of
from aibasic_kernel.language import statement_text
from aibasic_kernel.language.instruction import CONTROL_FLOW, Instruction, Magic, Python, Sentence
from aibasic_kernel.session.explaining.code_in_words import told
from aibasic_kernel.session.explaining.facts import (
    change_words,
    done_words,
    name_words,
    service_words,
    services_of,
    table_words,
)
from aibasic_kernel.session.explaining.flow_in_words import expression_words, flow_words
from aibasic_kernel.session.explaining.origin import origin_words
from aibasic_kernel.session.explaining.ran import Failure
from aibasic_kernel.session.explaining.target import Target
from aibasic_kernel.session.hints import nearest_name
from aibasic_kernel.session.inspection.card import Block
from aibasic_kernel.session.inspection.sentence import unserved
from aibasic_kernel.session.line import Line
from aibasic_kernel.session.messages import Listing
from aibasic_kernel.session.services.known_services import known_scope

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session

WIDTH = 78
"""Characters of a line, which every terminal has."""


def explained(session: Session, target: Target) -> Listing:
    """The explanation of a line, run or not."""
    instruction = target.instruction
    number = "" if instruction.number is None else f"{instruction.number} "
    blocks = [*failure_blocks(session, target.failure), *_blocks(session, target)]
    return listing(session, f"{number}{statement_text(instruction)}", blocks)


def listing(session: Session, title: str, blocks: Iterable[Block | str]) -> Listing:
    """Blocks under a title, in lines of WIDTH characters, without secrets and without what a terminal acts on."""
    shown = [str(block) for block in blocks if str(block)]
    text = session.redact("\n\n".join(shown))
    return Listing(
        session.redact(title), "\n".join(line for long in text.split("\n") for line in _fit(long)), open=True
    )


def failure_blocks(session: Session, failure: Failure | None) -> Iterator[Block | str]:
    """Why a line failed, the Python that raised it, and what may mend it."""
    if failure is None:
        return
    lines = failure.said.split("\n")
    if failure.line is not None and failure.at is not None:
        python = failure.line.python.splitlines()
        if failure.at <= len(python):
            lines.append(f"in its Python: {python[failure.at - 1].strip()}")
    yield Block(tuple(lines), "why it failed" if failure.line is not None else "why nothing of the cell was run")
    cures = [*filter(None, failure.remedy.split("\n")), *failure.hints, *_nearest(session, failure)]
    yield _listed("what may mend it", cures)
    if failure.error is not None:
        yield _listed("in the documentation", filter(None, (reference(failure.error),)))


def _nearest(session: Session, failure: Failure) -> list[str]:
    """The names that come nearest to one which typed Python misspelt."""
    error, typed = failure.error, failure.line is not None and not isinstance(failure.line.instruction, Sentence)
    if isinstance(error, NameError) and typed:
        return nearest_name(error.name, known_scope(session))
    if isinstance(error, AttributeError) and error.name is not None:
        near = difflib.get_close_matches(error.name, dir(type(error.obj)))
        return [f"{type(error.obj).__name__} has no {error.name}; nearest: {', '.join(near)}"] if near else []
    return []


def _listed(heading: str, lines: Iterable[str]) -> Block | str:
    found = tuple(lines)
    return Block(found, heading) if found else ""


def _blocks(session: Session, target: Target) -> Iterator[Block | str]:
    instruction, line = target.instruction, target.line
    if isinstance(instruction, CONTROL_FLOW):
        yield _listed(
            "control flow: grammar, no model has a part in it", flow_words(session, instruction, target.stored)
        )
        yield _listed(
            "expressions that are English, and their Python", expression_words(session, instruction, target.stored)
        )
    elif isinstance(instruction, Python) or (line is not None and line.typed):
        python = instruction.code if isinstance(instruction, Python) else line.python if line is not None else ""
        yield "Python, as you typed it: it runs as it stands, and is not asked about"
        yield from _code(session, _loaded(instruction, python) if line is None else line, None)
    elif isinstance(instruction, Sentence):
        yield from _sentence(session, instruction, line)
    elif isinstance(instruction, Magic):
        yield "a line for IPython, which runs it as it stands"
    else:
        yield "a comment: nothing is run"


def _sentence(session: Session, sentence: Sentence, line: Line | None) -> Iterator[Block | str]:
    served = line.served if line is not None else None
    if served is not None and line is not None:
        yield _listed("who wrote its code", origin_words(session, served, ran=True))
        yield from _code(session, line, served.compilation)
        return
    yield "it has not run yet" if line is None else "it did not come to run"
    scope = known_scope(session)
    try:
        found = session.compiler.serve(sentence, scope)
        if found is None:
            model = session.settings.model if session.compiler.can_ask else ""
            yield from unserved(sentence, scope, model)
            return
        would = Line(sentence, origin=found.compilation.origin[0])
        session.load(would, found.compilation)
    except Exception as error:  # the configuration, the lock or the missing section, each with its own words
        yield str(error.args[0]) if isinstance(error, KeyError) and error.args else text_of(error)
        return
    yield _listed("who wrote the code that would serve it", origin_words(session, found))
    yield from _code(session, would, found.compilation)


def _code(session: Session, line: Line, made: Compilation | None) -> Iterator[Block | str]:
    """What the code of a line does."""
    if line.code is None:
        yield "its Python cannot be read"
        return
    services = services_of(session, line)
    known = {**dict(session.user_names.items()), **{each.variable: each.module_class for each in services}}
    yield _listed("what its Python does", told(line.python, known))
    yield _listed("service", service_words(session, services))
    read, bound = name_words(session, line.python, made)
    yield _listed("reads", read)
    yield _listed("makes", bound)
    if made is not None:
        yield _listed("tables", table_words(made))
        if made.trace.it is not None:
            yield f'what it leaves unnamed ("it", "the results") is {made.trace.it}'
        yield _listed("what it would change, as far as its code tells", change_words(session, line))
    yield _listed("what its last run did", done_words(line))


def _loaded(instruction: Instruction, python: str) -> Line:
    """Typed Python that has not run; without code where it cannot be read."""
    line = Line(instruction)
    try:
        line.load(python, typed=True)
    except SyntaxError:
        line.code = None
    return line


def _fit(line: str) -> list[str]:
    """A line in as many as it takes; those after the first are indented more."""
    indent = " " * (len(line) - len(line.lstrip(" ")))
    text = visible(line)
    return textwrap.wrap(text, WIDTH, subsequent_indent=f"{indent}    ", break_on_hyphens=False) or [""]
