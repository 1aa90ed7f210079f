"""What a sentence would do if it ran now, without running it: the lock, a phrase or a model, and the Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aibasic_kernel.compiler.compiler import Served
from aibasic_kernel.compiler.phrasing.match import alike, match
from aibasic_kernel.compiler.phrasing.misses import misses
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.task_types import resolve, task_types
from aibasic_kernel.language.instruction import Sentence
from aibasic_kernel.session.inspection.card import Block, Card, card, code, listed
from aibasic_kernel.session.line import Line
from aibasic_kernel.session.messages import Header

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session


def sentence_card(session: Session, sentence: Sentence, scope: Scope) -> Card:
    """What serves a sentence in the scope of what is known. The services are not asked, nor is a model."""
    title = Line(sentence).sentence
    task = resolve(sentence.task) if sentence.task else None
    about = f"({sentence.section}): {task.does}" if task is not None else ""
    try:
        served = session.compiler.serve(sentence, scope)
        model = session.settings.model if session.settings.has_provider else ""
    except Exception as error:  # the configuration, the lock or the missing section, each with its own words
        text = error.args[0] if isinstance(error, KeyError) and error.args else error
        return card(title, about, str(text))
    if served is None:
        return card(title, about, *unserved(sentence, scope, model))
    return card(title, *_served(session, sentence, served, scope))


def line_card(line: Line) -> Card:
    """A line that was compiled."""
    return card(line.sentence, code("Python", line.python))


def _served(session: Session, sentence: Sentence, served: Served, scope: Scope) -> list[Block | str]:
    header = Header(Line(sentence), served)
    python = code("Python", served.compilation.python)
    fits = match(sentence.text, sentence.section, scope, task_types())
    if served.compilation.origin[0] != "phrase" or fits is None:
        return [f"compiled {', '.join(filter(None, (header.author, header.passing)))}", python]
    return [
        f"{fits.phrase.does}: a phrase of ({fits.task}), which needs no language model",
        python,
        listed("its form", [fits.phrase.form]),
        listed("for example", [f"({fits.section}) {fits.phrase.example}"]),
    ]


def unserved(sentence: Sentence, scope: Scope, model: str) -> list[Block | str]:
    """What there is to say of a sentence that neither lock nor phrase serves; `model` is "" where none can be asked."""
    unknown = [
        f"the tables of [{section}] are not known before it is used"
        for section, service in scope.services.items()
        if "sql" in service.module_class.has and not service.tables() and sentence.section in ("", section)
    ]
    asked = f"{model} is asked" if model else "there is no language model to ask"
    wrong = misses(sentence.text, sentence.section, scope, task_types())
    examples = [phrase.example for phrase in alike(sentence.text, sentence.section, scope)]
    return [
        "\n\n".join([*map(str, wrong), f"neither the lock nor a phrase serves it: {asked}", *unknown]),
        *([listed("the phrases that come nearest", examples)] if examples else []),
    ]
