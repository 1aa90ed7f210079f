"""A first line gone through ahead of time, so that no real one waits for what is imported and built but once.

Nothing is sent, run or kept.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future, wait

from aibasic_kernel.compiler.configuration.settings import Settings
from aibasic_kernel.compiler.phrasing.match import match
from aibasic_kernel.compiler.prompts.prompt import Prefix, request_for
from aibasic_kernel.compiler.prompts.reply import ReplyParser
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.sql.statement import is_statement
from aibasic_kernel.compiler.task_types import known_words, task_types
from aibasic_kernel.compiler.traces.observe import observe
from aibasic_kernel.language import parse
from aibasic_kernel.language.instruction import Sentence

_SENTENCE = "tell me how many numbers are greater than 5"
_REPLY = '#@ python result=total\ntotal = sum(number > 5 for number in numbers)\nsql = "SELECT 1"\n#@ end\n'


def rehearse(settings: Settings, provider: Future[None]) -> None:
    """Go through one in the background; what comes last in a real one is loaded once the `provider` is ready."""

    def work() -> None:
        _ask_and_accept(settings)
        wait([provider])
        _read_sql()

    threading.Thread(target=work, name="aibasic-rehearsal", daemon=True).start()


def _ask_and_accept(settings: Settings) -> None:
    scope = Scope({"numbers": [1, 7]})
    for sentence in parse(_SENTENCE, set(scope.names), tasks=known_words()):
        if isinstance(sentence, Sentence):
            match(sentence.text, sentence.section, scope, task_types())
            request_for(sentence, scope, task_types(), settings, Prefix())
    parser = ReplyParser()
    parser.feed(_REPLY)
    observe(parser.finish("end_turn").python, _SENTENCE, scope)


def _read_sql() -> None:
    for dialect in {task.module_class.dialect for task in task_types().values() if task.module_class}:
        is_statement("SELECT 1", dialect, True, None)
