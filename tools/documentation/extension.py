"""An extension of Sphinx: fills in the parts of pages that are made from the code, each where a page has a line

    <!-- made: WHAT -->

Nothing that is made is kept in the repository, so nothing can be out of date.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from documentation import docstrings, error_texts, stories, tables

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_PLACE = re.compile(r"^<!-- made: (([a-z ]+?)(?: of ([\w ]+))?) -->$", re.MULTILINE)

MAKERS: dict[str, Callable[[], str]] = {
    "commands": tables.commands,
    "control flow": tables.control_flow,
    "engine settings": tables.engine_settings,
    "settings that every section knows": tables.every_section,
    "services": tables.services,
    "keys of the shell": tables.shell_keys,
    "options of the magic": tables.magic_options,
    "task types": tables.tasks,
    "phrases": tables.all_phrases,
    "errors": error_texts.errors,
}
MAKERS_OF: dict[str, Callable[[str], str]] = {
    "head": tables.service_head,
    "settings": tables.settings,
    "methods": tables.methods,
    "phrases": tables.phrases,
    "class": tables.api,
    "story": stories.story,
    "reasons": error_texts.reasons,
}


def filled(text: str) -> str:
    """A page with all that is made in its place. KeyError for what is not known."""

    def made(match: re.Match[str]) -> str:
        is_of = match[3] is not None and match[2] in MAKERS_OF
        return MAKERS_OF[match[2]](match[3]) if is_of else MAKERS[match[1]]()

    return _PLACE.sub(made, text)


def _read(app: Sphinx, name: str, source: list[str]) -> None:
    source[0] = filled(source[0])


def setup(app: Sphinx) -> dict[str, bool]:
    """What Sphinx calls."""
    from aibasic_kernel.language.lexer import AIBasicLexer

    app.add_lexer("aibasic", AIBasicLexer)
    app.connect("source-read", _read)
    app.connect("autodoc-process-docstring", docstrings.process)
    return {"parallel_read_safe": False}
